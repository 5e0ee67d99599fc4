"""Signing in with a browser."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.events.models import Membership
from hackathon.staff.models import Role, SignInCode
from hackathon.staff.operations import make_sign_in_link
from tests.conftest import SECRET
from tests.makers import make_account, make_event
from tests.visitor import Visitor, words_of


def letters(session: Session) -> list[Letter]:
    session.rollback()
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def digits_in(letter: Letter) -> str:
    found = re.search(r"\b\d{6}\b", letter.text)
    assert found is not None
    return found.group()


def link_in(letter: Letter) -> str:
    found = re.search(r"https://hack\.example\.org(/sign-in/link/\S+)", letter.text)
    assert found is not None
    return found.group(1)


@pytest.fixture(autouse=True)
def priya(session: Session) -> None:
    make_account(session, "priya@example.org", "Priya Nandakumar")
    session.commit()


def test_signing_in_with_the_digits_of_the_letter(client: Visitor, session: Session) -> None:
    asked = client.post_form("/sign-in", {"email": "Priya@example.org"})
    answer = client.post_form("/sign-in/code", {"digits": digits_in(letters(session)[0])})

    assert (asked.status_code, asked.location) == (302, "/sign-in/code")
    assert (answer.status_code, answer.location) == (302, "/desk")
    assert "Plan a new event" in client.words("/desk")


def test_the_letter_goes_to_the_address_and_the_page_says_where_it_lies(client: Visitor, session: Session) -> None:
    client.post_form("/sign-in", {"email": "priya@example.org"})

    (letter,) = letters(session)
    assert (letter.to_address, letter.kind) == ("priya@example.org", "staff.sign-in")
    assert letter.good_until is not None
    assert abs(letter.good_until - session.scalars(select(SignInCode.expires_at)).one()) < timedelta(seconds=5)
    assert ".venv/bin/flask --app app mail show priya@example.org" in client.words("/sign-in/code")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the six digits in the letter"),
        ("12a456", "The code has six digits"),
        ("000000", "That code does not work"),
    ],
)
def test_a_mistake_in_the_code_is_said_beside_the_box(client: Visitor, session: Session, typed: str, said: str) -> None:
    client.post_form("/sign-in", {"email": "priya@example.org"})
    session.rollback()
    session.scalars(select(SignInCode)).one().digits_digest = "something else"
    session.commit()

    answer = client.post_form("/sign-in/code", {"digits": typed})

    assert said in words_of(answer)
    assert client.get("/desk").location == "/sign-in?next=/desk"


def test_a_wrong_try_is_counted_although_it_is_refused(client: Visitor, session: Session) -> None:
    client.post_form("/sign-in", {"email": "priya@example.org"})
    right = digits_in(letters(session)[0])
    for _ in range(5):
        client.post_form("/sign-in/code", {"digits": f"{(int(right) + 1) % 1_000_000:06}"})

    assert "That code does not work" in words_of(client.post_form("/sign-in/code", {"digits": right}))


def test_a_code_page_without_an_address_leads_back(client: Visitor) -> None:
    assert client.get("/sign-in/code").location == "/sign-in"


@pytest.mark.parametrize(
    "typed", ["", "priya", "priya@example", "a b@example.org", "x@example.org\r\nBcc: y@evil.test"]
)
def test_an_address_of_another_shape_is_refused_in_words(client: Visitor, session: Session, typed: str) -> None:
    answer = client.post_form("/sign-in", {"email": typed})

    assert "There is a problem" in words_of(answer)
    assert letters(session) == []


def test_opening_the_link_changes_nothing_and_its_button_signs_in_once(client: Visitor, session: Session) -> None:
    """Attack 5: a mail scanner fetches every link, some with HEAD, before the person does."""
    client.post_form("/sign-in", {"email": "priya@example.org"})
    link = link_in(letters(session)[0])
    scanner = Visitor(client.app)
    for _ in range(3):
        assert "Sign in on this device" in words_of(scanner.get(link))
        scanner.client.head(link)
    session.rollback()
    assert session.scalars(select(SignInCode.spent_at)).all() == [None]

    assert client.post_form(link).location == "/desk"
    assert "Plan a new event" in client.words("/desk")
    assert scanner.post_form(link).location == "/sign-in"
    assert "cannot be used any more" in scanner.words("/sign-in")


def test_a_link_from_the_terminal_works_in_a_fresh_browser(client: Visitor, session: Session) -> None:
    token = make_sign_in_link(session, make_account(session), secret=SECRET)
    session.commit()

    assert client.post_form(f"/sign-in/link/{token}").location == "/desk"


def test_signing_out_closes_the_desk(client: Visitor, session: Session) -> None:
    client.sign_in(make_account(session).id)
    session.commit()

    answer = client.post_form("/sign-out", page="/desk")

    assert answer.location == "/sign-in"
    assert client.get("/desk").location == "/sign-in?next=/desk"


def test_an_unknown_address_gets_the_same_answer(client: Visitor, session: Session) -> None:
    """Attack 9: nothing on the page tells who runs events here. The owner of the address is told by letter."""
    seen = []
    for email in ("priya@example.org", "nobody@example.org"):
        visitor = Visitor(client.app)
        asked = visitor.post_form("/sign-in", {"email": email})
        code = visitor.get("/sign-in/code")
        wrong = visitor.post_form("/sign-in/code", {"digits": "000000"})
        seen.append((asked.status_code, asked.location, words_of(code).replace(email, "…"), words_of(wrong)))

    assert seen[0][:3] == seen[1][:3]
    assert seen[0][3].replace("priya", "nobody") == seen[1][3]
    to_known, to_unknown = letters(session)
    assert "Your code:" in to_known.text
    assert "It has no account" in to_unknown.text
    assert "sign-in/link" not in to_unknown.text


def test_an_unknown_address_gets_its_answer_in_the_same_time(client: Visitor) -> None:
    """Attack 9: the steps are the same, so the times are alike. Medians of interleaved tries, with some room.

    What else the machine does may fall on one of the two once, but a difference that tells something is always there.
    """
    token = client.token_on("/sign-in")

    def seconds(email: str) -> float:
        client.app.extensions.pop("limits", None)
        start = time.perf_counter()
        client.post("/sign-in", data={"email": email, "csrf_token": token})
        client.post("/sign-in/code", data={"digits": "000000", "csrf_token": token})
        return time.perf_counter() - start

    def are_alike() -> bool:
        rounds = [(seconds("priya@example.org"), seconds("nobody@example.org")) for _ in range(15)]
        known, unknown = (statistics.median(times) for times in zip(*rounds, strict=True))
        return bool(abs(known - unknown) < max(0.25 * known, 0.004))

    assert any(are_alike() for _ in range(3))


@pytest.mark.parametrize(
    "address",
    [
        "//evil.test",
        "///evil.test",
        "\\\\evil.test",
        "/\\evil.test",
        "/%09/evil.test".replace("%09", "\t"),
        "https://evil.test/desk",
        "javascript:alert(1)",
        "desk",
        "",
    ],
)
def test_signing_in_leads_only_to_local_addresses(client: Visitor, session: Session, address: str) -> None:
    """Attack 13."""
    client.post_form("/sign-in", {"email": "priya@example.org"}, query_string={"next": address})
    answer = client.post_form("/sign-in/code", {"digits": digits_in(letters(session)[0])})

    assert answer.location == "/desk"


def test_signing_in_leads_on_to_the_page_that_was_asked_for(client: Visitor, session: Session) -> None:
    """The control of attack 13: an address of ours is followed."""
    assert client.get("/desk/new").location == "/sign-in?next=/desk/new"
    client.post_form("/sign-in", {"email": "priya@example.org"}, query_string={"next": "/desk/new"})
    answer = client.post_form("/sign-in/code", {"digits": digits_in(letters(session)[0])})

    assert answer.location == "/desk/new"


def test_a_session_from_before_is_not_the_session_after(client: Visitor, session: Session) -> None:
    """Attack 14, for staff: what somebody put into the browser before signing in is gone."""
    client.hold(planted="yes")
    client.post_form("/sign-in", {"email": "priya@example.org"})
    client.post_form("/sign-in/code", {"digits": digits_in(letters(session)[0])})

    with client.client.session_transaction() as cookie:
        assert "planted" not in cookie


def _ask(client: Visitor, email: str, times: int) -> list[int]:
    return [client.post_form("/sign-in", {"email": email}).status_code for _ in range(times)]


def test_letters_to_one_address_are_throttled(client: Visitor, session: Session) -> None:
    """Attack 38: the sixth letter to the same address has to wait; another address has not."""
    assert _ask(client, "priya@example.org", 6) == [302, 302, 302, 302, 302, 429]
    assert len(letters(session)) == 5
    assert _ask(client, "jo@example.org", 1) == [302]


def test_letters_for_one_caller_are_throttled_whatever_it_says_about_itself(client: Visitor) -> None:
    """Attacks 38 and 12: another address each time, and a made-up X-Forwarded-For, do not help."""
    seen = [
        client.post_form(
            "/sign-in", {"email": f"a{n}@example.org"}, headers={"X-Forwarded-For": f"192.0.2.{n}"}
        ).status_code
        for n in range(31)
    ]

    assert seen == [302] * 30 + [429]


def test_the_page_that_says_wait_says_how_long(client: Visitor) -> None:
    _ask(client, "priya@example.org", 5)
    answer = client.post_form("/sign-in", {"email": "priya@example.org"})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "That was a lot in a short time" in words_of(answer)


def test_people_say_what_they_are_called(client: Visitor, session: Session) -> None:
    jo = make_account(session, "jo@example.org")
    session.add(Membership(event=make_event(session), account=jo, role=Role.SCRIBE))
    session.commit()
    client.sign_in(jo.id)

    refused = client.post_form("/desk/you", {"name": " "})
    client.post_form("/desk/you", {"name": "Jo Castellan"})

    assert "Write your name" in words_of(refused)
    assert "You are signed in as Jo Castellan" in client.words("/desk")
