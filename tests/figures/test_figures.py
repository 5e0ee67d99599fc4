"""Every figure of the sample event, against a calculation that shares no code with ours."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.comments.operations import add_comment
from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.db import transaction
from hackathon.counts.queries import contributions_by_quarter_hour, insights_by_table, live_counts
from hackathon.desk.queries import count_open
from hackathon.events.models import Place, Stage
from hackathon.events.operations import freeze_figures
from hackathon.figures.document import DEFINITIONS, GROUPS, NOT_COMPUTABLE, shown
from hackathon.figures.queries import figures_of, needs_of
from hackathon.framing.operations import declare_base
from hackathon.insights.models import AuthorRole, HideReason, Identity, Kind, ReplyPromise, Source
from hackathon.insights.operations import share_insight
from hackathon.insights.queries import insight_by_number
from hackathon.maths.rates import Rate
from hackathon.moderation.operations import hide_words
from hackathon.overall.queries import series_figures
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.staff.models import Role
from hackathon.statements.operations import add_statement, open_round
from hackathon.synthesis.models import Coder, Coding
from hackathon.votes.models import Mark
from hackathon.write_ups.queries import write_up_of
from hackathon.write_ups.transfer import charts_of
from tests.counted import statements_in
from tests.makers import (
    kept,
    make_ballot,
    make_event,
    make_insight,
    make_participant,
    make_registration,
    make_series_of,
    make_table,
    make_theme,
)
from tests.visitor import Visitor

KNOWN_AT_THE_DOOR = ("participants", "participation_rate", "outside_share_of_people", "attendance_rate", "walk_ins")
EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text())


def test_every_figure_of_the_sample_event_is_as_expected(session: Session) -> None:
    event, _ = load_folder(SAMPLE)

    found = json.loads(json.dumps(figures_of(session, event).as_json()))

    assert found == EXPECTED


def test_figures_json_says_the_same_with_the_moment_at_which_it_holds(client: Visitor, session: Session) -> None:
    event, _ = load_folder(SAMPLE)

    answer = client.get(f"/e/{event.code}/figures.json")

    assert answer.get_json() == EXPECTED
    assert answer.headers["X-Figures-As-Of"] == "2026-06-09T22:59:59+00:00"


def test_the_parts_of_a_figure_are_said_in_plain_words_in_the_order_of_the_day(session: Session) -> None:
    event, _ = load_folder(SAMPLE)

    lines = shown(figures_of(session, event), "insights_by_phase", "ballots_by_channel", "turnout_by_place")

    assert [line.text for line in lines] == [
        "warm-up 11, opening up 200, coming together 20, after the day 9",
        "on a phone 74, on paper 14",
        "in the room 75 of 80 (94%), from outside 13 of 41 (32%)",
    ]


def test_themes_are_called_by_their_titles_in_a_line_and_by_their_keys_in_the_file(session: Session) -> None:
    event = make_event(session)
    for key, title in (("language", "Words and names"), ("permission", "Who may begin")):
        make_insight(session, event, theme=make_theme(session, event, key=key, title=title))
    make_insight(session, event)
    session.commit()

    figures = figures_of(session, event)

    said = shown(figures, "insights_by_theme_at_capture")[0].text
    assert said == "“Words and names” 1, “Who may begin” 1, no theme 1"
    assert figures.as_json()["insights_by_theme_at_capture"] == {"language": 1, "none": 1, "permission": 1}


def test_live_counts_are_the_same_figures(session: Session) -> None:
    event, _ = load_folder(SAMPLE)

    counts = live_counts(session, event)

    assert {"room": counts.room, "outside": counts.outside} == EXPECTED["contributions_by_place"]
    assert counts.total == EXPECTED["contributions"]
    assert counts.people_here == EXPECTED["attended"]


def test_tables_add_up_to_the_insights_that_came_from_tables(session: Session) -> None:
    event, _ = load_folder(SAMPLE)

    by_table = insights_by_table(session, event)

    assert len(by_table) == 10
    assert 0 < sum(number for _, number in by_table) <= EXPECTED["insights_by_place"]["room"]


def test_the_quarters_of_an_hour_are_cut_on_the_clock(session: Session) -> None:
    event = make_event(session)
    for minute in (14, 15, 29):
        make_insight(session, event, captured_at=datetime(2026, 3, 17, 10, minute, tzinfo=UTC), place=Place.OUTSIDE)
    session.commit()

    found = contributions_by_quarter_hour(session, event)

    assert found == [
        (datetime(2026, 3, 17, 10, 0, tzinfo=UTC), 0, 1),
        (datetime(2026, 3, 17, 10, 15, tzinfo=UTC), 0, 2),
    ]


def test_frozen_figures_do_not_move_for_words_that_waited_on_a_phone(session: Session) -> None:
    event = make_event(session, stage=Stage.AFTER)
    insight = make_insight(session, event)
    freeze_figures(session, event, actor="Jo")
    frozen = figures_of(session, event)
    an_hour_ago = now() - timedelta(hours=1)

    sent: dict[str, Any] = {"place": Place.ROOM, "text": "From a pocket"}
    unsigned: dict[str, Any] = {"identity": Identity.ANONYMOUS, "source": Source.PHONE}
    share_insight(
        session, event, client_id="a-phone-1", captured_at=an_hour_ago, phase=Stage.CONVERGE, **sent, **unsigned
    )
    add_comment(session, insight, client_id="a-phone-2", written_at=an_hour_ago, **sent)

    assert figures_of(session, event) == frozen


def test_nobody_is_counted_as_let_down_before_their_hours_are_over(session: Session) -> None:
    event = make_event(session, held_on=date(2026, 3, 17))
    wrote = datetime(2026, 3, 17, 10, tzinfo=UTC)
    duty = ["2026-03-17T10:30:00+00:00", "2026-03-17T18:00:00+00:00"]
    kept(session, ReplyPromise(event=event, kind=Kind.QUESTION, within_hours=4, staffed=[duty]))
    answered, _ = (make_insight(session, event, kind=Kind.QUESTION, captured_at=wrote) for _ in range(2))
    reply = add_comment(
        session,
        answered,
        text="Yes",
        place=Place.ROOM,
        client_id=long_token(),
        author_role=AuthorRole.COMMUNITY_MANAGER,
    )
    reply.written_at = wrote + timedelta(hours=1)

    def replies(hours: int) -> tuple[Rate | None, Rate | None]:
        freeze_figures(session, event, at=wrote + timedelta(hours=hours), actor="Jo")
        found = figures_of(session, event).replies
        return found.reply_rate, found.replied_at_all

    assert [replies(3), replies(5)] == [(Rate(1, 1), Rate(1, 2)), (Rate(1, 2), Rate(1, 2))]
    minutes = figures_of(session, event).replies.minutes_to_first_reply or {}
    assert {name: wait.median for name, wait in minutes.items()} == {"clock": 60.0, "staffed": 30.0}


def test_what_came_after_the_freeze_does_not_count(session: Session) -> None:
    event = make_event(session, stage=Stage.AFTER, figures_frozen_at=datetime(2026, 6, 9, tzinfo=UTC))
    make_insight(session, event, captured_at=datetime(2026, 6, 8, tzinfo=UTC))
    make_insight(session, event, captured_at=datetime(2026, 6, 10, tzinfo=UTC))
    session.commit()

    found = figures_of(session, event)

    assert (found.frozen, found.contributions.contributions, live_counts(session, event).total) == (True, 1, 1)


def test_what_was_taken_off_the_pages_does_not_count_and_comes_back_with_it(session: Session) -> None:
    event, _ = load_folder(SAMPLE)
    with transaction() as session:
        hide_words(session, insight_by_number(session, event, 1), reason=HideReason.UNKIND, actor="a facilitator")

    found = figures_of(session, event)

    assert sum(found.contributions.insights_by_kind.values()) == 239
    assert found.contributions.contributions == live_counts(session, event).total


def test_comments_go_with_the_insight_that_was_taken_off_the_pages(session: Session) -> None:
    event = make_event(session)
    shown, hidden = make_insight(session, event), make_insight(session, event)
    for number, insight in enumerate((shown, hidden, hidden)):
        add_comment(session, insight, text="I think so too", place=Place.OUTSIDE, client_id=f"comment-{number}")
    hide_words(session, hidden, reason=HideReason.UNKIND, actor="a facilitator")
    session.commit()

    found = figures_of(session, event).contributions

    assert (found.contributions, found.comments_by_participants, live_counts(session, event).total) == (2, 1, 2)


def test_a_rate_without_a_declared_base_is_not_computed(session: Session) -> None:
    event = make_event(session)
    make_insight(session, event, place=Place.OUTSIDE)
    session.commit()

    found = figures_of(session, event)

    assert found.taking_part.participation_rate is None
    assert [figure.text for figure in shown(found, "participation_rate", "eligible")] == [NOT_COMPUTABLE] * 2


def test_who_was_in_the_room_is_not_known_where_tables_wrote_and_nobody_was_checked_in(
    session: Session, staff_client: Callable[..., Visitor]
) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    base: dict[str, Any] = {
        "room": 20,
        "outside": 4,
        "source": "A list",
        "declared_by": "Jo",
        "declared_on": date(2026, 3, 1),
    }
    declare_base(session, event, **base, actor="Jo")
    make_registration(session, event)
    table, person = make_table(session, event), make_participant(session, event)
    for number in range(8):
        make_insight(session, event, table=table, identity=Identity.NAMED, author=person if number else None)
    session.commit()
    staff = staff_client(Role.ORGANISER, event)

    found = figures_of(session, event)
    values, lines = found.as_json(), shown(found, "attended", *KNOWN_AT_THE_DOOR)
    dashboard = staff.words(f"/desk/{event.code}")
    freeze_pack(session, event, pack_on_disk("change-model"), actor="Jo")
    write_up = write_up_of(session, event, address="https://hack.example.org/e/K7PM/write-up")
    overall = series_figures(session, make_series_of(session, event))

    assert {values[key] for key in KNOWN_AT_THE_DOOR} == {None}
    assert values["contributors"] == {"room": None, "outside": None, "total": 1}
    assert {line.text for line in lines} == {"not known: nobody was checked in"}
    assert shown(found, "contributors")[0].text == (
        "together 1; in the room and from outside not known: nobody was checked in"
    )
    assert "8 thoughts came from tables, and nobody is checked in. Check people in, or type in the" in dashboard
    assert "People in the room not known: nobody was checked in" in dashboard
    assert write_up.standfirst == (
        "How many people took part is not known: nobody was checked in. 8 contributions came in, 8 of them from the"
        " room."
    )
    assert write_up.missing == ""
    assert [figure.text for figure in write_up.headlines[:2]] == ["not known: nobody was checked in"] * 2
    assert charts_of(write_up).funnel.title == "How many people took part is not known"
    assert (overall.whole["participants"], overall.whole["contributors"]) == (None, values["contributors"])
    assert overall.reasons["attended"] == f"nobody was checked in at {event.venue or event.title}"
    assert json.loads(json.dumps(overall.as_json()))["places"][0]["figures"]["attended"] is None


def test_one_person_checked_in_or_words_from_outside_alone_leave_the_figures_known(session: Session) -> None:
    checked, outside = make_event(session), make_event(session)
    make_insight(session, checked)
    make_registration(session, checked, checked_in_at=datetime(2026, 3, 17, 9, tzinfo=UTC))
    make_insight(session, outside, place=Place.OUTSIDE)
    session.commit()

    assert [figures_of(session, event).people.attended for event in (checked, outside)] == [1, 0]


def test_ballots_from_the_room_alone_say_that_people_were_there(session: Session) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    statement = add_statement(session, event, text="One page, tested on people outside the project.", actor="Jo")
    open_round(session, event, actor="Jo")
    make_ballot(session, event, {statement: Mark.AGREE}, place=Place.ROOM)
    session.commit()

    found = figures_of(session, event)

    assert shown(found, "participants", "turnout")[0].text == "not known: nobody was checked in"
    assert shown(found, "turnout")[0].text == "not known: nobody was checked in"
    assert needs_of(session, event)[0].words.startswith("Ballots came in, and nobody is checked in")


def test_each_figure_that_is_not_there_says_why(session: Session) -> None:
    event = make_event(session)
    first = Coder(event=event, letter="a", name="Jo")
    kept(session, first)
    lacking = ("reply_rate", "replied_at_all", "coder_agreement", "coder_kappa", "turnout", "days_to_report")

    nobody = [line.text.partition(": ")[2] for line in shown(figures_of(session, event), *lacking)]
    kept(session, Coding(coder=first, insight=make_insight(session, event, place=Place.OUTSIDE), theme=None))
    one = [line.text for line in shown(figures_of(session, event), "coder_agreement", "coder_kappa")]

    assert nobody == [
        *["no promise was set"] * 2,
        *["nobody has sorted"] * 2,
        "no vote was held",
        "the report has no date",
    ]
    assert one == ["not known: one person has sorted"] * 2


def test_before_the_day_the_dashboard_says_how_many_steps_of_the_plan_are_open(
    session: Session, staff_client: Callable[..., Visitor]
) -> None:
    before, over = (
        make_event(session, stage=stage, held_on=held_on)
        for stage, held_on in ((Stage.BEFORE, date(2099, 6, 3)), (Stage.AFTER, date(2026, 3, 17)))
    )
    session.commit()

    page = staff_client(Role.ORGANISER, before).soup(f"/desk/{before.code}")
    done = staff_client(Role.ORGANISER, over).words(f"/desk/{over.code}")

    (link,) = page.select(f'.needs-you a[href="/desk/{before.code}/plan"]')
    assert link.get_text() == f"{count_open(session, before)} steps of the plan are open"
    assert "Enjoy the conversation" not in page.get_text()
    assert "of the plan" not in done


def test_nobody_is_missing_before_the_doors_open(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=date(2099, 6, 3))
    make_registration(session, event)
    session.commit()

    found = figures_of(session, event)
    printed = shown(found, "attendance_rate", "no_show_rate")
    overall = series_figures(session, make_series_of(session, event))

    assert found.as_json()["attendance_rate"] is None
    assert [figure.text for figure in printed] == ["not counted yet: the day has not come"] * 2
    assert overall.reasons["no_show_rate"] == "no place has had its day yet"


def test_a_person_counts_once_however_they_take_part(session: Session) -> None:
    event = make_event(session)
    person = make_participant(session, event)
    make_registration(session, event, person, checked_in_at=datetime(2026, 3, 17, 9, tzinfo=UTC))
    for identity in (Identity.NAMED, Identity.HIDDEN):
        make_insight(session, event, identity=identity, author=person)
    for _ in range(2):
        make_insight(session, event, identity=Identity.HIDDEN, device="one phone", place=Place.OUTSIDE)
    make_insight(session, event, identity=Identity.ANONYMOUS)
    session.commit()

    part = figures_of(session, event).taking_part

    assert part.contributors == {"room": 1, "outside": 1, "total": 2}
    assert part.contribution_rate == Rate(2, 2)


def test_nothing_of_the_ratings_is_known_while_the_round_is_open(session: Session) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    with transaction() as session:
        add_statement(session, event, text="One page, tested on people outside the project.", actor="Jo")
        open_round(session, event, actor="Jo")

    vote = figures_of(session, event).vote

    assert (vote.statements, vote.agreed, vote.contested, vote.not_clear, vote.neither) == ({}, (), (), (), ())


def test_an_event_without_anything_has_figures_too(session: Session) -> None:
    event = make_event(session)
    session.commit()

    found = figures_of(session, event)

    assert set(found.as_json()) == set(EXPECTED)
    assert found.contributions.contributions == 0


def test_every_figure_stands_under_a_heading_once() -> None:
    grouped = [key for keys in GROUPS.values() for key in keys]

    assert sorted(grouped) == sorted(EXPECTED)
    assert set(DEFINITIONS) <= set(grouped)


def test_the_dashboard_shows_the_figures_with_their_definitions(
    session: Session, staff_client: Callable[..., Visitor]
) -> None:
    event, _ = load_folder(SAMPLE)
    visitor = staff_client(event=event)

    words = visitor.words(f"/desk/{event.code}")

    for key in ("participation_rate", "attendance_rate", "turnout", "coder_agreement", "pledge_kept_rate"):
        assert EXPECTED[key]["text"] in words
        assert DEFINITIONS[key].words in words


def test_the_dashboard_asks_the_database_as_often_for_many_insights_as_for_few(
    session: Session, staff_client: Callable[..., Visitor]
) -> None:
    event = make_event(session)
    table = make_table(session, event)
    visitor = staff_client(event=event)
    numbers = []
    for count in (1, 3):
        for _ in range(count):
            make_insight(session, event, table=table)
        session.commit()
        numbers.append(statements_in(lambda: visitor.get(f"/desk/{event.code}")))

    assert numbers[0] == numbers[1]
