"""Whoever wrote a thought sees under which theme it went, and says in one tap that it is not what they meant."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.comments.operations import add_comment
from hackathon.community.operations import reply_to
from hackathon.events.models import Activity, Event, Place
from hackathon.insights.models import Identity, Insight
from hackathon.staff.models import Role
from hackathon.synthesis.models import Coder
from hackathon.synthesis.operations import add_coder, code_insight, object_to_theme
from hackathon.synthesis.queries import open_objections
from hackathon.themes.models import Theme
from tests.makers import make_account, make_event, make_insight, make_member, make_participant, make_theme
from tests.visitor import StaffClient, Visitor

PHONE, ADDRESS = "/on-this-phone", "/e/k7pm/insights/46"
SAID = "You said that this is not what you meant."


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, code="K7PM")


@pytest.fixture
def tools(session: Session, event: Event) -> Theme:
    return make_theme(session, event, key="tools", title="Tools")


@pytest.fixture
def words(session: Session, event: Event) -> Theme:
    return make_theme(session, event, key="words", title="Words and names")


@pytest.fixture
def jo(session: Session, event: Event) -> Coder:
    return add_coder(session, event, name="Jo")


@pytest.fixture
def thought(session: Session, event: Event, tools: Theme, jo: Coder) -> Insight:
    """Number 46, which the first coder put under Tools; nobody has looked at number 47."""
    insight = make_insight(session, event, number=46, text="Forms travel faster than people")
    make_insight(session, event, number=47, text="Nobody has looked at this", theme=tools)
    code_insight(session, insight, coder=jo, theme=tools, actor="Jo")
    session.commit()
    return insight


def waiting(session: Session, event: Event) -> list[int]:
    session.expire_all()
    return [objection.insight.number for objection in open_objections(session, event)]


def logged(session: Session) -> list[tuple[str, str]]:
    lines = select(Activity.kind, Activity.actor).where(Activity.kind.startswith("objection")).order_by(Activity.id)
    return [(kind, actor) for kind, actor in session.execute(lines)]


def test_a_phone_sees_its_themed_thoughts_and_objects_in_one_tap(
    client: Visitor, session: Session, event: Event, thought: Insight
) -> None:
    client.hold(receipts={"K7PM": [47, 46]})
    before = client.words(PHONE)

    for _ in range(2):
        sent = client.post_form(f"{ADDRESS}/not-what-i-meant", {"back": PHONE}, page=PHONE)

    assert "Did we hear you right? Forms travel faster than people 46 We put it under" in before
    assert "Nobody has looked at this" not in before
    assert sent.location == f"{PHONE}#heard-46"
    assert SAID in client.words(PHONE)
    assert waiting(session, event) == [46]
    assert logged(session) == [("objection.raised", "someone")]


def test_it_can_be_taken_back(client: Visitor, session: Session, event: Event, thought: Insight) -> None:
    client.hold(receipts={"K7PM": [46]})
    client.post_form(f"{ADDRESS}/not-what-i-meant", page=PHONE)

    for _ in range(2):
        client.post_form(f"{ADDRESS}/what-i-meant", page=PHONE)

    assert SAID not in client.words(PHONE)
    assert waiting(session, event) == []
    assert [kind for kind, _ in logged(session)] == ["objection.raised", "objection.withdrawn"]


def test_ones_own_link_shows_it_on_ones_own_page(
    client: Visitor, session: Session, event: Event, thought: Insight
) -> None:
    mair = make_participant(session, event)
    thought.author, thought.identity = mair, Identity.HIDDEN
    session.commit()
    client.hold(participants={"K7PM": mair.token})

    sent = client.post_form(f"{ADDRESS}/not-what-i-meant", {"back": "/e/K7PM/me"}, page="/e/k7pm/me")

    assert sent.location == "/e/K7PM/me#heard-46"
    assert SAID in client.words("/e/k7pm/me")
    assert waiting(session, event) == [46]


def test_nobody_objects_for_somebody_else_nor_before_there_is_a_theme(
    client: Visitor, session: Session, event: Event, thought: Insight
) -> None:
    client.hold(participants={"K7PM": make_participant(session, event).token}, receipts={"K7PM": [47]})
    page = "/e/k7pm/outside"

    refused = [client.post_form(f"{ADDRESS}/{way}", page=page) for way in ("not-what-i-meant", "what-i-meant")]
    too_early = client.post_form("/e/k7pm/insights/47/not-what-i-meant", page=page, follow_redirects=True)

    assert [answer.status_code for answer in refused] == [404, 404]
    assert "Nobody has put this thought under a theme yet." in too_early.text
    assert logged(session) == []


def test_it_waits_until_the_thought_is_moved(
    session: Session, event: Event, thought: Insight, jo: Coder, words: Theme, tools: Theme
) -> None:
    object_to_theme(session, thought)
    second = add_coder(session, event, name="Sam")

    code_insight(session, thought, coder=second, theme=words, actor="Sam")
    assert waiting(session, event) == [46]
    code_insight(session, thought, coder=jo, theme=None, actor="Jo")
    assert waiting(session, event) == []

    object_to_theme(session, thought)
    assert waiting(session, event) == [46]
    code_insight(session, thought, coder=jo, theme=words, actor="Jo")
    assert waiting(session, event) == []


def test_it_waits_until_somebody_answers_who_may(session: Session, event: Event, thought: Insight) -> None:
    sam = make_member(session, event, make_account(session, name="Sam"), Role.COMMUNITY_MANAGER).account
    object_to_theme(session, thought)

    add_comment(session, thought, text="So true", place=Place.ROOM, client_id="comment-0001")
    assert waiting(session, event) == [46]
    reply_to(session, thought, text="We moved on from that.", client_id="comment-0002", read_up_to=0, account=sam)
    assert waiting(session, event) == []


def test_those_who_theme_see_who_does_not_recognise_themselves(
    session: Session, event: Event, thought: Insight, staff_client: StaffClient
) -> None:
    facilitator, organiser = staff_client(Role.FACILITATOR, event), staff_client(Role.ORGANISER, event)
    page = "/desk/k7pm/theming"
    assert "do not recognise themselves" not in facilitator.words(page)

    object_to_theme(session, thought)
    session.commit()

    assert "People who do not recognise themselves" in facilitator.words(page)
    links = [
        [str(link["href"]) for link in who.soup(page).select("#not-heard ~ ol a")] for who in (facilitator, organiser)
    ]
    elsewhere, answer = "/desk/K7PM/theming?number=46", "/desk/K7PM/community/46"
    assert links == [[elsewhere], [elsewhere, answer]]
