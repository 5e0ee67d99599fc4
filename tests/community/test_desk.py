"""The community desk: what waits, who has it in hand, what is sent and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.comments.operations import add_comment
from hackathon.comments.queries import comments_on
from hackathon.community.document import PROMPTS
from hackathon.community.models import Care
from hackathon.community.operations import AnsweredMeanwhile, need_no_reply, reply_to, take_in_hand
from hackathon.community.queries import IN_HAND, queue_of, waiting_of
from hackathon.core.clock import now
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.duty.document import ReplyClock
from hackathon.duty.operations import promise_replies
from hackathon.events.models import Event, Place
from hackathon.events.queries import log_of
from hackathon.insights.models import AuthorRole, Comment, HideReason, Identity, Insight, Kind, Uncounted
from hackathon.moderation.operations import hide_words
from hackathon.staff.models import Account, Role
from tests.makers import make_account, make_event, make_insight, make_member, make_participant
from tests.visitor import Visitor, words_of

QUESTION = "Why do the same forms come back to the ward every week?"
HOUR = 3600.0
DESK = "/desk/k7pm/community"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    session.commit()
    return event


@pytest.fixture
def sam(session: Session, event: Event) -> Account:
    account = make_account(session, "sam@example.org", "Sam Okell")
    make_member(session, event, account, Role.COMMUNITY_MANAGER)
    return account


def ask(session: Session, event: Event, number: int = 1, **columns: Any) -> Insight:
    return make_insight(session, event, number=number, **{"kind": Kind.QUESTION, "text": QUESTION, **columns})


def answer(session: Session, insight: Insight, account: Account, text: str = "Thank you", n: int = 1) -> Comment:
    return reply_to(session, insight, text=text, client_id=f"reply-{n:03}", read_up_to=0, account=account)


def test_questions_wait_the_oldest_first_until_somebody_answers(session: Session, event: Event, sam: Account) -> None:
    at = now()
    newer, older = ask(session, event, 1, captured_at=at), ask(session, event, 2, captured_at=at - timedelta(hours=1))
    make_insight(session, event, number=3)
    ask(session, event, 4, uncounted=Uncounted.SEED)
    hide_words(session, ask(session, event, 5), reason=HideReason.UNKIND, actor="Jo")

    assert [each.number for each in waiting_of(session, event, sam)] == [2, 1]
    answer(session, older, sam)
    need_no_reply(session, newer, account=sam)
    assert waiting_of(session, event, sam) == []


def test_thoughts_without_a_word_are_counted_beside_those_that_wait(
    session: Session, event: Event, sam: Account, staff_client: Any
) -> None:
    answered, set_aside = make_insight(session, event, number=1), make_insight(session, event, number=2)
    for number in (3, 4):
        make_insight(session, event, number=number)
    make_insight(session, event, number=5, uncounted=Uncounted.SEED)
    hide_words(session, make_insight(session, event, number=6), reason=HideReason.UNKIND, actor="Jo")
    answer(session, answered, sam)
    need_no_reply(session, set_aside, account=sam)
    session.commit()

    page = staff_client(Role.COMMUNITY_MANAGER, event).soup(DESK)

    (link,) = page.select('main a[href="/desk/k7pm/insights" i]')
    assert link.get_text() == "2 thoughts that nobody has answered or thanked yet"
    assert "Nobody waits" in page.get_text()


def test_a_question_back_comes_up_again(session: Session, event: Event, sam: Account) -> None:
    insight = ask(session, event)
    answer(session, insight, sam)
    later = now() + timedelta(seconds=1)

    add_comment(session, insight, text="I see.", place=Place.ROOM, client_id="comment-1", written_at=later)
    assert waiting_of(session, event, sam) == []

    add_comment(session, insight, text="And at night?", place=Place.ROOM, client_id="comment-2", written_at=later)
    assert [each.why for each in waiting_of(session, event, sam)] == [("asked back",)]


def test_a_question_that_waited_on_a_phone_while_somebody_replied_comes_up(
    session: Session, event: Event, sam: Account
) -> None:
    insight = ask(session, event)
    answer(session, insight, sam)

    earlier = now() - timedelta(minutes=20)
    add_comment(session, insight, text="And at night?", place=Place.ROOM, client_id="comment-1", written_at=earlier)

    assert [each.why for each in waiting_of(session, event, sam)] == [("asked back",)]


@pytest.mark.parametrize("line", [line for _, line in PROMPTS.values()])
@pytest.mark.parametrize("change", [str, str.upper, lambda line: f"  {line} \n", lambda line: f"Hello Dan. {line}"])
def test_a_prepared_line_is_not_sent_as_it_stands(
    session: Session, event: Event, sam: Account, line: str, change: Any
) -> None:
    with pytest.raises(Refusal, match="prepared line"):
        answer(session, ask(session, event), sam, change(line))


def test_a_manager_does_not_answer_their_own(session: Session, event: Event, sam: Account) -> None:
    own = ask(
        session,
        event,
        identity=Identity.NAMED,
        author=make_participant(session, event, name="Sam Okell", email="Sam@example.org"),
    )

    with pytest.raises(Refusal, match="somebody else answers"):
        answer(session, own, sam)
    assert [each.is_mine for each in waiting_of(session, event, sam)] == [True]


def test_opening_takes_it_in_hand_for_ten_minutes(session: Session, event: Event, sam: Account) -> None:
    other, insight = make_account(session, name="Rhys"), ask(session, event)

    care = take_in_hand(session, insight, account=sam)
    assert take_in_hand(session, insight, account=other).holder == sam
    assert "Sam Okell has it since" in waiting_of(session, event, other)[0].holder
    assert waiting_of(session, event, sam)[0].holder == ""

    care.held_since = now() - IN_HAND
    session.flush()
    assert take_in_hand(session, insight, account=other).holder == other


def test_attack_21_two_who_answer_at_once_make_one_reply_and_one_who_sees_both(
    app: Flask, session: Session, event: Event, sam: Account
) -> None:
    """In parallel, on a real database: whoever comes second is refused, and their words are theirs to send again."""
    other = make_account(session, name="Rhys Morgan")
    insight_id = ask(session, event).id
    accounts = [sam.id, other.id]
    session.commit()

    def send(n: int) -> str:
        with app.app_context():
            try:
                with transaction() as own:
                    answer(own, own.get_one(Insight, insight_id), own.get_one(Account, accounts[n]), n=n)
            except AnsweredMeanwhile as refusal:
                return refusal.message
            return "sent"

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(send, range(2)), key=len)

    assert said[0] == "sent"
    assert "answered while you were writing" in said[1]
    session.rollback()
    assert len(comments_on(session, session.get_one(Insight, insight_id))) == 1


def test_attack_21_the_page_keeps_the_words_and_shows_both(staff_client: Any, session: Session, event: Event) -> None:
    ask(session, event)
    sam, rhys = staff_client(Role.COMMUNITY_MANAGER, event), staff_client(Role.COMMUNITY_MANAGER, event)
    sent = {"client_id": "reply-by-sam", "read_up_to": "0", "text": "It is the audit form."}
    sam.post_form(f"{DESK}/1/reply", sent, page=f"{DESK}/1")

    answer = rhys.post_form(
        f"{DESK}/1/reply", {**sent, "client_id": "reply-by-rhys", "text": "Ask Jo."}, page=f"{DESK}/1"
    )

    assert answer.status_code == 422
    assert "It is the audit form." in answer.text
    assert ">Ask Jo.</textarea>" in answer.text.replace("\n", "")
    # What was on the page when they press again includes the other's reply, so it goes through.
    assert 'name="read_up_to" type="hidden" value="0"' not in answer.text


def test_a_reply_pressed_twice_is_sent_once(staff_client: Any, session: Session, event: Event) -> None:
    ask(session, event)
    sam = staff_client(Role.COMMUNITY_MANAGER, event)

    for _ in range(2):
        answer = sam.post_form(
            f"{DESK}/1/reply", {"client_id": "reply-001", "read_up_to": "0", "text": "Soon."}, page=f"{DESK}/1"
        )
        assert answer.location == "/desk/K7PM/community/next?after=1"

    assert len(session.scalars(select(Comment)).all()) == 1


def test_a_prompt_is_put_into_the_box_beside_what_is_there(staff_client: Any, session: Session, event: Event) -> None:
    ask(session, event)
    sam = staff_client(Role.COMMUNITY_MANAGER, event)

    answer = sam.post_form(f"{DESK}/1/reply", {"text": "Hello Dan.", "prompt": "ask"}, page=f"{DESK}/1")

    assert f"Hello Dan. {PROMPTS['ask'][1]}" in answer.text
    assert comments_on(session, session.scalars(select(Insight)).one()) == []


def test_after_each_act_the_next_comes_up(staff_client: Any, session: Session, event: Event) -> None:
    at = now() - timedelta(hours=1)
    for number in (1, 2, 3):
        ask(session, event, number, captured_at=at + timedelta(minutes=number))
    sam = staff_client(Role.COMMUNITY_MANAGER, event)

    def after(number: int) -> str:
        return str(sam.get(f"{DESK}/next?after={number}").location)

    assert sam.get(f"{DESK}/next").location == "/desk/K7PM/community/1"
    sam.post_form(f"{DESK}/1/no-reply-needed", page=f"{DESK}/1")
    assert (after(1), after(2), after(3)) == (
        "/desk/K7PM/community/2",
        "/desk/K7PM/community/3",
        "/desk/K7PM/community",
    )
    assert "Number 1 needs no reply. Take back" in sam.words(f"{DESK}/2")
    sam.post_form(f"{DESK}/1/reply-needed", page=f"{DESK}/2")
    assert sam.get(f"{DESK}/next").location == "/desk/K7PM/community/1"


def test_it_is_handed_over_with_a_note(staff_client: Any, session: Session, event: Event) -> None:
    make_insight(session, event, number=1)
    rhys = make_account(session, "rhys@example.org", "Rhys Morgan")
    taker = staff_client(Role.COMMUNITY_MANAGER, event, rhys)
    sam = staff_client(Role.COMMUNITY_MANAGER, event)

    sam.post_form(f"{DESK}/1/hand-over", {"to": rhys.id, "note": "She is waiting for the date."}, page=f"{DESK}/1")

    assert "Handed over to you" in taker.words(DESK)
    assert "Note: She is waiting for the date." in taker.words(f"{DESK}/1")
    stranger = make_account(session)
    session.commit()
    refused = sam.post_form(f"{DESK}/1/hand-over", {"to": stranger.id, "note": "He knows her."}, page=f"{DESK}/1")
    session.expire_all()
    assert refused.status_code == 422
    assert "There is a problem Choose somebody else who answers here" in words_of(refused)
    assert "He knows her." in refused.text
    assert session.scalars(select(Care)).one().holder_id == rhys.id


def test_every_act_is_in_the_log(session: Session, event: Event, sam: Account) -> None:
    insight = ask(session, event)
    take_in_hand(session, insight, account=sam)
    answer(session, insight, sam)
    need_no_reply(session, insight, account=sam)

    assert [(line.kind, line.actor) for line in log_of(session, event)] == [
        ("care.no_reply_needed", "Sam Okell"),
        ("comment.added", "Sam Okell"),
        ("care.taken", "Sam Okell"),
    ]


def test_attack_16_the_desk_of_one_event_does_not_reach_into_another(
    staff_client: Any, session: Session, event: Event
) -> None:
    theirs = ask(session, make_event(session), 7)
    ask(session, event, 1)
    sam = staff_client(Role.COMMUNITY_MANAGER, event)

    for act in ("reply", "no-reply-needed", "hand-over", "hide", "escalate"):
        body = {"text": "Hello", "reason": "unkind", "client_id": "reply-001"}
        assert sam.post_form(f"{DESK}/7/{act}", body, page=f"{DESK}/1").status_code == 404
    session.refresh(theirs)
    assert theirs.hidden_at is None


def test_facilitators_moderate_and_leave_answers_to_others(staff_client: Any, session: Session, event: Event) -> None:
    ask(session, event)
    jo = staff_client(Role.FACILITATOR, event)

    page = jo.words(f"{DESK}/1")

    assert "Escalate" in page
    assert "Send this reply" not in page
    assert jo.post_form(f"{DESK}/1/reply", {"text": "Hello"}, page=f"{DESK}/1").status_code == 404
    assert session.scalars(select(Care)).all() == []


def test_a_comment_by_a_manager_names_them(client: Visitor, session: Session, event: Event, sam: Account) -> None:
    reply = answer(session, ask(session, event), sam, "It is the <b>audit</b> form.")
    session.commit()

    assert reply.author_role is AuthorRole.COMMUNITY_MANAGER
    assert "It is the <b>audit</b> form. Sam Okell, community manager" in client.words("/e/k7pm/insights/1")


def test_words_stay_in_the_box_when_no_reason_for_hiding_was_chosen(
    staff_client: Any, session: Session, event: Event
) -> None:
    ask(session, event, 46)
    desk = staff_client(Role.COMMUNITY_MANAGER, event)

    page = desk.post_form(
        f"{DESK}/46/hide", {"text": "Could you leave the name out?", "client_id": "hide-0001"}, page=f"{DESK}/46"
    )

    assert page.status_code == 422
    assert "Could you leave the name out?" in page.text
    assert "There is a problem Choose a reason" in words_of(page)
    assert 'href="#hide-reason"' in page.text


def test_a_long_queue_comes_page_by_page_and_is_counted_as_a_whole(
    staff_client: Any, session: Session, event: Event
) -> None:
    staffed = [(event.held_on, event.starts, event.ends)]
    promise_replies(session, event, kind=Kind.QUESTION, within_hours=1, staffed=staffed, actor="Priya")
    for number in range(1, 61):
        ask(session, event, number, captured_at=now() - timedelta(days=1, minutes=-number))
    session.commit()
    sam = staff_client(Role.COMMUNITY_MANAGER, event)

    first, rest = sam.soup(DESK), sam.soup(f"{DESK}?after=50")

    assert "60 wait, the oldest first" in first.get_text()
    assert [len(page.select(".row-item")) for page in (first, rest)] == [50, 10]
    assert first.select_one("a[rel=next]")["href"] == "/desk/K7PM/community?after=50"
    assert "Nothing younger waits." in sam.words(f"{DESK}?after=60")


@pytest.mark.parametrize("staffed", [((0.0, 3600.0), (10_000.0, 14_000.0)), (), ((0.0, 100.0),)])
def test_the_queue_counts_as_late_what_its_lines_say_is_late(staffed: tuple[tuple[float, float], ...]) -> None:
    clock, at = ReplyClock(1, staffed), datetime.fromtimestamp(13_000, UTC)

    before = clock.late_before(at)

    for second in range(0, 13_000, 50):
        since = datetime.fromtimestamp(second, UTC)
        assert clock.is_late(since, at) == (before is not None and since < before)


def test_the_desk_goes_on_to_what_nobody_else_has_in_hand(session: Session, event: Event, sam: Account) -> None:
    other = make_account(session, name="Rhys Morgan")
    asked = [ask(session, event, number) for number in (1, 2, 3)]
    asked[1].identity, asked[1].author = Identity.HIDDEN, make_participant(session, event, email=sam.email)
    take_in_hand(session, asked[0], account=other)

    assert [each.number for each in waiting_of(session, event, sam, only_free=True)] == [3]
    assert [each.number for each in waiting_of(session, event, other, only_free=True, limit=1)] == [1]
    assert [each.number for each in waiting_of(session, event, sam, after=2)] == [3]
    assert queue_of(session, event, sam).number == 3
