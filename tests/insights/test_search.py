"""Looking for words in the list of everything shared, and on the desk."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Event
from hackathon.insights.models import HideReason
from hackathon.staff.models import Role
from tests.makers import make_event, make_insight
from tests.visitor import Visitor


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    make_insight(session, event, number=1, text="Night staff read the noticeboard.")
    make_insight(session, event, number=2, text="The crèche closes at <b>night</b>.")
    hidden = {"hidden_at": now(), "hidden_reason": HideReason.UNKIND}
    make_insight(session, event, number=3, text="Night and nothing else", **hidden)
    make_insight(session, event, number=4, text="Night waits", waits=True)
    make_insight(session, event, number=5, text="Night harm", **hidden, escalated_at=now())
    make_insight(session, make_event(session), number=6, text="Night elsewhere")
    session.commit()
    return event


def numbers(client: Visitor, address: str, **query: object) -> list[int]:
    page = client.get(address, **({"query_string": query} if query else {}))
    assert page.status_code == 200
    return [int(number) for number in re.findall(r'id="insight-(\d+)"', page.text)]


def test_the_list_finds_what_everybody_may_read_and_nothing_else(client: Visitor, event: Event) -> None:
    address = f"/e/{event.code}/insights"

    assert numbers(client, address, q="night") == [2, 1]
    assert numbers(client, address, q="NOTICE night") == [1]
    assert numbers(client, address, q="creche") == [2]
    assert numbers(client, address, q="harm") == []
    assert "Nothing says this" in client.words(f"{address}?q=harm")
    assert numbers(client, address, q="  ?! ") == [2, 1]


def test_the_desk_finds_what_is_hidden_and_waits_but_not_what_is_for_the_care_lead(
    staff_client: Callable[..., Visitor], event: Event
) -> None:
    moderator = staff_client(Role.FACILITATOR, event)
    address = f"/desk/{event.code}/insights"

    assert numbers(moderator, address, q="night") == [4, 3, 2, 1]
    assert numbers(moderator, address, q="night", show="hidden") == [3]


def test_what_is_looked_for_is_kept_in_the_box_and_does_nothing_else(client: Visitor, event: Event) -> None:
    soup = client.soup(f'/e/{event.code}/insights?q="><script>alert(1)</script>')

    field = soup.find("input", id="q")
    assert field is not None
    assert field["value"] == '"><script>alert(1)</script>'


def test_pages_of_a_search_follow_each_other_without_gap_or_repeat(client: Visitor, session: Session) -> None:
    event = make_event(session)
    for number in range(1, 121):
        make_insight(session, event, number=number, text="A kettle" if number % 2 else "A teapot")
    session.commit()
    address, found = f"/e/{event.code}/insights?q=kettle", []

    while address:
        found += numbers(client, address)
        older = client.soup(address).find("a", rel="next")
        address = str(older["href"]) if older else ""

    assert found == list(range(119, 0, -2))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_no_search_is_a_mistake(client: Visitor, event: Event, typed: str) -> None:
    numbers(client, f"/e/{event.code}/insights", q=typed.encode("utf-8", "replace"))


def test_a_moderator_is_told_what_words_may_hold(
    client: Visitor, staff_client: Callable[..., Visitor], session: Session, event: Event
) -> None:
    make_insight(session, event, number=9, text="Ring 07700 900123 or mail sue@example.org")
    session.commit()

    moderator = staff_client(Role.FACILITATOR, event)

    assert "May hold a phone number and an email address" in moderator.words(f"/desk/{event.code}/insights")
    assert "May hold" not in client.words(f"/e/{event.code}/insights")
