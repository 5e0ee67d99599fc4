"""What an organiser decides, what everybody can check, and what a link in a letter does: nothing, until its button."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.core.clock import now
from hackathon.events.models import Event, Place
from hackathon.participants.models import Registration, RegistrationState, Way
from hackathon.participants.operations import register, set_places
from tests.makers import make_event
from tests.visitor import Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, held_on=now().date() + timedelta(days=60))


def applying(session: Session, event: Event, way: Way, *names: str) -> list[Registration]:
    set_places(session, event, chairs=1, cut_off=None, way=way, claim_hours=24, actor="a test")
    came = [
        register(
            session,
            event,
            name=name,
            email=f"{name.lower()}@example.org",
            organisation="",
            job_role="",
            attending=Place.ROOM,
            answers={},
        ).registration
        for name in names
    ]
    session.commit()
    return came


def test_an_organiser_says_yes_once_and_a_letter_goes_out(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    (asha,) = applying(session, event, Way.APPROVAL, "Asha")
    desk, page = staff_client(event=event), f"/desk/{event.code}/people/applied"

    said = words_of(desk.post_form(f"/desk/{event.code}/people/{asha.id}/yes", page=page, follow_redirects=True))
    again = words_of(desk.post_form(f"/desk/{event.code}/people/{asha.id}/no", page=page, follow_redirects=True))

    assert "Asha: yes" in said
    assert "decided about Asha already" in again
    session.expire_all()
    assert asha.state is RegistrationState.OFFERED
    assert session.scalars(select(Letter.kind)).all() == ["place.offered"]


def test_a_ballot_goes_from_the_rule_to_an_outcome_that_everybody_can_draw_again(
    session: Session, event: Event, client: Visitor, staff_client: Callable[..., Visitor]
) -> None:
    applying(session, event, Way.BALLOT, "Asha", "Bela")
    desk, ballot = staff_client(event=event), f"/desk/{event.code}/places/ballot"

    desk.post_form(ballot, {"name": "Night shift", "about": "team", "words": "Nights", "percent": "10"})
    assert "Write the seed" not in words_of(desk.post_form(f"{ballot}/close", {"seed_source": "Saturday’s lottery"}))
    before = client.words(f"/e/{event.code}/draw")
    desk.post_form(f"{ballot}/draw", {"seed": "4 8 15 16 23 42"})
    after = client.words(f"/e/{event.code}/draw")

    assert "The list is closed with 2 lots" in before
    assert "Saturday’s lottery" in before
    assert "10 places in a hundred go first to Night shift" in before
    assert "1 of 2 lots have a place" in after
    assert "4 8 15 16 23 42" in after
    assert "Waits as number 1" in after
    assert "Asha" not in after


def test_a_form_that_is_not_filled_in_says_what_is_missing(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    applying(session, event, Way.BALLOT, "Asha")
    desk, ballot = staff_client(event=event), f"/desk/{event.code}/places/ballot"

    assert "Write how many in a hundred" in words_of(desk.post_form(ballot, {"name": "Night shift"}))
    assert "Say where the seed will come from" in words_of(desk.post_form(f"{ballot}/close", {}))


def test_an_event_without_a_ballot_has_no_page_about_one(session: Session, event: Event, client: Visitor) -> None:
    applying(session, event, Way.FIRST_COME, "Asha")

    assert client.get(f"/e/{event.code}/draw").status_code == 404
