"""Pages and addresses of follow up."""

from flask import Blueprint

bp = Blueprint("follow_up", __name__)
