"""Works out the figures of a series, by the definitions of one event's.

Counts are added; rates come from added numerators and denominators, never from other rates; people are counted anew
over all places; medians come from all values. No guard of one place can be got round by taking the other places from
the whole: what one of them hides, the whole does not say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.counts.queries import Counted, CountedTogether, kept_figures_of
from hackathon.events.models import Event, Series
from hackathon.events.queries import published_in
from hackathon.figures.document import ON_THE_DAY, SAID_KEYS, Figures, Replies, plain
from hackathon.figures.queries import counted_of_people, figures_from, replies_from, waits_of
from hackathon.maths.rates import Rate
from hackathon.overall.document import (
    FORGOTTEN,
    HIDDEN,
    NO_DAY_YET,
    NOBODY_HAS,
    NOT_OF_THE_WHOLE,
    NOT_SAID,
    OF_EVERY_PLACE,
    ONCE,
    OTHER_THEMES,
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
    whole, reasons = _whole(session, rows, figures)
    if hidden:
        reasons |= dict.fromkeys(SAID_KEYS, HIDDEN.format(hidden[0].title))
    return SeriesFigures(
        series=series,
        as_of=max((each.as_of for each in rows), default=now()),
        places=tuple(
            PlaceFigures(event, each.as_json(counted=event not in hidden))
            for event, each in zip(events, figures, strict=True)
        ),
        whole={key: None if key in reasons else plain(value) for key, value in whole.items()},
        reasons={key: reasons[key] for key in whole if key in reasons},
    )


def _whole(
    session: Session, rows: Sequence[Counted], figures: Sequence[Figures]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Every figure of the whole, and of those that it cannot have, why."""
    forgotten = [each.event for each in rows if kept_figures_of(session, each.event) is not None]
    each_place = [each.values() for each in figures]
    anew = {} if forgotten or not rows else _counted_anew(rows)
    whole: dict[str, Any] = {}
    reasons = dict(NOT_OF_THE_WHOLE)
    for key in each_place[0] if each_place else ():
        said = [place[key] for place in each_place if place[key] is not None]
        if key in reasons:
            whole[key] = None
        elif key in ONCE or key in FROM_WAITS:
            whole[key] = anew.get(key)
        elif key == "attended_by_sector":
            whole[key] = _added_where_shown(said)
        elif key in OF_EVERY_PLACE and len(said) < len(each_place):
            whole[key] = None
        else:
            whole[key] = added(said)
        if whole[key] is None:
            reasons.setdefault(key, _why_not(key, forgotten, has_any=bool(said)))
    if len({_themes(session, each.event) for each in rows}) > 1:
        reasons["insights_by_theme_at_capture"] = OTHER_THEMES
    return whole, reasons


def _why_not(key: str, forgotten: Sequence[Event], *, has_any: bool) -> str:
    if forgotten and (key in ONCE or key in FROM_WAITS):
        return FORGOTTEN.format(forgotten[0].title)
    if key in ON_THE_DAY:
        return NO_DAY_YET
    return NOT_SAID if has_any else NOBODY_HAS


def _counted_anew(rows: Sequence[Counted]) -> dict[str, Any]:
    """What is worked out from everybody, and from all waits, and not from what the places come to."""
    parts = counted_of_people(CountedTogether(rows)).values()
    waits = [waits for each in rows if (waits := waits_of(each)) is not None]
    return {field.name: getattr(part, field.name) for part in (*parts, replies_from(waits)) for field in fields(part)}


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
