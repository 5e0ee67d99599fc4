"""Works out the figures of a series, by the definitions of one event's.

Counts are added; rates come from added numerators and denominators, never from other rates; people are counted anew
over all places; medians come from all values. No guard of one place can be got round by taking the other places from
the whole: what one of them hides, the whole does not say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.counts.queries import Counted, CountedTogether, kept_figures_of
from hackathon.events.models import Event, Series
from hackathon.events.queries import published_in
from hackathon.figures.document import BY_CHECK_IN, ON_THE_DAY, SAID_KEYS, Figures, Replies, plain
from hackathon.figures.queries import counted_of_people, figures_from, replies_from, waits_of
from hackathon.maths.rates import Rate
from hackathon.overall.document import (
    BOUNDED,
    FORGOTTEN,
    HIDDEN,
    NO_DAY_YET,
    NOBODY_HAS,
    NOT_OF_THE_WHOLE,
    NOT_SAID,
    OF_EVERY_PLACE,
    ONCE,
    OTHER_THEMES,
    UNCHECKED,
    PlaceFigures,
    SeriesFigures,
)
from hackathon.themes.queries import themes_of

FROM_WAITS = frozenset(field.name for field in fields(Replies))


def series_figures(session: Session, series: Series, *, seen: Collection[int] = ()) -> SeriesFigures:
    """The figures of every published event of a series, and of the whole. `seen` are the ids of the events whose staff
    is looking: of the others, nothing is told that they hide from everybody."""
    events = published_in(session, series)
    rows = [Counted(session, event, event.figures_frozen_at or now()) for event in events]
    figures = [figures_from(each) for each in rows]
    hidden = [event for event in events if event.hides_counts and event.id not in seen]
    found = _whole(session, rows, figures)
    reasons = {**found.reasons, **(dict.fromkeys(SAID_KEYS, HIDDEN.format(_named(hidden[0]))) if hidden else {})}
    return SeriesFigures(
        series=series,
        as_of=max((each.as_of for each in rows), default=now()),
        places=tuple(
            PlaceFigures(event, each.as_json(counted=event not in hidden))
            for event, each in zip(events, figures, strict=True)
        ),
        whole={key: None if key in reasons else plain(value) for key, value in found.values.items()},
        reasons={key: reasons[key] for key in found.values if key in reasons},
        at_most={key: most for key, most in found.at_most.items() if not (hidden and key in SAID_KEYS)},
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """Every figure of the whole; of those that it cannot have, why; and of some of them, how many it is at most."""

    values: Mapping[str, Any]
    reasons: Mapping[str, str]
    at_most: Mapping[str, int]


def _whole(session: Session, rows: Sequence[Counted], figures: Sequence[Figures]) -> Whole:
    """People are counted anew from their rows. Once those of a place are forgotten, nobody can tell who of them is in
    another place too: what is counted once is unknown then, and everything else is added from the figures kept there.
    """
    places = [each.values() for each in figures]
    forgotten = [place.event for place in rows if kept_figures_of(session, place.event) is not None]
    if len(rows) == 1:  # nobody can have been elsewhere
        anew, forgotten = places[0], []
    else:
        anew = _counted_anew([each for each in rows if each.event not in forgotten]) | _waited_anew(rows)
    reasons = dict(NOT_OF_THE_WHOLE)
    if forgotten:
        reasons |= dict.fromkeys(ONCE, FORGOTTEN.format(_named(forgotten[0])))
    if unchecked := [each.event for each, found in zip(rows, figures, strict=True) if found.people.attended is None]:
        reasons |= dict.fromkeys(BY_CHECK_IN, UNCHECKED.format(_named(unchecked[0])))
    values: dict[str, Any] = {}
    for key in places[0] if places else ():
        said = [place[key] for place in places if place[key] is not None]
        values[key] = None if key in reasons else _value(key, said, anew, by_all=len(said) == len(places))
        if values[key] is None:
            reasons.setdefault(key, NO_DAY_YET if key in ON_THE_DAY else NOT_SAID if said else NOBODY_HAS)
    if len({_themes(session, each.event) for each in rows}) > 1:
        reasons["insights_by_theme_at_capture"] = OTHER_THEMES
    kept = [place for place, each in zip(places, rows, strict=True) if each.event in forgotten]
    return Whole(values, reasons, at_most=_at_most([anew, *kept]) if kept else {})


def _value(key: str, said: Sequence[Any], anew: Mapping[str, Any], *, by_all: bool) -> Any:
    """One figure of the whole: counted anew, or from what the places say."""
    if key in ONCE or key in FROM_WAITS:
        return anew.get(key)
    if key == "attended_by_sector":
        return _added_where_shown(said)
    return added(said) if by_all or key not in OF_EVERY_PLACE else None


def _at_most(parts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many there are if nobody of a forgotten place came elsewhere too: those who are known, each once, and the
    numbers that were kept. A rate has no such bound.
    """
    numbers = {key: [part[key] for part in parts if key in part] for key in BOUNDED}
    return {
        key: sum(n["total"] if isinstance(n, Mapping) else n for n in each)
        for key, each in numbers.items()
        if None not in each
    }


def _counted_anew(rows: Sequence[Counted]) -> dict[str, Any]:
    """What is worked out from everybody, and not from what the places come to."""
    return _values_of(*counted_of_people(CountedTogether(rows)).values()) if rows else {}


def _waited_anew(rows: Sequence[Counted]) -> dict[str, Any]:
    """Whether people were answered, from all waits. These can be counted when the people are forgotten, too."""
    return _values_of(replies_from([waits for each in rows if (waits := waits_of(each)) is not None]))


def _values_of(*parts: Any) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for part in parts for field in fields(part)}


def _named(event: Event) -> str:
    return event.venue or event.title


def _themes(session: Session, event: Event) -> frozenset[tuple[str, str]]:
    return frozenset((theme.key, theme.title) for theme in themes_of(session, event))


def added(values: Sequence[Any]) -> Any:
    """Counts added up, each with its like; a rate from all its numerators and all its denominators."""
    if not values:
        return None
    if isinstance(values[0], Rate):
        return Rate(sum(rate.n for rate in values), sum(rate.of for rate in values))
    if isinstance(values[0], Mapping):
        keys = sorted({key for counts in values for key in counts})
        return {key: added([counts[key] for counts in values if key in counts]) for key in keys}
    return sum(values)


def _added_where_shown(places: Sequence[Mapping[str, int | None]]) -> Mapping[str, int | None]:
    """Small groups that one place hides are hidden in the whole: its number would be what the others leave."""
    keys = sorted({key for counts in places for key in counts})
    shown = {key: [counts.get(key, 0) for counts in places] for key in keys}
    return {key: None if None in numbers else added(numbers) for key, numbers in shown.items()}
