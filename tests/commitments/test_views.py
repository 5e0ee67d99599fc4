"""Commitments: made and answered by anybody, listed on the desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.commitments.messages import send_reminder
from hackathon.commitments.models import Kept
from hackathon.commitments.queries import commitments_of
from hackathon.core.clock import local, now
from hackathon.events.models import Event, Stage
from hackathon.staff.models import Role
from hackathon.web.acts import FROM_A_PHONE, FROM_AN_ADDRESS
from hackathon.web.limits import Buckets
from tests.counted import statements_in
from tests.makers import make_commitment, make_event
from tests.spending import spend_all
from tests.visitor import StaffClient, Visitor, words_of

BAD = "<script>alert(1)</script><svg onload=alert(2)>"


def test_anybody_commits_without_an_account_and_answers_later(session: Session, client: Visitor) -> None:
    event = make_event(session)
    session.commit()
    in_three_weeks = local(now(), event.timezone).date() + timedelta(weeks=3)

    receipt = client.post_form(
        f"/e/{event.code}/commit",
        {
            "text": "Have lunch with finance",
            "remind_on": in_three_weeks.isoformat(),
            "remind_to": "dan@example.org",
            "may_print": "y",
        },
    ).location

    (made,) = commitments_of(session, event)
    assert (made.text, made.remind_on, made.may_print, made.kept) == (
        "Have lunch with finance",
        in_three_weeks,
        True,
        Kept.NO_ANSWER,
    )
    assert "Have lunch with finance" in client.words(receipt)
    assert "It may be printed, without your name" in client.words(receipt)
    letter = session.scalars(select(Letter)).one()
    assert letter.to_address == "dan@example.org"
    assert f"https://hack.example.org{receipt}" in letter.text
    assert letter.send_after is not None
    assert local(letter.send_after, event.timezone).date() == in_three_weeks

    client.get(receipt)
    client.post_form(receipt, {"kept": "partly"})
    session.rollback()
    assert [each.kept for each in commitments_of(session, event)] == [Kept.PARTLY]
    assert "You said: Partly" in client.words(receipt)


def test_a_commitment_sent_fifty_times_is_one_with_one_letter(session: Session, client: Visitor) -> None:
    """Attack 19, for commitments."""
    event = make_event(session)
    session.commit()
    sent = {
        "text": "Walk",
        "remind_on": (local(now(), event.timezone).date() + timedelta(weeks=1)).isoformat(),
        "remind_to": "dan@example.org",
        "client_id": "a2" * 16,
        "csrf_token": client.token_on(f"/e/{event.code}/commit"),
    }

    receipts = {client.post(f"/e/{event.code}/commit", data=sent).location for _ in range(50)}

    assert len(receipts) == 1
    session.rollback()
    assert len(commitments_of(session, event)) == 1
    assert len(session.scalars(select(Letter)).all()) == 1
    other = client.post(f"/e/{event.code}/commit", data={**sent, "text": "Run"})
    assert "You have sent a commitment from this page already" in words_of(other)


def test_a_phone_hears_where_its_commitment_is_kept_and_offline_days_stay_what_they_were(
    session: Session, client: Visitor
) -> None:
    event = make_event(session, code="K7PM")
    session.commit()
    last_week = (local(now(), event.timezone).date() - timedelta(days=3) + timedelta(weeks=3)).isoformat()
    headers = {"Accept": "application/json", "X-CSRFToken": client.get("/token").get_json()["token"]}
    sent = {"text": "Walk", "remind_on": last_week, "client_id": "a2" * 16, "waited": str(3 * 24 * 60 * 60)}

    receipts = [client.post("/e/k7pm/commit", data=sent, headers=headers).get_json() for _again in range(3)]
    refused = client.post("/e/k7pm/commit", data={**sent, "text": ""}, headers=headers)

    page = f"/e/K7PM/commit/{'a2' * 16}"
    receipt = {"words": "Kept, number 1.", "number": 1, "late": False, "href": page}
    assert receipts == [{**receipt, "link": "Open it and keep its address"}] * 3
    assert (refused.status_code, refused.get_json()["field"]) == (422, "text")
    assert [made.text for made in commitments_of(session, event)] == ["Walk"]


def commit(client: Visitor, event: Event, number: int, **said: str) -> int:
    """Commit oneself with a fresh page, and say how that was answered."""
    token = f"{number:032}".translate(str.maketrans("0189", "abcd"))
    form = {"text": f"Walk {number}", "remind_on": "", "client_id": token, **said}
    return client.post(f"/e/{event.code}/commit", data=form).status_code


def test_letters_to_an_address_that_never_asked_for_them_are_few(session: Session, client: Visitor) -> None:
    event = make_event(session)
    session.commit()
    day = (local(now(), event.timezone).date() + timedelta(weeks=1)).isoformat()
    asked = {
        "remind_on": day,
        "remind_to": "dan@example.org",
        "csrf_token": client.token_on(f"/e/{event.code}/commit"),
    }

    answers = [commit(client, event, number, **asked) for number in range(6)]
    form = {**asked, "text": "Walk", "client_id": "q" * 32}
    on_a_phone = client.post(
        f"/e/{event.code}/commit", data=form, headers={"Accept": "application/json", "X-CSRFToken": asked["csrf_token"]}
    )

    assert answers == [303] * 4 + [200] * 2
    assert (on_a_phone.status_code, on_a_phone.get_json()["field"]) == (422, "remind_to")
    assert "Leave it out" in on_a_phone.get_json()["message"]
    assert commit(client, event, 6, **{**asked, "remind_to": "mair@example.org"}) == 303
    session.rollback()
    assert len(session.scalars(select(Letter)).all()) == len(commitments_of(session, event)) == 5


def test_a_hall_behind_one_address_may_commit_itself_as_often_as_it_may_write(
    session: Session, client: Visitor
) -> None:
    event = make_event(session)
    session.commit()
    token = client.token_on(f"/e/{event.code}/commit")
    client.app.extensions["limits"] = {
        limit.name: Buckets(limit, clock=lambda: 0.0) for limit in (FROM_A_PHONE, FROM_AN_ADDRESS)
    }

    first = commit(client, event, 1, csrf_token=token)
    more = spend_all(client.app, FROM_AN_ADDRESS)

    assert (first, more > 5_000) == (303, True)
    assert commit(client, event, 2, csrf_token=token) == 429


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"text": ""}, "Write what you will do"),
        ({"text": "x" * 301}, "300 characters or fewer"),
        ({"remind_to": "nobody"}, "Write an address like name@example.org"),
        ({"remind_to": "a@example.org"}, "Choose the day on which we shall write to you"),
        ({"remind_on": "2020-01-01"}, "Choose an answer"),
    ],
)
def test_a_commitment_that_cannot_be_kept_comes_back_with_the_reason(
    session: Session, client: Visitor, changed: dict[str, str], says: str
) -> None:
    event = make_event(session)
    session.commit()

    answer = client.post_form(f"/e/{event.code}/commit", {"text": "Walk", "remind_on": "", **changed})

    assert says in words_of(answer)
    assert commitments_of(session, event) == []


def test_the_desk_lists_commitments_and_takes_down_answers(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    make_commitment(session, event, number=1, text="Walk", may_print=True)
    make_commitment(session, event, number=2, text="Listen", kept=Kept.KEPT)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/commitments"

    jo.post_form(f"{page}/1", {"kept": "not_yet"}, page=page)

    assert "Kept 1 of 2 (50%)" in jo.words(page)
    assert "Answered 2 of 2 (100%)" in jo.words(page)
    assert "1. Walk Not yet · may be printed" in jo.words(page)


def test_attack_7_a_pledge_reminder_is_short_and_makes_no_link_of_what_was_written(session: Session) -> None:
    words = "write www.evil.test/win " + "listening " * 60
    event = make_event(session, title=" ".join(["listening"] * 12))
    commitment = make_commitment(session, event, text=words, remind_on=local(now(), event.timezone).date())

    letter = send_reminder(
        session, commitment, email="dan@example.org", link="https://hack.example.org/e/K7PM/commit/x"
    )

    assert letter is not None
    assert "www.evil" not in f"{letter.text}{letter.html}"
    read = [word for word in letter.text.split() if any(map(str.isalnum, word)) and not word.startswith("http")]
    assert len(read) <= 50, letter.text
    assert "Kept, partly or not yet" in (letter.html or "")
    assert letter.reply_to == event.contact_email


def test_markup_in_commitments_stays_words(session: Session, staff_client: StaffClient, client: Visitor) -> None:
    """Attack 17."""
    event = make_event(session)
    commitment = make_commitment(session, event, number=1, text=BAD)
    jo = staff_client(Role.FACILITATOR, event)

    for visitor, address in (
        (jo, f"/desk/{event.code}/commitments"),
        (client, f"/e/{event.code}/commit/{commitment.token}"),
    ):
        page = visitor.soup(address)
        assert BAD in page.get_text()
        assert page.select("[onload]") == []


def test_another_events_commitments_are_not_there(session: Session, staff_client: StaffClient, client: Visitor) -> None:
    """Attack 16."""
    event, other, draft = make_event(session), make_event(session), make_event(session, stage=Stage.DRAFT)
    commitment = make_commitment(session, other, number=5)
    hidden = make_commitment(session, draft, number=1)
    make_commitment(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/commitments"

    assert [
        jo.post_form(f"{page}/5", {"kept": "kept"}, page=page).status_code,
        client.get(f"/e/{event.code}/commit/{commitment.token}").status_code,
        client.get(f"/e/{draft.code}/commit/{hidden.token}").status_code,
    ] == [404] * 3


def test_a_longer_list_asks_no_more_of_the_database(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    jo = staff_client(Role.FACILITATOR, event)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_commitment(session, event)
        session.commit()
        counts.append(statements_in(lambda: jo.get(f"/desk/{event.code}/commitments")))

    assert counts[0] == counts[1]
