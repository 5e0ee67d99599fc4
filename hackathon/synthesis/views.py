"""Pages and addresses of synthesis."""

from flask import Blueprint

bp = Blueprint("synthesis", __name__)
