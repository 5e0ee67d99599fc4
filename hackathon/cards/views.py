"""Typing in what people wrote on numbered cards, and the list of cards that are missing."""

from flask import Blueprint

from hackathon.cards.models import Card

bp = Blueprint("cards", __name__)

__all__ = ["Card", "bp"]
