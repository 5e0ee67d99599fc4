"""Words from outside, carried to the tables and answered there."""

from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hackathon.adapters.activity_log import TOLD
from hackathon.adapters.jobs import run_next_job
from hackathon.adapters.mail import Letter
from hackathon.carry_in.models import CarriedIn
from hackathon.carry_in.operations import CARRIED, answer_carried, carry_in, swap
from hackathon.carry_in.queries import carried_to, slips_of
from hackathon.comments.operations import add_comment
from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Moderation, Place, Stage
from hackathon.events.queries import log_of
from hackathon.factory import PAPERS
from hackathon.insights.models import Comment, Identity, Insight, Uncounted
from hackathon.staff.models import Role
from hackathon.tables.models import Table
from hackathon.watches.commands import tell_of_answers
from hackathon.web.acts import FROM_A_PHONE
from hackathon.web.limits import WRONG_CODES, Buckets
from tests.makers import kept, make_event, make_insight, make_participant, make_table, make_theme
from tests.visitor import StaffClient, Visitor, words_of

numbers = count(1)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, code="K7PM", stage=Stage.DIVERGE)


@pytest.fixture
def tables(session: Session, event: Event) -> list[Table]:
    """Three tables, the last of them without a theme."""
    themes = [make_theme(session, event, position=position) for position in (1, 2)]
    return [
        make_table(session, event, number=number, code=f"TAB{number}", theme=theme)
        for number, theme in enumerate([*themes, None], start=1)
    ]


def outside(session: Session, event: Event, **columns: Any) -> Insight:
    return make_insight(session, event, number=next(numbers) + 100, **{"place": Place.OUTSIDE, **columns})


def before(session: Session, event: Event) -> dict[int, list[int]]:
    """The receipt numbers that lie before each table now."""
    return {slip.table: [each.number for each in slip.carried] for slip in slips_of(session, event)}


def carried_so_far(session: Session) -> Counter[int]:
    return Counter(session.scalars(select(CarriedIn.insight_id)))


def test_every_table_gets_two_and_nothing_twice_while_something_waits(
    session: Session, event: Event, tables: list[Table]
) -> None:
    waiting = [outside(session, event) for _ in range(6)]

    carry_in(session, event, actor="Jo")

    assert {table: len(got) for table, got in before(session, event).items()} == {1: 2, 2: 2, 3: 2}
    assert carried_so_far(session) == Counter({insight.id: 1 for insight in waiting})


def test_a_table_gets_words_on_its_own_theme_where_there_are_any(
    session: Session, event: Event, tables: list[Table]
) -> None:
    other = [outside(session, event).number for _ in range(2)]
    second = [outside(session, event, theme=tables[1].theme).number for _ in range(2)]
    first = [outside(session, event, theme=tables[0].theme).number for _ in range(2)]

    carry_in(session, event, actor="Jo")

    assert before(session, event) == {1: first, 2: second, 3: other}


def test_the_next_time_a_table_gets_others_and_what_was_carried_least(
    session: Session, event: Event, tables: list[Table]
) -> None:
    early = [outside(session, event) for _ in range(6)]
    carry_in(session, event, actor="Jo")
    first = before(session, event)
    late = [outside(session, event) for _ in range(2)]

    carry_in(session, event, actor="Jo")

    again = before(session, event)
    assert all(not set(first[table]) & set(again[table]) for table in first)
    times = carried_so_far(session)
    assert [times[insight.id] for insight in late] == [1, 1]
    assert max(times[insight.id] for insight in early) == 2


def test_few_words_go_to_several_tables_but_never_twice_to_one(
    session: Session, event: Event, tables: list[Table]
) -> None:
    only = outside(session, event)

    assert carry_in(session, event, actor="Jo") == 3
    assert carried_so_far(session) == Counter({only.id: 3})
    with pytest.raises(Refusal, match="Nothing from outside waits"):
        carry_in(session, event, actor="Jo")


def test_whoever_wrote_is_told_once_and_never_in_a_rehearsal(
    session: Session, event: Event, tables: list[Table], client: Visitor
) -> None:
    author = make_participant(session, event, email="mair@example.org")
    told = {"author": author, "identity": Identity.HIDDEN}
    insights = [outside(session, event, **told), outside(session, event, **told)]
    carry_in(session, event, actor="Jo")
    addresses = [f"/t/tab1/carried-in/{insight.number}" for insight in insights]
    session.commit()

    for _ in range(2):
        client.post_form(addresses[0], {"text": "So do we", "client_id": "one-answer-sent-twice"})
    event.rehearsal_since = now()
    session.commit()
    client.post_form(addresses[1], {"text": "Only practice", "client_id": "an-answer-to-practise"})

    letters = session.scalars(select(Letter)).all()
    assert [(letter.kind, letter.to_address) for letter in letters] == [("community.reply", "mair@example.org")]
    assert "So do we" in letters[0].text


def test_whoever_wrote_is_told_once_a_moderator_lets_the_answer_through(
    app: Flask, session: Session, event: Event, tables: list[Table], client: Visitor, staff_client: StaffClient
) -> None:
    event.moderation = Moderation.BEFORE
    author = make_participant(session, event, email="mair@example.org")
    insight = outside(session, event, author=author, identity=Identity.HIDDEN)
    carry_in(session, event, actor="Jo")
    session.commit()

    def letters() -> int:
        with app.app_context():
            tell_of_answers()
        return len(session.scalars(select(Letter.id)).all())

    sent = client.post_form(f"/t/tab1/carried-in/{insight.number}", {"text": "So do we"}, follow_redirects=True)
    held = letters()
    comment = session.scalars(select(Comment)).one()
    desk = f"/desk/k7pm/community/{insight.number}"
    show = f"/desk/k7pm/insights/{insight.number}/comments/{comment.id}/show"
    staff_client(Role.COMMUNITY_MANAGER, event).post_form(show, page=desk)

    assert "Somebody reads it before it is shown." in words_of(sent)
    assert (held, letters(), letters()) == (0, 1, 1)


def test_an_answer_on_the_page_of_the_insight_is_ticked_off_where_it_was_carried(
    session: Session, event: Event, tables: list[Table], client: Visitor
) -> None:
    carried, other = outside(session, event), outside(session, event)
    kept(session, CarriedIn(table=tables[0], insight=carried))
    session.commit()

    def answer(insight: Insight) -> None:
        page = f"/e/k7pm/insights/{insight.number}?table=tab1"
        [form] = client.soup(page).select("form.answer-form")
        client.post_form(str(form["action"]), {"text": "So do we", "client_id": long_token(), "waited": "0"}, page=page)

    answer(carried)
    answer(other)

    session.expire_all()
    assert [(each.number, each.answer) for each in carried_to(session, tables[0])] == [(carried.number, "So do we")]
    assert "Table 1 answered." in client.words(f"/e/k7pm/insights/{carried.number}")
    assert len(session.scalars(select(Comment)).all()) == 2


@pytest.mark.parametrize(
    "columns",
    [
        {"place": Place.ROOM},
        {"hidden_at": now()},
        {"waits": True},
        {"escalated_at": now(), "hidden_at": now()},
        {"uncounted": Uncounted.SEED},
        {"uncounted": Uncounted.REHEARSAL},
    ],
)
def test_only_what_people_outside_really_said_and_all_may_read_is_carried(
    session: Session, event: Event, tables: list[Table], columns: dict[str, Any]
) -> None:
    outside(session, event, **columns)

    with pytest.raises(Refusal, match="Nothing from outside waits"):
        carry_in(session, event, actor="Jo")


def test_it_needs_tables_that_sit_together(session: Session, event: Event) -> None:
    outside(session, event)

    with pytest.raises(Refusal, match="Lay the tables first"):
        carry_in(session, event, actor="Jo")
    event.stage = Stage.AFTER
    session.flush()
    with pytest.raises(Refusal, match="while the tables sit together"):
        carry_in(session, event, actor="Jo")


def test_one_is_swapped_by_hand_until_it_is_answered(session: Session, event: Event, tables: list[Table]) -> None:
    waiting = [outside(session, event) for _ in range(7)]
    carry_in(session, event, actor="Jo")
    mine = session.scalars(select(CarriedIn).where(CarriedIn.table_id == tables[0].id).order_by(CarriedIn.id)).all()

    other = swap(session, mine[0], actor="Jo")

    assert other.insight_id == waiting[6].id
    assert before(session, event)[1] == [mine[1].insight.number, other.insight.number]
    answer_carried(session, tables[0], number=other.insight.number, text="We do", client_id=long_token())
    with pytest.raises(Refusal, match="Table 1 has answered"):
        swap(session, other, actor="Jo")


def test_what_is_hidden_leaves_the_table(session: Session, event: Event, tables: list[Table]) -> None:
    insight = outside(session, event)
    carry_in(session, event, actor="Jo")

    insight.hidden_at = now()
    session.flush()

    assert carried_to(session, tables[0]) == ()


def test_an_answer_is_a_comment_from_the_room_that_is_kept_once(
    session: Session, event: Event, tables: list[Table]
) -> None:
    insight = outside(session, event)
    carry_in(session, event, actor="Jo")
    client_id = long_token()

    for _ in range(2):
        answer_carried(session, tables[0], number=insight.number, text="The same with us", client_id=client_id)

    comment = session.scalars(select(Comment)).one()
    assert (comment.insight_id, comment.place, comment.text) == (insight.id, Place.ROOM, "The same with us")
    assert [(each.number, each.answer) for each in carried_to(session, tables[0])] == [
        (insight.number, "The same with us")
    ]
    assert carried_to(session, tables[1])[0].answer == ""


def test_an_answer_that_is_in_has_its_receipt_also_when_the_thought_was_hidden_since(
    session: Session, event: Event, tables: list[Table], client: Visitor
) -> None:
    insight = outside(session, event)
    carry_in(session, event, actor="Jo")
    session.commit()
    address = f"/t/tab1/carried-in/{insight.number}"
    token = client.get("/token").get_json()["token"]

    def send(client_id: str) -> int:
        headers = {"X-CSRFToken": token, "Accept": "application/json"}
        data = {"text": "So do we", "client_id": client_id, "waited": "0"}
        return client.post(address, data=data, headers=headers).status_code

    first = send("an-answer-that-is-in")
    insight.hidden_at = now()
    session.commit()

    assert (first, send("an-answer-that-is-in"), send("an-answer-that-is-new")) == (200, 200, 404)


def test_of_two_phones_that_answer_at_once_the_first_gives_the_answer(
    session: Session, event: Event, tables: list[Table]
) -> None:
    insight = outside(session, event)
    carried = kept(session, CarriedIn(table=tables[0], insight=insight))
    first = add_comment(session, insight, text="First", place=Place.ROOM, client_id=long_token())
    assert carried.answer_id is None
    elsewhere = update(CarriedIn).values(answer_id=first.id)
    session.execute(elsewhere, execution_options={"synchronize_session": False})

    answer_carried(session, tables[0], number=insight.number, text="Second", client_id=long_token())

    assert carried.answer_id == first.id


def test_whoever_wrote_is_not_told_of_what_a_table_adds_to_its_answer(
    session: Session, event: Event, tables: list[Table], client: Visitor
) -> None:
    author = make_participant(session, event, email="mair@example.org")
    insight = outside(session, event, author=author, identity=Identity.HIDDEN)
    carry_in(session, event, actor="Jo")
    session.commit()

    for text in ("So do we", "And on Sundays, too"):
        client.post_form(f"/t/tab1/carried-in/{insight.number}", {"text": text, "client_id": long_token()})

    assert len(session.scalars(select(Comment)).all()) == 2
    assert len(session.scalars(select(Letter)).all()) == 1


def test_open_table_pages_hear_that_something_was_carried_in(
    session: Session, event: Event, tables: list[Table]
) -> None:
    outside(session, event)
    carry_in(session, event, actor="Jo")

    assert log_of(session, event)[0].kind == CARRIED
    assert CARRIED in TOLD


def test_a_facilitator_carries_in_and_a_table_answers_and_the_one_outside_sees_it(
    session: Session, event: Event, tables: list[Table], client: Visitor, staff_client: StaffClient
) -> None:
    jo = staff_client(Role.FACILITATOR, event)
    asked = [outside(session, event, text=f"From my car {number}") for number in range(7)]
    session.commit()
    desk = "/desk/k7pm/carried-in"
    assert "From outside" not in client.words("/t/tab1")

    jo.post_form(desk, page=desk)
    swapped = session.scalars(select(CarriedIn).order_by(CarriedIn.id)).first()
    assert swapped is not None
    jo.post_form(f"{desk}/{swapped.id}/swap", page=desk)
    page = client.words("/t/tab1")
    forms = client.soup("/t/tab1").select("#from-outside form")
    address = str(forms[0]["action"])
    empty = client.post_form(address, {"text": " "})
    personal = client.post_form(address, {"text": "Ring me on 07700 900123"})
    sent = client.post_form(address, {"text": "Night shifts say so too"}, follow_redirects=True)

    assert page.count("From my car") == len(forms) == 2
    assert [str(form.select("[data-second-look] a")[0]["href"])[1:] for form in forms] == [
        str(form.select("textarea")[0]["id"]) for form in forms
    ], "the browser asks once more, too"
    assert "Write your answer" in words_of(empty)
    assert "Send it all the same" in words_of(personal)
    assert "Your table answered: Night shifts say so too" in words_of(sent)
    number = int(address.rsplit("/", 1)[1])
    assert "Table 1 answered." in client.words(f"/e/k7pm/insights/{number}")
    assert "Night shifts say so too" in jo.words(desk)
    assert client.get("/t/tab1/carried-in/999").status_code == 404
    assert number in {insight.number for insight in asked}


def test_attack_11_neither_a_flood_of_answers_nor_guessing_a_code_gets_through(
    app: Flask, session: Session, event: Event, tables: list[Table], client: Visitor
) -> None:
    asked = outside(session, event)
    carry_in(session, event, actor="Jo")
    session.commit()
    limits = (FROM_A_PHONE, WRONG_CODES)
    app.extensions["limits"] = {limit.name: Buckets(limit, clock=lambda: 0.0) for limit in limits}
    headers = {"X-CSRFToken": client.get("/token").get_json()["token"]}
    address = f"/t/tab1/carried-in/{asked.number}"

    flood = [client.post(address, data={"text": "Yes"}, headers=headers).status_code for _ in range(61)]
    guesses = [client.get(f"/t/zz{n:03}/carried-in/{asked.number}").status_code for n in range(121)]

    assert (set(flood[:60]), flood[60]) == ({303}, 429)
    assert (set(guesses[:120]), guesses[120]) == ({404}, 429)


def test_the_slips_are_a_sheet_of_a5_for_each_table(
    app: Flask, session: Session, event: Event, tables: list[Table], staff_client: StaffClient, tmp_path: Path
) -> None:
    outside(session, event, text="Night staff hear of changes from the noticeboard.")
    carry_in(session, event, actor="Jo")
    jo = staff_client(Role.FACILITATOR, event)
    session.commit()

    jo.get("/desk/k7pm/carried-in.pdf", headers={"Accept": "text/html"})
    assert run_next_job(PAPERS, app.extensions["settings"].papers)
    paper = jo.get("/desk/k7pm/carried-in.pdf", headers={"Accept": "text/html"})

    assert paper.mimetype == "application/pdf"
    (tmp_path / "slips.pdf").write_bytes(paper.data)
    with pikepdf.open(tmp_path / "slips.pdf") as pdf:
        sizes = {tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) for page in pdf.pages}
        assert (len(pdf.pages), sizes) == (3, {(148, 210)})
        assert bool(pdf.Root.MarkInfo.Marked)
