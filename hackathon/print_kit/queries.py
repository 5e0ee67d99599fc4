"""Gathers what the sheets say."""

import re
from collections import Counter
from collections.abc import Sequence

from sqlalchemy.orm import Session

from hackathon.ballots.queries import ballots_in, batches_of, lines_of
from hackathon.cards.document import MOST_CARDS, CardNumber
from hackathon.core.alphabet import as_looked_up
from hackathon.core.clock import short_date, spoken_date
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Series
from hackathon.insights.models import Identity
from hackathon.insights.queries import manners_of
from hackathon.packs.queries import manifest_of
from hackathon.print_kit.document import (
    BallotSide,
    BallotWords,
    CaptureCard,
    CardStack,
    CardWords,
    LargeBallot,
    Poster,
    SeatedTable,
    SeatPlan,
    TableCard,
    TallySheet,
    ballot_sides,
)
from hackathon.tables.queries import seats_of, tables_of
from hackathon.votes.models import Mark, PaperBallot, VoteMethod, Way
from hackathon.votes.queries import statements_of, way_of, what_is_printed

INSIGHT_CARD = "insight"
BEGINNINGS = "I have noticed that", "so we could"
EXAMPLE = "the same form is filled in at three desks", "fill it in once and pass it on"
THEME_FIELD = "theme"
A_SHEET, A_LARGE_SHEET = 4, 2
LARGE = "large:"
"""What stands before the ranges of cards that are printed in large print."""
MOST_PLACES = 3
"""Places of a series that its poster names."""
MOST_ON_ONE_PRINT = 3_000
RANGE = re.compile(r"(\d{1,4})-(\d{1,3})-(\d{1,3})")


def table_cards_of(session: Session, event: Event, *, address: str) -> list[TableCard]:
    """A card for each table. `address` is where the product is reached, as it is mailed and printed."""
    return [
        TableCard(
            number=table.number,
            theme=table.theme,
            prompt=table.theme.prompt if table.theme else event.question,
            link=f"{address}/t/{table.code}".upper(),
            address=_typed(address),
            code=table.code,
        )
        for table in tables_of(session, event)
    ]


def poster_of(event: Event, *, address: str) -> Poster:
    return Poster(
        kicker=event.title,
        question=event.question,
        asks="Say what you see, from wherever you are.",
        link=f"{address}/e/{event.code}".upper(),
        address=_typed(f"{address}/e/{event.code.lower()}"),
        code=event.code,
        facts=", ".join(part for part in (spoken_date(event.held_on), event.venue) if part),
    )


def series_poster_of(series: Series, events: Sequence[Event], *, address: str) -> Poster:
    """The poster of a series names the first of its places."""
    named = [f"{event.venue or event.title}, {short_date(event.held_on)}" for event in events[:MOST_PLACES]]
    more = [f"and {len(events) - MOST_PLACES} more"] if len(events) > MOST_PLACES else []
    return Poster(
        kicker=series.title,
        question=series.question,
        asks="Choose where you come, or take part from outside.",
        link=f"{address}/s/{series.code}".upper(),
        address=_typed(f"{address}/s/{series.code.lower()}"),
        code=series.code,
        facts=" · ".join([*named, *more]),
    )


def card_words_of(session: Session, event: Event) -> CardWords:
    """As the pack's insight card has it. A card that bears its theme in print does not ask for it."""
    try:
        card = next((card for card in manifest_of(session, event).cards if card.id == INSIGHT_CARD), None)
    except NotFound:
        card = None
    lines = list(zip(card.fields, card.example, strict=False)) if card else list(zip(BEGINNINGS, EXAMPLE, strict=True))
    lines = [line for line in lines if line[0] != THEME_FIELD] or list(zip(BEGINNINGS, EXAMPLE, strict=True))
    names = tuple(choice for choice in manners_of(session, event).allowed if choice is not Identity.ANONYMOUS)
    return CardWords(tuple(line[0] for line in lines), tuple(line[1] for line in lines), names)


def card_stacks_of(session: Session, event: Event, ranges: str) -> list[CardStack]:
    """The cards in these ranges, each a table with its first and last number, such as 7-1-48,8-1-48, or in large print
    large:7-1-6.

    Only numbers that were given out are printed, so that none is on paper that the lists do not know.
    """
    on_a_sheet = A_LARGE_SHEET if ranges.startswith(LARGE) else A_SHEET
    wanted = [RANGE.fullmatch(each) for each in ranges.removeprefix(LARGE).split(",")]
    tables = {table.number: table for table in tables_of(session, event)}
    stacks = []
    for match in wanted:
        number, first, last = (int(part) for part in match.groups()) if match else (0, 0, 0)
        table = tables.get(number)
        if table is None or not 1 <= first <= last <= min(table.cards_printed, MOST_CARDS):
            raise NotFound
        cards = [CardNumber(number, card) for card in range(first, last + 1)]
        stacks.append(CardStack(number, table.theme, _sheets(cards, on_a_sheet, first == 1), first == 1))
    if sum(len(stack.sheets) for stack in stacks) * on_a_sheet > MOST_ON_ONE_PRINT:
        raise NotFound
    return stacks


def ballot_words_of(way: Way) -> BallotWords:
    """What a ballot says, by the way in which people vote."""
    match way.method:
        case VoteMethod.RATE:
            return BallotWords(
                to_do="Put a cross in one box of each line.",
                key=tuple(mark.words for mark in Mark),
                columns=tuple(str(number) for number, _ in enumerate(Mark, start=1)),
                example=("", "", "", "×", "", ""),
            )
        case VoteMethod.DOTS:
            most = f", at most {way.dots_on_one} to one statement" if way.dots_on_one else ""
            return BallotWords(
                to_do=f"You have {way.dots} dots. Write in the boxes how many you give{most}.",
                key=(),
                columns=("Dots",),
                example=("2",),
            )
        case VoteMethod.RANKING:
            return BallotWords(
                to_do="Write 1 beside what you would choose first, then 2, and so on, as far as you like.",
                key=(),
                columns=("Order",),
                example=("2",),
            )


def ballot_sides_of(session: Session, event: Event, batch: int) -> list[tuple[BallotSide, ...]]:
    """The ballots of one print, each on as many sides as its statements need, in the order of its own code."""
    columns = len(ballot_words_of(way_of(session, event)).columns)
    return [
        ballot_sides(ballot.code, ballot.place, lines, columns)
        for ballot, lines in _ballots_to_print(session, event, batch)
    ]


def large_ballots_of(session: Session, event: Event, batch: int) -> list[LargeBallot]:
    """The same for a print in large print."""
    return [LargeBallot(ballot.code, ballot.place, lines) for ballot, lines in _ballots_to_print(session, event, batch)]


def _ballots_to_print(session: Session, event: Event, batch: int) -> list[tuple[PaperBallot, tuple[str, ...]]]:
    """Each ballot with its statements, as long as they say what was to be printed."""
    ballots = ballots_in(session, event, batch)
    if ballots[0].printed_with != what_is_printed(session, event):
        raise NotFound
    return [(ballot, tuple(line.text for line in lines_of(session, event, ballot.code))) for ballot in ballots]


def tally_sheet_of(session: Session, event: Event) -> TallySheet:
    """What counters need who count by hand. Ballots that are void are not in its number."""
    words = ballot_words_of(way_of(session, event))
    return TallySheet(
        columns=words.key or words.columns,
        statements=tuple((statement.number, statement.text) for statement in statements_of(session, event)),
        given_out=sum(batch.given_out for batch in batches_of(session, event) if not batch.void),
    )


def seat_plan_of(session: Session, event: Event) -> SeatPlan:
    """Who sits where, for walls and doors. Where two have one name, their organisation tells them apart."""
    seats = seats_of(session, event)
    people = Counter(seat.participant.name.casefold() for seat in seats)
    by_table: dict[int, list[str]] = {}
    for seat in seats:
        person, shared = seat.participant, people[seat.participant.name.casefold()] > 1
        parts = (person.name or "No name given", person.organisation if shared else "")
        by_table.setdefault(seat.table.number, []).append(", ".join(filter(None, parts)))
    tables = tuple(
        SeatedTable(table.number, table.theme, tuple(sorted(names, key=as_looked_up)), table.seats - len(names))
        for table in tables_of(session, event)
        for names in [by_table.get(table.number, [])]
    )
    named = [(name, table.number) for table in tables for name in table.names]
    return SeatPlan(tables, tuple(sorted(named, key=lambda line: (as_looked_up(line[0]), line[1]))))


def _sheets(
    numbers: Sequence[CardNumber], on_a_sheet: int, with_example: bool
) -> tuple[tuple[CaptureCard | None, ...], ...]:
    """Cut through the middle and laid on each other, the piles of a print are one pile in order."""
    cards: list[CaptureCard | None] = [CaptureCard(str(number), number.plain) for number in numbers]
    cards = [None, *cards] if with_example else cards
    sheets = -(-len(cards) // on_a_sheet)
    cards += [None] * (sheets * on_a_sheet - len(cards))
    return tuple(tuple(cards[sheet::sheets]) for sheet in range(sheets))


def _typed(address: str) -> str:
    """An address as people type it: without the part that browsers add."""
    return address.removeprefix("https://").removeprefix("http://")
