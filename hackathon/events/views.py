"""Pages and addresses of events."""

from flask import Blueprint

bp = Blueprint("events", __name__)
