"""The pack as people read it, as it is printed, and as staff prepare it."""

import hashlib
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, published_event
from hackathon.handouts.document import Reader, minutes_to_read
from hackathon.handouts.forms import InsertForm
from hackathon.handouts.operations import write_insert
from hackathon.handouts.queries import inserts_of, places_of, reader_of
from hackathon.handouts.transfer import filling_here, lines_of, pack_html, pieces_of
from hackathon.packs.document import PRIVACY_NOTICE
from hackathon.packs.queries import asks_as_packed, frozen_pack_of, manifest_of, scope_of, texts_of
from hackathon.participants.queries import person_behind, questions_of
from hackathon.web.access import Door, may_pass, my_name, open_to, participant_token, signed_in_staff
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper

bp = Blueprint("handouts", __name__)

PAPER = "pack"


@bp.get("/e/<code:code>/pack")
@open_to(Door.ANYONE)
def pack(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    manifest = manifest_of(session, event)
    reader = _reader(session, event)
    lines = [line for line in lines_of(event, manifest, texts_of(session, event)) if reader.may_read(line.document)]
    return render_template("handouts/pack.html", event=event, manifest=manifest, lines=lines)


@bp.get("/e/<code:code>/pack/<document>")
@open_to(Door.ANYONE)
def document(code: str, document: str) -> ResponseReturnValue:
    """One document, for whom it is meant and from the day it comes out; to everybody else it is not there."""
    session = reading()
    event = published_event(session, code)
    manifest, texts = manifest_of(session, event), texts_of(session, event)
    reader = _reader(session, event)
    lines = [line for line in lines_of(event, manifest, texts) if line.is_out and reader.may_read(line.document)]
    position = next((n for n, line in enumerate(lines) if line.document.id == document), None)
    if position is None:
        raise NotFound
    filling = filling_here(session, event, manifest)
    return render_template(
        "handouts/document.html",
        event=event,
        line=lines[position],
        next_line=lines[position + 1] if position + 1 < len(lines) else None,
        pieces=pieces_of(texts[document], filling, manifest, lines[position].document),
        filling=filling,
    )


@bp.get("/e/<code:code>/pack.pdf")
@open_to(Door.ANYONE)
def pack_pdf(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    key = hashlib.sha256(pack_html(session, event).encode()).hexdigest()[:32]
    return answer_with_paper(PAPER, key, event.id, f"pack-{event.code}.pdf")


@bp.get("/desk/<code:code>/pack")
@open_to(Door.STAFF)
def desk(code: str) -> ResponseReturnValue:
    """What is in the pack, for whom, from when; and what the organiser still has to write."""
    session = reading()
    event = event_by_code(session, code)
    manifest, texts = manifest_of(session, event), texts_of(session, event)
    reader = _reader(session, event)
    own_scope = None if asks_as_packed(event, manifest) else any(scope_of(event, manifest))
    return render_template(
        "handouts/desk.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        frozen=frozen_pack_of(session, event),
        manifest=manifest,
        lines=lines_of(event, manifest, texts),
        may_read=reader.may_read,
        places=places_of(manifest, texts, inserts_of(session, event)),
        own_scope=own_scope,
        may_write=may_pass(Door.ORGANISER, code),
    )


@bp.get("/desk/<code:code>/pack/<document>")
@open_to(Door.STAFF)
def preview(code: str, document: str) -> ResponseReturnValue:
    """A document as it will look, whether it is out or not: for the staff whom it concerns."""
    session = reading()
    event = event_by_code(session, code)
    manifest, texts = manifest_of(session, event), texts_of(session, event)
    reader = _reader(session, event)
    for line in lines_of(event, manifest, texts):
        if line.document.id == document and reader.may_read(line.document):
            filling = filling_here(session, event, manifest)
            return render_template(
                "handouts/preview.html",
                event=event,
                desk_nav=desk_nav(event, "plan"),
                line=line,
                pieces=pieces_of(texts[document], filling, manifest, line.document),
                filling=filling,
            )
    raise NotFound


@bp.get("/desk/<code:code>/plan/notice")
@open_to(Door.STAFF)
def notice(code: str) -> ResponseReturnValue:
    """The privacy notice as the form makes it: in short, and whole behind a fold."""
    session = reading()
    event = event_by_code(session, code)
    manifest, texts = manifest_of(session, event), texts_of(session, event)
    found = next((document for document in manifest.documents if document.kind == PRIVACY_NOTICE), None)
    if found is None:
        raise NotFound
    questions, filling = questions_of(session, event), filling_here(session, event, manifest)
    return render_template(
        "handouts/notice.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        document=found,
        asked=len(questions),
        narrow=[question.label for question in questions if question.sensitive],
        last=max((question.deleted_on for question in questions if question.deleted_on), default=None),
        minutes=minutes_to_read(texts[found.id]),
        pieces=pieces_of(texts[found.id], filling, manifest, found, level=2),
        filling=filling,
    )


@bp.route("/desk/<code:code>/pack/insert/<slot>", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def insert(code: str, slot: str) -> ResponseReturnValue:
    """Write into a place that the pack leaves open; look at the page first, or keep it."""
    session = reading()
    event = event_by_code(session, code)
    manifest, texts = manifest_of(session, event), texts_of(session, event)
    place = next(
        (place for place in places_of(manifest, texts, inserts_of(session, event)) if place.slot == slot), None
    )
    if place is None:
        raise NotFound
    form = InsertForm.from_request(markdown=place.markdown)
    if form.submitted() and "keep" in request.form:
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(markdown=inserts_of(session, event).get(slot, ""))
                write_insert(session, event, slot=slot, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"“{place.title}” is written.", "good")
            return redirect(url_for(".desk", code=code))
    filling = filling_here(session, event, manifest)
    shown = replace(filling, inserts={**filling.inserts, slot: form.markdown.data or ""})
    return render_template(
        "handouts/insert.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        place=place,
        pieces=pieces_of(texts[place.document.id], shown, manifest, place.document, level=2),
        filling=shown,
    )


def _reader(session: Session, event: Event) -> Reader:
    """Whoever holds this browser: as a participant of the event, as one of its staff, or as anybody."""
    participant = person_behind(session, event, participant_token(event.code))
    return reader_of(session, event, participant=participant, staff_id=signed_in_staff())
