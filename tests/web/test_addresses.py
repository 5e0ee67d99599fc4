"""Where a browser may be sent on to (attack 13), and odd addresses that it may ask for."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from hackathon.web.addresses import local_address, number_of_ours, receipt_typed, without_signs
from tests.makers import make_event
from tests.visitor import Visitor, words_of


@pytest.mark.parametrize("address", ["/desk", "/desk/ABCD/plan?tab=2#here", "/"])
def test_a_path_of_ours_is_followed(address: str) -> None:
    assert local_address(address, "/desk") == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "desk",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        " /desk",
        "https://evil.test",
        "javascript:alert(1)",
        "data:text/html,hello",
    ],
)
def test_anything_else_is_not(address: str | None) -> None:
    assert local_address(address, "/home") == "/home"


def test_a_receipt_is_typed_as_people_write_its_number() -> None:
    assert [receipt_typed(typed) for typed in ("3", " #3", "# 3", "No. 3", "no 3", "№3", "Number 3 ")] == [3] * 7
    assert [receipt_typed(typed) for typed in ("", "#", "no", "##3#", "3.5", "٣", "9" * 10)] == [None] * 7
    assert without_signs("#12, No. 46 and 8").split() == ["12,", "46", "and", "8"]


def test_a_number_of_ours_is_one_that_every_database_takes() -> None:
    assert [number_of_ours(typed) for typed in ("7", "0", "9" * 18)] == [7, 0, 10**18 - 1]


@pytest.mark.parametrize("typed", ["", "-1", "+1", " 1", "1.5", "1e3", "٣", "9" * 19, "\0"])
def test_other_numbers_are_not(typed: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - it says no more than what was typed
        number_of_ours(typed)
    assert refusal.value.args == (typed,)


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/p/%00",
        "/p/abc%00def",
        "/sign-in/link/%00",
        "/e/{}/commit/%00",
        "/join?code=%00",
        "/e/{}/wall%00",
    ],
)
def test_an_address_with_a_nul_is_of_no_page(client: Visitor, session: Session, address: str) -> None:
    event = make_event(session)
    session.commit()

    answer = client.get(address.format(event.code))

    assert answer.status_code == 404
    assert "not" in words_of(answer)


@pytest.mark.parametrize("code", ["%00", "K7%00PM", "%C3%A9"])
def test_a_table_code_that_cannot_be_says_nothing(client: Visitor, session: Session, code: str) -> None:
    event = make_event(session)
    session.commit()
    page = f"/e/{event.code}/rate"

    assert client.words(f"{page}?table={code}") == client.words(page)


def test_the_log_begins_at_the_newest_line_for_an_impossible_number(
    session: Session, staff_client: Callable[..., Visitor]
) -> None:
    event = make_event(session)
    organiser = staff_client(event=event)

    newest = organiser.words(f"/desk/{event.code}/log")

    assert [organiser.words(f"/desk/{event.code}/log?before={n}") for n in ("9" * 30, "-1", "%00")] == [newest] * 3
