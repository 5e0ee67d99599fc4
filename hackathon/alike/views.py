"""What others have said that is alike, as a part of the page with the box."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hackathon.alike.queries import alike_insights
from hackathon.core.db import reading
from hackathon.events.queries import published_event
from hackathon.web.access import Door, device, open_to
from hackathon.web.addresses import table_in_address
from hackathon.web.limits import Limit, spend

bp = Blueprint("alike", __name__)

LONGEST = 500
ONE_PHONE = Limit("alike on one phone", burst=30, every=timedelta(seconds=2))
ONE_ADDRESS = Limit("alike from one address", burst=600, every=timedelta(milliseconds=20))
"""A whole hospital may share an address."""


@bp.get("/e/<code:code>/insights/alike")
@open_to(Door.ANYONE)
def alike(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    spend(ONE_ADDRESS, request.remote_addr or "")
    spend(ONE_PHONE, device())
    found = alike_insights(session, event, request.args.get("words", "")[:LONGEST])
    return render_template("alike/alike.html", event=event, found=found, table_code=table_in_address())
