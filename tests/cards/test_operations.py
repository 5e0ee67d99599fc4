"""What is true of cards, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.cards.document import CardNumber, CardReceipt, runs
from hackathon.cards.models import Card, CardState
from hackathon.cards.operations import AlreadyEntered, enter_card, mend_card, number_cards
from hackathon.cards.queries import cards_by_table
from hackathon.core.clock import now
from hackathon.core.db import db
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.group import together
from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import log_of
from hackathon.insights.models import Identity, Insight, Source
from tests.makers import make_event, make_table, make_theme

SCRIBES = 16


def answers(number: str = "7-12", **changed: Any) -> dict[str, Any]:
    return {
        "number": CardNumber.read(number),
        "state": CardState.TYPED,
        "text": "We wait for the form",
        "identity": Identity.HIDDEN,
        "author_name": "",
        "client_id": f"a-page-made-this-for-{number}",
        "actor": "Sam Scribe",
        **changed,
    }


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, held_on=date.today())  # noqa: DTZ011 - a day in the life of this machine is good enough
    make_table(session, event, number=7, seats=2, theme=make_theme(session, event))
    make_table(session, event, number=8, seats=1)
    session.commit()
    return event


@pytest.mark.parametrize(
    ("typed", "read"),
    [("7-12", (7, 12)), ("7–12", (7, 12)), (" 7 12 ", (7, 12)), ("7 - 012", (7, 12)), ("712", None), ("7-0", None)],
)
def test_a_number_is_read_as_people_type_it(typed: str, read: tuple[int, int] | None) -> None:
    assert CardNumber.read(typed) == (CardNumber(*read) if read else None)


def test_numbers_are_said_in_runs() -> None:
    assert (runs([]), runs([3, 5, 6, 7, 8, 10]), runs([2, 1])) == ("", "3, 5–8, 10", "1–2")


def test_numbers_go_on_where_the_last_print_ended(session: Session, event: Event) -> None:
    first = number_cards(session, event, per_seat=6, actor="Jo")
    again = number_cards(session, event, per_seat=2, tables=[8], actor="Jo")

    assert (first, again) == ({7: (1, 12), 8: (1, 6)}, {8: (7, 8)})
    assert [(each.table, each.last) for each in cards_by_table(session, event)] == [(7, 12), (8, 8)]


def test_more_cards_than_numbers_are_refused_and_none_is_given(session: Session, event: Event) -> None:
    with pytest.raises(Refusal, match="Print fewer"):
        number_cards(session, event, per_seat=500, actor="Jo")


def test_a_card_becomes_an_insight_of_the_room(session: Session, event: Event) -> None:
    receipt = enter_card(session, event, **answers())

    insight = session.scalars(select(Insight)).one()
    assert receipt == CardReceipt(CardNumber(7, 12), insight.number)
    assert (insight.text, insight.source, insight.place, insight.card_number, insight.table.number) == (  # type: ignore[union-attr]  # it has a table
        "We wait for the form",
        Source.PAPER,
        Place.ROOM,
        "7-12",
        7,
    )
    assert (insight.theme_id, insight.device, insight.author_id) == (insight.table.theme_id, None, None)  # type: ignore[union-attr]


def test_a_card_typed_after_the_day_stands_at_its_end(session: Session) -> None:
    event = make_event(session, stage=Stage.AFTER)
    make_table(session, event, number=7)

    enter_card(session, event, **answers())

    insight = session.scalars(select(Insight)).one()
    assert (insight.place, insight.phase, insight.captured_at) == (Place.ROOM, Stage.CONVERGE, event.ends_at)


def test_frozen_figures_do_not_move_for_a_card(session: Session) -> None:
    frozen = now() - timedelta(days=1)
    event = make_event(session, stage=Stage.AFTER, figures_frozen_at=frozen)
    make_table(session, event, number=7)

    enter_card(session, event, **answers())

    assert session.scalars(select(Insight.captured_at)).one() > frozen


def test_a_number_counts_once_and_the_second_is_told_what_is_there(session: Session, event: Event) -> None:
    enter_card(session, event, **answers())

    with pytest.raises(AlreadyEntered, match="7–12 is in already: “We wait for the form”"):
        enter_card(session, event, **answers(client_id="another-page-made-this"))
    with pytest.raises(AlreadyEntered):
        enter_card(session, event, **answers(state=CardState.BLANK, text=""))

    assert session.scalar(select(func.count(Insight.id))) == 1


def test_the_same_card_sent_again_is_the_one_that_is_there(session: Session, event: Event) -> None:
    first, again = (enter_card(session, event, **answers()) for _ in range(2))

    assert first == again
    assert session.scalar(select(func.count(Insight.id))) == 1


def test_what_nobody_could_read_may_be_read_after_all(session: Session, event: Event) -> None:
    aside = enter_card(session, event, **answers(state=CardState.ILLEGIBLE, text=""))
    read = enter_card(session, event, **answers())

    assert (aside.insight, read.insight) == (None, 1)
    assert session.scalars(select(Card.state)).one() is CardState.TYPED


def test_words_are_not_lost_by_putting_their_card_aside(session: Session, event: Event) -> None:
    with pytest.raises(Refusal, match="There are words in the box"):
        enter_card(session, event, **answers(state=CardState.BLANK))


def test_a_number_that_is_on_no_card_is_refused(session: Session, event: Event) -> None:
    number_cards(session, event, per_seat=6, actor="Jo")

    for number, says in (("9-1", "no table 9"), ("7-13", "The last card of table 7 is 7–12")):
        with pytest.raises(Refusal, match=says):
            enter_card(session, event, **answers(number))


def test_what_is_missing_is_what_was_printed_or_passed(session: Session, event: Event) -> None:
    number_cards(session, event, per_seat=6, tables=[7], actor="Jo")
    for number, state in ((1, CardState.TYPED), (2, CardState.BLANK), (4, CardState.ILLEGIBLE)):
        text = "" if state is not CardState.TYPED else "Words"
        enter_card(session, event, **answers(f"7-{number}", state=state, text=text))
    enter_card(session, event, **answers("8-3"))

    seven, eight = cards_by_table(session, event)
    assert (seven.missing, seven.illegible, seven.next_after(4)) == ((3, *range(5, 13)), (4,), 5)
    assert (eight.missing, eight.next_after(3)) == ((1, 2), 4)


def test_a_card_is_mended_and_the_log_says_so_without_its_words(session: Session, event: Event) -> None:
    enter_card(session, event, **answers())

    mend_card(
        session,
        event,
        was=CardNumber(7, 12),
        number=CardNumber(8, 2),
        text="We wait for the farm",
        seen="We wait for the form",
        actor="Sam Scribe",
    )

    insight = session.scalars(select(Insight)).one()
    assert (insight.text, insight.card_number, insight.table.number, insight.theme_id) == (  # type: ignore[union-attr]
        "We wait for the farm",
        "8-2",
        8,
        None,
    )
    line = log_of(session, event)[0]
    assert (line.kind, line.actor, line.subject_id, line.detail) == (
        "insight.mended",
        "Sam Scribe",
        insight.id,
        {"card": "8-2"},
    )


def test_nobody_mends_over_another(session: Session, event: Event) -> None:
    enter_card(session, event, **answers())
    mending: dict[str, Any] = {
        "was": CardNumber(7, 12),
        "number": CardNumber(7, 12),
        "seen": "We wait for the form",
        "actor": "Sam",
    }
    mend_card(session, event, text="First", **mending)

    with pytest.raises(Refusal, match="It now says: “First”"):
        mend_card(session, event, text="Second", **mending)


def test_what_was_taken_off_the_pages_is_not_shown_to_scribes(session: Session, event: Event) -> None:
    enter_card(session, event, **answers())
    session.scalars(select(Insight)).one().hidden_at = now()
    session.flush()

    with pytest.raises(AlreadyEntered) as refused:
        enter_card(session, event, **answers(client_id="another-page-made-this"))
    assert "form" not in refused.value.message
    with pytest.raises(NotFound):
        mend_card(
            session, event, was=CardNumber(7, 12), number=CardNumber(7, 12), text="New", seen="We wait", actor="Sam"
        )


def entered_in_parallel(app: Flask, event: Event, numbers: list[str]) -> list[CardReceipt | str]:
    """One scribe for each of these, all at once; what each was told, in the same order."""

    def enter(scribe: int) -> CardReceipt | str:
        with app.app_context():
            try:
                return together(
                    lambda session: enter_card(
                        session,
                        session.get_one(Event, event.id),
                        **answers(numbers[scribe], client_id=f"scribe-number-{scribe}"),
                    )
                )
            except AlreadyEntered as refusal:
                return refusal.message
            finally:
                db.session.remove()

    with ThreadPoolExecutor(SCRIBES) as scribes:
        return list(scribes.map(enter, range(SCRIBES)))


def test_one_card_in_the_hands_of_many_scribes_is_one_insight(app: Flask, session: Session, event: Event) -> None:
    told = entered_in_parallel(app, event, ["7-12"] * SCRIBES)

    session.rollback()
    assert session.scalars(select(Insight.number)).all() == [1]
    assert sorted(map(str, told)) == sorted(
        [str(CardReceipt(CardNumber(7, 12), 1)), *["7–12 is in already: “We wait for the form”"] * (SCRIBES - 1)]
    )


def test_many_cards_at_once_are_as_many_insights(app: Flask, session: Session, event: Event) -> None:
    """The control of the one above: scribes do not get into each other's way."""
    told = entered_in_parallel(app, event, [f"7-{number}" for number in range(1, SCRIBES + 1)])

    session.rollback()
    assert sorted(receipt.insight or 0 for receipt in told if isinstance(receipt, CardReceipt)) == list(
        range(1, SCRIBES + 1)
    )
    assert session.scalar(select(func.count(Card.id))) == SCRIBES
