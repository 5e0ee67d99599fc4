"""The mail calendar on the desk: what each letter says to a real reader, and when it goes; and what readers answer."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.bounces import why_returned
from hackathon.adapters.mail import Letter, address_key
from hackathon.addressees.document import Audience
from hackathon.addressees.queries import Recipient, recipients_of
from hackathon.commitments.messages import reminder_words
from hackathon.commitments.queries import commitments_of
from hackathon.core.clock import now
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.dates.document import KINDS, Kind
from hackathon.events.models import Event
from hackathon.events.operations import SOMEONE
from hackathon.events.queries import event_by_code
from hackathon.letters.document import usual_opening
from hackathon.letters.messages import LaidOut
from hackathon.mailings.forms import ByItselfForm, OpeningForm, SendForm
from hackathon.mailings.messages import letters_for, send_copy, sender_from
from hackathon.mailings.operations import ask_to_send, assure_coming, let_go_by_itself, try_again, word_opening
from hackathon.mailings.queries import (
    obstacle_to,
    plan_of,
    progress_of,
    returned_letters,
    standing_of,
    standings_of,
    still_to_write,
)
from hackathon.participants.messages import place_words
from hackathon.participants.queries import (
    registration_behind,
    registrations_of,
    successor_of,
)
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, my_name, open_to, signed_in_staff
from hackathon.web.limits import Limit, spend
from hackathon.web.pages import desk_nav, one_or_more
from hackathon.web.saying import trying
from hackathon.web.settings import how_it_goes, our_settings, sends_mail

bp = Blueprint("mailings", __name__)

COPIES_OF_ONE = Limit("copies of letters to one organiser", burst=10, every=timedelta(minutes=1))
SENDINGS_OF_ONE = Limit("sendings asked for by one organiser", burst=20, every=timedelta(minutes=1))
MOST_LISTED = 300
EXAMPLE = "I will ask two patients what our letters told them, and take out one form"
"""What somebody may have written, where nobody has yet."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter that came back: whose address it was, as far as that is still known, and why."""

    letter: Letter
    who: str
    why: str


@bp.get("/desk/<code:code>/letters")
@open_to(Door.ORGANISER)
def calendar(code: str) -> ResponseReturnValue:
    """Every letter in the order of its day, with how far it has got, and which addresses sent something back."""
    session = reading()
    event = event_by_code(session, code)
    return render_template(
        "mailings/calendar.html",
        event=event,
        desk_nav=desk_nav(event, "letters"),
        standings=standings_of(session, event, at=now()),
        returned=_returned(session, event),
        sends_mail=sends_mail(),
    )


@bp.route("/desk/<code:code>/letters/<kind>", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def letter(code: str, kind: str) -> ResponseReturnValue:
    """One letter as a chosen reader gets it, and its first words to change."""
    session = reading()
    event, which = event_by_code(session, code), KINDS.get(kind)
    if which is not None and which.audience in (Audience.GIVEN_PLACE, Audience.NO_PLACE):
        return _letter_about_a_place(session, event, which)
    if which is not None and which.audience is Audience.PLEDGED:
        return _letter_about_a_pledge(session, event, which)
    which = _kind(kind)
    plan = plan_of(session, event, which)
    form = OpeningForm.from_request(opening=plan.opening if plan else "")
    if form.submitted():
        try:
            with transaction() as session:
                word_opening(session, event_by_code(session, code), kind=which, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("The letter begins with these words now." if form.opening.data else "It begins as usual.", "good")
            return redirect(url_for(".letter", code=code, kind=kind))
    people = recipients_of(session, event, which.audience)
    reader = _reader(people, request.args.get("to", ""))
    return render_template(
        "mailings/letter.html",
        event=event,
        desk_nav=desk_nav(event, "letters"),
        kind=which,
        standing=standing_of(session, event, which, plan, progress_of(session, event, which), at=now()),
        obstacle=obstacle_to(session, event, which, at=now()),
        sends_mail=sends_mail(),
        waiting=len(still_to_write(session, event, which)),
        form=form,
        usual=usual_opening(which.name),
        people=people[:MOST_LISTED],
        total=len(people),
        reader=reader,
        shown=_as_read_by(session, event, which, reader) if reader else None,
    )


@bp.post("/desk/<code:code>/letters/<kind>/copy")
@open_to(Door.ORGANISER)
def copy(code: str, kind: str) -> ResponseReturnValue:
    """Send the organiser who looks at it what one reader would get."""
    spend(COPIES_OF_ONE, str(signed_in_staff()))
    to, which = request.form.get("to", ""), _kind(kind)
    try:
        with transaction() as session:
            event = event_by_code(session, code)
            reader = _reader(recipients_of(session, event, which.audience), to)
            if reader is None:
                raise NotFound
            account = account_by_id(session, signed_in_staff())
            send_copy(session, event, _as_read_by(session, event, which, reader), account=account)
    except Refusal:
        flash("Your account has no address that a letter can go to.", "problem")
    else:
        flash(how_it_goes(f"A copy is on its way to {account.email}."), "good")
    return redirect(url_for(".letter", code=code, kind=kind, to=to or None))


@bp.post("/desk/<code:code>/letters/<kind>/by-itself")
@open_to(Door.ORGANISER)
def by_itself(code: str, kind: str) -> ResponseReturnValue:
    form, which = ByItselfForm.from_request(), _kind(kind)
    if form.submitted():
        with trying() as session:
            let_go_by_itself(session, event_by_code(session, code), kind=which, actor=my_name(), **form.values)
    return redirect(url_for(".letter", code=code, kind=kind))


@bp.route("/desk/<code:code>/letters/<kind>/send", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def send(code: str, kind: str) -> ResponseReturnValue:
    """To how many people it would go now; the button sends it to as many and to no others."""
    session = reading()
    event, which = event_by_code(session, code), _kind(kind)
    people, plan = len(still_to_write(session, event, which)), plan_of(session, event, which)
    opening = plan.opening if plan else ""
    form = SendForm.from_request()
    if form.submitted():
        spend(SENDINGS_OF_ONE, str(signed_in_staff()))
        try:
            with transaction() as session:
                ask_to_send(session, event_by_code(session, code), kind=which, actor=my_name(), **form.values)
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            told = f"“{which.title}” is being sent to {one_or_more(people, 'person', 'people')}."
            flash(how_it_goes(told), "good")
            return redirect(url_for(".letter", code=code, kind=kind))
    return render_template(
        "mailings/send.html",
        event=event,
        desk_nav=desk_nav(event, "letters"),
        kind=which,
        people=people,
        opening=opening,
        obstacle=obstacle_to(reading(), event, which, at=now()),
    )


@bp.post("/desk/<code:code>/letters/returned/<int(max=999999999):letter_id>/again")
@open_to(Door.ORGANISER)
def again(code: str, letter_id: int) -> ResponseReturnValue:
    with transaction() as session:
        try_again(session, event_by_code(session, code), letter_id=letter_id, actor=my_name())
    flash("Letters go to this address again.", "good")
    return redirect(url_for(".calendar", code=code))


@bp.route("/p/<token>/coming", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def coming(token: str) -> ResponseReturnValue:
    """What the reminder's link opens: a button. Mail scanners open links, so opening it changes nothing."""
    registration = registration_behind(reading(), token)
    if request.method == "POST":
        with trying() as session:
            assure_coming(session, registration_behind(session, token), actor=SOMEONE)
            flash("Thank you. Your place stays yours.", "good")
        return redirect(url_for(".coming", token=token))
    return render_template("mailings/coming.html", event=registration.event, registration=registration, token=token)


def _letter_about_a_place(session: Session, event: Event, kind: Kind) -> ResponseReturnValue:
    """What goes by itself when a place is given, kept or lost: to be looked at, and for nobody to send."""
    people = recipients_of(session, event, kind.audience)
    reader = _reader(people, request.args.get("to", ""))
    words = None
    if reader and (registration := reader.registration):
        moved_to = successor_of(session, registration)
        words = place_words(registration, address=our_settings().address, moved_to=moved_to)
    return render_template(
        "mailings/shown.html",
        event=event,
        desk_nav=desk_nav(event, "letters"),
        kind=kind,
        people=people[:MOST_LISTED],
        reader=reader,
        shown=LaidOut(words.subject, words.text, words.html, words.body) if words else None,
    )


def _letter_about_a_pledge(session: Session, event: Event, kind: Kind) -> ResponseReturnValue:
    """Its readers' addresses stand in their letters and nowhere else, so it is shown about the newest commitment."""
    said = next((each.text for each in reversed(commitments_of(session, event))), EXAMPLE)
    words = reminder_words(event, said, link=f"{our_settings().address}/e/{event.code}/commit")
    return render_template(
        "mailings/shown.html",
        event=event,
        desk_nav=desk_nav(event, "letters"),
        kind=kind,
        people=[],
        reader=None,
        shown=LaidOut(words.subject, words.text, words.html, words.body),
    )


def _kind(name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is None or not kind.is_ours:
        raise NotFound
    return kind


def _reader(people: list[Recipient], key: str) -> Recipient | None:
    """The reader whom somebody chose; otherwise the first one."""
    return next((one for one in people if one.key == key), people[0] if people else None)


def _as_read_by(session: Session, event: Event, kind: Kind, reader: Recipient) -> LaidOut:
    plan = plan_of(session, event, kind)
    opening = plan.opening if plan else ""
    sender = sender_from(our_settings())
    return letters_for(session, event, kind, [reader], sender=sender, opening=opening, at=now())[reader.key]


def _returned(session: Session, event: Event) -> list[Returned]:
    """Each address that sent something back once, with the person whose it is."""
    names = {
        address_key(event.id, r.participant.email): r.participant.name
        for r in registrations_of(session, event)
        if r.participant.email
    }
    newest = {letter.address_key: letter for letter in reversed(returned_letters(session, event))}
    return [
        Returned(letter, names.get(key, ""), why_returned(letter.returned_code or "")) for key, letter in newest.items()
    ]
