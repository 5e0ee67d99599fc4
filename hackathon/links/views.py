"""Two insights side by side, and a reply to each."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.comments.messages import send_reply
from hackathon.comments.queries import last_reply_on
from hackathon.community.document import ALIKE
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.queries import event_by_code
from hackathon.insights.models import Insight
from hackathon.insights.queries import any_insight_by_number, card_of, insight_by_number
from hackathon.links.forms import LinkForm
from hackathon.links.operations import link_alike
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, open_to, signed_in_staff
from hackathon.web.addresses import number_in_address
from hackathon.web.pages import desk_nav
from hackathon.web.settings import our_address

bp = Blueprint("links", __name__)

NUMBER = "<int(max=999999999):number>"


@bp.route(f"/desk/<code:code>/community/{NUMBER}/link", methods=["GET", "POST"])
@open_to(Door.COMMUNITY_MANAGER)
def link(code: str, number: int) -> ResponseReturnValue:
    """Tell two people that they say something alike."""
    session = reading()
    event = event_by_code(session, code)
    here, other = any_insight_by_number(session, event, number), number_in_address("other") or 0
    try:
        there = insight_by_number(session, event, other)
    except NotFound:
        flash("Type the number of another one that everybody can read.", "problem")
        return redirect(url_for("community.look_after", code=code, number=number))
    form = LinkForm.from_request(
        text=ALIKE.format(number=other), text_there=ALIKE.format(number=number), **_link_start(session, here, there)
    )
    if form.submitted():
        try:
            with transaction() as session:
                account = account_by_id(session, signed_in_staff())
                pair = [any_insight_by_number(session, event_by_code(session, code), n) for n in (number, other)]
                for comment in link_alike(session, *pair, account=account, **form.values):
                    send_reply(session, comment, address=our_address())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Numbers {number} and {other} know of each other now.", "good")
            return redirect(url_for("community.onwards", code=code, after=number))
    page = render_template(
        "links/link.html",
        event=event,
        desk_nav=desk_nav(event, "community"),
        form=form,
        here=card_of(here),
        there=card_of(there),
    )
    return page, 422 if form.errors else 200


def _link_start(session: Session, here: Insight, there: Insight) -> dict[str, Any]:
    newest, newest_there = last_reply_on(session, here), last_reply_on(session, there)
    return {
        "client_id": long_token(),
        "read_up_to": newest.id if newest else 0,
        "read_up_to_there": newest_there.id if newest_there else 0,
    }
