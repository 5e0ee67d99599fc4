"""The community desk: what waits, who has it in hand, what is sent and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.comments.models import Link
from hackathon.comments.operations import add_comment
from hackathon.comments.queries import comments_on
from hackathon.community.document import PROMPTS, ReplyClock, span_words
from hackathon.community.models import Care
from hackathon.community.operations import AnsweredMeanwhile, need_no_reply, promise_replies, reply_to, take_in_hand
from hackathon.community.queries import IN_HAND, queue_of, waiting_of
from hackathon.core.clock import moment_at, now
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
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


def test_a_question_back_comes_up_again(session: Session, event: Event, sam: Account) -> None:
    insight = ask(session, event)
    answer(session, insight, sam)
    later = now() + timedelta(seconds=1)

    add_comment(session, insight, text="I see.", place=Place.ROOM, client_id="comment-1", written_at=later)
    assert waiting_of(session, event, sam) == []

    add_comment(session, insight, text="And at night?", place=Place.ROOM, client_id="comment-2", written_at=later)
    assert [each.why for each in waiting_of(session, event, sam)] == [("asked back",)]


@pytest.mark.parametrize(
    ("minutes_later", "words", "is_late"),
    [(20, "due in 1 hour", False), (61, "due in 59 minutes", False), (125, "5 minutes late", True)],
)
def test_the_clock_counts_down(minutes_later: int, words: str, is_late: bool) -> None:
    since = datetime(2026, 3, 17, 9, 0, tzinfo=UTC)
    at = since + timedelta(minutes=minutes_later)

    clock = ReplyClock(within_hours=2)

    assert (clock.words(since, at), clock.is_late(since, at)) == (words, is_late)


def test_the_clock_stands_still_while_nobody_is_on_duty() -> None:
    """Asked on Friday an hour before the end; answered after a bank holiday, on Tuesday morning."""
    friday, tuesday = datetime(2026, 4, 3, 9, 0, tzinfo=UTC), datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
    staffed = tuple((day.timestamp(), day.timestamp() + 8 * HOUR) for day in (friday, tuesday))
    asked = friday + timedelta(hours=7)

    clock = ReplyClock(2, staffed)

    assert clock.words(asked, friday + timedelta(hours=20)) == "due in 1 hour"
    assert (clock.is_staffed(friday + timedelta(hours=20)), clock.next_staffed(asked)) == (False, tuesday)
    assert clock.words(asked, tuesday + timedelta(minutes=90)) == "30 minutes late"


def test_spans_are_said_as_people_say_them() -> None:
    said = [span_words(minutes) for minutes in (0, 1, 59.9, 60, 150, 60 * 47, 60 * 48, 60 * 80)]

    assert said == ["0 minutes", "1 minute", "59 minutes", "1 hour", "2 hours", "47 hours", "2 days", "3 days"]


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


def test_two_alike_are_linked_and_both_learn_of_it(
    staff_client: Any, client: Visitor, session: Session, event: Event
) -> None:
    ask(session, event, 1)
    make_insight(session, event, number=2, text="The same forms come back to our ward week after week")
    sam = staff_client(Role.COMMUNITY_MANAGER, event)
    assert "Link the two : 1 and 2" in sam.words(f"{DESK}/1")
    page = f"{DESK}/1/link?other=2"

    unedited = sam.post_form(page, {"client_id": "link-0001", "text": "See [what they share]", "text_there": "See 1"})
    assert unedited.status_code == 422
    linked = sam.post_form(
        page, {"client_id": "link-0002", "text": "Number 2 says it, too.", "text_there": "Number 1 asks why."}
    )

    assert linked.location == "/desk/K7PM/community/next?after=1"
    assert len(session.scalars(select(Link)).all()) == 1
    assert "linked to number 2" in client.words("/e/k7pm/insights/1")
    assert "Number 1 asks why." in client.words("/e/k7pm/insights/2")


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


def test_the_promise_is_set_by_organisers(staff_client: Any, session: Session, event: Event) -> None:
    organiser, page = staff_client(Role.ORGANISER, event), "/desk/k7pm/plan/replies"

    wrong = organiser.post_form(page, {"kind": "question", "within_hours": "4", "staffed": "some time"})
    assert (wrong.status_code, "Write it like" in wrong.text) == (422, True)
    lines = "17 March 2026, 9:30am to 4:15pm\n18/3/2026 9 to noon"
    organiser.post_form(page, {"kind": "question", "within_hours": "4", "staffed": lines})

    assert "Questions are answered within 4 staffed hours." in organiser.words(DESK)
    assert "18 March 2026, 9am to noon" in organiser.get(page).text


def test_periods_that_overlap_are_refused(session: Session, event: Event) -> None:
    day, at = event.held_on, event.starts
    overlapping = [(day, at, event.ends), (day, at.replace(hour=11), event.ends)]

    with pytest.raises(Refusal, match="overlap"):
        promise_replies(session, event, kind=Kind.QUESTION, within_hours=2, staffed=overlapping, actor="Jo")


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


def test_hours_on_duty_move_with_the_day_and_the_plan_says_so(
    staff_client: Any, client: Visitor, session: Session, event: Event
) -> None:
    staffed = [(event.held_on, event.starts, event.ends)]
    promise = promise_replies(session, event, kind=Kind.QUESTION, within_hours=1, staffed=staffed, actor="Priya")
    assert promise is not None
    session.commit()
    organiser, details = staff_client(Role.ORGANISER, event), "/desk/k7pm/plan/details"
    # The clocks go forward between the two days, and duty begins at the same time of the venue's clock.
    day = date(2027, 6, 8)
    typed = {"starts": "9:30", "ends": "16:15", "title": "A day", "expected_people": "80"}

    answer = organiser.post_form(details, {**typed, "held_on": ["8", "June", "2027"]})

    assert answer.status_code == 302, words_of(answer)
    assert "the hours on duty moved to the new date" in organiser.words("/desk/k7pm/plan")
    session.expire_all()
    at = moment_at(day, staffed[0][1], event.timezone), moment_at(day, staffed[0][2], event.timezone)
    assert promise.periods == [at]
    assert "8 June 2027" in organiser.get("/desk/k7pm/plan/replies").text
