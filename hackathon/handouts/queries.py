"""What an event puts into its pack, and who is reading."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import short_date, spoken_date, spoken_time
from hackathon.events.models import Event
from hackathon.events.queries import roles_of
from hackathon.framing.models import Promise
from hackathon.framing.queries import promise_of
from hackathon.handouts.document import (
    INSERTS,
    AskedFor,
    Filling,
    Place,
    Reader,
    markdown_email,
    markdown_link,
    markdown_text,
)
from hackathon.packs.document import Manifest
from hackathon.packs.models import Insert
from hackathon.packs.queries import asks_as_packed, scope_of
from hackathon.participants.models import Participant, RegistrationQuestion
from hackathon.participants.queries import questions_of, registration_of

NOT_YET = "to be announced"


def inserts_of(session: Session, event: Event) -> Mapping[str, str]:
    """What the organiser wrote into the places that the pack leaves open, by the name of the place."""
    rows = session.execute(select(Insert.slot, Insert.markdown).where(Insert.event_id == event.id))
    return dict(rows.all())


def reader_of(
    session: Session, event: Event, *, participant: Participant | None = None, staff_id: int | None = None
) -> Reader:
    """Who holds the pack: somebody with a place in the room, staff, or anybody."""
    registration = registration_of(session, participant) if participant else None
    return Reader(
        in_room=registration is not None and registration.may_sit,
        roles=roles_of(session, event, staff_id) if staff_id is not None else frozenset(),
    )


def filling_of(session: Session, event: Event, manifest: Manifest, *, address: str, organisation: str) -> Filling:
    """What this event puts into its pack. `address` is where the product lives, `organisation` who answers for it."""
    scope_in, scope_out = scope_of(event, manifest)
    return Filling(
        words=_words(event, manifest, promise_of(session, event), address=address, organisation=organisation),
        run_sheet=manifest.run_sheet(event.starts),
        meaning=manifest.hack_question.meaning if asks_as_packed(event, manifest) else (),
        scope_in=scope_in,
        scope_out=scope_out,
        themes=manifest.themes,
        glossary=manifest.glossary,
        questions=asked_for(questions_of(session, event)),
        contacts=manifest.support.contacts,
        inserts=inserts_of(session, event),
    )


def _words(
    event: Event, manifest: Manifest, promise: Promise | None, *, address: str, organisation: str
) -> Mapping[str, str]:
    home = f"{address}/e/{event.code}"
    plain = {
        "event.title": event.title,
        "event.question": event.question,
        "event.date": spoken_date(event.held_on),
        "event.starts": spoken_time(event.starts),
        "event.ends": spoken_time(event.ends),
        "event.venue": event.venue,
        "event.code": event.code,
        "organisation.name": organisation,
        "contact.name": event.contact_name or "the organisers",
        "sponsor.name": promise.sponsor_name if promise else "",
        "sponsor.role": promise.sponsor_role if promise else "",
        "sponsor.promise": promise.words if promise else "",
        "owner.name": promise.owner_name if promise else "",
        "report.date": spoken_date(event.held_on + timedelta(days=manifest.report.promise_days)),
    }
    return {
        **{name: markdown_text(words or NOT_YET) for name, words in plain.items()},
        "event.address": markdown_link(_shown(home), home),
        "outside.address": markdown_link(_shown(f"{home}/outside"), f"{home}/outside"),
        "contact.email": markdown_email(event.contact_email) if event.contact_email else NOT_YET,
    }


def _shown(address: str) -> str:
    """An address as people read and type it."""
    return address.partition("://")[2]


def asked_for(questions: Sequence[RegistrationQuestion]) -> tuple[AskedFor, ...]:
    """The lines of the privacy notice that follow from what the form asks."""
    return tuple(
        AskedFor(
            label=question.label,
            why=question.purpose_words,
            who=question.seen_by_words,
            until=short_date(question.deleted_on)
            if question.deleted_on
            else question.event.people_kept.removeprefix("until "),
        )
        for question in questions
    )


def places_of(manifest: Manifest, texts: Mapping[str, str], inserts: Mapping[str, str]) -> Sequence[Place]:
    return [
        Place(slot, document, inserts.get(slot, ""))
        for document in manifest.documents
        for slot in sorted(INSERTS)
        if f"{{{{insert.{slot}}}}}" in texts[document.id]
    ]
