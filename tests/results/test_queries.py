"""What the ballots amount to: nothing before closing, nothing of a few, and always what a recount finds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Event, Place
from hackathon.figures.queries import figures_of
from hackathon.maths.ranked import run_off
from hackathon.maths.rates import Rate
from hackathon.maths.standing import Standing
from hackathon.results.document import Sheet, outcome_of_dots, outcome_of_ranking
from hackathon.results.queries import (
    FEWEST_BALLOTS,
    TOO_FEW,
    by_place,
    dots_of,
    outcome_of,
    ranking_of,
    shown_to,
    tallies_of,
    untold_of,
)
from hackathon.statements.operations import close_round
from hackathon.votes.models import Answer, Ballot, Exposure, Mark, Rating, Round, Statement, VoteMethod
from tests.makers import make_ballot, make_event, make_round, make_statement

DOTS: dict[str, Any] = {"method": VoteMethod.DOTS, "dots": 5}
RANKING: dict[str, Any] = {"method": VoteMethod.RANKING}


def a_vote(session: Session, statements: int = 1, **round_: Any) -> tuple[Event, list[Statement]]:
    """A vote that is over, unless it is said otherwise."""
    event = make_event(session)
    made = [make_statement(session, event, number=n, text=f"Text {n}") for n in range(1, statements + 1)]
    make_round(session, event, **{"closed_at": now(), **round_})
    return event, made


def put_ballot(session: Session, event: Event, answers: Mapping[Statement, Answer | None], **columns: Any) -> Ballot:
    """A ballot with dots or ranks, by statement."""
    voting = session.scalars(select(Round).where(Round.event_id == event.id)).one()
    if voting.method is VoteMethod.RATE:
        return make_ballot(session, event, {s: a for s, a in answers.items() if not isinstance(a, int)}, **columns)
    ballot = make_ballot(session, event, {}, **columns)
    column = voting.method.value.replace("ranking", "rank")
    session.add_all(Rating(ballot=ballot, statement=s, mark=None, **{column: a}) for s, a in answers.items())
    session.flush()
    return ballot


def test_nothing_is_tallied_before_the_round_is_closed(session: Session) -> None:
    event = make_event(session)
    statement = make_statement(session, event, number=1)
    make_round(session, event)
    for _ in range(5):
        make_ballot(session, event, {statement: Mark.AGREE})

    assert tallies_of(session, event) == []
    close_round(session, event, actor="Jo")
    assert [tally.support for tally in tallies_of(session, event)] == [Rate(5, 5)]


def test_fewer_than_five_ballots_are_not_tallied_together_or_in_a_place(session: Session) -> None:
    event = make_event(session)
    statement = make_statement(session, event, number=1)
    make_round(session, event, closed_at=now())
    for place in (Place.OUTSIDE, *[Place.ROOM] * 3):
        make_ballot(session, event, {statement: Mark.AGREE}, place=place)
    make_ballot(session, event, {statement: None})

    assert tallies_of(session, event) == []
    make_ballot(session, event, {statement: Mark.DISAGREE}, place=Place.ROOM)
    assert [tally.support for tally in tallies_of(session, event)] == [Rate(4, 5)]
    assert [tallies_of(session, event, place=place) for place in Place] == [[], []]


def test_a_statement_that_fewer_than_five_answered_is_not_told_beside_one_that_is(session: Session) -> None:
    event, (few, many) = a_vote(session, statements=2)
    for number in range(8):
        make_ballot(session, event, {few: Mark.AGREE if number < 4 else None, many: Mark.AGREE})

    def told() -> list[int]:
        return [found.statement.number for found in tallies_of(session, event)]

    before = told(), untold_of(session, event, tallies_of(session, event))
    sheet = figures_of(session, event).vote
    make_ballot(session, event, {few: Mark.AGREE, many: None})

    assert before == ([2], "Statement 1: fewer than 5 people rated, too few to show without telling who.")
    assert list(sheet.statements) == ["2"]
    assert (told(), untold_of(session, event, tallies_of(session, event))) == ([1, 2], "")


def test_a_statement_is_agreed_by_its_own_ballots_and_not_by_those_of_the_vote(session: Session) -> None:
    event, (nine, ten) = a_vote(session, statements=2)
    for number in range(30):
        make_ballot(
            session, event, {nine: Mark.AGREE if number < 9 else None, ten: Mark.AGREE if number < 10 else None}
        )

    found = [found.standing for found in tallies_of(session, event)]

    assert found[0] is not Standing.AGREED
    assert found[1] is Standing.AGREED


def test_tallies_leave_out_blank_lines_and_count_places_apart(session: Session) -> None:
    event, other = make_event(session), make_event(session)
    statement = make_statement(session, event, number=1)
    elsewhere = make_statement(session, other, number=1)
    make_round(session, event, closed_at=now())
    for mark, place in [
        *[(Mark.STRONGLY_AGREE, Place.ROOM)] * 7,
        *[(Mark.AGREE, Place.OUTSIDE)] * 4,
        (Mark.DISAGREE, Place.ROOM),
        (Mark.NEUTRAL, Place.OUTSIDE),
        (Mark.NOT_CLEAR, Place.ROOM),
        (None, Place.ROOM),
    ]:
        make_ballot(session, event, {statement: mark}, place=place)
    make_ballot(session, other, {elsewhere: Mark.DISAGREE})

    (together,) = tallies_of(session, event)
    (outside,) = tallies_of(session, event, place=Place.OUTSIDE)

    assert (together.support, together.disagree, together.not_clear) == (Rate(11, 13), Rate(1, 13), Rate(1, 14))
    assert together.standing is Standing.AGREED
    assert Counter(together.counts) == Counter(
        {
            Mark.STRONGLY_DISAGREE: 0,
            Mark.DISAGREE: 1,
            Mark.NEUTRAL: 1,
            Mark.AGREE: 4,
            Mark.STRONGLY_AGREE: 7,
            Mark.NOT_CLEAR: 1,
        }
    )
    assert (outside.support, outside.standing) == (Rate(4, 5), Standing.TOO_FEW)


def test_a_rehearsal_is_told_as_practice_alone(session: Session) -> None:
    event, (statement,) = a_vote(session, rehearsal=True)
    for _ in range(5):
        make_ballot(session, event, {statement: Mark.AGREE})

    assert tallies_of(session, event) == []
    assert [tally.support for tally in tallies_of(session, event, practice=True)] == [Rate(5, 5)]


def test_a_late_ballot_is_in_no_tally(session: Session) -> None:
    for way, answer in ((DOTS, 2), (RANKING, 1), ({}, Mark.AGREE)):
        event, (statement,) = a_vote(session, **way)
        for late in (False,) * 5 + (True,) * 3:
            put_ballot(session, event, {statement: answer}, late=late)

        rates = [
            *(line.voters for line in dots_of(session, event)),
            *(tally.support for tally in tallies_of(session, event)),
            *([ranking.first_choices(1)] if (ranking := ranking_of(session, event)) else []),
        ]
        assert rates == [Rate(5, 5)]


def test_dots_are_added_up_with_who_gave_them(session: Session) -> None:
    event, (first, second, third) = a_vote(session, 3, **DOTS)
    for answers in ({first: 5}, {first: 2, second: 2}, {second: 1}, {second: 4}, {first: 1, third: None}):
        put_ballot(session, event, answers)

    dots = dots_of(session, event)

    assert [(line.dots, line.voters) for line in dots] == [
        (Rate(8, 15), Rate(3, 5)),
        (Rate(7, 15), Rate(3, 5)),
        (Rate(0, 15), Rate(0, 5)),
    ]
    outcome = outcome_of(session, event)
    assert outcome == outcome_of_dots(dots)
    assert outcome is not None
    assert outcome.message == "Statement 1 drew the most dots, 8 of 15 (53%)"
    assert outcome.sheet.rows[0] == ("1. Text 1", "8 of 15 (53%)", "3 of 5 (60%)")
    assert tallies_of(session, event) == []


def test_statements_with_equally_many_dots_are_named_together(session: Session) -> None:
    event, (first, second) = a_vote(session, 2, **DOTS)
    for _ in range(5):
        put_ballot(session, event, {first: 2, second: 2})

    outcome = outcome_of(session, event)

    assert outcome is not None
    assert outcome.message == "Statements 1 and 2 drew the most dots, 10 of 20 (50%) each"


def test_a_ranking_is_told_count_by_count(session: Session) -> None:
    event, (first, second, third) = a_vote(session, 3, **RANKING)
    for answers in (*[{first: 1}] * 3, *[{second: 1, third: 2}] * 2, {third: 1, second: 2}, {third: 1}):
        put_ballot(session, event, answers)

    ranking = ranking_of(session, event)

    assert ranking is not None
    outcome = outcome_of_ranking(ranking)
    assert outcome.rounds == (
        "Statement 1 has 3; statement 2 has 2; statement 3 has 2. Statements 2 and 3 have the fewest, and the rule for"
        " ties decides. Statement 2 goes out.",
        "Statement 3 has 4; statement 1 has 3. Statement 3 has more than half.",
    )
    assert outcome.message == "Statement 3 won, with 4 of 7 (57%) ballots at the last count"
    assert outcome.sheet.rows == (
        ("3. Text 3", "2 of 7 (29%)", 4, "Won"),
        ("1. Text 1", "3 of 7 (43%)", 3, "Still in"),
        ("2. Text 2", "2 of 7 (29%)", 2, "Out at count 1"),
    )


def test_places_stand_apart_with_their_bases_from_the_packs_minimum_on(session: Session) -> None:
    event, (first, second) = a_vote(session, 2, minimum_ballots=6)
    for place in (*[Place.ROOM] * 7, *[Place.OUTSIDE] * 6):
        rates_second = Mark.DISAGREE if place is Place.ROOM else None
        make_ballot(session, event, {first: Mark.AGREE, second: rates_second}, place=place)

    assert by_place(session, event) == Sheet(
        "Support in the room and from outside",
        ("Statement", "In the room", "From outside", "Together"),
        (
            ("1. Text 1", "7 of 7 (100%)", "6 of 6 (100%)", "13 of 13 (100%)"),
            ("2. Text 2", TOO_FEW, TOO_FEW, "0 of 7 (0%)"),
        ),
    )


def test_places_are_not_shown_apart_below_the_packs_minimum_nor_below_ours(session: Session) -> None:
    for minimum, outside in ((10, 9), (1, FEWEST_BALLOTS - 1)):
        event, (statement,) = a_vote(session, minimum_ballots=minimum)
        for place in (*[Place.ROOM] * 20, *[Place.OUTSIDE] * outside):
            make_ballot(session, event, {statement: Mark.AGREE}, place=place)

        assert by_place(session, event) is None


def test_dots_and_first_choices_stand_apart_by_place(session: Session) -> None:
    for way, answer, says in ((DOTS, 3, "15 of 15 (100%)"), (RANKING, 1, "5 of 5 (100%)")):
        event, (statement,) = a_vote(session, minimum_ballots=5, **way)
        for place in (*[Place.ROOM] * 5, *[Place.OUTSIDE] * 5):
            put_ballot(session, event, {statement: answer}, place=place)

        apart = by_place(session, event)
        assert apart is not None
        assert apart.rows[0][1:3] == (says, says)


def test_it_is_told_on_how_many_phones_a_statement_was_shown(session: Session) -> None:
    event, (first, second) = a_vote(session, 2)
    for device, position in (("a", 1), ("b", 2), ("c", 1)):
        session.add(Exposure(statement=first, device=device, position=position))
    session.flush()

    assert shown_to(session, event) == [(first, 3, 2), (second, 0, 0)]


a_place = st.sampled_from(list(Place))
statement_numbers = (1, 2, 3, 4)
a_rating = st.dictionaries(st.sampled_from(statement_numbers), st.sampled_from([*Mark, None]))
some_dots = st.dictionaries(st.sampled_from(statement_numbers), st.integers(0, 5))
a_ranking = st.lists(st.sampled_from(statement_numbers), unique=True).map(
    lambda order: {number: rank for rank, number in enumerate(order, start=1)}
)
Sent = Sequence[tuple[Mapping[int, Answer | None], Place, bool]]


def ballots_of(marks: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Up to thirty ballots, each from a place, in time or late."""
    return st.lists(st.tuples(marks, a_place, st.booleans()), max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ratings=ballots_of(a_rating), dots=ballots_of(some_dots), rankings=ballots_of(a_ranking))
def test_every_tally_equals_a_recount(session: Session, ratings: Sent, dots: Sent, rankings: Sent) -> None:
    for way, sent in (({}, ratings), (DOTS, dots), (RANKING, rankings)):
        event, statements = a_vote(session, len(statement_numbers), **way)
        for marks, place, late in sent:
            answers = {statement: marks[statement.number] for statement in statements if statement.number in marks}
            put_ballot(session, event, answers, place=place, late=late)
        for where in (None, *Place):
            in_time = [marks for marks, place, late in sent if not late and where in (None, place)]
            recount(session, event, where, in_time)
        session.execute(delete(Event).where(Event.id == event.id))
        session.expunge_all()


def recount(session: Session, event: Event, place: Place | None, ballots: Sequence[Mapping[int, Any]]) -> None:
    """Compare what is told with what can be counted by hand on these ballots."""
    filled = [{number: mark for number, mark in ballot.items() if mark} for ballot in ballots]
    filled = [ballot for ballot in filled if ballot]
    if len(filled) < FEWEST_BALLOTS:
        assert not tallies_of(session, event, place=place)
        assert not dots_of(session, event, place=place)
        assert ranking_of(session, event, place=place) is None
        return
    for tally in tallies_of(session, event, place=place):
        marks = Counter(ballot.get(tally.statement.number) for ballot in filled)
        assert dict(tally.counts) == {mark: marks[mark] for mark in Mark}
    for line in dots_of(session, event, place=place):
        on_it = [ballot[line.number] for ballot in filled if line.number in ballot]
        assert line.dots == Rate(sum(on_it), sum(sum(ballot.values()) for ballot in filled))
        assert line.voters == Rate(len(on_it), len(filled))
    if (ranking := ranking_of(session, event, place=place)) is not None:
        orders = [sorted(ballot, key=lambda number: ballot[number]) for ballot in filled]
        assert ranking.ballots == len(filled)
        assert ranking.run_off == run_off(orders, statement_numbers)
