"""The theming desk in a browser."""

import pytest
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.insights.models import HideReason
from hackathon.staff.models import Role
from hackathon.synthesis.operations import add_coder, code_insight
from hackathon.synthesis.queries import codings_of, settled_themes
from tests.counted import statements_in
from tests.makers import make_account, make_event, make_insight, make_theme
from tests.visitor import StaffClient, Visitor, words_of


def test_one_tap_puts_an_insight_under_a_theme_and_the_next_one_comes(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session)
    theme = make_theme(session, event, position=1, key="language", title="Words and names")
    make_insight(session, event, number=1, text="Call it what it is")
    make_insight(session, event, number=2, text="Forms have no box for that")
    jo = staff_client(Role.FACILITATOR, event, make_account(session, name="Jo Castellan"))
    page = f"/desk/{event.code}/theming"
    assert "You have looked at 0 of 2" in jo.words(page)

    answer = jo.post_form(f"{page}/1", {"theme": "language"}, page=page)

    assert answer.location.lower() == page.lower()
    after = jo.words(page)
    assert "You have looked at 1 of 2" in after
    assert "Forms have no box for that" in after
    assert "You put 1 under A Words and names. Take it back" in after
    assert "A Jo Castellan (you) 1 of 2" in after
    assert [(coding.coder.letter, coding.theme) for coding in codings_of(session, event)] == [("a", theme)]


def test_fits_none_is_an_answer_and_undo_brings_the_insight_back(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    theme = make_theme(session, event, position=1)
    insight = make_insight(session, event, number=1, theme=theme, text="Something else again")
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/theming"
    jo.post_form(f"{page}/1", {"theme": "-"}, page=page)
    assert settled_themes(session, event) == {insight.id: None}

    jo.post_form(f"{page}/undo", page=page)

    assert codings_of(session, event) == []
    assert "Something else again" in jo.words(page)


@pytest.mark.parametrize("theme", ["", "no-such-theme", "1"])
def test_a_theme_that_is_not_here_changes_nothing(session: Session, staff_client: StaffClient, theme: str) -> None:
    event, other = make_event(session), make_event(session)
    make_theme(session, event, position=1)
    make_theme(session, other, position=1, key="no-such-theme")
    make_insight(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)

    answer = jo.post_form(f"/desk/{event.code}/theming/1", {"theme": theme}, page=f"/desk/{event.code}/theming")

    assert answer.status_code == 400
    assert codings_of(session, event) == []


def test_hidden_insights_are_left_out_everywhere(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    theme = make_theme(session, event, position=1, key="language")
    make_insight(
        session, event, number=1, text="A name", theme=theme, hidden_at=now(), hidden_reason=HideReason.PERSONAL
    )
    make_insight(session, event, number=2, text="Seen", theme=theme)
    jo = staff_client(Role.FACILITATOR, event)

    pages = [jo.words(f"/desk/{event.code}/theming{rest}") for rest in ("", "?number=2", "/under/language")]

    assert all("A name" not in page and "Seen" in page for page in pages)
    assert jo.get(f"/desk/{event.code}/theming?number=1").status_code == 404
    answer = jo.post_form(f"/desk/{event.code}/theming/1", {"theme": "-"}, page=f"/desk/{event.code}/theming")
    assert answer.status_code == 404


def test_one_can_be_left_for_later_and_one_can_be_put_elsewhere(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    make_theme(session, event, position=1)
    for number, text in ((1, "First one"), (2, "Second one")):
        make_insight(session, event, number=number, text=text)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/theming"

    assert "Second one" in jo.words(f"{page}?after=1")
    assert "First one" in jo.words(f"{page}?after=2")
    assert "Second one" in jo.words(f"{page}?number=2")
    assert "First one" in jo.words(f"{page}?number=99999999999999999999&after=-5")


def test_the_list_under_a_theme_says_whose_choice_it_was(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    theme = make_theme(session, event, position=1, key="language")
    coded = make_insight(session, event, number=1, text="Coded")
    make_insight(session, event, number=2, text="Chosen", theme=theme)
    code_insight(session, coded, coder=add_coder(session, event, name="Jo"), theme=theme, actor="Jo")
    jo = staff_client(Role.FACILITATOR, event)

    rows = [
        " ".join(row.get_text(" ").split())
        for row in jo.soup(f"/desk/{event.code}/theming/under/language").select(".row-item")
    ]

    assert rows == [
        "Coded 1 In the room Put elsewhere insight 1",
        "Chosen 2 In the room · Its writer’s own choice Put elsewhere insight 2",
    ]
    assert "Nothing is here yet" in jo.words(f"/desk/{event.code}/theming/under/-")
    assert jo.get(f"/desk/{event.code}/theming/under/nothing").status_code == 404


def test_agreement_appears_once_two_have_looked_at_the_same(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    themes = [make_theme(session, event, position=number) for number in (1, 2)]
    coders = [add_coder(session, event, name=name) for name in ("Jo", "Benedikt")]
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/theming"
    for theme in (themes[0], themes[0], themes[1]):
        code_insight(session, insight := make_insight(session, event), coder=coders[0], theme=theme, actor="Jo")
    session.commit()
    assert "This appears once two people have looked at the same insight" in jo.words(page)

    code_insight(session, insight, coder=coders[1], theme=themes[0], actor="Benedikt")
    session.commit()

    assert "0 of 1 (0%) of the insights that both coders looked at" in jo.words(page)
    assert "Cohen’s kappa is 0.00 , on 1 insight" in jo.words(page)


def test_an_event_without_themes_or_insights_says_what_will_be_here(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/theming"

    assert "There are no themes yet" in jo.words(page)
    make_theme(session, event, position=1)
    session.commit()
    assert "Nobody has shared an insight yet" in jo.words(page)


def test_markup_in_an_insight_stays_words(session: Session, staff_client: StaffClient) -> None:
    """Attack 17."""
    event = make_event(session)
    make_theme(session, event, position=1, key="language", title="<b>Words</b>")
    make_insight(session, event, number=1, text="<script>alert(1)</script><svg onload=alert(2)>")
    jo = staff_client(Role.FACILITATOR, event)

    for rest in ("", "/under/-"):
        page = jo.soup(f"/desk/{event.code}/theming{rest}")
        assert "<script>alert(1)</script><svg onload=alert(2)>" in page.get_text()
        assert page.select("[onload]") == []


def test_another_events_insights_are_not_there(session: Session, staff_client: StaffClient) -> None:
    """Attack 16."""
    event, other = make_event(session), make_event(session)
    make_theme(session, event, position=1, key="language")
    make_theme(session, other, position=1, key="theirs")
    make_insight(session, event, number=1)
    make_insight(session, other, number=77)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/theming"

    assert jo.get(f"{page}?number=77").status_code == 404
    assert jo.get(f"{page}/under/theirs").status_code == 404
    assert jo.post_form(f"{page}/77", {"theme": "language"}, page=page).status_code == 404
    assert jo.get(f"/desk/{other.code}/theming").status_code == 404


def test_only_facilitators_theme(session: Session, staff_client: StaffClient, client: Visitor) -> None:
    event = make_event(session)
    page = f"/desk/{event.code}/theming"

    assert staff_client(Role.COMMUNITY_MANAGER, event).get(page).status_code == 404
    assert "/sign-in" in client.get(page).location


@pytest.mark.parametrize("rest", ["", "/under/language"])
def test_a_longer_list_asks_no_more_of_the_database(session: Session, staff_client: StaffClient, rest: str) -> None:
    event = make_event(session)
    theme = make_theme(session, event, position=1, key="language")
    coder = add_coder(session, event, name="Benedikt")
    jo = staff_client(Role.FACILITATOR, event)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            insight = make_insight(session, event, theme=theme)
            code_insight(session, insight, coder=coder, theme=theme, actor="Benedikt")
        session.commit()
        counts.append(statements_in(lambda: jo.get(f"/desk/{event.code}/theming{rest}")))

    assert counts[0] == counts[1]


def test_theming_goes_on_when_everything_is_looked_at(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    make_theme(session, event, position=1, key="language")
    make_insight(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/theming"

    answer = jo.post_form(f"{page}/1", {"theme": "language"}, page=page, follow_redirects=True)

    assert "You have looked at every insight" in words_of(answer)
