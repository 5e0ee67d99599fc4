"""Moving to another event of the series: nobody loses a place by it, nobody holds two, and places are not oversold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from threading import Event as ThreadEvent
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.calendar import Method
from hackathon.adapters.mail import Letter
from hackathon.admission.operations import approve, close_list, draw_places, lapse_offers
from hackathon.arrivals.operations import check_in, welcome_walk_in
from hackathon.arrivals.queries import arrivals_of
from hackathon.badges.document import Photos
from hackathon.badges.queries import photos_of
from hackathon.bookings.operations import Guest, change_registration, register_group, take_offer
from hackathon.core.clock import now, short_date, spoken_date
from hackathon.core.db import db, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Activity, Event, Place, Stage
from hackathon.maths.lots import lot
from hackathon.moves.operations import Moved, end_moves, move
from hackathon.moves.queries import booked_along
from hackathon.needs.operations import list_needs
from hackathon.needs.queries import needs_of, work_list
from hackathon.participants.messages import place_words, send_place
from hackathon.participants.models import Participant, Places, QuestionType, Registration, RegistrationState, Way
from hackathon.participants.operations import ask_at_registration, give_up_place, leave_for, register, set_places
from hackathon.participants.queries import (
    answers_of_registration,
    companions_of,
    places_of,
    successor_of,
    waiting_in_order,
)
from hackathon.privacy.operations import erase_person
from hackathon.privacy.queries import own_copy
from hackathon.staff.models import Role
from hackathon.tables.models import Table
from hackathon.tables.operations import take_seat
from hackathon.tables.queries import seat_of
from tests.makers import make_event, make_series_of, make_table
from tests.visitor import Visitor, words_of

ACTOR = "a test"
CONFIRMED, WAITING, OFFERED = RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.OFFERED
APPLIED, CANCELLED = RegistrationState.APPLIED, RegistrationState.CANCELLED

Towns = tuple[Event, Event]


@pytest.fixture
def towns(session: Session) -> Towns:
    """Two events of one series, still to come, without a limit of places."""
    day = now().date() + timedelta(days=60)
    here, there = (
        make_event(session, stage=Stage.BEFORE, venue=venue, held_on=day + timedelta(days=n))
        for n, venue in enumerate(("Ashmoor", "Brackwater"))
    )
    make_series_of(session, here, there)
    return here, there


@pytest.fixture
def letters_leave(app: Flask) -> None:
    """A mail server is set."""
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"smtp_url": "smtp://localhost:1"})


def come(session: Session, event: Event, name: str, **said: object) -> Registration:
    return register(
        session,
        event,
        **{
            "name": name,
            "email": f"{name.lower()}@example.org",
            "organisation": "",
            "job_role": "",
            "attending": Place.ROOM,
            "answers": {},
            **said,
        },  # type: ignore[arg-type]  # a test says only what matters to it - mypy sees only objects
    ).registration


def room_for(session: Session, event: Event, chairs: int, way: Way = Way.FIRST_COME, claim_hours: int = 0) -> None:
    set_places(session, event, chairs=chairs, cut_off=None, way=way, claim_hours=claim_hours, actor=ACTOR)


def taken(session: Session, event: Event) -> int:
    session.expire_all()
    places = places_of(session, event)
    assert places is not None
    return places.taken


def go(session: Session, registration: Registration, to: Event, **how: bool) -> Moved:
    return move(session, registration, to=to, actor=ACTOR, **how)


def test_somebody_moves_with_what_they_said_and_their_place_goes_to_who_waits(session: Session, towns: Towns) -> None:
    here, there = towns
    room_for(session, here, 1)
    room_for(session, there, 5)
    asha, bela = come(session, here, "Asha", companion="Uncle Ravi", organisation="Trust"), come(session, here, "Bela")
    take_seat(session, make_table(session, here), asha.participant, actor=ACTOR)

    moved = go(session, asha, there)

    assert (moved.there.state, asha.state, bela.state) == (CONFIRMED, CANCELLED, CONFIRMED)
    assert (taken(session, here), taken(session, there)) == (1, 1)
    assert moved.there.participant.organisation == "Trust"
    assert [one.participant.name for one in companions_of(session, moved.there)] == ["Uncle Ravi"]
    assert [one.state for one in companions_of(session, asha)] == [CANCELLED]
    assert seat_of(session, asha.participant) is None
    assert {one.id for one in moved.changed} == {asha.id, bela.id, moved.there.id}
    said = session.execute(
        select(Activity.event_id, Activity.kind).where(Activity.kind.in_(("person.moved", "person.came_over")))
    )
    assert set(said.all()) == {(here.id, "person.moved"), (there.id, "person.came_over")}


def test_answers_go_along_where_the_same_is_asked_and_no_others(session: Session, towns: Towns) -> None:
    here, there = towns
    for event, asked in (
        (here, [("diet", QuestionType.TEXT), ("bus", QuestionType.TEXT), ("shirt", QuestionType.CHOICE)]),
        (there, [("diet", QuestionType.TEXT), ("bus", QuestionType.YES_NO), ("shirt", QuestionType.CHOICE)]),
    ):
        for key, kind in asked:
            options = ["Small", "Large"] if event is here else ["Small"]
            ask_at_registration(
                session, event, key=key, label=key, type=kind, options=options, purpose="To know", actor=ACTOR
            )
    asha = come(session, here, "Asha", answers={"diet": "Vegan", "bus": "The 7", "shirt": "Large"})

    moved = go(session, asha, there)

    assert answers_of_registration(session, moved.there) == {"diet": "Vegan"}


def test_a_no_to_photographs_goes_along_whatever_the_question_is_called_there(session: Session, towns: Towns) -> None:
    for event, key in zip(towns, ("photo", "photos-in-the-hall"), strict=True):
        ask_at_registration(
            session, event, key=key, label=key, type=QuestionType.YES_NO, purpose="photo-consent", actor=ACTOR
        )
    asha = come(session, towns[0], "Asha", answers={"photo": "no"})

    moved = go(session, asha, towns[1])

    assert photos_of(session, towns[1]) == {moved.there.id: Photos.NO}


def full(session: Session, towns: Towns, **how: object) -> tuple[Registration, Registration, Registration]:
    """Asha holds the only place here, Bela the only one there; Asha has asked to move there."""
    here, there = towns
    room_for(session, here, 1)
    room_for(session, there, 1, **how)  # type: ignore[arg-type]  # a test says only what matters to it - mypy sees only objects
    asha, bela = come(session, here, "Asha"), come(session, there, "Bela")
    return asha, bela, go(session, asha, there).there


def test_where_all_is_full_somebody_waits_and_keeps_their_place_until_one_comes(session: Session, towns: Towns) -> None:
    asha, bela, waiting = full(session, towns)
    assert (waiting.state, asha.state) == (WAITING, CONFIRMED)

    changed = give_up_place(session, bela, actor=ACTOR)

    assert (waiting.state, asha.state) == (CONFIRMED, CANCELLED)
    assert [one.id for one in changed] == [bela.id, waiting.id, asha.id]
    assert [taken(session, event) for event in towns] == [0, 1]


def test_two_who_wait_for_each_others_places_change_with_each_other(session: Session, towns: Towns) -> None:
    asha, bela, waiting = full(session, towns)

    moved = go(session, bela, towns[0])

    assert (asha.state, bela.state) == (CANCELLED, CANCELLED)
    assert (waiting.state, moved.there.state) == (CONFIRMED, CONFIRMED)
    assert {one.id for one in moved.changed} == {asha.id, bela.id, waiting.id, moved.there.id}
    assert [taken(session, event) for event in towns] == [1, 1]


@pytest.mark.parametrize("how", ["somebody waits before", "places are offered first"])
def test_nobody_is_passed_over_or_put_at_risk_by_two_who_change(session: Session, towns: Towns, how: str) -> None:
    asha, bela, waiting = full(session, towns, claim_hours=24 if how == "places are offered first" else 0)
    if how == "somebody waits before":
        come(session, towns[0], "Carl")

    moved = go(session, bela, towns[0])

    assert [one.state for one in (asha, bela, waiting, moved.there)] == [CONFIRMED, CONFIRMED, WAITING, WAITING]


def test_two_change_places_once_nobody_waits_before_them_any_more(session: Session, towns: Towns) -> None:
    asha, bela, waiting = full(session, towns)
    carl = come(session, towns[0], "Carl")
    bela_here = go(session, bela, towns[0]).there
    assert end_moves(session) == []

    give_up_place(session, carl, actor=ACTOR)
    changed = end_moves(session)

    assert [one.state for one in (asha, bela, waiting, bela_here)] == [CANCELLED, CANCELLED, CONFIRMED, CONFIRMED]
    assert sorted(one.id for one in changed) == sorted(one.id for one in (asha, bela, waiting, bela_here))
    assert [taken(session, event) for event in towns] == [1, 1]
    assert end_moves(session) == []


def ring(session: Session, number: int) -> list[Registration]:
    """So many towns with one place each; who has the place in one waits for the next, but the last does not yet."""
    day = now().date() + timedelta(days=60)
    towns = [make_event(session, stage=Stage.BEFORE, venue=f"Town {n}", held_on=day) for n in range(number)]
    make_series_of(session, *towns)
    for town in towns:
        room_for(session, town, 1)
    kept = [come(session, town, f"Person{n}") for n, town in enumerate(towns)]
    for registration, to in zip(kept, towns[1:], strict=False):
        go(session, registration, to)
    return kept


def those_with_places(session: Session) -> dict[str, str]:
    session.expire_all()
    held = session.scalars(select(Registration).where(Registration.state == CONFIRMED))
    return {str(one.participant.email_key).partition("@")[0]: one.event.venue for one in held}


@pytest.mark.parametrize("number", [3, 5])
def test_people_who_wait_for_each_other_in_a_ring_all_change_at_once(session: Session, number: int) -> None:
    kept = ring(session, number)
    come(session, kept[1].event, "Late")
    assert end_moves(session) == []

    moved = go(session, kept[-1], kept[0].event)

    assert those_with_places(session) == {f"person{n}": f"Town {(n + 1) % number}" for n in range(number)}
    assert len(moved.changed) == len({one.id for one in moved.changed}) == 2 * number
    assert [taken(session, one.event) for one in kept] == [1] * number


def test_a_ring_passes_nobody_over_and_takes_nobody_along_who_is_not_in_it(session: Session) -> None:
    """Carl waits before the last of them; Vera waits for a place of the ring, and nobody for hers."""
    kept = ring(session, 3)
    carl = come(session, kept[0].event, "Carl")
    vera = come(session, make_event(session, stage=Stage.BEFORE, venue="Vale", series=kept[0].event.series), "Vera")
    room_for(session, vera.event, 1)
    vera_waits = go(session, vera, kept[0].event).there
    before = those_with_places(session)
    go(session, kept[2], kept[0].event)
    assert (end_moves(session), those_with_places(session)) == ([], before)

    for one in (carl, vera_waits):
        give_up_place(session, one, actor=ACTOR)
    changed = end_moves(session)

    assert those_with_places(session) == {"person0": "Town 1", "person1": "Town 2", "person2": "Town 0", "vera": "Vale"}
    assert (len(changed), end_moves(session)) == (6, [])


def test_nobody_loses_a_place_in_a_ring_where_one_is_let_in_or_offered_a_place_first(session: Session) -> None:
    kept = ring(session, 3)
    room_for(session, kept[1].event, 1, claim_hours=24)
    before = those_with_places(session)

    last = go(session, kept[2], kept[0].event).there
    assert those_with_places(session) == before
    room_for(session, kept[1].event, 1)
    check_in(session, last, actor=ACTOR)

    assert (end_moves(session), those_with_places(session)) == ([], before)


def test_a_ring_that_closes_by_people_who_ask_at_one_moment_comes_round(app: Flask, session: Session) -> None:
    day = now().date() + timedelta(days=60)
    towns = [make_event(session, stage=Stage.BEFORE, venue=f"Town {n}", held_on=day) for n in range(4)]
    make_series_of(session, *towns)
    for town in towns:
        room_for(session, town, 2)
    ids = [come(session, towns[n // 2], f"Person{n}").id for n in range(8)]
    codes = [town.id for town in towns]
    session.commit()

    def act(own: Session, n: int) -> object:
        return go(own, own.get_one(Registration, ids[n]), own.get_one(Event, codes[(n // 2 + 1) % 4]))

    assert set(at_once(app, 8, act)) == {None}

    assert those_with_places(session) == {f"person{n}": f"Town {(n // 2 + 1) % 4}" for n in range(8)}


def test_the_access_lead_of_the_new_place_gets_what_somebody_needs(session: Session, towns: Towns) -> None:
    for event in towns:
        ask_at_registration(
            session,
            event,
            key="access",
            label="What do you need?",
            type=QuestionType.TEXT,
            purpose="adjustments",
            sensitive=True,
            seen_by=["access-lead"],
            keep_days=14,
            actor=ACTOR,
        )
    asha = come(session, towns[0], "Asha", answers={"access": "A hearing loop"})
    list_needs(session, towns[0], actor=ACTOR)

    moved = go(session, asha, towns[1]).there
    list_needs(session, towns[1], actor=ACTOR)

    assert [need.registration_id for need in needs_of(session, towns[1])] == [moved.id]
    assert work_list(session, towns[0], today=now().date()) == []


def test_an_offer_ends_the_old_place_only_when_it_is_taken(session: Session, towns: Towns) -> None:
    asha, bela, waiting = full(session, towns, claim_hours=24)

    give_up_place(session, bela, actor=ACTOR)
    assert (waiting.state, asha.state) == (OFFERED, CONFIRMED)
    changed = take_offer(session, waiting, actor=ACTOR)

    assert (waiting.state, asha.state) == (CONFIRMED, CANCELLED)
    assert asha in changed


def test_an_offer_that_lapses_leaves_everybody_where_they_were(session: Session, towns: Towns) -> None:
    asha, bela, waiting = full(session, towns, claim_hours=24)
    give_up_place(session, bela, actor=ACTOR)

    lapse_offers(session, at=now() + timedelta(hours=25))

    assert (waiting.state, asha.state) == (RegistrationState.LAPSED, CONFIRMED)
    assert successor_of(session, asha) is None


def test_a_yes_by_hand_and_more_chairs_end_the_old_place(session: Session, towns: Towns) -> None:
    here, there = towns
    room_for(session, there, 1, Way.APPROVAL)
    asha, bela = come(session, here, "Asha"), come(session, here, "Bela")
    first, second = go(session, asha, there).there, go(session, bela, there).there
    assert (first.state, second.state, asha.state) == (APPLIED, APPLIED, CONFIRMED)

    approve(session, first, actor=ACTOR)
    approve(session, second, actor=ACTOR)
    assert (first.state, asha.state, second.state, bela.state) == (CONFIRMED, CANCELLED, WAITING, CONFIRMED)
    changed = set_places(session, there, chairs=2, cut_off=None, actor=ACTOR)

    assert (second.state, bela.state, {one.id for one in changed}) == (CONFIRMED, CANCELLED, {second.id, bela.id})


def test_a_ballot_ends_the_old_places_of_those_who_win(session: Session, towns: Towns) -> None:
    here, there = towns
    room_for(session, there, 2, Way.BALLOT)
    people = [come(session, here, name) for name in ("Asha", "Bela", "Carl", "Dilys")]
    entered = [go(session, one, there).there for one in people]
    close_list(session, there, seed_source="The lottery of Saturday", actor=ACTOR)

    told = draw_places(session, there, seed="3 14 15", actor=ACTOR)

    won = [one.state is CONFIRMED for one in entered]
    assert won.count(True) == 2
    assert [one.state is CANCELLED for one in people] == won
    assert len({one.id for one in told}) == 6


@pytest.mark.parametrize("first", ["Yan", "Zoe"])
def test_a_ballot_gives_nobody_two_places_and_leaves_none_free(session: Session, towns: Towns, first: str) -> None:
    """Yan holds the only place here and Zoe waits for it; both are in the ballot there, and Adam too. When Yan moves,
    Zoe comes in here, whether she had a place there already or not."""
    here, there = towns
    room_for(session, here, 1)
    room_for(session, there, 2, Way.BALLOT)
    yan, zoe = come(session, here, "Yan"), come(session, there, "Zoe")
    zoe_here, yan_there = go(session, zoe, here).there, go(session, yan, there).there
    adam = come(session, there, "Adam")
    close_list(session, there, seed_source="The lottery of Saturday", actor=ACTOR)
    drawn = {"Yan": [yan_there, zoe, adam], "Zoe": [zoe, yan_there, adam]}[first]
    seed = next(
        seed for seed in map(str, range(99)) if sorted(drawn, key=lambda one: lot(seed, one.number or 0)) == drawn
    )

    told = draw_places(session, there, seed=seed, actor=ACTOR)

    states = [one.state for one in (yan_there, yan, zoe_here, zoe, adam)]
    assert states == [CONFIRMED, CANCELLED, CONFIRMED, CANCELLED, CONFIRMED]
    assert sorted(one.id for one in told) == sorted(one.id for one in (yan_there, yan, zoe_here, zoe, adam))
    assert [taken(session, event) for event in towns] == [1, 2]


def test_whoever_is_let_in_at_the_door_keeps_what_they_have_elsewhere_and_both_are_told(
    client: Visitor, session: Session, towns: Towns
) -> None:
    """It may be a slip that nobody takes back, so it ends nothing: the desk asks them, and their page offers it."""
    here, there = towns
    asha, _, waiting = full(session, towns)
    check_in(session, waiting, actor=ACTOR)
    there.held_on, there.stage = now().date() - timedelta(days=1), Stage.AFTER
    session.commit()

    assert (end_moves(session), asha.state) == ([], CONFIRMED)
    on_the_list = [each.state for each in arrivals_of(session, there, {waiting.id})]
    assert on_the_list == [f"waiting, has a place at Ashmoor on {short_date(here.held_on)}"]
    client.get(f"/p/{waiting.participant.token}")
    page = client.soup(f"/e/{there.code}/me")
    assert page.select(f"a[href='/p/{asha.participant.token}/give-up']")
    assert successor_of(session, asha) is None


def test_an_address_that_somebody_types_at_the_door_takes_no_place_from_its_owner(
    client: Visitor, session: Session, towns: Towns
) -> None:
    asha, _, _ = full(session, towns)
    towns[1].stage = Stage.WARM_UP
    session.commit()

    client.post_form(f"/e/{towns[1].code}/here", {"typed": "asha@example.org"})
    session.expire_all()

    assert (end_moves(session), asha.state) == ([], CONFIRMED)


def test_whoever_registers_again_where_they_moved_from_keeps_both_places(session: Session, towns: Towns) -> None:
    here, there = towns
    moved = go(session, come(session, here, "Asha"), there).there

    again = come(session, here, "Asha")

    assert (end_moves(session), again.state, moved.state) == ([], CONFIRMED, CONFIRMED)


def test_who_takes_part_from_outside_there_keeps_the_place_here(session: Session, towns: Towns) -> None:
    asha, bela, waiting = full(session, towns)

    change_registration(
        session, waiting, name="Asha", organisation="", job_role="", attending=Place.OUTSIDE, answers={}, actor=ACTOR
    )
    give_up_place(session, bela, actor=ACTOR)

    assert (waiting.state, waiting.attending, asha.state) == (CONFIRMED, Place.OUTSIDE, CONFIRMED)


def test_who_comes_back_into_the_room_there_gives_up_the_place_here(session: Session, towns: Towns) -> None:
    asha, bela, waiting = full(session, towns)
    for attending in (Place.OUTSIDE, Place.ROOM):
        change_registration(
            session, waiting, name="Asha", organisation="", job_role="", attending=attending, answers={}, actor=ACTOR
        )
        give_up_place(session, bela, actor=ACTOR)
        assert end_moves(session) == []

    assert (waiting.state, waiting.attending, asha.state) == (CONFIRMED, Place.ROOM, CANCELLED)
    assert [taken(session, event) for event in towns] == [0, 1]


def test_a_place_kept_for_a_day_that_is_over_holds_nobody_back(session: Session, towns: Towns) -> None:
    asha, _, waiting = full(session, towns)
    third = make_event(session, stage=Stage.BEFORE, held_on=towns[1].held_on, series=towns[0].series)
    towns[0].stage, towns[0].held_on = Stage.AFTER, now().date() - timedelta(days=1)
    session.flush()

    moved = go(session, waiting, third).there

    assert (moved.state, waiting.state, asha.state) == (CONFIRMED, CANCELLED, CONFIRMED)


def test_whoever_practised_coming_through_the_door_may_still_move(session: Session, towns: Towns) -> None:
    here, there = towns
    asha = come(session, here, "Asha")
    here.rehearsal_since = now() - timedelta(minutes=1)
    session.flush()
    check_in(session, asha, actor=ACTOR)

    moved = go(session, asha, there).there

    assert (moved.state, asha.state) == (CONFIRMED, CANCELLED)


def test_people_who_were_registered_together_move_together_or_not_at_all(session: Session, towns: Towns) -> None:
    here, there = towns
    room_for(session, there, 2)
    guests = [Guest("Asha", "asha@example.org"), Guest("Bela", "bela@example.org"), Guest("Carl", "carl@example.org")]
    asha, *others = [
        welcome.registration
        for welcome in register_group(
            session, here, name="Asha", email="asha@example.org", organisation="", attending=Place.ROOM, people=guests
        )
    ]

    with pytest.raises(Refusal, match=r"2 places are free at .*, and you are 3"):
        go(session, asha, there, with_others=True)
    room_for(session, there, 3)
    moved = go(session, asha, there, with_others=True)

    assert [one.state for one in (asha, *others)] == [CANCELLED] * 3
    assert taken(session, there) == 3
    assert len(moved.changed) == 6
    assert [one.participant.name for one in booked_along(session, moved.there)] == ["Bela", "Carl"]


def test_whoever_only_practised_coming_still_moves_along_and_waits_in_line(session: Session, towns: Towns) -> None:
    here, there = towns
    guests = [Guest("Asha", "asha@example.org"), Guest("Bela", "bela@example.org")]
    asha, bela = [
        welcome.registration
        for welcome in register_group(
            session, here, name="Asha", email="asha@example.org", organisation="", attending=Place.ROOM, people=guests
        )
    ]
    room_for(session, there, 1)
    carl, dilys = come(session, there, "Carl"), come(session, there, "Dilys")
    for event in towns:
        event.rehearsal_since = now() - timedelta(minutes=1)
    session.flush()
    for one in (bela, dilys):
        check_in(session, one, actor=ACTOR)
    welcome_walk_in(session, there, name="Pretend", organisation="", email="", desk="A", actor=ACTOR)

    assert list(booked_along(session, asha)) == [bela]
    assert list(waiting_in_order(session, there)) == [dilys]
    give_up_place(session, carl, actor=ACTOR)
    assert dilys.state is CONFIRMED


def test_people_who_move_together_are_told_once_though_one_takes_the_others_place(
    session: Session, towns: Towns
) -> None:
    """Bela waits here, is given Asha's place when she moves, and leaves it at once to move along."""
    here, there = towns
    room_for(session, here, 1)
    room_for(session, there, 2)
    asha, bela = (
        welcome.registration
        for welcome in register_group(
            session,
            here,
            name="Asha",
            email="asha@example.org",
            organisation="",
            attending=Place.ROOM,
            people=[Guest("Asha", "asha@example.org"), Guest("Bela", "bela@example.org")],
        )
    )
    assert bela.state is WAITING

    told = [one.id for one in go(session, asha, there, with_others=True).changed]

    assert len(told) == len(set(told)) == 4
    assert [taken(session, event) for event in towns] == [0, 2]


def test_somebody_moves_back_and_old_links_lead_where_they_are(session: Session, towns: Towns) -> None:
    here, there = towns
    asha = come(session, here, "Asha")
    moved = go(session, asha, there, proven=False).there

    back = go(session, moved, here, proven=False).there

    assert back.id == asha.id
    assert (asha.state, moved.state) == (CONFIRMED, CANCELLED)
    assert (successor_of(session, moved), successor_of(session, asha)) == (asha, None)


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda s, a, t: give_up_place(s, a, actor=ACTOR), "no place here any more"),
        (lambda s, a, t: check_in(s, a, actor=ACTOR), "The day here has come"),
        (lambda s, a, t: come(s, t, "Asha"), "registered there already"),
        (lambda s, a, t: give_up_place(s, come(s, t, "Asha"), actor=ACTOR), "known there already"),
        (lambda s, a, t: setattr(t, "stage", Stage.AFTER), "The day is over"),
        (lambda s, a, t: setattr(t, "series", None), "another place of this series"),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_changes_nothing(
    session: Session, towns: Towns, prepare: Callable[[Session, Registration, Event], object], reason: str
) -> None:
    """Without a mail server, a link proves nothing about the address: what is known there stays closed to it."""
    here, there = towns
    asha = come(session, here, "Asha")
    prepare(session, asha, there)
    session.flush()
    before = asha.state

    with pytest.raises(Refusal, match=reason):
        go(session, asha, there, proven=False)

    assert (asha.state, successor_of(session, asha)) == (before, None)


def test_somebody_waits_in_one_place_at_a_time(session: Session, towns: Towns) -> None:
    asha, _, waiting = full(session, towns)
    third = make_event(session, stage=Stage.BEFORE, held_on=towns[0].held_on, series=towns[0].series)

    with pytest.raises(Refusal, match="You wait for a place at"):
        go(session, asha, third)
    with pytest.raises(Refusal, match="Move from there"):
        go(session, waiting, third)


def at_once(app: Flask, number: int, do: Callable[[Session, int], object]) -> list[object]:
    """Do something as so many people at the same moment, each in a transaction of their own."""
    start = Barrier(number)

    def one(which: int) -> object:
        with app.app_context():
            start.wait(timeout=30)
            try:
                with transaction() as own:
                    return do(own, which) and None
            except Refusal as refusal:
                return refusal.message
            finally:
                db.session.remove()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_fifty_people_move_at_once_for_eight_places(app: Flask, session: Session, towns: Towns) -> None:
    here, there = towns
    room_for(session, here, 50)
    room_for(session, there, 8)
    ids = [come(session, here, f"Person{number}").id for number in range(50)]
    session.commit()

    problems = at_once(app, 50, lambda own, n: go(own, own.get_one(Registration, ids[n]), own.get_one(Event, there.id)))

    session.expire_all()
    assert set(problems) == {None}
    assert (taken(session, here), taken(session, there)) == (42, 8)
    states = session.execute(
        select(Registration.event_id, Registration.state, func.count()).group_by(
            Registration.event_id, Registration.state
        )
    )
    assert {(event, state): number for event, state, number in states} == {
        (here.id, CONFIRMED): 42,
        (here.id, CANCELLED): 8,
        (there.id, CONFIRMED): 8,
        (there.id, WAITING): 42,
    }


def test_people_who_move_in_opposite_directions_neither_stop_each_other_nor_lose_a_place(
    app: Flask, session: Session, towns: Towns
) -> None:
    """Ten of each town, both with one place free, while others give theirs up and sit down."""
    for event in towns:
        room_for(session, event, 11)
    ids = [come(session, towns[n % 2], f"Person{n}").id for n in range(20)]
    tables = [make_table(session, event, seats=20).id for event in towns]
    session.commit()

    def act(own: Session, n: int) -> object:
        registration = own.get_one(Registration, ids[n])
        if n < 12:
            return go(own, registration, own.get_one(Event, towns[(n + 1) % 2].id))
        if n < 16:
            return give_up_place(own, registration, actor=ACTOR)
        return take_seat(own, own.get_one(Table, tables[n % 2]), registration.participant, actor=ACTOR)

    problems = at_once(app, 20, act)

    session.expire_all()
    assert set(problems) == {None}
    for event in towns:
        held = select(func.count()).where(Registration.event_id == event.id, Registration.state == CONFIRMED)
        assert session.scalar(held) == taken(session, event) <= 11
    in_two_places = (
        select(func.count())
        .select_from(Registration)
        .join(Registration.participant)
        .where(Registration.state == CONFIRMED)
        .group_by(Participant.email_key)
    )
    assert set(session.scalars(in_two_places)) == {1}
    assert session.scalar(select(func.sum(Places.taken))) == 16


@pytest.mark.usefixtures("letters_leave")
def test_the_page_moves_somebody_with_one_button_and_both_letters_say_so(
    client: Visitor, session: Session, towns: Towns
) -> None:
    here, there = towns
    asha = come(session, here, "Asha")
    send_place(session, asha, address="https://hack.example.org")
    session.commit()
    link = f"/p/{asha.participant.token}"
    assert "Move to another place" in client.words(link)

    answer = client.post_form(f"{link}/move", {"to": there.code})

    session.rollback()
    assert answer.location == f"/e/{there.code}/me"
    assert "You have a place in the room" in client.words(answer.location)
    assert "You have moved to Brackwater" in client.words(link)
    letters = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert [(letter.event_id, letter.calendar_method) for letter in letters] == [
        (here.id, Method.REQUEST),
        (there.id, Method.REQUEST),
        (here.id, Method.CANCEL),
    ]
    assert f"{link}/move" in letters[0].text
    assert f"What you had at Ashmoor on {spoken_date(here.held_on)} is given back." in letters[1].text
    assert "You have moved to Brackwater" in letters[2].text
    assert "takes the day here out of your calendar" in letters[2].text


@pytest.mark.usefixtures("letters_leave")
def test_one_letter_tells_of_both_places_where_no_calendar_holds_the_one_that_is_left(
    client: Visitor, session: Session, towns: Towns
) -> None:
    here, there = towns
    room_for(session, here, 1)
    come(session, here, "First")
    asha = come(session, here, "Asha")
    send_place(session, asha, address="https://hack.example.org")
    session.commit()

    client.post_form(f"/p/{asha.participant.token}/move", {"to": there.code})

    session.rollback()
    _, letter = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert (asha.state, letter.event_id, letter.calendar_method) == (CANCELLED, there.id, Method.REQUEST)
    assert "What you had at Ashmoor" in letter.text


def test_ones_own_copy_and_the_page_that_erases_name_the_places_between_which_somebody_moved_and_no_others(
    client: Visitor, session: Session, towns: Towns
) -> None:
    here, there = towns
    third = make_event(session, stage=Stage.BEFORE, title="Carrow", held_on=here.held_on, series=here.series)
    asha, _ = come(session, here, "Asha"), come(session, third, "Asha")
    moved = go(session, asha, there).there
    session.commit()
    client.get(f"/p/{asha.participant.token}")

    assert own_copy(session, asha.participant)["place"]["moved_between"] == [there.title]
    assert own_copy(session, moved.participant)["place"]["moved_between"] == [here.title]
    page = client.words(f"/e/{here.code}/me/erase")
    assert "You are kept at Brackwater too" in page
    assert "Carrow" not in page


def test_whoever_is_erased_where_they_were_keeps_the_place_that_they_have(session: Session, towns: Towns) -> None:
    here, there = towns
    room_for(session, there, 1)
    asha, bela = come(session, here, "Asha"), come(session, here, "Bela")
    moved, waits = go(session, asha, there).there, go(session, bela, there).there

    for one in (asha, bela):
        erase_person(session, one.participant, keep_words=False, at=now())
    session.expire_all()

    assert [(one.state, one.moves_from_id) for one in (moved, waits)] == [(CONFIRMED, None), (WAITING, None)]


@pytest.mark.usefixtures("letters_leave")
def test_opening_the_link_of_a_letter_moves_nobody_and_an_event_alone_has_no_such_page(
    client: Visitor, session: Session, towns: Towns
) -> None:
    asha, alone = come(session, towns[0], "Asha"), come(session, make_event(session, stage=Stage.BEFORE), "Bela")
    session.commit()

    assert "You are registered for Ashmoor" in client.words(f"/p/{asha.participant.token}/move")
    assert client.get(f"/p/{alone.participant.token}/move").status_code == 404
    assert "Move to another place instead" in client.words(f"/p/{asha.participant.token}/give-up")
    assert "Move to another place" not in client.words(f"/p/{alone.participant.token}/give-up")
    session.rollback()
    assert asha.state is CONFIRMED


def test_an_organiser_moves_somebody_from_the_list_of_people(
    staff_client: Callable[..., Visitor], session: Session, towns: Towns
) -> None:
    here, there = towns
    asha = come(session, here, "Asha")
    organiser, scribe = staff_client(Role.ORGANISER, here), staff_client(Role.SCRIBE, here)
    address = f"/desk/{here.code}/people/{asha.id}/move"
    assert organiser.soup(f"/desk/{here.code}/people").select(f"a[href='{address}']")

    answer = organiser.post_form(address, {"to": there.code})

    assert "Moved to Brackwater" in words_of(organiser.get(answer.location))
    assert scribe.get(address).status_code == 404
    session.rollback()
    assert asha.state is CANCELLED


def test_places_that_end_in_a_chain_are_ended_whatever_was_read_before(session: Session, towns: Towns) -> None:
    """Vera waits here and keeps a place there, for which William waits, who waits here as well."""
    here, there = towns
    room_for(session, here, 1)
    room_for(session, there, 1)
    xenia, vera = come(session, here, "Xenia"), come(session, there, "Vera")
    vera_here = go(session, vera, here).there
    william = come(session, here, "William")
    william_there = go(session, william, there).there
    xenia_id, ids = xenia.id, [one.id for one in (vera_here, vera, william_there, william)]
    session.flush()
    session.expunge_all()

    give_up_place(session, session.get_one(Registration, xenia_id), actor=ACTOR)

    states = [session.get_one(Registration, one).state for one in ids]
    assert states == [CONFIRMED, CANCELLED, CONFIRMED, CANCELLED]


def test_people_move_together_whatever_was_read_before(session: Session, towns: Towns) -> None:
    here, there = towns
    room_for(session, there, 5)
    guests = [Guest("Asha", "asha@example.org"), Guest("Bela", "bela@example.org")]
    asha, bela = (
        welcome.registration
        for welcome in register_group(
            session, here, name="Asha", email="asha@example.org", organisation="", attending=Place.ROOM, people=guests
        )
    )
    ids, there_id = (asha.id, bela.id), there.id
    session.flush()
    session.expunge_all()

    go(session, session.get_one(Registration, ids[0]), session.get_one(Event, there_id), with_others=True)

    assert [session.get_one(Registration, one).state for one in ids] == [CANCELLED, CANCELLED]
    assert taken(session, session.get_one(Event, there_id)) == 2


def test_the_door_and_a_place_elsewhere_that_comes_free_do_not_stop_each_other(
    app: Flask, session: Session, towns: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asha is welcomed here in the moment in which the place there is hers: both lock the person before the place."""
    asha, bela, _ = full(session, towns)
    take_seat(session, make_table(session, towns[0]), asha.participant, actor=ACTOR)
    session.commit()
    here_id, bela_id = towns[0].id, bela.id
    at_the_door, is_ending = ThreadEvent(), ThreadEvent()

    def check_in_late(*args: object, **how: object) -> object:
        at_the_door.set()
        is_ending.wait(timeout=0.5)
        return check_in(*args, **how)  # type: ignore[arg-type]  # handed on as it came - mypy sees only objects

    def leave_late(*args: object, **how: object) -> object:
        is_ending.set()
        sleep(0.3)
        return leave_for(*args, **how)  # type: ignore[arg-type]  # handed on as it came - mypy sees only objects

    monkeypatch.setattr("hackathon.arrivals.operations.check_in", check_in_late)
    monkeypatch.setattr("hackathon.participants.operations.leave_for", leave_late)

    def act(own: Session, n: int) -> object:
        if n == 0:
            event = own.get_one(Event, here_id)
            return welcome_walk_in(
                own, event, name="Asha", organisation="", email="asha@example.org", desk="1", actor=ACTOR
            )
        at_the_door.wait(timeout=5)
        return give_up_place(own, own.get_one(Registration, bela_id), actor=ACTOR)

    assert at_once(app, 2, act) == [None, None]


def test_without_letters_a_link_moves_nobody_because_it_does_not_show_whose_address_it_is(
    client: Visitor, session: Session, towns: Towns
) -> None:
    here, there = towns
    come(session, there, "Victim")
    eve = come(session, here, "Eve", email="victim@example.org")
    session.commit()
    address = f"/p/{eve.participant.token}/move"

    answers = {words_of(client.post_form(address, {"to": code}, page="/sign-in")) for code in (there.code, "NOPE")}

    assert len(answers) == 1
    assert "Ask the organisers" in answers.pop()


@pytest.mark.usefixtures("letters_leave")
def test_nobody_moves_others_by_their_own_link(client: Visitor, session: Session, towns: Towns) -> None:
    here, there = towns
    known = come(session, there, "Victim")
    people = [Guest("Eve", "eve@example.org"), Guest("X", "victim@example.org")]
    group = register_group(
        session, here, name="Eve", email="eve@example.org", organisation="", attending=Place.ROOM, people=people
    )
    eve, victim = [welcome.registration for welcome in group]
    session.commit()

    answer = client.post_form(f"/p/{eve.participant.token}/move", {"to": there.code, "with_others": "y"})

    session.rollback()
    assert answer.location == f"/e/{there.code}/me"
    assert [one.state for one in (known, victim)] == [CONFIRMED, CONFIRMED]


def test_whoever_gives_up_and_still_waits_elsewhere_is_not_told_that_they_moved(
    client: Visitor, session: Session, towns: Towns
) -> None:
    here, there = towns
    room_for(session, there, 1)
    come(session, there, "Bela")
    asha = come(session, here, "Asha")
    go(session, asha, there)
    give_up_place(session, asha, actor=ACTOR)
    session.commit()

    letter = place_words(asha, address="https://hack.example.org", moved_to=successor_of(session, asha)).text
    page = client.words(f"/p/{asha.participant.token}")

    assert ("You have moved" in letter, "You have moved" in page) == (False, False)
    assert "You are still in line at Brackwater" in page


@pytest.mark.parametrize("has_place", [True, False])
def test_a_letter_promises_to_keep_only_what_somebody_has(session: Session, towns: Towns, has_place: bool) -> None:
    here, there = towns
    for place in (here, there):
        room_for(session, place, 1)
        if place is there or not has_place:
            come(session, place, f"First{place.id}")
    moving = go(session, come(session, here, "Asha"), there).there

    words = place_words(moving, address="https://hack.example.org").text

    assert ("You keep your place at Ashmoor" in words) is has_place
    assert ("You stay in line at Ashmoor as well" in words) is not has_place
