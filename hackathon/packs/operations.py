"""Taking a pack into an event."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.packs.document import PackOnDisk
from hackathon.packs.models import FrozenDocument, FrozenPack, Insert
from hackathon.packs.queries import frozen_pack_of
from hackathon.participants.models import QuestionType
from hackathon.participants.operations import ask_at_registration
from hackathon.participants.queries import questions_asked

HOW_TO_GET_THERE = "travel"


def freeze_pack(session: Session, event: Event, pack: PackOnDisk, *, actor: str) -> FrozenPack:
    """Copy a pack into an event as it is now: its documents, its rules, and its questions for the registration form."""
    if frozen_pack_of(session, event) is not None:
        raise Refusal("This event has its pack already: what people were given does not change under their hands.")
    facts = pack.manifest.pack
    frozen = FrozenPack(
        event=event,
        pack=facts.id,
        version=facts.version,
        manifest=pack.manifest.model_dump(mode="json", by_alias=True),
    )
    session.add(frozen)
    session.add_all(FrozenDocument(pack=frozen, key=key, markdown=text) for key, text in pack.texts.items())
    session.flush()
    for question in pack.manifest.registration_questions:
        ask_at_registration(
            session,
            event,
            key=question.id,
            label=question.label,
            type=QuestionType(question.type),
            options=question.options,
            purpose=question.purpose,
            sensitive=question.sensitive,
            seen_by=question.seen_by,
            keep_days=question.keep_days_after_event,
            actor=actor,
        )
    record(session, event, "pack.frozen", actor=actor, subject_id=frozen.id, pack=facts.id, version=facts.version)
    return frozen


def copy_pack(session: Session, source: Event, event: Event, *, actor: str) -> FrozenPack | None:
    """Give an event the pack of another as it stands there: with its themes' titles, with what the form asks by now,
    and with the organisers' own words in it, but for how to get there."""
    if (there := frozen_pack_of(session, source)) is None:
        return None
    frozen = FrozenPack(event=event, pack=there.pack, version=there.version, manifest=there.manifest)
    session.add(frozen)
    session.add_all(
        FrozenDocument(pack=frozen, key=document.key, markdown=document.markdown)
        for document in session.scalars(select(FrozenDocument).where(FrozenDocument.pack_id == there.id))
    )
    session.add_all(
        Insert(event=event, slot=insert.slot, markdown=insert.markdown)
        for insert in session.scalars(
            select(Insert).where(Insert.event_id == source.id, Insert.slot != HOW_TO_GET_THERE)
        )
    )
    session.flush()
    for question in questions_asked(session, source):
        ask_at_registration(
            session,
            event,
            key=question.key,
            label=question.label,
            type=question.type,
            options=question.options,
            purpose=question.purpose,
            sensitive=question.sensitive,
            seen_by=question.seen_by,
            keep_days=question.keep_days,
            actor=actor,
        )
    record(session, event, "pack.frozen", actor=actor, subject_id=frozen.id, pack=there.pack, version=there.version)
    return frozen


def retitle_theme(session: Session, event: Event, *, key: str, title: str, prompt: str) -> None:
    """Let the documents of the event's pack call a theme what the event calls it. The pack on disk stays as it is."""
    if (pack := frozen_pack_of(session, event)) is None:
        return
    themes = [
        {**said, "title": title, "prompt": prompt} if said["id"] == key else said for said in pack.manifest["theme"]
    ]
    pack.manifest = {**pack.manifest, "theme": themes}
    session.flush()
