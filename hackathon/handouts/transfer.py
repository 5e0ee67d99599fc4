"""Documents ready to show: as HTML for a page, and as a booklet for the printer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from hackathon.adapters.markdown import html_from_markdown
from hackathon.adapters.pdf import pdf_from_html
from hackathon.core.clock import local, now
from hackathon.core.config import Settings
from hackathon.events.models import Event
from hackathon.handouts.document import Filling, minutes_to_read, parts_of
from hackathon.handouts.queries import filling_of
from hackathon.packs.document import Document, Manifest
from hackathon.packs.queries import manifest_of, texts_of
from hackathon.web.prose import explained, settled_below


@dataclass(frozen=True, slots=True)
class Line:
    """A document as a list of contents shows it. `is_early` is out before its day, as the privacy notice may be."""

    document: Document
    minutes: int
    released_on: date
    is_out: bool
    is_early: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document ready to show: HTML, or the name of a part that the page lays out."""

    html: Markup
    block: str = ""


def pack_html(session: Session, event: Event, *, large: bool = False) -> str:
    """The booklet: what has come out for everyone, as one page for the printer, or the same in large print."""
    manifest, texts = manifest_of(session, event), texts_of(session, event)
    filling = filling_here(session, event, manifest)
    lines = [line for line in lines_of(event, manifest, texts) if line.is_out and line.document.is_for_everyone]
    documents = [
        (line, pieces_of(texts[line.document.id], filling, manifest, line.document, level=2, on_paper=True))
        for line in lines
    ]
    return render_template(
        "handouts/print/booklet.html",
        event=event,
        manifest=manifest,
        documents=documents,
        filling=filling,
        large=large,
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
            is_early=document.released_on(event.held_on) > local(moment, event.timezone).date(),
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


def filling_here(session: Session, event: Event, manifest: Manifest) -> Filling:
    settings: Settings = current_app.extensions["settings"]
    return filling_of(session, event, manifest, address=settings.address, organisation=settings.organisation_name)
