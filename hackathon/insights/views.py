"""Pages and addresses of insights."""

from flask import Blueprint

bp = Blueprint("insights", __name__)
