"""The pack of an event as it was frozen."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.packs.document import Manifest
from hackathon.packs.models import FrozenDocument, FrozenPack


def frozen_pack_of(session: Session, event: Event) -> FrozenPack | None:
    return session.scalar(select(FrozenPack).where(FrozenPack.event_id == event.id))


def manifest_of(session: Session, event: Event) -> Manifest:
    """What the event's pack says, as it was when the event took it."""
    if (pack := frozen_pack_of(session, event)) is None:
        raise NotFound
    return Manifest.model_validate(pack.manifest)


def asks_as_packed(event: Event, manifest: Manifest) -> bool:
    """Whether the event asks the question that the pack brings, word for word."""
    return event.question == manifest.hack_question.text


def scope_of(event: Event, manifest: Manifest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the question takes in, and what it leaves out. The pack's lists are about the pack's question: beside one of
    the organiser's own they are left away, unless somebody has changed them.
    """
    packed = (manifest.hack_question.in_scope, manifest.hack_question.out_of_scope)
    written = (tuple(event.scope_in), tuple(event.scope_out))
    if asks_as_packed(event, manifest):
        return written[0] or packed[0], written[1] or packed[1]
    return written if written != packed else ((), ())


def texts_of(session: Session, event: Event) -> Mapping[str, str]:
    """The Markdown of every document, by the document's id."""
    rows = session.execute(
        select(FrozenDocument.key, FrozenDocument.markdown)
        .join(FrozenDocument.pack)
        .where(FrozenPack.event_id == event.id)
        .order_by(FrozenDocument.id)
    )
    return dict(rows.all())
