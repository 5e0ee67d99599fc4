"""From a list to who answered: taking it in, inviting, reminding, registering by one's own link, counting."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hackathon.adapters.lists import read_list
from hackathon.adapters.mail import Letter, address_key, post_letter
from hackathon.bookings.operations import register_invited
from hackathon.core.clock import now
from hackathon.core.db import db, transaction
from hackathon.core.errors import Refusal
from hackathon.dates.document import KINDS
from hackathon.events.models import Event, Place, Stage
from hackathon.figures.queries import figures_of
from hackathon.framing.operations import call_outside
from hackathon.framing.queries import base_of
from hackathon.invitations.document import Column, counted, guessed_columns
from hackathon.invitations.models import InvitationList, Invitee, ListDraft
from hackathon.invitations.operations import (
    decline_invitation,
    delete_due_lists,
    forget_invitations,
    keep_draft,
    take_list,
    take_list_as_base,
)
from hackathon.invitations.queries import counts_by_group, standings_of, to_remind, unanswered
from hackathon.mailings.messages import Sender, write_next_letters
from hackathon.mailings.operations import ask_to_send
from hackathon.mailings.queries import still_to_write
from hackathon.participants.models import Registration
from hackathon.participants.queries import participant_by_email
from tests.makers import make_event, make_pack, make_participant, make_registration
from tests.visitor import Visitor, words_of

LIST = "First name,Surname,E-mail,Ward,Region\nAda,Byron,ada@example.org,Ward 1,North\n"
COLUMNS = (Column.NAME, Column.ADDRESS, Column.TEAM)
THIRD_OF_MARCH = date(2026, 3, 3)
SENDER = Sender("https://hack.example.org", "Stannerdale Community Health")


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=30))
    session.commit()
    return event


def bring_in(session: Session, event: Event, names: str, team: str = "Ward 1") -> InvitationList:
    """A list with these first names on it."""
    rows = "".join(f"{name},{name.lower()}@example.org,{team}\n" for name in names.split())
    draft = keep_draft(session, event, file=read_list("list", f"Name,Email,Team\n{rows}".encode()), name="list.csv")
    said = {"source": "staff list", "declared_by": "Priya", "declared_on": THIRD_OF_MARCH, "invited_on": None}
    taken = take_list(session, draft, columns=COLUMNS, actor="a test", **said)  # type: ignore[arg-type]  # each has its own type - mypy sees object
    session.commit()
    return taken


def invitee(session: Session, name: str) -> Invitee:
    return session.scalars(select(Invitee).where(Invitee.name == name)).one()


def invite(session: Session, event: Event, *names: str, kind: str = "letters.invitation", days_ago: int = 2) -> None:
    """A letter that left for each of these some days ago."""
    for name in names:
        letter = post_letter(
            session, kind=kind, to_address=f"{name.lower()}@example.org", subject="", text="", event_id=event.id
        )
        letter.sent_at = letter.made_at = now() - timedelta(days=days_ago)
    session.commit()


def come(session: Session, who: Invitee, email: str) -> Registration:
    said = {"organisation": "", "job_role": "", "attending": Place.ROOM, "answers": {}}
    return register_invited(session, who, name=who.name, email=email, **said).registration  # type: ignore[arg-type]  # the same


def upload(desk: Visitor, event: Event, raw: bytes, name: str = "staff_list.csv") -> str:
    """Send a file as a browser does; where the next page is."""
    address = f"/desk/{event.code}/invitations/new"
    answer = desk.post_form(address, {"file": (io.BytesIO(raw), name)}, content_type="multipart/form-data")
    return answer.location or words_of(answer)


TAKE = {"source": "staff list", "declared_by": "Priya"} | {
    f"{name}": value for name, value in {"declared_on": ["3", "3", "2026"], "invited_on": ["", "", ""]}.items()
}


def test_a_list_is_looked_at_and_then_taken_whole(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    make_registration(session, event, make_participant(session, event, email="bo@example.org"))
    bring_in(session, event, "Cy")
    desk = staff_client(event=event)
    rows = LIST + "Ada,B,ADA@example.org\u200b,,\nBo,,bo@example.org,Ward 2,\nCy,,cy@example.org,,\n"

    page = upload(desk, event, rows.encode("utf-16"))
    look = desk.words(page)
    names = {
        f"columns-column_{place}": value for place, value in enumerate(("name", "name", "address", "team", "region"))
    }
    answer = desk.post_form(page, {**TAKE, **names}, follow_redirects=True)

    assert "staff_list.csv , read as UTF-16, with commas: 4 rows" in look
    assert "3 people with an address; 1 row says somebody again" in look
    assert "2 people are new. 1 is on an earlier list and stays with that one. 1 has registered already" in look
    assert "3 people are on this list now." in words_of(answer)
    session.expire_all()
    ada = invitee(session, "Ada Byron")
    assert (ada.email, ada.team, ada.region, ada.sector) == ("ada@example.org", "Ward 1", "North", "")
    assert session.scalars(select(InvitationList.people)).all() == [1, 3]
    assert session.scalars(select(ListDraft)).all() == [], "nothing of the file stays"


def test_attack_35_one_wrong_row_and_nobody_is_taken(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    desk = staff_client(event=event)

    page = upload(desk, event, (LIST + "Bo,,no address,,\nCy,,,,\n").encode())
    look = desk.words(page)
    names = {
        f"columns-column_{place}": value for place, value in enumerate(("name", "name", "address", "team", "team"))
    }
    refused = words_of(desk.post_form(page, {**TAKE, **names}))

    assert "2 things are to be put right" in look
    assert "Row 3: “no address” is no email address." in look
    assert "Row 4: there is no email address." in look
    assert "Nothing is taken yet: 1 things" in refused
    assert "Two columns hold the team. Only a name may stand in several." in refused
    assert "3 cells, but there are 2 headings" in upload(desk, event, b"A,B\n1,2,3\n")
    assert "There is nobody on this list" in upload(desk, event, b"Name,Email\n")
    assert session.scalars(select(Invitee)).all() == []


def test_a_list_of_thousands_comes_in_and_one_that_is_too_large_is_told_so(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    desk = staff_client(event=event)
    row = "Person {0},person.{0}@stannerdale.example.org\n"

    page = upload(desk, event, ("Name,Email\n" + "".join(map(row.format, range(5_000)))).encode())

    assert "5,000 people with an address" in desk.words(page)
    assert "a list of people up to 2 MB" in upload(desk, event, b"x" * 3_000_000)


def test_columns_are_guessed_by_their_headings_and_the_address_by_its_sign() -> None:
    name, address, team, nothing = Column.NAME, Column.ADDRESS, Column.TEAM, Column.NOTHING

    assert guessed_columns(["First Name", "SURNAME", "E-mail", "Department", "Mail"], []) == [
        *(name, name, address, team, nothing)
    ]
    assert guessed_columns(["", "Kontakt", "Team"], [["Ada", "ada@x.org", ""]]) == [nothing, address, team]


def test_a_list_of_another_event_is_not_there(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    """Attack 16, with the control that the same number is there in its own event."""
    other = make_event(session)
    taken = bring_in(session, other, "Ada")
    desk = staff_client(event=event)

    assert desk.get(f"/desk/{event.code}/invitations/{taken.id}/base").status_code == 404
    assert staff_client(event=other).get(f"/desk/{other.code}/invitations/{taken.id}/base").status_code == 200


Spend = Callable[[Session, Invitee, str, bool], object]


def spend_at_once(app: Flask, token: str, spend: Spend) -> list[str]:
    """Two people use one link at the same moment, each in a browser of their own; what each was told."""
    both, told = Barrier(2), []
    wanted = select(Invitee).where(Invitee.token == token)

    def use(email: str) -> None:
        with app.app_context():
            looked_unused = db.session().scalars(wanted).one().spent_at is None
            both.wait(timeout=20)
            try:
                with transaction() as session:
                    spend(session, session.scalars(wanted).one(), email, looked_unused)
                told.append("in")
            except Refusal as refusal:
                told.append(refusal.message)
            db.session.remove()

    people = [Thread(target=use, args=(f"{name}@example.org",)) for name in ("one", "two")]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    return sorted(told)


def test_attack_4_a_link_used_twice_at_once_lets_one_in(app: Flask, session: Session, event: Event) -> None:
    bring_in(session, event, "Ada")
    token = invitee(session, "Ada").token
    session.rollback()

    told = spend_at_once(app, token, lambda writing, who, email, _: come(writing, who, email))

    assert told == ["This invitation has been used. Whoever used it has a letter with their own link.", "in"]
    assert session.scalar(select(func.count()).select_from(Registration)) == 1


def test_without_looking_and_taking_in_one_statement_both_would_be_in(
    app: Flask, session: Session, event: Event
) -> None:
    """The control of attack 4: each looked before the other had taken."""

    def look_then_take(session: Session, who: Invitee, _email: str, looked_unused: bool) -> None:
        if not looked_unused:
            raise Refusal("used")
        session.execute(update(Invitee).where(Invitee.id == who.id).values(spent_at=now()))

    bring_in(session, event, "Ada")
    token = invitee(session, "Ada").token
    session.rollback()

    assert spend_at_once(app, token, look_then_take) == ["in", "in"]


def test_an_invitation_fills_in_who_it_is_and_only_a_button_counts_as_opening_it(
    client: Visitor, session: Session, event: Event
) -> None:
    """Attack 5, too: opening either link changes nothing."""
    bring_in(session, event, "Ada")
    token = invitee(session, "Ada").token
    session.commit()

    pages = [client.words(f"/i/{token}"), client.words(f"/i/{token}/no"), client.words(f"/i/{token}/register")]
    session.expire_all()
    untouched = invitee(session, "Ada")
    assert (untouched.opened_at, untouched.declined_at, untouched.spent_at) == (None, None, None)
    form = client.post_form(f"/i/{token}", follow_redirects=True)
    session.expire_all()
    assert invitee(session, "Ada").opened_at is not None
    done = client.post_form(
        f"/i/{token}/register",
        {"name": "Ada B", "email": "ada@home.example", "attending": "room"},
        follow_redirects=True,
    )

    assert "You are invited, Ada" in pages[0]
    assert 'value="ada@example.org"' in form.text
    assert done.request.path == f"/e/{event.code}/registered"
    session.expire_all()
    person = participant_by_email(session, event, "ada@home.example")
    assert person is not None
    assert (person.name, person.team, invitee(session, "Ada").participant_id) == ("Ada B", "Ward 1", person.id)
    assert [one.state for one in standings_of(session, event)] == ["registered"]
    assert "This invitation has been used" in client.words(f"/i/{token}/register")


def test_a_no_stops_the_reminders_and_leaves_the_way_open(client: Visitor, session: Session, event: Event) -> None:
    bring_in(session, event, "Ada")
    invite(session, event, "Ada")
    token = invitee(session, "Ada").token
    assert len(to_remind(session, event)) == 1
    session.commit()

    said = words_of(client.post_form(f"/i/{token}/no", follow_redirects=True))

    assert "We do not remind you" in said
    session.expire_all()
    assert (list(to_remind(session, event)), list(unanswered(session, event))) == ([], [])
    assert "You have said no. You can still come." in client.words(f"/i/{token}")
    come(session, invitee(session, "Ada"), "ada@example.org")
    assert [one.state for one in standings_of(session, event)] == ["registered"]


def test_reminders_go_to_those_who_have_not_answered_and_never_twice_a_day(session: Session, event: Event) -> None:
    bring_in(session, event, "Silent Came Refused Bounced Today Unsent")
    invite(session, event, "Silent", "Came", "Refused", "Bounced")
    invite(session, event, "Today", days_ago=0)
    decline_invitation(session, invitee(session, "Refused"))
    come(session, invitee(session, "Came"), "came@example.org")
    bounced = select(Letter).where(Letter.address_key == address_key(event.id, "bounced@example.org"))
    session.scalars(bounced).one().returned_at = now()
    kind = KINDS["invitation-again"]
    session.commit()

    with pytest.raises(Refusal, match="The number has changed, to 1"):
        ask_to_send(session, event, kind=kind, people=6, actor="a test")
    session.rollback()
    ask_to_send(session, event, kind=kind, people=1, actor="a test")
    session.commit()
    with transaction() as writing:
        assert write_next_letters(writing, event, kind, at=now(), sender=SENDER) == 1

    letter = session.scalars(select(Letter).where(Letter.kind == kind.letter_kind)).one()
    assert letter.to_address == "silent@example.org"
    assert f"https://hack.example.org/i/{invitee(session, 'Silent').token}/no" in letter.text
    assert still_to_write(session, event, kind) == [], "attack 38: who was written to today is left alone"
    letter.made_at, letter.once = now() - timedelta(days=1), None
    session.flush()
    assert [one.address for one in still_to_write(session, event, kind)] == ["silent@example.org"], "the next day"


def test_whose_invitation_came_back_is_not_among_those_to_remind(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    bring_in(session, event, "Ada Bo")
    invite(session, event, "Ada", "Bo")
    session.execute(update(Letter).where(Letter.to_address == "ada@example.org").values(returned_at=now()))
    session.commit()
    desk = staff_client(event=event)

    assert [each.name for each in to_remind(session, event)] == ["Bo"]
    assert "Remind 1 person" in desk.words(f"/desk/{event.code}/invitations")


def test_rates_have_their_base_and_groups_that_would_tell_who_it_was_have_no_counts(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    bring_in(session, event, " ".join(f"P{n}" for n in range(8)))
    bring_in(session, event, " ".join(f"Q{n}" for n in range(6)), team="Ward 2")
    bring_in(session, event, "R0 R1", team="Ward 3")
    invite(session, event, *(f"P{n}" for n in range(8)), *(f"Q{n}" for n in range(6)), "R0")
    come(session, invitee(session, "P0"), "p0@example.org")
    come(session, invitee(session, "P1"), "elsewhere@example.org")
    session.commit()

    standings = standings_of(session, event)
    everybody = counted("All", standings, source="staff list, 3 March 2026")
    (teams,) = counts_by_group(session, event, standings)
    page = staff_client(event=event).words(f"/desk/{event.code}/invitations")

    assert everybody.rate == "2 of 15 invited (13%), staff list, 3 March 2026"
    assert (everybody.listed, everybody.opened, everybody.not_yet) == (16, 2, 13)
    assert [(name, count and count.registered) for name, count in teams.rows] == [
        ("Ward 1", 2),
        ("Ward 2", None),
        ("Ward 3", None),
    ]
    assert "Ward 3 too few to show" in page
    assert "2 of 8 invited (25%), staff list, 3 March 2026" in page


def test_the_published_number_of_those_invited_is_counted_from_the_lists_unless_somebody_wrote_one_down(
    client: Visitor, session: Session, event: Event
) -> None:
    def published() -> int | None:
        return figures_of(session, event).people.invited_outside

    make_pack(session, event)
    assert published() is None
    bring_in(session, event, "Ann Bob Cleo")
    invite(session, event, "Ann", "Bob")
    session.scalars(select(Letter)).first().returned_at = now()  # type: ignore[union-attr]  # two letters are there
    session.commit()
    assert published() == 1
    assert "1 person was invited. Staff list, 3 March 2026." in client.words(f"/e/{event.code}/write-up")

    call_outside(
        session, event, invited=200, bounced=4, source="County letter", declared_on=THIRD_OF_MARCH, actor="a test"
    )
    session.commit()
    assert published() == 196
    said = client.words(f"/e/{event.code}/write-up")
    assert "196 people were invited outside. County letter, as of 3 March 2026." in said


def test_a_list_can_be_the_base_of_every_rate(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    taken = bring_in(session, event, "Ada Bo Cy")
    address = f"/desk/{event.code}/invitations/{taken.id}/base"
    desk = staff_client(event=event)

    refused = words_of(desk.post_form(address, {"room": "4"}))
    desk.post_form(address, {"room": "2"})

    assert "There are 3 people on this list" in refused
    session.expire_all()
    base = base_of(session, event)
    assert base is not None
    assert (base.total, base.source, base.declared_on) == (3, "staff list", THIRD_OF_MARCH)
    assert [part["number"] for part in base.parts] == [2, 1]


def test_a_list_is_not_taken_out_from_under_a_later_one(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    """Whoever brings the corrected list in first would be left with a list on which nobody is."""
    wrong, corrected = bring_in(session, event, "Ada Bo"), bring_in(session, event, "Ada Bo Cy")
    desk, page = staff_client(event=event), f"/desk/{event.code}/invitations"

    def take_out(taken: InvitationList) -> str:
        return words_of(desk.post_form(f"{page}/{taken.id}/give-back", page=page, follow_redirects=True))

    assert "Take that one out first" in take_out(wrong)
    assert "The list is taken out" in take_out(corrected)
    assert "The list is taken out" in take_out(wrong)
    assert session.scalars(select(Invitee)).all() == []


def test_attack_34_states_come_out_as_files_and_go_in_again_unchanged(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    rows = "Name,Email,Team\n=1+1,ada@example.org,+44 20 7946 0000\n-5,bo@example.org,@team\n"
    draft = keep_draft(session, event, file=read_list("list", rows.encode()), name="list.csv")
    said = {"source": "staff list", "declared_by": "Priya", "declared_on": THIRD_OF_MARCH, "invited_on": None}
    take_list(session, draft, columns=COLUMNS, actor="a test", **said)  # type: ignore[arg-type]  # the same
    session.commit()
    desk = staff_client(event=event)

    for kind in ("csv", "xlsx"):
        read = read_list("again", desk.get(f"/desk/{event.code}/invitations.{kind}").data)
        assert guessed_columns(read.heads, []) == [*Column][1:] + [Column.NOTHING] * 2
        assert [cells[:3] + cells[5:6] for _, cells in read.rows] == [
            ["=1+1", "ada@example.org", "+44 20 7946 0000", "not sent"],
            ["-5", "bo@example.org", "@team", "not sent"],
        ]


def test_attack_38_floods_of_files_and_of_answers_have_to_wait(
    client: Visitor, session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    """The control: the same things a few times pass."""
    bring_in(session, event, "Ada Bo")
    link, other = (f"/i/{invitee(session, name).token}" for name in ("Ada", "Bo"))
    session.commit()
    desk = staff_client(event=event)
    files, token = f"/desk/{event.code}/invitations/new", client.token_on(link)

    sent = [
        desk.post_form(files, {"file": (io.BytesIO(b""), "l.csv")}, content_type="multipart/form-data").status_code
        for _ in range(11)
    ]
    answered = [client.post(link, data={"csrf_token": token}).status_code for _ in range(21)]

    assert (sent[:10], sent[10]) == ([200] * 10, 429)
    assert (answered[:20], answered[20]) == ([302] * 20, 429)
    assert client.post(other, data={"csrf_token": token}).status_code == 302


def test_files_go_after_a_day_and_names_some_weeks_after_the_event(session: Session, event: Event) -> None:
    bring_in(session, event, "Ada Bo")
    invite(session, event, "Ada", "Bo")
    make_registration(session, event, make_participant(session, event, email="bo@example.org"))
    for age in (23, 25):
        draft = keep_draft(session, event, file=read_list("l", b"A\nb\n"), name="l.csv")
        draft.uploaded_at = now() - timedelta(hours=age)
    session.commit()

    with transaction() as writing:
        delete_due_lists(writing, at=now())
    assert len(session.scalars(select(ListDraft)).all()) == 1
    assert {one.name for one in session.scalars(select(Invitee))} == {"Ada", "Bo"}
    with transaction() as writing:
        delete_due_lists(writing, at=now() + timedelta(days=80))

    session.expire_all()
    assert {(one.name, one.email, one.email_key) for one in session.scalars(select(Invitee))} == {("", "", None)}
    assert counted("All", standings_of(session, event)).rate == "1 of 2 invited (50%)", "rates stay as they were"


def test_somebody_who_is_erased_is_on_no_list_any_more(session: Session, event: Event) -> None:
    """Attack 39: under the address on the list, and under the one they came with by its link."""
    bring_in(session, event, "Ada Bo")
    person = come(session, invitee(session, "Ada"), "bo@example.org").participant

    gone = forget_invitations(session, person)

    assert gone == 2
    assert standings_of(session, event) == []


def test_the_base_needs_no_more_people_than_the_list_has(session: Session, event: Event) -> None:
    taken = bring_in(session, event, "Ada")

    with pytest.raises(Refusal, match="There are 1 people on this list"):
        take_list_as_base(session, taken, room=2, actor="a test")
