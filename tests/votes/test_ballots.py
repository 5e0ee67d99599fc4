"""Ballots from phones: one for each, the one marked last, in time or late; and never more on it than it may hold."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core import rows as core_rows
from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.core.group import together
from hackathon.events.models import Activity, Event, Place
from hackathon.events.operations import AlreadySent
from hackathon.statements.operations import close_phones, close_round, open_round, take_back_opening
from hackathon.votes import operations
from hackathon.votes.models import Answer, Ballot, Channel, Exposure, Mark, Rating, Round, Statement, VoteMethod
from hackathon.votes.operations import RoundClosed, ballot_with_code, cast, note_exposure, rate_statements
from hackathon.votes.queries import ballot_of, is_exposed, late_device, marks_on, round_of, turnout_of
from tests.makers import make_event, make_round, make_statement

Marks = Mapping[int, Answer | None]
PHONE = "a phone"


def rate(session: Session, event: Event, marks: Marks, **ballot: Any) -> dict[str, Any]:
    """Send a ballot from a phone, each time under an id of its own."""
    ballot = {"client_id": long_token(), "place": Place.ROOM, "device": PHONE, **ballot}
    return rate_statements(session, event, marks=marks, **ballot)


def an_open_vote(session: Session, statements: int = 3, **way: Any) -> Event:
    event = make_event(session)
    for number in range(1, statements + 1):
        make_statement(session, event, number=number)
    make_round(session, event, **way)
    return event


def voting_in(session: Session, event: Event) -> Round:
    voting = round_of(session, event)
    assert voting is not None
    return voting


def on_phone(session: Session, event: Event, device: str = PHONE) -> dict[int, Answer]:
    ballot = ballot_of(session, event, device)
    return marks_on(session, ballot) if ballot else {}


def test_rating_again_changes_ones_mind(session: Session) -> None:
    event = an_open_vote(session, statements=2)

    rate(session, event, {1: Mark.AGREE, 2: Mark.DISAGREE}, place=Place.OUTSIDE)
    receipt = rate(session, event, {1: Mark.NOT_CLEAR}, place=Place.ROOM)

    assert receipt == {"words": "Your ratings are in: you rated 1 of 2 statements.", "late": False}
    assert on_phone(session, event) == {1: Mark.NOT_CLEAR}
    assert turnout_of(session, event).ballots == {Place.ROOM: 1, Place.OUTSIDE: 0}
    assert session.scalar(select(func.count(Rating.id))) == 2


def test_a_ballot_knows_no_person_and_the_log_no_ballot(session: Session) -> None:
    """Attack 22."""
    event = an_open_vote(session)

    rate(session, event, {1: Mark.AGREE}, device="digest")

    assert {column.name for column in Ballot.__table__.columns} == {
        "id",
        "event_id",
        "code",
        "channel",
        "place",
        "device",
        "cast_at",
        "late",
    }
    line = session.scalars(select(Activity).where(Activity.kind == "ballot.cast")).one()
    assert (line.actor, line.subject_id, line.detail) == ("someone", None, {})
    assert session.scalars(select(Ballot.device)).all() == ["digest"]


@pytest.mark.parametrize("state", ["no round", "not open", "closed"])
def test_who_rates_while_it_is_not_open_is_told_so(session: Session, state: str) -> None:
    """Attacks 3 and 20."""
    event = make_event(session)
    make_statement(session, event, number=1)
    if state != "no round":
        make_round(
            session,
            event,
            opened_at=None if state == "not open" else now(),
            closed_at=now() if state == "closed" else None,
        )

    with pytest.raises(RoundClosed):
        rate(session, event, {1: Mark.AGREE})


@pytest.mark.parametrize(
    ("way", "marks", "says"),
    [
        ({}, {1: Mark.AGREE, 9: Mark.AGREE}, "not here"),
        ({}, {1: None}, "at least one"),
        ({}, {1: 3}, "another kind of vote"),
        ({"method": VoteMethod.DOTS, "dots": 5}, {1: Mark.AGREE}, "another kind of vote"),
        ({"method": VoteMethod.DOTS, "dots": 5}, {1: 0}, "at least one dot"),
        ({"method": VoteMethod.DOTS, "dots": 5}, {1: 7, 2: -2}, "at least one dot"),
        ({"method": VoteMethod.DOTS, "dots": 5}, {1: 3, 2: 4}, "You have 5 dots, and these are 7. Take 2 away."),
        ({"method": VoteMethod.DOTS, "dots": 5, "dots_on_one": 2}, {1: 3}, "at most 2 on one"),
        ({"method": VoteMethod.RANKING}, {}, "Write 1 beside"),
        ({"method": VoteMethod.RANKING}, {1: 1, 2: 1}, "More than one statement is number 1"),
        ({"method": VoteMethod.RANKING}, {1: 1, 2: 3}, "No statement is number 2"),
        ({"method": VoteMethod.RANKING}, {1: 0}, "No statement is number 1"),
    ],
)
def test_a_ballot_that_holds_what_it_may_not_is_refused_in_words(
    session: Session, way: dict[str, Any], marks: Marks, says: str
) -> None:
    """Attack 20."""
    event = an_open_vote(session, **way)

    with pytest.raises(Refusal, match=says):
        rate(session, event, marks)


@pytest.mark.parametrize(
    ("way", "marks", "says"),
    [
        ({"method": VoteMethod.DOTS, "dots": 5}, {1: 5}, "you spread 5 of 5 dots"),
        ({"method": VoteMethod.DOTS, "dots": 5, "dots_on_one": 2}, {1: 2, 3: 1}, "you spread 3 of 5 dots"),
        ({"method": VoteMethod.RANKING}, {3: 1, 1: 2}, "you ranked 2 of 3 statements"),
    ],
)
def test_dots_and_ranks_are_kept_and_replaced_as_a_whole(
    session: Session, way: dict[str, Any], marks: Marks, says: str
) -> None:
    event = an_open_vote(session, **way)
    rate(session, event, {2: 1})

    assert says in rate(session, event, marks)["words"]
    assert on_phone(session, event) == marks


def test_the_same_ballot_fifty_times_is_one_and_has_one_receipt(session: Session) -> None:
    """Attack 19, for ballots: a replay answers alike, and other marks under an old id are refused in words."""
    event = an_open_vote(session)

    receipts = [rate(session, event, {1: Mark.AGREE}, client_id="the-same-id") for _ in range(50)]

    assert receipts == [receipts[0]] * 50
    assert session.scalar(select(func.count(Ballot.id))) == 1
    assert session.scalar(select(func.count(Activity.id)).where(Activity.kind == "ballot.cast")) == 1
    with pytest.raises(AlreadySent):
        rate(session, event, {1: Mark.DISAGREE}, client_id="the-same-id")
    assert on_phone(session, event) == {1: Mark.AGREE}


def test_a_replay_of_an_older_ballot_never_writes_over_a_newer_one(session: Session) -> None:
    event = an_open_vote(session)
    rate(session, event, {1: Mark.AGREE}, client_id="first-one")
    rate(session, event, {1: Mark.DISAGREE}, client_id="second-one")

    rate(session, event, {1: Mark.AGREE}, client_id="first-one")

    assert on_phone(session, event) == {1: Mark.DISAGREE}


def test_what_was_marked_last_stands_whichever_arrives_last(session: Session) -> None:
    event = an_open_vote(session, opened_at=now() - timedelta(hours=1))
    rate(session, event, {1: Mark.DISAGREE}, written_at=now())

    receipt = rate(session, event, {1: Mark.AGREE}, written_at=now() - timedelta(minutes=10))

    assert receipt["words"] == "What you sent later from this phone is in already, and stands."
    assert on_phone(session, event) == {1: Mark.DISAGREE}
    rate(session, event, {1: Mark.NEUTRAL}, written_at=now() - timedelta(seconds=5))
    assert on_phone(session, event) == {1: Mark.NEUTRAL}, "within what a slow line blurs, the last to arrive stands"


@pytest.mark.parametrize("by", ["closed_at", "phones_closed_at"])
def test_a_ballot_marked_in_time_that_arrives_late_is_kept_and_counted_nowhere(session: Session, by: str) -> None:
    event = an_open_vote(session, opened_at=now() - timedelta(hours=1))
    rate(session, event, {1: Mark.AGREE}, written_at=now() - timedelta(minutes=50))
    setattr(voting_in(session, event), by, now() - timedelta(minutes=5))

    receipt = rate(session, event, {1: Mark.DISAGREE}, written_at=now() - timedelta(minutes=6))

    assert receipt["late"]
    assert "It is kept, and counted nowhere" in receipt["words"]
    assert on_phone(session, event) == {1: Mark.AGREE}
    assert on_phone(session, event, late_device(PHONE)) == {1: Mark.DISAGREE}
    assert (turnout_of(session, event).total, turnout_of(session, event).late) == (1, 1)


@pytest.mark.parametrize("minutes", [-4, -90])
def test_a_ballot_marked_after_closing_or_before_opening_is_refused(session: Session, minutes: int) -> None:
    event = an_open_vote(session, opened_at=now() - timedelta(hours=1), closed_at=now() - timedelta(minutes=5))

    with pytest.raises(RoundClosed, match="has closed, so this was not counted"):
        rate(session, event, {1: Mark.AGREE}, written_at=now() + timedelta(minutes=minutes))

    assert session.scalars(select(Ballot)).all() == []


def test_paper_is_taken_after_the_phones_have_closed_and_not_after_the_round_has(session: Session) -> None:
    event = an_open_vote(session)
    close_phones(session, event, actor="Jo")

    paper = ballot_with_code(session, event, code="PAPER1", place=Place.ROOM, channel=Channel.PAPER)
    cast(session, event, ballot=paper, marks={1: Mark.AGREE, 2: None})

    assert marks_on(session, paper) == {1: Mark.AGREE}
    phone = ballot_with_code(session, event, code="PHONE1", place=Place.ROOM, channel=Channel.ELECTRONIC)
    with pytest.raises(RoundClosed):
        cast(session, event, ballot=phone, marks={1: Mark.AGREE})
    close_round(session, event, actor="Jo")
    with pytest.raises(RoundClosed):
        cast(session, event, ballot=paper, marks={1: Mark.DISAGREE})


def test_what_a_phone_was_shown_is_kept_once_and_forgotten_with_the_opening(session: Session) -> None:
    event = an_open_vote(session)

    for order in ([3, 1, 2], [1, 2, 3], [99]):
        note_exposure(session, event, device=PHONE, order=order)

    shown = select(Statement.number, Exposure.position).join(Exposure.statement).order_by(Exposure.position)
    assert [tuple(row) for row in session.execute(shown)] == [(3, 1), (1, 2), (2, 3)]
    assert is_exposed(session, event, PHONE)
    take_back_opening(session, event, actor="Jo")
    assert not is_exposed(session, event, PHONE)


def test_nothing_is_kept_of_what_was_shown_while_phones_may_not_vote(session: Session) -> None:
    event = an_open_vote(session, phones_closed_at=now())

    note_exposure(session, event, device=PHONE, order=[1, 2, 3])

    assert session.scalars(select(Exposure)).all() == []


def test_the_way_of_voting_is_chosen_once_and_kept(session: Session) -> None:
    event = make_event(session)
    make_statement(session, event, number=1)

    with pytest.raises(Refusal, match="Nobody who has 3 dots can put 4 on one statement"):
        open_round(session, event, actor="Jo", method=VoteMethod.DOTS, dots=3, dots_on_one=4)
    voting = open_round(session, event, actor="Jo", method=VoteMethod.DOTS, dots=3, dots_on_one=2)

    assert (voting.method, voting.dots, voting.dots_on_one) == (VoteMethod.DOTS, 3, 2)


def at_once(app: Flask, *acts: Callable[[], object]) -> list[Exception]:
    """Do all of these at the same moment, each in a thread of its own. What was refused comes back."""
    start, refused = threading.Barrier(len(acts)), list[Exception]()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except Refusal as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def sending(event_id: int, marks: Marks, device: str = PHONE) -> Callable[[], object]:
    """A ballot on its way through the group writer, as from a page."""
    return lambda: together(lambda session: rate(session, session.get_one(Event, event_id), marks, device=device))


def most_dots_on_a_ballot(session: Session) -> int:
    session.rollback()
    sums = select(func.sum(Rating.dots)).group_by(Rating.ballot_id)
    return max(dots or 0 for dots in session.scalars(sums))


def spread_in_parallel(app: Flask, session: Session) -> int:
    """One phone spreads all its dots eight times at once, on other statements each time."""
    event = an_open_vote(session, statements=8, method=VoteMethod.DOTS, dots=5)
    session.commit()
    at_once(app, *[sending(event.id, {number: 5}) for number in range(1, 9)])
    return most_dots_on_a_ballot(session)


def test_nobody_spreads_more_than_their_dots_however_often_at_once(app: Flask, session: Session) -> None:
    """Attack 20."""
    assert spread_in_parallel(app, session) == 5


def test_without_writing_every_line_afresh_the_dots_would_add_up(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: were only the lines written that have dots, the test above would see too many."""

    def put_marked_lines(session: Session, model: Any, rows: Any, **how: Any) -> None:
        core_rows.put(session, model, [row for row in rows if model is not Rating or row["dots"]], **how)

    monkeypatch.setattr(operations, "put", put_marked_lines)

    assert spread_in_parallel(app, session) > 5


def test_many_phones_at_once_and_the_same_phone_many_times_are_counted_exactly(app: Flask, session: Session) -> None:
    """Attacks 4 and 20: totals equal a recount, whatever came in parallel, and nothing is counted after closing."""
    event = an_open_vote(session, statements=1)
    session.commit()
    event_id = event.id

    def close() -> None:
        with transaction() as own:
            close_round(own, own.get_one(Event, event_id), actor="Jo")

    devices = [f"phone {number}" for number in range(12)] + ["the same phone"] * 4
    refused = at_once(app, close, *[sending(event_id, {1: Mark.AGREE}, device) for device in devices])

    session.rollback()
    in_time = set(session.scalars(select(Ballot.device).where(Ballot.late.is_(False))))
    late = {
        device.removeprefix("late ") for device in session.scalars(select(Ballot.device).where(Ballot.late)) if device
    }
    agreeing = session.scalar(
        select(func.count(Rating.id)).join(Rating.ballot).where(Rating.mark == Mark.AGREE, Ballot.late.is_(False))
    )
    assert voting_in(session, event).is_closed
    assert in_time | late <= set(devices)
    assert len(in_time | late) + len(refused) >= len(set(devices))
    assert agreeing == len(in_time) == turnout_of(session, event).total
    assert all(isinstance(refusal, RoundClosed) for refusal in refused)


def test_one_id_sent_at_once_by_many_makes_one_ballot(app: Flask, session: Session) -> None:
    """Attacks 4 and 19: what is used once is used once, in parallel, too."""
    event = an_open_vote(session)
    session.commit()
    event_id, receipts = event.id, list[dict[str, Any]]()

    def send() -> None:
        receipts.append(
            together(lambda own: rate(own, own.get_one(Event, event_id), {1: Mark.AGREE}, client_id="the-same-id"))
        )

    assert at_once(app, *[send] * 12) == []

    session.rollback()
    assert receipts == [receipts[0]] * 12
    assert session.scalar(select(func.count(Ballot.id))) == 1
    assert session.scalar(select(func.count(Activity.id)).where(Activity.kind == "ballot.cast")) == 1
