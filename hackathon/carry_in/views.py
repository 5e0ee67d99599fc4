"""Carrying words from outside to the tables."""

from flask import Blueprint

from hackathon.carry_in.models import CarriedIn

bp = Blueprint("carry_in", __name__)

__all__ = ["CarriedIn", "bp"]
