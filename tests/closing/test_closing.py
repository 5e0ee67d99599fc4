"""Closing an event: its people are absent everywhere, what was published stays as it was, and the proof holds."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import page as page_validation
import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.closing.document import ABOUT_PEOPLE, GOES, STAYS
from hackathon.closing.messages import is_to_be_told, send_notice
from hackathon.closing.operations import close_by_hand, close_event, forget_what_was_due, set_closing_day
from hackathon.closing.queries import NOT_KEPT, PATIENCE, count_what_goes, events_to_close, prove, what_goes
from hackathon.closing.transfer import make_certificate
from hackathon.closing.views import ROOMS_ABOUT_PEOPLE, STILL_OPEN, VIEWS_ABOUT_PEOPLE, is_about_people
from hackathon.comments.operations import add_comment
from hackathon.commitments.messages import send_reminder
from hackathon.commitments.models import Commitment
from hackathon.core.clock import now
from hackathon.core.db import empty_journal, transaction
from hackathon.core.errors import Refusal
from hackathon.dates.document import KINDS
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import create_event
from hackathon.figures.queries import figures_of
from hackathon.follow_up.models import Decision
from hackathon.insights.models import Comment, HearBack, HideReason, Identity, Insight, Source
from hackathon.insights.operations import share_insight
from hackathon.mailings.messages import Sender, write_next_letters
from hackathon.mailings.operations import ask_to_send, let_go_by_itself
from hackathon.moderation.operations import hide_words
from hackathon.participants.messages import send_place
from hackathon.participants.models import Participant, RegistrationState
from hackathon.participants.operations import register, set_places
from hackathon.participants.queries import earlier_days
from hackathon.privacy.document import FOR_TAKING_PART
from hackathon.privacy.models import Certificate
from hackathon.privacy.operations import seal_log
from hackathon.statements.operations import open_round
from hackathon.watches.commands import close_events
from tests.figures.test_figures import EXPECTED
from tests.makers import (
    make_account,
    make_commitment,
    make_event,
    make_insight,
    make_member,
    make_pack,
    make_participant,
    make_recommendation,
    make_registration,
    make_statement,
    make_table,
)
from tests.privacy.test_privacy import everything_in
from tests.visitor import Visitor, words_of

NAME, ADDRESS = "Zebedee Quillfeather", "zebedee.quillfeather@example.org"
PAPERS = Path("papers-of-a-test")
LAST, SENDER = KINDS["you-said"], Sender("https://hack.example.org", "Stannerdale Community Health")


def close(session: Session, event: Event, at: datetime | None = None) -> Certificate:
    return close_event(session, event, at=at or now(), papers=PAPERS, actor="Priya Nair")


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, stage=Stage.BEFORE)
    make_pack(session, event)
    session.commit()
    return event


@pytest.fixture
def person(session: Session, event: Event) -> Participant:
    """Somebody who has left something everywhere; the event is over."""
    registration = register(
        session,
        event,
        name=NAME,
        email=ADDRESS,
        organisation="Quillfeather Ltd",
        job_role="Umbrella maker",
        attending=Place.ROOM,
        answers={},
        companion="Dougal Quillfeather",
    ).registration
    person = registration.participant
    send_place(session, registration, address="https://hack.example.org")
    thought = share_insight(
        session,
        event,
        text="Umbrellas for all",
        author=person,
        identity=Identity.NAMED,
        client_id="a-phone-made-this",
        place=Place.ROOM,
        source=Source.PHONE,
    )
    make_insight(session, event, text="Quillfeather is a fool", hidden_at=now(), hidden_reason=HideReason.UNKIND)
    session.add(HearBack(insight=thought, email=ADDRESS))
    make_commitment(session, event, text="I, Zebedee, bring umbrellas", participant=person)
    event.stage = Stage.AFTER
    session.commit()
    return person


def test_whoever_took_part_in_a_closed_event_is_absent_everywhere(
    client: Visitor, session: Session, event: Event, person: Participant, staff_client: Callable[..., Visitor]
) -> None:
    client.get(f"/p/{person.token}")
    token, desk = person.token, staff_client(event=event)
    assert "Quillfeather" in everything_in(session)

    answer = desk.post_form(
        f"/desk/{event.code}/plan/closing/now", {"typed": event.code.lower()}, follow_redirects=True
    )

    assert "Its people are forgotten" in words_of(answer)
    session.expire_all()
    left = everything_in(session)
    for word in ("Quillfeather", "quillfeather", "Zebedee", "Umbrella maker", token):
        assert word not in left
    assert "Umbrellas for all" in client.get(f"/e/{event.code}/insights").text
    gone = client.get(f"/e/{event.code}/me")
    assert (gone.status_code, "This event is closed" in words_of(gone)) == (410, True)


def test_an_old_personal_link_says_what_became_of_it_where_it_was_opened_and_nothing_elsewhere(
    app: Flask, client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    """Nothing is kept by which a link could be known again, so nobody else learns whether there ever was this one."""
    link = f"/p/{person.token}"
    client.get(link)
    close(session, event)
    session.commit()

    here, invented = client.get(link), client.get("/p/aaaabbbbccccdddd")
    elsewhere = Visitor(app).get(link)

    assert (here.status_code, "The certificate of what was deleted" in words_of(here)) == (410, True)
    assert (elsewhere.status_code, invented.status_code) == (404, 404)
    assert words_of(elsewhere) == words_of(invented)
    assert "A link from a letter stops working once its event is closed" in words_of(elsewhere)


def test_on_sqlite_the_file_itself_says_nothing_any_more(
    app: Flask, session: Session, tmp_path: Path, event: Event, person: Participant
) -> None:
    if session.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL's files are the operator's, as its backups are
    with transaction() as writing:
        close(writing, writing.get_one(Event, event.id))
    empty_journal()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("hackathon.sqlite3*"))

    assert (b"zebedee.quillfeather" in kept, b"Quillfeather is a fool" in kept) == (False, False)
    assert b"Umbrellas for all" in kept


def test_the_sample_event_says_the_same_figures_and_words_after_closing(client: Visitor, session: Session) -> None:
    event, _ = load_folder(SAMPLE)
    pages = ("results", "outcomes", "wall", "insights.csv", "write-up")
    before = {page: client.get(f"/e/{event.code}/{page}").text for page in pages}
    names = session.scalars(select(Participant.name).where(Participant.name != "").distinct()).all()
    session.rollback()

    close(session, event)
    session.commit()

    assert json.loads(json.dumps(figures_of(session, event).as_json())) == EXPECTED
    assert client.get(f"/e/{event.code}/figures.json").get_json() == EXPECTED
    after = {page: client.get(f"/e/{event.code}/{page}").text for page in pages}
    assert [without(names, page) for page in after.values()] == [without(names, page) for page in before.values()]
    assert not any(
        f"<span>{name}</span>" in after["write-up"] or f",{name}," in after["insights.csv"] for name in names
    )
    assert count_what_goes(session, event, at=now()) == dict.fromkeys(GOES, 0)


def without(names: Iterable[str], page: str) -> str:
    """A page as it reads when nobody is named beside their words, and nobody is asked for more of them."""
    page = re.sub(r"\n *<tr>.*takes your later thoughts.*</tr>", "", page)
    for name in names:
        said = f"(<span>{escape(name)}</span>|<p class=.quiet.>{escape(name)}</p>|(?<=,){re.escape(name)}(?=,))"
        page = re.sub(said, "", page)
    return page


def test_after_closing_every_address_about_people_says_so_and_each_that_is_listed_is_there(
    app: Flask, session: Session, event: Event, person: Participant, staff_client: Callable[..., Visitor]
) -> None:
    desk = staff_client(event=event)
    close(session, event)
    session.commit()
    views = {rule.endpoint for rule in app.url_map.iter_rules()}
    rooms = {view.partition(".")[0] for view in views}

    assert (VIEWS_ABOUT_PEOPLE | STILL_OPEN) - views == ROOMS_ABOUT_PEOPLE - rooms == set()
    shut = [
        rule.rule.replace("<code:code>", event.code)
        for rule in app.url_map.iter_rules()
        if is_about_people(rule.endpoint) and rule.arguments == {"code"} and "GET" in (rule.methods or ())
    ]
    assert len(shut) > 30
    assert {url: status for url in shut if (status := desk.get(url).status_code) != 410} == {}
    assert "Invitations" not in desk.words(f"/desk/{event.code}/plan")
    others = {
        rule.rule.replace("<code:code>", event.code)
        for rule in app.url_map.iter_rules()
        if rule.arguments == {"code"} and "GET" in (rule.methods or ()) and not rule.rule.endswith((".pdf", "/stream"))
    } - set(shut)
    assert {url: status for url in others if (status := desk.get(url).status_code) >= 410} == {}


def test_nothing_about_people_can_come_in_afterwards(client: Visitor, session: Session, event: Event) -> None:
    table = make_table(session, event)
    event.stage = Stage.AFTER
    session.commit()
    token = client.token_on(f"/t/{table.code}")
    close(session, event)
    session.commit()

    page = client.get(f"/t/{table.code}")
    late = {"csrf_token": token, "client_id": "a" * 32, "text": "Late words", "identity": "anonymous"}
    sent = client.post(f"/t/{table.code}/insights", data=late)

    assert "This event is closed" in words_of(page)
    assert "<textarea" not in page.text
    assert "it takes no more thoughts" in words_of(sent)
    assert session.scalar(select(func.count(Insight.id))) == 0


def test_what_is_hidden_after_closing_can_be_shown_again_and_what_was_hidden_before_is_not_kept(
    session: Session, event: Event, person: Participant, staff_client: Callable[..., Visitor]
) -> None:
    desk = staff_client(event=event)
    thought, hidden = session.scalars(select(Insight).order_by(Insight.hidden_at.is_not(None))).all()
    close(session, event)
    session.commit()
    page = f"/desk/{event.code}/insights"

    desk.post_form(f"{page}/{thought.number}/hide", {"reason": "unkind"}, page=page)
    desk.post_form(f"{page}/{thought.number}/show", page=page)
    refused = desk.post_form(f"{page}/{hidden.number}/show", page=page, follow_redirects=True)

    session.expire_all()
    assert (thought.is_shown, thought.text, hidden.is_shown) == (True, "Umbrellas for all", False)
    assert "its words are not kept" in words_of(refused)


def test_no_vote_is_opened_afterwards(session: Session, event: Event) -> None:
    """The phones' numbers would go within the hour, and each could vote again."""
    make_statement(session, event)
    close(session, event)

    with pytest.raises(Refusal, match="nobody can vote"):
        open_round(session, event, actor="Jo")


def test_it_is_closed_by_hand_only_when_it_is_over_and_its_code_is_typed(session: Session, event: Event) -> None:
    def refused(typed: str) -> str:
        with pytest.raises(Refusal) as no:
            close_by_hand(session, event, typed=typed, at=now(), papers=PAPERS, actor="Priya Nair")
        return no.value.message

    assert refused("yes") == f"Type {event.code} to close this event."
    assert refused(event.code).endswith("Move it to “After the day” first.")
    event.stage, today = Stage.AFTER, event.held_on
    event.held_on = date(2099, 6, 3)
    assert refused(event.code) == "Its day has not come. It can be closed on Wednesday 3 June 2099 from 4:15pm on."
    event.held_on = today
    close_by_hand(session, event, typed=f" {event.code.lower()} ", at=now(), papers=PAPERS, actor="Priya Nair")
    assert event.is_closed
    assert refused(event.code) == "This event is closed already."


def test_before_anybody_types_the_page_says_that_it_cannot_be_closed_yet(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    event.stage, event.held_on = Stage.AFTER, date(2099, 6, 3)
    session.commit()

    assert "Its day has not come." in staff_client(event=event).words(f"/desk/{event.code}/plan/closing/now")


def test_closing_that_fails_half_way_changes_nothing(
    session: Session, event: Event, person: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the machine stops")

    monkeypatch.setattr("hackathon.closing.operations._certify", fail)
    before = everything_in(session)

    with pytest.raises(RuntimeError, match="the machine stops"):
        close(session, event)
    session.rollback()

    assert everything_in(session) == before


def test_it_closes_by_itself_when_its_last_day_is_over_where_it_is_held(session: Session, event: Event) -> None:
    event.closes_after = 84
    last_day = event.held_on + timedelta(days=84)
    midnight = datetime(last_day.year, last_day.month, last_day.day, 23, 0, tzinfo=UTC)
    session.flush()

    assert events_to_close(session, at=midnight - timedelta(minutes=1)) == []
    assert events_to_close(session, at=midnight) == [event]
    close_event(session, event, at=midnight, papers=PAPERS, actor="the system")
    assert (event.stage, event.figures_frozen_at, events_to_close(session, at=midnight)) == (Stage.AFTER, midnight, [])


def test_the_job_process_closes_what_is_due_and_sweeps_what_came_at_that_very_moment(
    session: Session, event: Event, person: Participant
) -> None:
    event.closes_after = (now().date() - event.held_on).days - 1
    later = make_event(session, held_on=now().date(), closes_after=84)
    session.commit()

    close_events()
    session.rollback()
    assert (event.is_closed, later.is_closed) == (True, False)
    assert session.scalars(select(Certificate.closed_by)).all() == ["the system"]

    make_registration(session, event)
    session.commit()
    close_events()
    session.rollback()
    assert prove(session, event, at=now()).left == 0


def test_an_event_that_cannot_be_closed_keeps_no_other_from_it(
    session: Session, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_event(session, stage=Stage.AFTER)
    event.closes_after = other.closes_after = (now().date() - event.held_on).days - 1
    session.commit()

    def close_all_but_one(session: Session, due: Event, **rest: Any) -> Certificate:
        assert due.id != event.id, "something is wrong with this one"
        return close_event(session, due, **rest)

    monkeypatch.setattr("hackathon.watches.commands.close_event", close_all_but_one)
    close_events()
    session.rollback()

    assert (event.is_closed, other.is_closed) == (False, True)


def test_a_new_event_is_closed_after_twelve_weeks_and_people_are_promised_no_later_day(session: Session) -> None:
    today = now().date()
    event = create_event(
        session,
        title="T",
        question="Why?",
        held_on=today,
        starts=make_event(session).starts,
        ends=make_event(session).ends,
        expected_people=10,
        actor="a test",
    )
    assert event.closes_on == today + timedelta(weeks=12)

    set_closing_day(session, event, on=today + timedelta(weeks=20), at=now(), actor="a test")
    event.stage = Stage.BEFORE
    set_closing_day(session, event, on=today + timedelta(weeks=6), at=now(), actor="a test")
    for days, words in ((50, "It can be earlier, and not later"), (0, "Choose a day after the event"), (400, "a year")):
        with pytest.raises(Refusal, match=words):
            set_closing_day(session, event, on=today + timedelta(days=days), at=now(), actor="a test")
    assert event.closes_after == 42


def test_the_page_of_a_closed_event_asks_nobody_in(client: Visitor, session: Session, event: Event) -> None:
    event.stage = Stage.AFTER
    session.commit()
    open_page = client.words(f"/e/{event.code}")
    close(session, event)
    session.commit()

    page = client.get(f"/e/{event.code}")

    for words in ("From outside: write here", "Type its code"):
        assert words in open_page
        assert words not in words_of(page)
    assert "live-state" not in page.text


def test_no_answer_is_promised_to_outlive_the_event(client: Visitor, session: Session, event: Event) -> None:
    event.held_on, event.stage = date(2099, 6, 3), Stage.BEFORE
    event.closes_after = 84
    session.commit()

    form, notice = client.words(f"/e/{event.code}/register"), client.words(f"/e/{event.code}/pack/privacy")

    for words in (form, notice):
        assert "26 August 2099" in words
        assert "2100" not in words


def test_organisers_are_told_once_a_week_before(session: Session, event: Event) -> None:
    make_member(session, event, make_account(session, "priya@example.org"))
    event.closes_after = 84
    week_before = datetime.combine(event.held_on + timedelta(days=77), event.starts, tzinfo=UTC)

    assert not is_to_be_told(session, event, at=week_before - timedelta(days=1))
    assert is_to_be_told(session, event, at=week_before)
    send_notice(session, event, address="https://hack.example.org")

    (letter,) = session.scalars(select(Letter))
    assert (letter.to_address, "9 June 2026" in letter.subject) == ("priya@example.org", True)
    assert len(letter.text.split()) <= 90
    assert not is_to_be_told(session, event, at=week_before)


@pytest.fixture
def readers(session: Session, event: Event) -> Event:
    """Its day is over, something is decided, and three people wait to hear what became of their thoughts."""
    event.stage = Stage.AFTER
    make_recommendation(session, event, decision=Decision.DO, reason="It is cheap")
    for number in range(3):
        person = make_participant(session, event, email=f"reader{number}@example.org")
        make_registration(session, event, person)
        make_insight(session, event, author=person, identity=Identity.NAMED)
    session.flush()
    return event


def last_letters(session: Session) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.kind == LAST.letter_kind)))


def test_last_letters_on_their_way_leave_after_closing_and_their_addresses_go_with_them(
    session: Session, readers: Event
) -> None:
    ask_to_send(session, readers, kind=LAST, people=3, actor="Priya Nair")
    assert write_next_letters(session, readers, LAST, at=now(), sender=SENDER) == 3

    certificate = close(session, readers)

    forget_what_was_due(session, at=now())
    assert (certificate.stays["reminders"], len(last_letters(session))) == (3, 3)
    last_letters(session)[0].sent_at = now()
    session.flush()
    forget_what_was_due(session, at=now())
    assert len(last_letters(session)) == 2
    forget_what_was_due(session, at=now() + PATIENCE)
    assert last_letters(session) == []


def test_an_event_is_not_closed_while_its_last_letter_is_being_written(session: Session, readers: Event) -> None:
    readers.closes_after = 84
    over = datetime.combine(readers.held_on + timedelta(days=86), readers.starts, tzinfo=UTC)
    asked = ask_to_send(session, readers, kind=LAST, people=3, actor="Priya Nair")
    asked.asked_at = over - timedelta(hours=2)
    session.flush()

    assert events_to_close(session, at=over) == []
    with pytest.raises(Refusal, match="3 more of “You said, we did”"):
        close_by_hand(session, readers, typed=readers.code, at=over, papers=PAPERS, actor="Priya Nair")
    assert events_to_close(session, at=over + timedelta(days=1)) == [readers], "people were told a day"
    write_next_letters(session, readers, LAST, at=over, sender=SENDER)

    assert events_to_close(session, at=over) == [readers]


def test_the_page_says_which_letters_would_never_go(
    staff_client: Callable[..., Visitor], session: Session, event: Event
) -> None:
    event.stage, event.held_on = Stage.AFTER, now().date() - timedelta(days=2)
    let_go_by_itself(session, event, kind=LAST, automatic=True, actor="Priya Nair")
    session.commit()

    words = staff_client(event=event).words(f"/desk/{event.code}/plan/closing/now")

    assert "“You said, we did” would go by itself on" in words


def test_a_reminder_that_is_still_to_go_keeps_its_address_until_it_has_gone(session: Session, event: Event) -> None:
    event.stage = Stage.AFTER
    in_a_month = now() + timedelta(days=30)
    commitment = make_commitment(session, event, text="I bring umbrellas", remind_on=in_a_month.date())
    letter = send_reminder(session, commitment, email=ADDRESS, link="https://hack.example.org/c")
    assert letter is not None

    certificate = close(session, event)

    assert ADDRESS in everything_in(session)
    assert (certificate.stays["reminders"], session.get_one(Commitment, commitment.id).text) == (1, "I bring umbrellas")
    assert certificate.stays["reminders_until"] == in_a_month.date().toordinal()
    letter = session.get_one(Letter, letter.id)
    letter.sent_at = in_a_month
    session.flush()
    forget_what_was_due(session, at=in_a_month + timedelta(days=1))
    assert session.scalar(select(func.count(Letter.id))) == 0
    assert session.get_one(Commitment, commitment.id).text == NOT_KEPT


def test_the_proof_sees_a_certificate_that_was_changed_and_people_who_are_there_again(
    session: Session, event: Event, person: Participant
) -> None:
    certificate = close(session, event)
    assert prove(session, event, at=now()).holds
    later = now() + timedelta(hours=1)
    assert not prove(session, event, at=now()).is_sealed
    seal_log(session, event, at=later)
    proof = prove(session, event, at=later)
    assert (proof.holds, proof.is_sealed) == (True, True)

    make_registration(session, event)
    assert (prove(session, event, at=later).left, prove(session, event, at=later).holds) == (2, False)
    session.execute(update(Certificate).values(erased={**certificate.erased, "people": 1}))
    session.expire_all()
    assert prove(session, event, at=later).as_made is False


def test_forecasts_still_learn_from_an_event_that_is_closed(session: Session, event: Event) -> None:
    earlier = make_event(session, stage=Stage.AFTER, held_on=date(2025, 3, 17))
    set_places(session, earlier, chairs=10, cut_off=None, actor="a test")
    make_registration(session, earlier, checked_in_at=now())
    make_registration(session, earlier)
    make_registration(session, earlier, state=RegistrationState.CANCELLED)
    before = earlier_days(session, event)

    close(session, earlier)

    assert (before, earlier_days(session, event)) == ([(2, 1)], [(2, 1)])


def test_what_was_answered_to_words_that_nobody_can_read_goes_with_them(session: Session, event: Event) -> None:
    shown, told = make_insight(session, event), make_insight(session, event, text="My supervisor hurts the residents")
    for insight in (shown, told):
        add_comment(session, insight, text="To me, too", place=Place.ROOM, client_id=f"comment-{insight.id:04}")
    hide_words(session, told, reason=HideReason.DISCLOSURE, actor="Jo")

    certificate = close(session, event)

    said = select(Comment.insight_id, Comment.text).order_by(Comment.id)
    assert [tuple(row) for row in session.execute(said)] == [(shown.id, "To me, too"), (told.id, NOT_KEPT)]
    assert (certificate.erased["unpublished"], certificate.stays["words"]) == (2, 2)
    assert count_what_goes(session, event, at=now())["unpublished"] == 0


def test_the_data_map_names_every_table_that_closing_empties(session: Session, event: Event) -> None:
    named = {table for line in FOR_TAKING_PART for table in line.tables} | {"registration_answer"}

    assert {going.table.__tablename__ for going in what_goes(event, at=now())} - named == set()


def test_every_kind_of_row_that_is_counted_has_words(session: Session, event: Event, person: Participant) -> None:
    certificate = close(session, event)

    assert set(certificate.erased) == set(GOES)
    assert set(certificate.stays) - {"reminders_until"} == set(STAYS) - {"figures"}
    assert set(ABOUT_PEOPLE) <= set(GOES)
    assert (certificate.erased["people"], certificate.erased["names"], certificate.erased["unpublished"]) == (2, 1, 1)


def test_as_much_goes_as_was_told_before(session: Session) -> None:
    event, _ = load_folder(SAMPLE)
    told = count_what_goes(session, event, at=now())

    gone = close(session, event).erased

    assert (gone, gone["people"], gone["names"]) == (told, 119, 246)


def test_the_certificate_is_a_page_and_a_tagged_pdf(client: Visitor, session: Session, event: Event) -> None:
    event.stage = Stage.AFTER
    certificate = close(session, event)
    session.commit()

    page = client.words(f"/e/{event.code}/closed?check=1")
    report = page_validation.validate_pdf_bytes(make_certificate(session, event.id), profile="ua1")

    assert report.is_compliant
    assert "This certificate is as it was made" in page
    assert all(words in page for words in (certificate.reference, certificate.digest[:8], "Priya Nair", *GOES.values()))
    assert client.get(f"/e/{event.code}/erased/{certificate.reference}").status_code == 404


def test_the_terminal_says_whether_a_certificate_holds(app: Flask, session: Session, event: Event) -> None:
    event.stage = Stage.AFTER
    certificate = close(session, event)
    session.commit()
    ask = ["events", "certificate", event.code.lower()]

    good = app.test_cli_runner().invoke(args=ask)
    session.execute(update(Certificate).values(closed_by="Nobody"))
    session.commit()
    bad = app.test_cli_runner().invoke(args=ask)

    assert (good.exit_code, good.output.startswith(f"{certificate.reference}: This certificate is as it was made")) == (
        0,
        True,
    )
    assert (bad.exit_code, "is not as it was made" in bad.output) == (1, True)
