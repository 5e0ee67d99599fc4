"""The plan of an event by its days: what is sent, comes out or is owed on which, and what a day clashes with."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.core.clock import local, today
from hackathon.core.errors import NotFound
from hackathon.dates.document import CALENDAR, Day, Days, Kind, due_at
from hackathon.events.models import Event
from hackathon.maths.holidays import bank_holidays
from hackathon.packs.document import Manifest
from hackathon.packs.queries import manifest_of
from hackathon.participants.queries import places_of

SATURDAY = 5
BRITISH = "Europe/London"


def days_of(session: Session, event: Event) -> list[Day]:
    """Every day of an event in its order, counted from the one on which it is held."""
    days = [Day(event.held_on, "The day itself", mind=clash_of(event, event.held_on))]
    days += [*_letters(session, event), *_places(session, event)]
    try:
        manifest = manifest_of(session, event)
    except NotFound:  # an event that was loaded without a pack
        return sorted(days, key=lambda day: day.on)
    return sorted([*days, *_pack(event, manifest)], key=lambda day: day.on)


def parted(days: Iterable[Day], event: Event, *, shown: int) -> Days:
    """Those on which nothing is left to happen, the next that come, as many as are shown, and those behind them."""
    over: list[Day] = []
    to_come: list[Day] = []
    for day in days:
        (over if day.fixed or day.on < today(event.timezone) else to_come).append(day)
    return Days(tuple(over), tuple(to_come[:shown]), tuple(to_come[shown:]))


def clash_of(event: Event, day: date) -> str:
    """Why people may be off on a day, in words; nothing where it is a day like others."""
    if event.timezone == BRITISH and (name := bank_holidays(day.year).get(day)):
        kind = "" if "bank holiday" in name else ", a bank holiday"
        return f"{name[0].upper()}{name[1:]}{kind} in England and Wales"
    return f"A {day:%A}" if day.weekday() >= SATURDAY else ""


def _letters(session: Session, event: Event) -> Iterator[Day]:
    """A letter that has gone out stays on its day; the others stand where the date puts them."""
    went = _went_out(session, event)
    for kind in CALENDAR:
        due = due_at(kind, event.held_on, event.timezone, event.ends)
        if kind.letter_kind in went and kind.is_ours:
            yield Day(went[kind.letter_kind], _called(kind), fixed=True)
        elif due is not None:
            on = local(due, event.timezone).date()
            yield Day(on, _called(kind), mind=clash_of(event, on))


def _went_out(session: Session, event: Event) -> dict[str, date]:
    """The day on which the first letter of each kind was written."""
    first = select(Letter.kind, func.min(Letter.made_at)).where(Letter.event_id == event.id).group_by(Letter.kind)
    return {kind: local(at, event.timezone).date() for kind, at in session.execute(first).all()}


def _places(session: Session, event: Event) -> Iterator[Day]:
    places = places_of(session, event)
    if places is not None and places.closes_at is not None:
        yield Day(local(places.closes_at, event.timezone).date(), "Last day to give a place up")


def _pack(event: Event, manifest: Manifest) -> Iterator[Day]:
    """What of the pack comes out when, and the day by which the report was promised."""
    out = Counter(document.released_on(event.held_on) for document in manifest.documents)
    for on, number in out.items():
        yield Day(on, f"Pack: {number} document{'' if number == 1 else 's'} come{'s' if number == 1 else ''} out")
    on = event.held_on + timedelta(days=manifest.report.promise_days)
    yield Day(on, "The report is due", mind=clash_of(event, on))


def _called(kind: Kind) -> str:
    """What a letter is called in short: Pack 1, without what is in it."""
    return f"Letter: {kind.title.partition(':')[0]}"
