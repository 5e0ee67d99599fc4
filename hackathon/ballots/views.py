"""Typing in ballots that were marked on paper."""

from flask import Blueprint

from hackathon.ballots.models import PaperBallot

bp = Blueprint("ballots", __name__)

__all__ = ["PaperBallot", "bp"]
