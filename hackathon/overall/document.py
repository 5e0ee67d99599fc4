"""The figures of the places of a series and of the whole, as plain values, with what the whole cannot say and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from hackathon.events.models import Event, Series
from hackathon.figures.document import DEFINITIONS, GROUPS, as_line

COUNTED_ONCE = "In the whole, somebody who took part in several places is counted once."
ONCE = frozenset(
    {
        "registered",
        "walk_ins",
        "attended",
        "organisations",
        "survey_response_rate",
        "survey_people_with_an_answer",
        "participants",
        "participation_rate",
        "contributors",
        "contribution_rate",
        "outside_share_of_people",
        "voice_balance",
    }
)
"""What is counted from people. It is worked out anew from everybody of all places, never added up."""
OF_EVERY_PLACE = frozenset({"eligible", "invited_outside"})
"""What people declared: a sum without one of the places would stand for less than the whole."""
NOT_OF_THE_WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "survey_answers": "each place asks a survey of its own",
        "coder_kappa": "agreement beyond chance is about one pair of coders",
        "statements": "each place rates statements of its own",
        "agreed": "each place rates statements of its own",
        "contested": "each place rates statements of its own",
        "not_clear": "each place rates statements of its own",
        "neither": "each place rates statements of its own",
        "days_to_report": "each place has a day of its own",
    }
)
FORGOTTEN = "the people of {} are forgotten, so nobody can tell who took part in two places"
HIDDEN = "{} is opening up, and its counts are hidden"
LATER = "hidden for now"
NOT_SAID = "not every place has said it"
NO_DAY_YET = "no place has had its day yet"
NOBODY_HAS = "no place has it"
OTHER_THEMES = "the places have themes of their own"


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """One event of the series with its figures by their keys, as `figures.json` has them; some may be hidden."""

    event: Event
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeriesFigures:
    """The figures of each place and of the whole. What the whole cannot say is None there, with the reason."""

    series: Series
    as_of: datetime
    places: tuple[PlaceFigures, ...]
    whole: Mapping[str, Any]
    reasons: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """What `series-figures.json` holds."""
        return {
            "series": {"code": self.series.code, "title": self.series.title, "question": self.series.question},
            "as_of": self.as_of.isoformat(),
            "places": [
                {
                    "code": place.event.code,
                    "title": place.event.title,
                    "venue": place.event.venue,
                    "held_on": place.event.held_on.isoformat(),
                    "figures": dict(place.figures),
                }
                for place in self.places
            ],
            "whole": dict(self.whole),
            "not_computable": dict(self.reasons),
        }

    def as_rows(self) -> Iterator[tuple[Any, ...]]:
        """The same as lines of a spreadsheet: the way to a value, then the value of each place and of the whole."""
        columns = [dict(leaves(place.figures)) for place in self.places] + [dict(leaves(self.whole))]
        for way in dict.fromkeys(way for column in columns for way in column):
            yield way, *(column.get(way) for column in columns)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as the page prints it: of each place, of the whole, and what exactly it counts."""

    key: str
    label: str
    definition: str
    places: tuple[str, ...]
    whole: str


def lines_of(found: SeriesFigures) -> dict[str, list[Line]]:
    """Every figure that reads as one line, under the headings of an event's figures."""
    return {heading: [_line(found, key) for key in keys if key in DEFINITIONS] for heading, keys in GROUPS.items()}


def _line(found: SeriesFigures, key: str) -> Line:
    return Line(
        key=key,
        label=DEFINITIONS[key].label,
        definition=" ".join(filter(None, (DEFINITIONS[key].words, _words_for_the_whole(key)))),
        places=tuple(as_line(key, place.figures[key]) if key in place.figures else LATER for place in found.places),
        whole=f"not computable: {found.reasons[key]}" if key in found.reasons else as_line(key, found.whole[key]),
    )


def _words_for_the_whole(key: str) -> str:
    if key in NOT_OF_THE_WHOLE:
        return f"Not of the whole: {NOT_OF_THE_WHOLE[key]}."
    if key == "eligible":
        return "In the whole, somebody who could come to two places is in it twice."
    if key == "cancelled":
        return "Whoever moved to another place is in it at the place that they left."
    return COUNTED_ONCE if key in ONCE else ""


def leaves(value: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """Each plain value with the way to it: `attendance_rate.n`."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from leaves(entry, f"{way}.{key}" if way else str(key))
    else:
        yield way, " ".join(map(str, value)) if isinstance(value, list) else value
