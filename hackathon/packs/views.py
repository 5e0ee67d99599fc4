"""The pack as people read it, as it is printed, and as staff prepare it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from hackathon.adapters.markdown import html_from_markdown
from hackathon.adapters.pdf import pdf_from_html
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, published_event
from hackathon.packs.document import (
    PRIVACY_NOTICE,
    Document,
    Filling,
    Manifest,
    Reader,
    minutes_to_read,
    parts_of,
)
from hackathon.packs.forms import InsertForm
from hackathon.packs.operations import INSERTS, write_insert
from hackathon.packs.queries import filling_of, frozen_pack_of, inserts_of, manifest_of, reader_of, texts_of
from hackathon.participants.models import Participant
from hackathon.participants.queries import participant_in, questions_of
from hackathon.web.access import Door, may_pass, my_name, open_to, participant_token, signed_in_staff
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper
from hackathon.web.prose import explained, settled_below

bp = Blueprint("packs", __name__)

PAPER = "pack"
INSERT_TITLES = {
    "travel": "Getting here",
    "evidence": "What this event has found",
    "last_time": "What came out last time",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A document as a list of contents shows it."""

    document: Document
    minutes: int
    released_on: date
    is_out: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document ready to show: HTML, or the name of a part that the page lays out."""

    html: Markup
    block: str = ""


@bp.get("/e/<code:code>/pack")
@open_to(Door.ANYONE)
def pack(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    manifest = manifest_of(session, event)
    reader = _reader(session, event)
    lines = [line for line in lines_of(event, manifest, texts_of(session, event)) if reader.may_read(line.document)]
    return render_template("packs/pack.html", event=event, manifest=manifest, lines=lines)


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
    filling = _filling(session, event, manifest)
    return render_template(
        "packs/document.html",
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
    return render_template(
        "packs/desk.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        frozen=frozen_pack_of(session, event),
        manifest=manifest,
        lines=lines_of(event, manifest, texts),
        may_read=reader.may_read,
        places=_places(manifest, texts, inserts_of(session, event)),
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
            filling = _filling(session, event, manifest)
            return render_template(
                "packs/preview.html",
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
    questions, filling = questions_of(session, event), _filling(session, event, manifest)
    return render_template(
        "packs/notice.html",
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
    place = next((place for place in _places(manifest, texts, inserts_of(session, event)) if place.slot == slot), None)
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
    filling = _filling(session, event, manifest)
    shown = replace(filling, inserts={**filling.inserts, slot: form.markdown.data or ""})
    return render_template(
        "packs/insert.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        place=place,
        pieces=pieces_of(texts[place.document.id], shown, manifest, place.document, level=2),
        filling=shown,
    )


def pack_html(session: Session, event: Event) -> str:
    """The booklet: what has come out for everyone, as one page for the printer."""
    manifest, texts = manifest_of(session, event), texts_of(session, event)
    filling = _filling(session, event, manifest)
    lines = [line for line in lines_of(event, manifest, texts) if line.is_out and line.document.is_for_everyone]
    documents = [
        (line, pieces_of(texts[line.document.id], filling, manifest, line.document, level=2, on_paper=True))
        for line in lines
    ]
    return render_template(
        "packs/print/booklet.html", event=event, manifest=manifest, documents=documents, filling=filling
    )


def make_pack_pdf(session: Session, event_id: int) -> bytes:
    """The booklet as a PDF: the job process calls this."""
    return pdf_from_html(pack_html(session, session.get_one(Event, event_id)))


def lines_of(event: Event, manifest: Manifest, texts: Mapping[str, str]) -> list[Line]:
    moment = now()
    return [
        Line(
            document=document,
            minutes=minutes_to_read(texts[document.id]),
            released_on=document.released_on(event.held_on),
            is_out=document.is_released(event.held_on, event.timezone, moment),
        )
        for document in manifest.documents
    ]


def pieces_of(
    markdown: str, filling: Filling, manifest: Manifest, document: Document, *, level: int = 1, on_paper: bool = False
) -> list[Piece]:
    """A document ready to show under a heading of this level: words as HTML, the glossary's terms explained."""
    parts = parts_of(markdown, filling.words)
    pieces = [html_from_markdown(part.markdown, heading_offset=level - 1) for part in parts]
    meanings = {} if document.kind == "glossary" else manifest.explanations
    return [
        Piece(
            html=_insert_html(filling, part.block, level) if part.block.startswith("insert.") else html,
            block=part.block,
        )
        for part, html in zip(parts, explained(pieces, meanings, on_paper=on_paper), strict=True)
    ]


def _insert_html(filling: Filling, block: str, level: int) -> Markup:
    """The organiser's own words stand below a heading of the document, whatever headings they begin with."""
    return settled_below(html_from_markdown(filling.inserts.get(block.removeprefix("insert."), "")), level + 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the pack leaves open, the document it is in, and what stands there."""

    slot: str
    document: Document
    markdown: str

    @property
    def title(self) -> str:
        return INSERT_TITLES[self.slot]


def _places(manifest: Manifest, texts: Mapping[str, str], inserts: Mapping[str, str]) -> Sequence[Place]:
    return [
        Place(slot, document, inserts.get(slot, ""))
        for document in manifest.documents
        for slot in sorted(INSERTS)
        if f"{{{{insert.{slot}}}}}" in texts[document.id]
    ]


def _reader(session: Session, event: Event) -> Reader:
    """Whoever holds this browser: as a participant of the event, as one of its staff, or as anybody."""
    participant: Participant | None = None
    if token := participant_token(event.code):
        try:
            participant = participant_in(session, event, token)
        except NotFound:
            participant = None
    return reader_of(session, event, participant=participant, staff_id=signed_in_staff())


def _filling(session: Session, event: Event, manifest: Manifest) -> Filling:
    settings: Settings = current_app.extensions["settings"]
    return filling_of(session, event, manifest, address=settings.address, organisation=settings.organisation_name)
