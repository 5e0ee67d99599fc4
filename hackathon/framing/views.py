"""Pages and addresses of framing."""

from flask import Blueprint

bp = Blueprint("framing", __name__)
