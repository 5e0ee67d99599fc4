"""Comments on the page of one insight, by anybody, without an account."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.comments.messages import send_reply, without_links
from hackathon.comments.operations import ADDRESS_KEPT, add_comment, delete_due_addresses, hear_back
from hackathon.community.operations import reply_to
from hackathon.core.clock import moment_at, now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Moderation, Place, Stage
from hackathon.events.operations import move_to
from hackathon.insights.models import AuthorRole, Comment, HearBack, Identity, Insight
from hackathon.staff.models import Role
from hackathon.web.access import PARTICIPANTS_KEY
from tests.makers import make_account, make_event, make_insight, make_participant, make_table
from tests.visitor import Visitor, words_of

ADDRESS = "https://hack.example.org"
PAGE = "/e/k7pm/insights/46"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    make_insight(session, event, number=46, text="Forms travel faster than people")
    session.commit()
    return event


def send(client: Visitor, text: str, page: str = PAGE, **more: Any) -> Any:
    path, _, query = page.partition("?")
    body = {"text": text, "client_id": "comment-0001", "waited": "0", **more}
    return client.post_form(f"{path}/comments?{query}", body, page=page)


def comments(session: Session) -> list[Comment]:
    session.expire_all()
    return list(session.scalars(select(Comment).order_by(Comment.id)))


def test_one_insight_with_its_comments(client: Visitor, session: Session, event: Event) -> None:
    insight = session.scalars(select(Insight)).one()
    person = make_participant(session, event, name="Maureen Tibbs")
    add_comment(session, insight, text="So true", place=Place.OUTSIDE, client_id="comment-1", author=person)
    add_comment(
        session,
        insight,
        text="Thank you. Which form?",
        place=Place.OUTSIDE,
        client_id="comment-2",
        author_role=AuthorRole.COMMUNITY_MANAGER,
        author_name="Sam Okell",
    )
    session.commit()

    words = client.words(PAGE)

    assert "Forms travel faster than people" in words
    assert "So true From outside" in words
    assert "Thank you. Which form? Sam Okell, community manager" in words
    assert "Maureen" not in words


@pytest.mark.parametrize("number", ["1", "0", "999999999", "99999999999999999999", "-1", "x"])
def test_attack_16_a_number_of_another_event_is_not_here(
    client: Visitor, session: Session, event: Event, number: str
) -> None:
    make_insight(session, make_event(session), number=1)
    session.commit()

    assert client.get(f"/e/k7pm/insights/{number}").status_code == 404


def test_anybody_answers_from_outside(client: Visitor, session: Session, event: Event) -> None:
    sent = send(client, "So true")

    assert (sent.status_code, sent.location) == (303, "/e/K7PM/insights/46")
    assert "So true From outside" in client.words(PAGE)
    assert [(c.text, c.place, c.author_id) for c in comments(session)] == [("So true", Place.OUTSIDE, None)]


@pytest.mark.parametrize(
    ("stage", "place"), [(Stage.BEFORE, Place.OUTSIDE), (Stage.DIVERGE, Place.ROOM), (Stage.AFTER, Place.OUTSIDE)]
)
def test_a_table_is_carried_along(client: Visitor, session: Session, event: Event, stage: Stage, place: Place) -> None:
    make_table(session, event, code="TAB7", number=7)
    event.stage = stage
    session.commit()

    sent = send(client, "We said so, too", f"{PAGE}?table=TAB7")

    assert sent.location == "/e/K7PM/insights/46?table=TAB7"
    assert [c.place for c in comments(session)] == [place]


def test_a_table_is_carried_through_every_list(client: Visitor, session: Session, event: Event) -> None:
    make_table(session, event, code="TAB7", number=7)
    for number in range(60):
        make_insight(session, event, number=100 + number, text="The night staff hear it last")
    event.stage = Stage.DIVERGE
    session.commit()

    def led_to(page: str, words: str) -> str:
        return next(str(link["href"]) for link in client.soup(page).find_all("a") if words in link.get_text())

    everything = led_to("/t/tab7", "Everything that has been shared")
    older = led_to(everything, "Older")
    [panel] = client.soup("/t/tab7").select("[data-alike]")

    assert led_to(everything, "Add your thought") == "/t/TAB7"
    pages = (led_to(older, "number 46"), led_to(f"{panel['data-alike']}night+staff+hear", "This says it too"))
    for number, page in enumerate(pages):
        send(client, "We said so, too", page, client_id=f"comment-000{number}")
        assert led_to(page, "Everything shared") == everything
    assert [comment.place for comment in comments(session)] == [Place.ROOM] * 2


def test_the_table_of_another_event_counts_for_nothing(client: Visitor, session: Session, event: Event) -> None:
    make_table(session, make_event(session), code="ELSE", number=1)
    session.commit()

    send(client, "From nowhere", f"{PAGE}?table=ELSE")

    assert [c.place for c in comments(session)] == [Place.OUTSIDE]


def test_attack_19_fifty_times_the_same_is_one(client: Visitor, session: Session, event: Event) -> None:
    json = {"Accept": "application/json"}
    token = client.token_on(PAGE)
    body = {"text": "So true", "client_id": "comment-0001", "csrf_token": token}

    receipts = [client.post(f"{PAGE}/comments", data=body, headers=json).get_json() for _ in range(50)]
    other = client.post(f"{PAGE}/comments", data={**body, "text": "Something else"}, headers=json)

    assert [receipt["words"] for receipt in receipts] == ["Sent, your comment on number 46."] * 50
    assert (other.status_code, "These words are new" in other.get_json()["message"]) == (422, True)
    assert len(comments(session)) == 1


@pytest.mark.parametrize("text", ["", " \n ", "x" * 501, "\x00"])
def test_attack_18_what_is_no_answer_is_refused_in_words(
    client: Visitor, session: Session, event: Event, text: str
) -> None:
    refused = send(client, text)

    assert refused.status_code == 422
    assert any(
        words in words_of(refused) for words in ("Write your comment first.", "Your comment has 501 characters.")
    )
    assert comments(session) == []


def test_attack_17_markup_is_only_words(client: Visitor, session: Session, event: Event) -> None:
    send(client, "<script>alert(1)</script> [x](javascript:alert(1))")

    assert "<script>alert(1)</script> [x](javascript:alert(1))" in client.words(PAGE)
    assert "<script>alert" not in client.get(PAGE).text


def test_a_comment_is_no_more_of_its_writer_than_its_page_said(client: Visitor, session: Session, event: Event) -> None:
    """It waited on the phone, which is somebody else's now, or said then that nobody would see who wrote it."""
    person = make_participant(session, event, name="Bob Second")
    session.commit()
    client.hold(**{PARTICIPANTS_KEY: {"K7PM": person.token}, "writes_as": ["hidden", ""]})
    assert "You write as Bob Second" in client.words(PAGE)

    for number, name in enumerate(("Bob Second", "Ann First", "")):
        send(client, "So true", client_id=f"comment-000{number}", author_name=name)

    assert [comment.author_id for comment in comments(session)] == [person.id, None, None]


def test_a_comment_that_waited_on_a_phone_is_late_and_kept(client: Visitor, session: Session, event: Event) -> None:
    move_to(session, event, stage=Stage.CONVERGE, actor="Jo")
    session.commit()

    send(client, "Written before the signal went", waited="3600")

    assert [c.late for c in comments(session)] == [True]


def test_a_premoderated_comment_waits_and_the_page_says_so(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    event.moderation = Moderation.BEFORE
    session.commit()
    assert "Somebody reads it before it is shown." in client.words(PAGE)

    send(client, "Is this so?")
    assert "Is this so?" not in client.words(PAGE)
    desk = staff_client(Role.FACILITATOR, event)
    assert "Held until it is read" in desk.words("/desk/k7pm/community")
    [comment] = comments(session)
    desk.post_form(f"/desk/k7pm/insights/46/comments/{comment.id}/show", page="/desk/k7pm/community/46")

    assert "Is this so?" in client.words(PAGE)


# Hearing back


def answered(session: Session, insight: Insight, text: str = "Thank you. Which form?") -> Comment:
    account = make_account(session, name="Sam Okell")
    return reply_to(session, insight, text=text, client_id="reply-0001", read_up_to=0, account=account)


def named(session: Session, event: Event, **columns: Any) -> Insight:
    return make_insight(
        session,
        event,
        number=47,
        **{"identity": Identity.HIDDEN, "author": make_participant(session, event, email="dan@example.org"), **columns},
    )


def test_whoever_registered_hears_back_by_mail(session: Session, event: Event) -> None:
    insight = named(session, event, text="Why are there so many forms?\nNobody knows")

    letter = send_reply(session, answered(session, insight), address=ADDRESS)

    assert letter is not None
    assert (letter.to_address, letter.subject) == ("dan@example.org", f"An answer to number 47: {event.title}")
    for line in ("> Why are there so many forms?", "> Nobody knows", "> Thank you. Which form?"):
        assert line in letter.text.splitlines()
    assert f"{ADDRESS}/e/K7PM/insights/47" in letter.text
    assert "Sam Okell, community manager answers:" in letter.text


def test_whoever_was_anonymous_gets_no_letter(session: Session, event: Event) -> None:
    anonymous = session.scalars(select(Insight)).one()

    assert send_reply(session, answered(session, anonymous), address=ADDRESS) is None
    with pytest.raises(Refusal, match="anonymously"):
        hear_back(session, anonymous, email="dan@example.org")


def test_attacks_6_and_7_a_letter_carries_no_header_and_no_link_of_somebody_elses_making(
    session: Session, event: Event
) -> None:
    event.title = "Forms\r\nBcc: everybody@example.org"
    words = "<a href=http://evil.test>go</a> [x](http://evil.test) www.evil.test {token} {{config}}"
    insight = named(session, event, text=words)

    letter = send_reply(session, answered(session, insight, "See www.evil.test, {token} {{config}}"), address=ADDRESS)

    assert letter is not None
    assert "\n" not in letter.subject
    for body in (letter.text, letter.html or ""):
        assert "http://evil.test" not in body
        assert "www.evil.test" not in body
        assert "{token} {{config}}" in body
    assert "<a href=http" not in (letter.html or "")


def test_words_lose_their_links_and_nothing_else() -> None:
    said = "See www.evil.test or http://evil.test/x. Dr. No, etc... 10:30"

    assert without_links(said) == "See www[.]evil[.]test or http[:]//evil[.]test/x. Dr. No, etc... 10:30"


def test_only_the_phone_that_holds_the_number_may_ask_for_mail(client: Visitor, session: Session, event: Event) -> None:
    named(session, event, author=None, author_name="Dan")
    session.commit()
    page = "/e/k7pm/insights/47"

    stranger = client.post_form(f"{page}/hear-back", {"email": "evil@example.org"}, page=page)
    client.hold(receipts={"K7PM": [47]})
    client.post_form(f"{page}/hear-back", {"email": "dan@example.org"}, page=page)

    assert stranger.status_code == 404
    assert [each.email for each in session.scalars(select(HearBack))] == ["dan@example.org"]


def test_an_address_to_which_no_letter_can_go_is_refused_and_keeps_nobody_from_answering(
    client: Visitor, session: Session, event: Event
) -> None:
    insight = named(session, event, author=None, author_name="Dan")
    session.commit()
    client.hold(receipts={"K7PM": [47]})
    page = "/e/k7pm/insights/47"

    said = client.post_form(f"{page}/hear-back", {"email": "dan at home"}, page=page, follow_redirects=True)

    assert "Write an email address like name@example.org." in words_of(said)
    assert session.scalars(select(HearBack)).all() == []
    session.add(HearBack(insight=insight, email="kept by an earlier release"))
    session.flush()
    assert send_reply(session, answered(session, insight, "Thank you"), address=ADDRESS) is None


def test_an_anonymous_phone_is_told_why_there_is_no_mail(client: Visitor, session: Session, event: Event) -> None:
    client.hold(receipts={"K7PM": [46]})

    assert "You sent number 46 anonymously, so nobody can write to you." in client.words(PAGE)


def test_addresses_are_forgotten_some_weeks_after_the_day(session: Session, event: Event) -> None:
    hear_back(session, named(session, event, author=None), email="dan@example.org")
    day = moment_at(event.held_on, event.starts, event.timezone)

    delete_due_addresses(session, at=day + ADDRESS_KEPT)
    assert len(session.scalars(select(HearBack)).all()) == 1
    delete_due_addresses(session, at=day + ADDRESS_KEPT + timedelta(days=1))
    assert session.scalars(select(HearBack)).all() == []


def test_a_reply_that_is_sent_twice_is_mailed_once(session: Session, event: Event, staff_client: Any) -> None:
    insight = named(session, event)
    sam = staff_client(Role.COMMUNITY_MANAGER, event)
    page = f"/desk/k7pm/community/{insight.number}"
    sent = {"text": "Thank you", "client_id": "a-reply-of-one-page", "read_up_to": "0"}

    for _ in range(2):
        assert sam.post_form(f"{page}/reply", sent, page=page).status_code == 302
    for _ in range(2):
        asked = {"reason": "personal", "text": "Please leave out the name", "client_id": "asked-by-one-page"}
        sam.post_form(f"{page}/hide", asked, page=page)

    letters = session.scalars(select(Letter).where(Letter.kind == "community.reply").order_by(Letter.id)).all()
    assert ["Thank you" in letter.text for letter in letters] == [True, False]
    assert "Please leave out the name" in letters[1].text


def test_a_reply_to_practise_is_mailed_to_nobody(session: Session, event: Event) -> None:
    insight = named(session, event)
    event.rehearsal_since = now() - timedelta(minutes=5)
    session.flush()

    assert send_reply(session, answered(session, insight), address=ADDRESS) is None
