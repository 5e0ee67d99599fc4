"""What is true of ballots on paper, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.ballots.document import Batch
from hackathon.ballots.operations import AlreadyTyped, give_out_ballots, type_ballot
from hackathon.ballots.queries import ballots_in, batches_of, lines_of
from hackathon.core.clock import now
from hackathon.core.db import db
from hackathon.core.errors import Refusal
from hackathon.core.group import together
from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import log_of
from hackathon.figures.queries import figures_of
from hackathon.maths.rates import Rate
from hackathon.statements.operations import add_statement, close_phones, close_round, open_round
from hackathon.votes.models import Answer, Ballot, Channel, Mark, PaperBallot, Rating, Round, VoteMethod
from hackathon.votes.operations import RoundClosed, rate_statements
from hackathon.votes.queries import round_of, statements_of, turnout_of
from tests.makers import make_event, make_pack, make_participant, make_registration, make_round, make_statement

SCRIBES = 12
MARKS: dict[int, Answer | None] = {1: Mark.AGREE, 2: None, 3: Mark.NOT_CLEAR}


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, stage=Stage.CONVERGE)
    for number in (1, 2, 3):
        make_statement(session, event, number=number)
    make_round(session, event)
    session.commit()
    return event


def codes(session: Session, event: Event, number: int = 3) -> list[str]:
    batch = give_out_ballots(session, event, number=number, place=Place.ROOM, actor="Jo")
    session.commit()
    return [ballot.code for ballot in ballots_in(session, event, batch)]


def test_every_ballot_has_a_code_of_its_own_and_an_order_that_follows_from_it(session: Session, event: Event) -> None:
    given = codes(session, event, 40)

    assert len(set(given)) == 40
    orders = {tuple(line.number for line in lines_of(session, event, code)) for code in given}
    assert len(orders) > 1
    assert all(lines_of(session, event, code) == lines_of(session, event, code) for code in given)


def test_a_typed_ballot_counts_with_its_place_and_blank_lines(session: Session, event: Event) -> None:
    code = codes(session, event)[0]

    assert type_ballot(session, event, code=code, marks=MARKS, actor="Sam") == 2

    ballot = session.scalars(select(Ballot)).one()
    assert (ballot.channel, ballot.place, ballot.device, ballot.late) == (Channel.PAPER, Place.ROOM, None, False)
    marks = session.scalars(select(Rating.mark).join(Rating.statement).order_by(Rating.statement_id)).all()
    assert list(marks) == [Mark.AGREE, None, Mark.NOT_CLEAR]
    assert turnout_of(session, event).ballots == {Place.ROOM: 1, Place.OUTSIDE: 0}


def test_ballots_printed_are_what_turnout_is_read_against_where_they_are_more_than_people_checked_in(
    session: Session, event: Event
) -> None:
    make_registration(session, event, make_participant(session, event), checked_in_at=now())
    typed, *_ = codes(session, event, 4)
    give_out_ballots(session, event, number=2, place=Place.OUTSIDE, actor="Jo")
    type_ballot(session, event, code=typed, marks=MARKS, actor="Sam")

    turnout = turnout_of(session, event)

    # Phones vote from outside too, so what was printed for there says nothing of how many may.
    assert (turnout.rate_in(Place.ROOM), turnout.rate_in(Place.OUTSIDE), turnout.rate) == (Rate(1, 4), None, None)
    assert turnout.note == "ballots printed for the room"
    session.scalars(select(Round)).one().entitled_outside = 10
    assert figures_of(session, event).vote.turnout == Rate(1, 14)


def test_ballots_that_are_void_or_fewer_than_the_people_there_are_no_base(session: Session, event: Event) -> None:
    for _ in range(3):
        make_registration(session, event, make_participant(session, event), checked_in_at=now())
    codes(session, event, 2)
    fewer = turnout_of(session, event)
    codes(session, event, 9)
    statements_of(session, event)[0].text = "Something else"
    session.flush()
    void = turnout_of(session, event)

    assert [each.rate_in(Place.ROOM) for each in (fewer, void)] == [Rate(0, 3), Rate(0, 3)]
    assert (fewer.note, void.note) == ("people checked in", "people checked in")


def test_ballots_that_were_only_given_out_are_no_turnout(session: Session, event: Event) -> None:
    codes(session, event)

    assert turnout_of(session, event).total == 0


def test_neither_the_log_nor_a_row_says_who_had_a_code(session: Session, event: Event) -> None:
    code = codes(session, event)[0]
    type_ballot(session, event, code=code, marks=MARKS, actor="Sam")

    told = [(line.actor, line.kind, line.subject_id, line.detail) for line in log_of(session, event)]
    assert told == [
        ("Sam", "ballot.cast", None, {}),
        ("Jo", "ballots.given_out", None, {"number": 3, "place": "room", "batch": 1, "large": False}),
    ]
    assert set(PaperBallot.__table__.columns.keys()) == {
        "id",
        "event_id",
        "batch",
        "code",
        "place",
        "printed_with",
        "printed_at",
    }


def test_a_code_counts_once(session: Session, event: Event) -> None:
    code = codes(session, event)[0]
    type_ballot(session, event, code=code, marks=MARKS, actor="Sam")

    with pytest.raises(AlreadyTyped, match=f"{code} is in already"):
        type_ballot(session, event, code=code, marks={1: Mark.DISAGREE, 2: None, 3: None}, actor="Sam")
    assert turnout_of(session, event).total == 1


@pytest.mark.parametrize(
    ("marks", "says"),
    [
        ({1: Mark.AGREE}, "A line has no figure yet"),
        ({1: Mark.AGREE, 2: None, 99: None}, "A line has no figure yet"),
        ({1: None, 2: None, 3: None}, "Nothing is marked"),
    ],
)
def test_a_ballot_is_typed_whole_and_not_empty(
    session: Session, event: Event, marks: dict[int, Answer | None], says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        type_ballot(session, event, code=codes(session, event)[0], marks=marks, actor="Sam")


def test_a_code_that_was_never_given_out_counts_nowhere(session: Session, event: Event) -> None:
    with pytest.raises(Refusal, match="No ballot of this event"):
        type_ballot(session, event, code="ZZZZZ", marks=MARKS, actor="Sam")


def test_paper_is_typed_after_the_phones_have_closed_and_not_after_the_end(session: Session, event: Event) -> None:
    first, second, _ = codes(session, event)
    close_phones(session, event, actor="Jo")

    type_ballot(session, event, code=first, marks=MARKS, actor="Sam")
    with pytest.raises(RoundClosed):
        rate_statements(
            session,
            event,
            device="a-phone",
            place=Place.ROOM,
            marks=MARKS,
            client_id="a-phone-sent-this",
            written_at=now(),
        )

    close_round(session, event, actor="Jo")
    with pytest.raises(RoundClosed):
        type_ballot(session, event, code=second, marks=MARKS, actor="Sam")


def test_ballots_that_are_printed_before_the_opening_count_after_it(session: Session) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    make_pack(session, event)
    add_statement(session, event, text="Answer every idea", actor="Jo")
    code = codes(session, event)[0]

    open_round(session, event, actor="Jo")

    assert type_ballot(session, event, code=code, marks={1: Mark.AGREE}, actor="Sam") == 1


def test_paper_that_says_something_else_than_the_statements_is_no_ballot(session: Session, event: Event) -> None:
    code = codes(session, event)[0]
    statements_of(session, event)[0].text = "Other words"
    session.flush()

    (batch,) = batches_of(session, event)
    assert replace(batch, printed_at=event.starts_at) == Batch(
        1, Place.ROOM, large=False, printed_at=event.starts_at, given_out=3, typed=0, void=True
    )
    with pytest.raises(Refusal, match="before the statements were changed"):
        type_ballot(session, event, code=code, marks=MARKS, actor="Sam")


@pytest.mark.parametrize(
    ("method", "marks"),
    [(VoteMethod.DOTS, {1: 2, 2: 3, 3: None}), (VoteMethod.RANKING, {1: 2, 2: 1, 3: None})],
)
def test_a_ballot_follows_the_way_of_voting(
    session: Session, event: Event, method: VoteMethod, marks: dict[int, Answer | None]
) -> None:
    voting = round_of(session, event)
    assert voting is not None
    voting.method, voting.dots = method, 5
    session.flush()
    code = codes(session, event)[0]

    type_ballot(session, event, code=code, marks=marks, actor="Sam")

    column = Rating.dots if method is VoteMethod.DOTS else Rating.rank
    assert list(session.scalars(select(column).order_by(Rating.statement_id))) == [marks[1], marks[2], None]


def typed_in_parallel(app: Flask, event: Event, given: list[str]) -> list[int | str]:
    """One scribe for each of these codes, all at once; what each was told, in the same order."""

    def enter(code: str) -> int | str:
        with app.app_context():
            try:
                return together(
                    lambda session: type_ballot(
                        session, session.get_one(Event, event.id), code=code, marks=MARKS, actor="Sam"
                    )
                )
            except AlreadyTyped as refusal:
                return refusal.message
            finally:
                db.session.remove()

    with ThreadPoolExecutor(SCRIBES) as scribes:
        return list(scribes.map(enter, given))


def test_one_ballot_in_the_hands_of_many_scribes_counts_once(app: Flask, session: Session, event: Event) -> None:
    code = codes(session, event)[0]

    told = typed_in_parallel(app, event, [code] * SCRIBES)

    session.rollback()
    assert sorted(map(str, told)) == ["2", *[f"{code} is in already. A code counts once."] * (SCRIBES - 1)]
    assert session.scalar(select(func.count(Ballot.id))) == 1


def test_many_ballots_at_once_count_each(app: Flask, session: Session, event: Event) -> None:
    """The control of the one above: scribes do not get into each other's way."""
    told = typed_in_parallel(app, event, codes(session, event, SCRIBES))

    session.rollback()
    assert told == [2] * SCRIBES
    assert session.scalar(select(func.count(Ballot.id))) == SCRIBES
