"""The desk of those who answer."""

from flask import Blueprint

from hackathon.community.models import Care

bp = Blueprint("community", __name__)

__all__ = ["Care", "bp"]
