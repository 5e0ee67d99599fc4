"""Recommendations on the desk; outcomes for everybody."""

import re

import pytest
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Stage
from hackathon.follow_up.models import Decision, Recommendation, RecommendationSource
from hackathon.follow_up.queries import insights_behind, recommendations_of
from hackathon.insights.models import HideReason, Insight
from hackathon.staff.models import Role
from tests.counted import statements_in
from tests.makers import make_event, make_insight, make_recommendation, make_theme
from tests.visitor import StaffClient, Visitor, words_of

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


def test_markup_in_recommendations_stays_words(session: Session, staff_client: StaffClient, client: Visitor) -> None:
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
    jo = staff_client(Role.FACILITATOR, event)
    desk = f"/desk/{event.code}"

    for visitor, address in (
        (jo, f"{desk}/recommendations"),
        (jo, f"{desk}/recommendations/horizons"),
        (jo, f"{desk}/recommendations/1/decide"),
        (client, f"/e/{event.code}/outcomes"),
    ):
        page = visitor.soup(address)
        assert BAD in page.get_text()
        assert page.select("[onload]") == []


def test_another_events_recommendations_are_not_there(
    session: Session, staff_client: StaffClient, client: Visitor
) -> None:
    """Attack 16."""
    event, other, draft = make_event(session), make_event(session), make_event(session, stage=Stage.DRAFT)
    make_recommendation(session, other, number=5)
    jo = staff_client(Role.FACILITATOR, event)
    desk = f"/desk/{event.code}"

    assert [
        jo.get(f"{desk}/recommendations/5").status_code,
        jo.get(f"{desk}/recommendations/5/decide").status_code,
        client.get(f"/e/{draft.code}/outcomes").status_code,
        jo.get(f"/desk/{other.code}/recommendations").status_code,
    ] == [404] * 4


@pytest.mark.parametrize(
    "address",
    [
        "/desk/{}/recommendations",
        "/desk/{}/recommendations/horizons",
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
        session.commit()
        counts.append(statements_in(lambda: jo.get(address.format(event.code))))

    assert counts[0] == counts[1]
