"""One's own page, a seat at a table, and the tables as the desk lays them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.qr import qr_svg
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.core.group import together
from hackathon.events.models import Event
from hackathon.events.operations import SOMEONE, earlier_act, hold_event, keep_act
from hackathon.events.queries import event_by_code, has_come, published_event
from hackathon.participants.models import Participant, Registration
from hackathon.participants.queries import (
    answers_of_registration,
    companions_of,
    participant_in,
    questions_of,
    registration_of,
    successor_of,
    waiting_in_order,
)
from hackathon.tables.forms import RoomForm, TableForm
from hackathon.tables.models import Seat
from hackathon.tables.operations import change_table, leave_seat, look_for_chair, set_out_room, take_seat
from hackathon.tables.queries import rooms_of, seat_of, table_by_number, tables_of
from hackathon.themes.models import Theme
from hackathon.themes.queries import choices_of, themes_of
from hackathon.web import acts
from hackathon.web.access import Door, my_name, open_to, participant_token
from hackathon.web.addresses import number_of_ours
from hackathon.web.pages import desk_nav
from hackathon.web.settings import our_address

bp = Blueprint("tables", __name__)

USUAL_SEATS = 8


@bp.get("/e/<code:code>/me")
@open_to(Door.PARTICIPANT)
def me(code: str) -> ResponseReturnValue:
    """My place, what I told the organisers, and what comes next."""
    session = reading()
    event = published_event(session, code)
    participant = participant_in(session, event, participant_token(code))
    registration, seat = registration_of(session, participant), seat_of(session, participant)
    answers = answers_of_registration(session, registration) if registration else {}
    return render_template(
        "tables/me.html",
        event=event,
        participant=participant,
        registration=registration,
        successor=successor_of(session, registration) if registration else None,
        companions=companions_of(session, registration) if registration else [],
        waits_as=_place_in_line(session, event, registration),
        seat=seat,
        ticket_qr=qr_svg(registration.ticket, "QR code of your ticket") if registration else None,
        steps=_steps(event, registration, choices_of(session, participant), seat),
        told=[(q, answers[q.key]) for q in questions_of(session, event) if q.key in answers],
        link=our_address() + url_for("bookings.personal_link", token=participant.token),
    )


@bp.get("/e/<code:code>/me/seat")
@open_to(Door.PARTICIPANT)
def seat(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    participant = participant_in(session, event, participant_token(code))
    registration = registration_of(session, participant)
    chosen = {theme.id: rank for rank, theme in enumerate(choices_of(session, participant), 1)}
    tables = sorted(
        tables_of(session, event),
        key=lambda table: (table.is_full, chosen.get(table.theme_id or 0, len(chosen) + 1), table.number),
    )
    return render_template(
        "tables/seat.html",
        event=event,
        tables=tables,
        any_free=not all(table.is_full for table in tables),
        seat=seat_of(session, participant),
        chosen=chosen,
        may_sit=registration is not None and registration.may_sit,
        person=participant.id,
    )


@bp.post("/e/<code:code>/me/seat")
@open_to(Door.PARTICIPANT)
def sit(code: str) -> ResponseReturnValue:
    number = request.form.get("table", type=number_of_ours)

    def sit_down(session: Session, participant: Participant, at: datetime) -> str:
        table = table_by_number(session, participant.event, number)
        take_seat(session, table, participant, actor=SOMEONE, at=at)
        return f"You sit at table {number}. You can move while other tables have seats."

    def look(session: Session, participant: Participant) -> None:
        table = table_by_number(session, participant.event, number)
        look_for_chair(session, table_id=table.id, participant_id=participant.id)

    return _once(code, "seat.taken", number, sit_down, look)


@bp.post("/e/<code:code>/me/seat/leave")
@open_to(Door.PARTICIPANT)
def stand_up(code: str) -> ResponseReturnValue:
    def leave(session: Session, participant: Participant, at: datetime) -> str:
        leave_seat(session, participant, actor=SOMEONE, at=at)
        return "You have left your seat. Somebody else can take it now."

    return _once(code, "seat.left", None, leave)


@bp.route("/desk/<code:code>/tables", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def desk(code: str) -> ResponseReturnValue:
    """The tables in the room: how many, with which theme, and the code on each card."""
    session = reading()
    event = event_by_code(session, code)
    form = RoomForm.from_request(**_room(session, event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(**_room(session, event))
                set_out_room(session, event, themes=themes_of(session, event), actor=_staff(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_set_out(reading(), event), "good")
            return redirect(url_for("desk.plan", code=code))
    return render_template(
        "tables/desk.html", event=event, desk_nav=desk_nav(event, "plan"), form=form, tables=tables_of(reading(), event)
    )


@bp.route("/desk/<code:code>/tables/<int(max=9999):number>", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def table(code: str, number: int) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    table = table_by_number(session, event, number)
    themes = themes_of(session, event)
    form = TableForm.from_request(themes=themes, **TableForm.answers(table))
    if form.submitted():
        try:
            with transaction() as session:
                table = table_by_number(session, hold_event(session, code), number)
                form.stay_on(themes=themes, **TableForm.answers(table))
                change_table(session, table, actor=_staff(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Table {number} is changed. Print its card again if its theme is another one.", "good")
            return redirect(url_for(".desk", code=code))
    return render_template("tables/table.html", event=event, desk_nav=desk_nav(event, "plan"), form=form, table=table)


def _steps(
    event: Event, registration: Registration | None, chosen: Sequence[Theme], seat: Seat | None
) -> list[dict[str, str]]:
    """What comes next for this person, as a list to tick off."""
    code = event.code
    steps = [
        _step("Read the hack pack", url_for("handouts.pack", code=code), "The question, the plan and how to get here")
    ]
    if registration is not None and not registration.has_ended:
        titles = ", ".join(f"{theme.letter} {theme.title}" for theme in chosen)
        steps.append(
            _step("Choose your themes", url_for("themes.choose", code=code), titles or "Up to three", done=bool(chosen))
        )
    if registration is not None and registration.may_sit:
        at = f"You sit at table {seat.table.number}" if seat else "While there are seats free"
        steps.append(_step("Take a seat", url_for(".seat", code=code), at, done=seat is not None))
    box = url_for("insights.table", table_code=seat.table.code) if seat else f"/e/{code}/outside"
    steps.append(_step("Add a thought", box, "One thing that you have noticed, before, on or after the day"))
    return steps


def _step(title: str, url: str, hint: str, *, done: bool | None = None) -> dict[str, str]:
    if done is None:
        return {"title": title, "url": url, "hint": hint, "state": "todo", "words": "Any time"}
    return {
        "title": title,
        "url": url,
        "hint": hint,
        "state": "done" if done else "todo",
        "words": "Done" if done else "To do",
    }


def _place_in_line(session: Session, event: Event, registration: Registration | None) -> int | None:
    """How many wait until it is this person's turn, counting themselves; nothing for who does not wait."""
    if registration is None or not registration.is_in_line:
        return None
    return [waiting.id for waiting in waiting_in_order(session, event)].index(registration.id) + 1


def _once(
    code: str,
    kind: str,
    body: int | None,
    do: Callable[[Session, Participant, datetime], str],
    look: Callable[[Session, Participant], None] = lambda session, participant: None,
) -> ResponseReturnValue:
    """Do what a phone asks for once, however often it asks: somebody who has moved on since is not moved back.

    `look` refuses what is plain to see, before anybody waits for a turn to write.

    A browser without JavaScript sends no id. What it asks for is done each time, and comes to the same.
    """
    form, page, token = acts.ActForm.from_request(), url_for(".seat", code=code), participant_token(code)
    client_id, written_at = form.client_id.data, form.written_at
    acts.slow_a_flood()

    def once(session: Session) -> dict[str, Any]:
        participant = participant_in(session, published_event(session, code), token)
        act: dict[str, Any] = {"client_id": client_id, "kind": kind, "body": [participant.id, body]}
        receipt = earlier_act(session, participant.event, **act) if client_id else None
        if receipt is None:
            receipt = {"words": do(session, participant, written_at), "href": page, "link": "See the tables"}
            if client_id:
                keep_act(session, participant.event, **act, receipt=receipt)
        return receipt

    try:
        session = reading()
        participant = participant_in(session, published_event(session, code), token)
        if request.form.get("person", str(participant.id)) != str(participant.id):
            raise Refusal("Somebody else asked for this on this phone. If it is for you, ask once more.")
        if not (client_id and has_come(session, participant.event, client_id)):
            look(session, participant)
        receipt = together(once)
    except Refusal as refusal:
        form.refuse(refusal)
        if (no := acts.refuse(form)) is not None:
            return no
        flash(refusal.message, "problem")
        return redirect(page)
    if not acts.comes_from_outbox():
        flash(receipt["words"], "good")
    return acts.answer(receipt, otherwise=page)


def _room(session: Session, event: Event) -> dict[str, Any]:
    """What the form starts with: the room as it is set out."""
    tables = tables_of(session, event)
    return {
        "number": len(tables) or None,
        "seats": tables[-1].seats if tables else USUAL_SEATS,
        "rooms": [room.line for room in rooms_of(session, event)],
    }


def _set_out(session: Session, event: Event) -> str:
    tables, rooms = tables_of(session, event), rooms_of(session, event)
    beside = f", and {', '.join(room.name for room in rooms)}" if rooms else ""
    return f"There are {len(tables)} tables now, with {sum(table.seats for table in tables)} seats{beside}."


def _staff() -> str:
    return my_name()
