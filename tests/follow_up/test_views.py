"""Recommendations on the desk; outcomes and commitments for everybody."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.core.clock import local, now
from hackathon.events.models import Event, Stage
from hackathon.follow_up.messages import send_reminder
from hackathon.follow_up.models import Decision, Kept, Recommendation, RecommendationSource
from hackathon.follow_up.queries import commitments_of, insights_behind, recommendations_of
from hackathon.insights.models import HideReason, Insight
from hackathon.staff.models import Role
from hackathon.web.acts import FROM_A_PHONE, FROM_AN_ADDRESS
from hackathon.web.limits import Buckets
from tests.counted import statements_in
from tests.makers import (
    make_commitment,
    make_event,
    make_insight,
    make_recommendation,
    make_theme,
)
from tests.spending import spend_all
from tests.visitor import Visitor, words_of

StaffClient = Callable[..., Visitor]
WORDS = {
    "text": "Answer every idea",
    "because": "Silence was how ideas die",
    "owner_role": "Chief executive's office",
    "first_step": "Name the person",
    "horizon": "1",
    "sources": "12 and 46",
}
BAD = "<script>alert(1)</script><svg onload=alert(2)>"


def from_insight(session: Session, recommendation: Recommendation, insight: Insight) -> None:
    session.add(RecommendationSource(recommendation=recommendation, insight=insight))


def test_a_facilitator_writes_a_recommendation_and_decides_it(
    session: Session, staff_client: StaffClient, client: Visitor
) -> None:
    event = make_event(session)
    insights = [make_insight(session, event, number=number) for number in (12, 46)]
    jo = staff_client(Role.FACILITATOR, event)
    desk = f"/desk/{event.code}/recommendations"
    assert "No recommendations yet" in jo.words(desk)

    jo.post_form(f"{desk}/new", WORDS)
    jo.post_form(
        f"{desk}/1/decide",
        {"decision": "test", "reason": "Two wards try it from May.", "owner_role": "Ward managers"},
    )

    (recommendation,) = recommendations_of(session, event)
    assert insights_behind(session, event) == {recommendation.id: insights}
    assert "1. Answer every idea We will try it out" in jo.words(desk)
    page = client.words(f"/e/{event.code}/outcomes")
    assert "Going ahead 1" in page
    assert "The decision, and why Two wards try it from May." in page
    assert "Who sees it through Ward managers" in page
    assert "Horizon 1 Quick win" in page
    assert "From insights insight 12 insight 46" in page


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"text": ""}, "Write what you recommend"),
        ({"text": "x" * 301}, "300 characters or fewer"),
        ({"sources": "twelve"}, "Write receipt numbers with commas between them"),
        ({"sources": "9" * 30}, "Write receipt numbers with commas between them"),
        ({"sources": "12, 999"}, "No insight here has the number 999"),
        ({"horizon": "5"}, "Choose an answer"),
    ],
)
def test_a_recommendation_that_cannot_be_kept_comes_back_with_everything_typed(
    session: Session, staff_client: StaffClient, changed: dict[str, str], says: str
) -> None:
    event = make_event(session)
    make_insight(session, event, number=12)
    jo = staff_client(Role.FACILITATOR, event)

    answer = jo.post_form(f"/desk/{event.code}/recommendations/new", {**WORDS, "sources": "12", **changed})

    assert says in words_of(answer)
    assert "Silence was how ideas die" in answer.text
    assert recommendations_of(session, event) == []


def test_editing_what_somebody_changed_meanwhile_shows_both(session: Session, staff_client: StaffClient) -> None:
    """Attack 21."""
    event = make_event(session)
    recommendation = make_recommendation(session, event, number=1, text="As Sam has it")
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/recommendations/1"
    mine = {**WORDS, "sources": "", "text": "As Jo has it"}

    overtaken = jo.post_form(page, {**mine, "edition": "an older one"})
    assert "What it says now" in words_of(overtaken)
    assert "As Sam has it" in words_of(overtaken)
    assert "As Jo has it" in overtaken.text

    jo.post_form(page, {**mine, "edition": recommendation.edition})
    session.rollback()
    assert [each.text for each in recommendations_of(session, event)] == ["As Jo has it"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"decision": "no", "reason": ""}, "Give a reason"),
        ({"decision": "no", "reason": "word " * 61}, "The reason has 61 words"),
        ({"decision": "do", "reason": "Because", "owner_role": ""}, "Say who sees it through"),
        ({"reason": "Because"}, "Choose an answer"),
    ],
)
def test_a_decision_that_cannot_be_kept_comes_back_with_the_reason(
    session: Session, staff_client: StaffClient, sent: dict[str, str], says: str
) -> None:
    event = make_event(session)
    make_recommendation(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)

    answer = jo.post_form(f"/desk/{event.code}/recommendations/1/decide", sent)

    assert says in words_of(answer)
    assert [each.decision for each in recommendations_of(session, event)] == [None]


def test_outcomes_tell_everything_also_what_is_not_done(session: Session, client: Visitor) -> None:
    event = make_event(session)
    for number, decision in enumerate((Decision.DO, Decision.ALREADY, Decision.NOT_NOW, Decision.NO, None), start=1):
        make_recommendation(session, event, number=number, decision=decision, reason="A reason" if decision else "")
    session.commit()

    headings = [" ".join(each.get_text(" ").split()) for each in client.soup(f"/e/{event.code}/outcomes").select("h2")]

    assert headings == ["Going ahead 1", "Done already 1", "Not going ahead, and why 2", "Not decided yet 1"]
    assert "4 of 5 (80%) are decided" in client.words(f"/e/{event.code}/outcomes")


def test_anybody_can_ask_what_became_of_their_own(session: Session, client: Visitor) -> None:
    event = make_event(session)
    theme = make_theme(session, event, position=1, title="Words and names")
    insight = make_insight(session, event, number=12, text="Nobody answers", theme=theme)
    make_insight(session, event, number=13, text="Not in any")
    make_insight(session, event, number=14, text="A name", hidden_at=now(), hidden_reason=HideReason.PERSONAL)
    recommendation = make_recommendation(session, event, number=1, decision=Decision.DO, reason="It is right.")
    from_insight(session, recommendation, insight)
    session.commit()
    page = f"/e/{event.code}/outcomes?number="

    assert "Nobody answers It was read under" in client.words(f"{page}12")
    assert "A Words and names It is behind 1 recommendation: 1. Recommendation 1 We will do it" in client.words(
        f"{page}12"
    )
    assert "No recommendation names it as a source so far" in client.words(f"{page}13")
    for number in ("14", "99", "x", "-1", "9" * 40, "²", "<b>"):
        assert "can be seen here. Check the number on your receipt" in client.words(f"{page}{number}")
    assert "A name" not in client.words(f"{page}14")


def test_the_horizon_board_puts_each_in_its_column(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    for number, horizon in ((1, 1), (2, 4), (3, 1)):
        make_recommendation(session, event, number=number, horizon=horizon, text=f"Recommendation {number}")
    jo = staff_client(Role.FACILITATOR, event)

    lanes = jo.soup(f"/desk/{event.code}/recommendations/horizons").select(".lane")

    assert [re.findall(r"Recommendation (\d)", lane.get_text(" ")) for lane in lanes] == [
        ["1", "3"],
        [],
        [],
        ["2"],
    ]


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


def test_markup_in_recommendations_and_commitments_stays_words(
    session: Session, staff_client: StaffClient, client: Visitor
) -> None:
    """Attack 17."""
    event = make_event(session)
    make_recommendation(
        session,
        event,
        number=1,
        text=BAD,
        because=BAD,
        owner_role=BAD,
        first_step=BAD,
        decision=Decision.NO,
        reason=BAD,
    )
    commitment = make_commitment(session, event, number=1, text=BAD)
    jo = staff_client(Role.FACILITATOR, event)
    desk = f"/desk/{event.code}"

    for visitor, address in (
        (jo, f"{desk}/recommendations"),
        (jo, f"{desk}/recommendations/horizons"),
        (jo, f"{desk}/recommendations/1/decide"),
        (jo, f"{desk}/commitments"),
        (client, f"/e/{event.code}/outcomes"),
        (client, f"/e/{event.code}/commit/{commitment.token}"),
    ):
        page = visitor.soup(address)
        assert BAD in page.get_text()
        assert page.select("[onload]") == []


def test_another_events_recommendations_and_commitments_are_not_there(
    session: Session, staff_client: StaffClient, client: Visitor
) -> None:
    """Attack 16."""
    event, other, draft = make_event(session), make_event(session), make_event(session, stage=Stage.DRAFT)
    make_recommendation(session, other, number=5)
    commitment = make_commitment(session, other, number=5)
    hidden = make_commitment(session, draft, number=1)
    make_commitment(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)
    desk = f"/desk/{event.code}"

    assert [
        jo.get(f"{desk}/recommendations/5").status_code,
        jo.get(f"{desk}/recommendations/5/decide").status_code,
        jo.post_form(f"{desk}/commitments/5", {"kept": "kept"}, page=f"{desk}/commitments").status_code,
        client.get(f"/e/{event.code}/commit/{commitment.token}").status_code,
        client.get(f"/e/{draft.code}/commit/{hidden.token}").status_code,
        client.get(f"/e/{draft.code}/outcomes").status_code,
        jo.get(f"/desk/{other.code}/recommendations").status_code,
    ] == [404] * 7


@pytest.mark.parametrize(
    "address",
    [
        "/desk/{}/recommendations",
        "/desk/{}/recommendations/horizons",
        "/desk/{}/commitments",
        "/e/{}/outcomes?number=1",
    ],
)
def test_longer_lists_ask_no_more_of_the_database(session: Session, staff_client: StaffClient, address: str) -> None:
    event = make_event(session)
    make_insight(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            from_insight(session, make_recommendation(session, event), make_insight(session, event))
            make_commitment(session, event)
        session.commit()
        counts.append(statements_in(lambda: jo.get(address.format(event.code))))

    assert counts[0] == counts[1]


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
