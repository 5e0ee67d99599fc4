"""The figures of the places of a series and of the whole, as plain values, with what the whole cannot say and why."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from hackathon.events.models import Event, Series
from hackathon.figures.document import DEFINITIONS, GROUPS, ON_THE_DAY, as_line

COUNTED_ONCE = "In the whole, somebody who took part in several places is counted once."
ONCE = frozenset(
    {
        "registered",
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
BOUNDED = ("registered", "attended", "organisations", "survey_people_with_an_answer", "participants", "contributors")
"""Those of them that can be said as an upper bound, once nobody can tell who took part in two places."""
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
LEADING: Mapping[str, str] = MappingProxyType(
    {
        "registered": "Registered",
        "attended": "In the room",
        "participants": "Took part",
        "contributions": "Contributions",
        "outside_share": "From outside",
        "recommendations_taken_forward": "Taken forward",
    }
)
"""What is asked first of a place, in the order of its life, in words that fit above a column."""
Said = Callable[[str, Any], str]
NOT_YET = "not yet"
FORGOTTEN = "the people of {} are forgotten, so nobody can tell who took part in two places"
HIDDEN = "{} is opening up, and its counts are hidden"
LATER = "hidden for now"
NOT_SAID = "not every place has said it"
NO_DAY_YET = "no place has had its day yet"
NOBODY_HAS = "no place has it"
UNCHECKED = "nobody was checked in at {}"
OTHER_THEMES = "the places have themes of their own"


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """One event of the series with its figures by their keys, as `figures.json` has them; some may be hidden."""

    event: Event
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeriesFigures:
    """The figures of each place and of the whole. What the whole cannot say is None there, with the reason, and for
    some how many it is at most.
    """

    series: Series
    as_of: datetime
    places: tuple[PlaceFigures, ...]
    whole: Mapping[str, Any]
    reasons: Mapping[str, str]
    at_most: Mapping[str, int]

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
            "at_most": dict(self.at_most),
        }

    def as_rows(self) -> Iterator[tuple[Any, ...]]:
        """The same as lines of a spreadsheet: the way to a value, then the value of each place and of the whole."""
        columns = [dict(leaves(place.figures)) for place in self.places] + [dict(leaves(self.whole))]
        for way in dict.fromkeys(way for column in columns for way in column):
            yield way, *(column.get(way) for column in columns)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as the page prints it: of each place, of the whole, and what exactly it counts. What nobody can say is
    empty; `note` is the number of the note that says why the whole does not.
    """

    key: str
    label: str
    definition: str
    places: tuple[str, ...]
    whole: str
    note: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Figures under one heading, with the reasons for what the whole cannot say, each once."""

    heading: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def names_of(places: Sequence[PlaceFigures]) -> list[str]:
    """What to call each place beside the others: how its address begins, where no other begins alike."""
    addresses = [place.event.venue or place.event.title for place in places]
    beginnings = [address.partition(",")[0] for address in addresses]
    return [
        beginning if beginnings.count(beginning) == 1 else address
        for address, beginning in zip(addresses, beginnings, strict=True)
    ]


def groups_of(found: SeriesFigures) -> list[Group]:
    """Every figure that reads as one line, under the headings of an event's figures."""
    return [_group(found, heading, [key for key in keys if key in DEFINITIONS]) for heading, keys in GROUPS.items()]


def leading_of(found: SeriesFigures) -> Group:
    """The few figures by which one place is seen beside the others, and the whole."""
    group = _group(found, "The whole, and each place", LEADING, said=_in_short)
    return replace(group, lines=tuple(replace(line, label=LEADING[line.key]) for line in group.lines))


def _group(found: SeriesFigures, heading: str, keys: Iterable[str], said: Said | None = None) -> Group:
    shown = [key for key in keys if key in found.whole]
    notes = list(dict.fromkeys(found.reasons[key] for key in shown if key in found.reasons))
    return Group(heading, tuple(_line(found, key, notes, said or _said) for key in shown), tuple(notes))


def _line(found: SeriesFigures, key: str, notes: Sequence[str], said: Said) -> Line:
    return Line(
        key=key,
        label=DEFINITIONS[key].label,
        definition=" ".join(filter(None, (DEFINITIONS[key].words, _words_for_the_whole(key)))),
        places=tuple(_at(place, key, said) if key in place.figures else LATER for place in found.places),
        whole=f"at most {found.at_most[key]}" if key in found.at_most else said(key, found.whole[key]),
        note=notes.index(found.reasons[key]) + 1 if key in found.reasons else 0,
    )


def _at(place: PlaceFigures, key: str, said: Said) -> str:
    """A figure of one place. Where nobody was checked in, the day has come all the same."""
    return "" if key in ON_THE_DAY and place.figures["attended"] is None else said(key, place.figures[key])


def _said(key: str, value: Any) -> str:
    return NOT_YET if value is None and key in ON_THE_DAY else "" if value is None else as_line(key, value)


def _in_short(key: str, value: Any) -> str:
    """The same; of people in the room and outside, how many they are together."""
    return _said(key, value["total"] if isinstance(value, Mapping) and "total" in value else value)


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
