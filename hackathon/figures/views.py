"""The figures, for whoever wants to check them."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading
from hackathon.events.queries import published_event
from hackathon.figures.queries import figures_of
from hackathon.web.access import Door, open_to

bp = Blueprint("figures", __name__)


@bp.get("/e/<code:code>/figures.json")
@open_to(Door.ANYONE)
def figures(code: str) -> ResponseReturnValue:
    session = reading()
    found = figures_of(session, published_event(session, code))
    answer = jsonify(found.as_json())
    answer.headers["X-Figures-As-Of"] = found.as_of.isoformat()
    return answer
