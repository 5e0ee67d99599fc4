"""A yes or a no, a ballot that anybody can hold again, and places that are kept for a while."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from hackathon.admission.models import About
from hackathon.admission.operations import (
    approve,
    close_list,
    decline,
    draw_places,
    lapse_offers,
    reserve_share,
)
from hackathon.admission.queries import draw_again, draw_of
from hackathon.bookings.operations import take_offer
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.participants.models import Registration, RegistrationState, Way
from hackathon.participants.operations import give_up_place, register, set_places
from hackathon.participants.queries import applied_in_order, places_of, waiting_in_order
from tests.makers import make_event

APPLIED, OFFERED, CONFIRMED = RegistrationState.APPLIED, RegistrationState.OFFERED, RegistrationState.CONFIRMED
WAITING, LAPSED, DECLINED = RegistrationState.WAITING, RegistrationState.LAPSED, RegistrationState.DECLINED


@pytest.fixture
def event(session: Session) -> Event:
    """One that is far enough away for somebody to have hours to decide."""
    return make_event(session, held_on=now().date() + timedelta(days=60))


def open_places(session: Session, event: Event, chairs: int, way: Way, claim_hours: int = 0) -> None:
    set_places(session, event, chairs=chairs, cut_off=None, way=way, claim_hours=claim_hours, actor="a test")


def come(session: Session, event: Event, name: str, **said: str) -> Registration:
    welcome = register(
        session,
        event,
        name=name,
        email=f"{name.lower()}@example.org",
        organisation=said.get("organisation", ""),
        job_role="",
        attending=Place.ROOM,
        answers={},
    )
    return welcome.registration


def test_with_approval_everybody_applies_and_a_yes_is_a_place_as_long_as_there_is_one(
    session: Session, event: Event
) -> None:
    open_places(session, event, 1, Way.APPROVAL)
    asha, bela, carl = (come(session, event, name) for name in ("Asha", "Bela", "Carl"))
    assert [r.state for r in (asha, bela, carl)] == [APPLIED] * 3

    approve(session, asha, actor="a test")
    approve(session, bela, actor="a test")
    decline(session, carl, actor="a test")

    assert [r.state for r in (asha, bela, carl)] == [CONFIRMED, WAITING, DECLINED]
    with pytest.raises(Refusal, match="decided about Asha"):
        decline(session, asha, actor="a test")


def test_a_ballot_serves_its_shares_and_comes_out_the_same_from_what_is_published(
    session: Session, event: Event
) -> None:
    open_places(session, event, 10, Way.BALLOT)
    reserve_share(
        session, event, name="Night shift", about=About.ORGANISATION, words=["Nights"], percent=20, actor="a test"
    )
    nights = [come(session, event, f"Night{n}", organisation=" nights ") for n in range(2)]
    days = [come(session, event, f"Day{n}") for n in range(30)]
    close_list(session, event, seed_source="the lottery", actor="a test")
    late = come(session, event, "Late")
    give_up_place(session, days[0], actor="a test")

    told = draw_places(session, event, seed="3 14 15 92 65 35", actor="a test")

    draw = draw_of(session, event)
    assert draw is not None
    again = draw_again(draw)
    placed = {r.number for r in [*nights, *days] if r.state is CONFIRMED}
    assert (placed, len(placed)) == (set(again.placed), 10)
    assert all(r.state is CONFIRMED for r in nights)
    assert draw.gave_up == [days[0].number]
    assert [r.number for r in waiting_in_order(session, event)] == [*again.waiting, None]
    assert (late.state, late in told, days[0] in told) == (WAITING, True, False)


def test_the_rule_stands_once_the_list_is_closed_and_the_outcome_once_it_is_drawn(
    session: Session, event: Event
) -> None:
    open_places(session, event, 1, Way.BALLOT)
    with pytest.raises(Refusal, match="Nobody has applied"):
        close_list(session, event, seed_source="the lottery", actor="a test")
    come(session, event, "Asha")
    close_list(session, event, seed_source="the lottery", actor="a test")
    with pytest.raises(Refusal, match="as it was published"):
        reserve_share(session, event, name="Late", about=About.SECTOR, words=["a"], percent=1, actor="a test")

    draw_places(session, event, seed="1", actor="a test")

    with pytest.raises(Refusal, match="Its outcome stands"):
        draw_places(session, event, seed="2", actor="a test")
    assert come(session, event, "Bela").state is WAITING


def test_whoever_had_applied_is_served_before_later_ones_when_places_go_to_the_first(
    session: Session, event: Event
) -> None:
    open_places(session, event, 2, Way.APPROVAL)
    asha, bela, cy = applied = [come(session, event, name) for name in ("Asha", "Bela", "Cy")]

    told = set_places(session, event, chairs=2, cut_off=None, actor="a test")
    dan = come(session, event, "Dan")

    assert [each.state for each in (*applied, dan)] == [CONFIRMED, CONFIRMED, WAITING, WAITING]
    assert list(told) == [asha, bela, cy], "each of them is written to"
    assert waiting_in_order(session, event) == [cy, dan]


def test_once_the_day_is_over_nobody_is_let_in_by_a_yes_or_by_lot(session: Session, event: Event) -> None:
    open_places(session, event, 2, Way.BALLOT)
    asha = come(session, event, "Asha")
    close_list(session, event, seed_source="the lottery", actor="a test")
    bela = come(session, event, "Bela")
    event.stage = Stage.AFTER

    with pytest.raises(Refusal, match="The day is over"):
        approve(session, bela, actor="a test")
    with pytest.raises(Refusal, match="The day is over"):
        draw_places(session, event, seed="1", actor="a test")

    assert [asha.state, bela.state] == [APPLIED, APPLIED]


def test_a_closed_list_is_drawn_before_places_go_to_the_first(session: Session, event: Event) -> None:
    open_places(session, event, 1, Way.BALLOT)
    asha = come(session, event, "Asha")
    close_list(session, event, seed_source="the lottery", actor="a test")

    with pytest.raises(Refusal, match="Draw first"):
        set_places(session, event, chairs=1, cut_off=None, actor="a test")

    assert asha.state is APPLIED


def test_nobody_on_a_closed_list_is_let_in_or_turned_away_by_hand(session: Session, event: Event) -> None:
    """The published outcome would say of them that they gave up."""
    open_places(session, event, 1, Way.BALLOT)
    asha = come(session, event, "Asha")
    close_list(session, event, seed_source="the lottery", actor="a test")
    late = come(session, event, "Bela")

    for decide in (approve, decline):
        with pytest.raises(Refusal, match="number 1 on it, so the draw decides"):
            decide(session, asha, actor="a test")
    decline(session, late, actor="a test")
    draw_places(session, event, seed="1", actor="a test")

    draw = draw_of(session, event)
    assert draw is not None
    assert (draw.gave_up, asha.state, late.state) == ([], CONFIRMED, DECLINED)


def test_a_place_is_kept_for_a_while_and_then_goes_to_the_next_in_line(session: Session, event: Event) -> None:
    open_places(session, event, 1, Way.FIRST_COME, claim_hours=48)
    asha, bela, carl = (come(session, event, name) for name in ("Asha", "Bela", "Carl"))

    give_up_place(session, asha, actor="a test")
    assert bela.state is OFFERED
    lapsed = lapse_offers(session, at=now() + timedelta(hours=49))

    assert (bela.state, carl.state, lapsed) == (LAPSED, OFFERED, [bela, carl])
    with pytest.raises(Refusal, match="not kept for you any more"):
        take_offer(session, bela, actor="a test")
    take_offer(session, carl, actor="a test")
    take_offer(session, carl, actor="a test")
    assert carl.state is CONFIRMED
    places = places_of(session, event)
    assert places is not None
    session.refresh(places)
    assert places.taken == 1


def test_a_place_is_kept_no_longer_than_until_the_day_begins_when_the_day_is_moved(
    session: Session, event: Event
) -> None:
    open_places(session, event, 1, Way.FIRST_COME, claim_hours=480)
    asha, bela, carl = (come(session, event, name) for name in ("Asha", "Bela", "Carl"))
    give_up_place(session, asha, actor="a test")
    assert (bela.state, bela.claim_by == bela.kept_until) == (OFFERED, True)

    event.held_on = now().date() + timedelta(days=5)
    session.commit()

    assert bela.kept_until == event.starts_at
    assert lapse_offers(session, at=event.starts_at - timedelta(minutes=1)) == []
    assert list(lapse_offers(session, at=event.starts_at)) == [bela, carl]
    assert (bela.state, carl.state) == (LAPSED, CONFIRMED)


def test_nothing_lapses_before_its_time(session: Session, event: Event) -> None:
    open_places(session, event, 1, Way.FIRST_COME, claim_hours=48)
    asha, bela = come(session, event, "Asha"), come(session, event, "Bela")
    give_up_place(session, asha, actor="a test")

    assert lapse_offers(session, at=now() + timedelta(hours=47)) == []
    assert bela.state is OFFERED


def test_near_the_day_a_place_is_given_at_once(session: Session) -> None:
    event = make_event(session, held_on=now().date() + timedelta(days=1))
    open_places(session, event, 1, Way.FIRST_COME, claim_hours=72)
    asha, bela = come(session, event, "Asha"), come(session, event, "Bela")

    give_up_place(session, asha, actor="a test")

    assert bela.state is CONFIRMED
    assert applied_in_order(session, event) == []
