"""What a letter may tell of an event, asked for once for everybody who gets it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from hackathon.core.clock import spoken_date, spoken_time
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.figures.queries import figures_of
from hackathon.follow_up.models import Decision
from hackathon.follow_up.queries import recommendations_of
from hackathon.framing.queries import promise_of
from hackathon.handouts.document import minutes_to_read
from hackathon.letters.document import Occasion
from hackathon.packs.document import Manifest
from hackathon.packs.queries import manifest_of, texts_of
from hackathon.participants.queries import waiting_in_order

IN_PACK = {
    "pack-1": ("purpose", "hack-question", "access-and-travel"),
    "pack-2": ("background", "how-the-day-works", "glossary"),
}
"""The kinds of documents to which each of the two letters leads."""


def occasion_of(session: Session, event: Event, *, address: str) -> Occasion:
    """What every letter may tell: the event as it stands now."""
    promise = promise_of(session, event)
    sponsor = promise.sponsor_name if promise else ""
    if promise and sponsor and promise.sponsor_role:
        sponsor = f"{sponsor}, {promise.sponsor_role}"
    return Occasion(
        title=" ".join(event.title.split()),
        question=event.question,
        day=spoken_date(event.held_on),
        starts=spoken_time(event.starts),
        ends=spoken_time(event.ends),
        doors=spoken_time(event.doors) if event.doors else "",
        place=event.venue,
        code=event.code,
        home=f"{address}/e/{event.code}",
        contact=(event.contact_name or "an organiser") if event.contact_email else "",
        phone=event.contact_phone,
        sponsor=sponsor,
        promise=promise.words if promise else "",
        report_day=_report_day(session, event),
        closes_on=spoken_date(event.closes_on) if event.closes_on else "",
        in_series=event.series_id is not None,
    )


def with_what_it_needs(session: Session, event: Event, occasion: Occasion, name: str, *, on: date) -> Occasion:
    """The same with what one letter alone tells, because it takes more asking. `on` is the day on which it is read."""
    if name in IN_PACK:
        return replace(occasion, documents=_documents(session, event, occasion, IN_PACK[name], on))
    if name in ("reminder", "waiting"):
        return replace(occasion, waiting=len(waiting_in_order(session, event)))
    if name == "digest":
        return replace(occasion, figures=_three_figures(session, event))
    if name == "you-said":
        return _decided(session, event, occasion)
    return occasion


def _manifest(session: Session, event: Event) -> Manifest | None:
    try:
        return manifest_of(session, event)
    except NotFound:
        return None


def _report_day(session: Session, event: Event) -> str:
    if (manifest := _manifest(session, event)) is None:
        return ""
    return spoken_date(event.held_on + timedelta(days=manifest.report.promise_days))


def _documents(
    session: Session, event: Event, occasion: Occasion, kinds: Sequence[str], on: date
) -> tuple[tuple[str, str, int], ...]:
    if (manifest := _manifest(session, event)) is None:
        return ()
    texts = texts_of(session, event)
    by_kind = {each.kind: each for each in manifest.documents if each.is_for_taking_part}
    chosen = [by_kind[kind] for kind in kinds if kind in by_kind and by_kind[kind].released_on(event.held_on) <= on]
    return tuple(
        (each.title, f"{occasion.home}/pack/{each.id}", minutes_to_read(texts.get(each.id, ""))) for each in chosen
    )


def _three_figures(session: Session, event: Event) -> tuple[str, ...]:
    figures = figures_of(session, event)
    said, share = figures.contributions, figures.contributions.outside_share
    came = figures.people.attended
    return (
        *(() if came is None else (f"{came:,} people came",)),
        f"{said.contributions:,} contributions",
        f"{share.n:,} of them from outside the room",
    )


def _decided(session: Session, event: Event, occasion: Occasion) -> Occasion:
    everything = recommendations_of(session, event)
    forward = [each for each in everything if each.decision and each.decision.takes_forward]
    declined = [each for each in everything if each.decision in (Decision.NOT_NOW, Decision.NO)]
    return replace(
        occasion,
        going=len(forward),
        already=sum(each.decision is Decision.ALREADY for each in everything),
        not_going=tuple((each.text, each.reason) for each in declined),
        undecided=sum(each.decision is None for each in everything),
    )
