"""Pages and addresses of staff."""

from flask import Blueprint

bp = Blueprint("staff", __name__)
