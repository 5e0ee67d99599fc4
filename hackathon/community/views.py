"""One insight and its comments; and the desk that looks after everything shared."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from hackathon.adapters.live import last_activity_id
from hackathon.community.queries import comments_on, reply_of
from hackathon.core.db import reading
from hackathon.events.queries import published_event
from hackathon.insights.queries import (
    card_of,
    insight_by_number,
)
from hackathon.web.access import Door, open_to

bp = Blueprint("community", __name__)

NUMBER = "<int(max=999999999):number>"


@bp.get(f"/e/<code:code>/insights/{NUMBER}")
@open_to(Door.ANYONE)
def insight(code: str, number: int) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    after = last_activity_id(session, event.id)
    insight = insight_by_number(session, event, number)
    replies = [reply_of(comment) for comment in comments_on(session, insight)]
    return render_template("community/insight.html", event=event, after=after, card=card_of(insight), replies=replies)
