"""What the door needs on paper, ready to print."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.badges.document import BadgePrint
from hackathon.badges.forms import BadgesForm
from hackathon.badges.queries import people_for_the_door
from hackathon.badges.transfer import badges_html, door_sign_html, register_html
from hackathon.core.codes import fingerprint
from hackathon.core.db import reading
from hackathon.events.queries import event_by_code
from hackathon.web.access import Door, open_to
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper

bp = Blueprint("badges", __name__)

BADGES = "badges"
REGISTER = "register"
DOOR_SIGN = "door-sign"
ONE_BLANK_FOR = 10


@bp.route("/desk/<code:code>/paper/door", methods=["GET", "POST"], endpoint="door")
@open_to(Door.SCRIBE)
def papers_of_the_door(code: str) -> ResponseReturnValue:
    """Badges in the size and on the labels that one has; the list from A to Z; the sign."""
    session = reading()
    event = event_by_code(session, code)
    people = people_for_the_door(session, event)
    form = BadgesForm.from_request(size="a7", start=1, blanks=-(-len(people) // ONE_BLANK_FOR))
    if form.submitted():
        return redirect(url_for(".badges", code=code) + "?" + BadgePrint(**form.values).part)
    return render_template("badges/door.html", event=event, desk_nav=desk_nav(event, "paper"), form=form, people=people)


@bp.get("/desk/<code:code>/paper/badges.pdf")
@open_to(Door.SCRIBE)
def badges(code: str) -> ResponseReturnValue:
    """The badges that the address names; for one person with ?person= and their number."""
    session = reading()
    event = event_by_code(session, code)
    part = BadgePrint.read(request.query_string.decode("ascii", "replace")).part
    key = _key(badges_html(session, event, part))
    return answer_with_paper(BADGES, key, event.id, f"badges-{event.slug}.pdf", part=part)


@bp.get("/desk/<code:code>/paper/register.pdf")
@open_to(Door.SCRIBE)
def register(code: str) -> ResponseReturnValue:
    """Everybody whom the door expects, from A to Z, to tick when no screen works."""
    session = reading()
    event = event_by_code(session, code)
    return answer_with_paper(REGISTER, _key(register_html(session, event)), event.id, f"register-{event.slug}.pdf")


@bp.get("/desk/<code:code>/paper/door-sign.pdf")
@open_to(Door.SCRIBE)
def door_sign(code: str) -> ResponseReturnValue:
    """The sign that people scan when they come."""
    event = event_by_code(reading(), code)
    return answer_with_paper(DOOR_SIGN, _key(door_sign_html(event)), event.id, f"door-sign-{event.slug}.pdf")


def _key(said: str) -> str:
    """What is printed tells whether it has been made already."""
    return fingerprint(current_app.config["SECRET_KEY"], said)
