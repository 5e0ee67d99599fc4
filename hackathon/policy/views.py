"""The page that says how an event looks after what people say."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading
from hackathon.events.queries import published_event
from hackathon.policy.queries import policy_of
from hackathon.web.access import Door, open_to

bp = Blueprint("policy", __name__)


@bp.get("/e/<code:code>/policy")
@open_to(Door.ANYONE)
def policy(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    return render_template("policy/policy.html", event=event, policy=policy_of(session, event))
