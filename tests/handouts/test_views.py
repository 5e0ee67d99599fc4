"""The pack in a browser and on paper: what is out, for whom, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import Job
from hackathon.adapters.pdf import pdf_is_available
from hackathon.core.clock import now
from hackathon.events.models import Event, Place, Stage
from hackathon.framing.models import Promise
from hackathon.handouts.operations import write_insert
from hackathon.handouts.transfer import make_pack_pdf, pack_html
from hackathon.packs.models import Insert
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.models import RegistrationState
from hackathon.staff.models import Role
from tests.applications import on_one_database
from tests.lacking import do_without
from tests.makers import make_event, make_pack, make_registration
from tests.printed import problems_of, words_on_pages
from tests.visitor import StaffClient, Visitor, words_of

TODAY = now().date()
EVIL = "{{ config }} <script>alert(1)</script> [x](http://evil.test) {event.__class__}"


def event_in(session: Session, days: int, **columns: object) -> Event:
    """An event that is held in so many days, with its pack."""
    event = make_event(session, held_on=TODAY + timedelta(days=days), **columns)
    make_pack(session, event)
    session.commit()
    return event


def participant_client(
    client: Visitor,
    session: Session,
    event: Event,
    place: Place = Place.ROOM,
    state: RegistrationState = RegistrationState.CONFIRMED,
) -> Visitor:
    token = make_registration(session, event, attending=place, state=state).participant.token
    session.commit()
    client.get(f"/p/{token}")
    return client


def test_the_pack_says_what_is_out_and_what_is_to_come(client: Visitor, session: Session) -> None:
    event = event_in(session, 20)

    said = client.words(f"/e/{event.code}/pack")

    assert "Why we are meeting 1 minute" in said
    assert "Still to come" in said
    assert f"Four short stories From {(TODAY + timedelta(days=6)):%A}" in said
    assert "Getting here and access" not in said
    assert "Facilitator guide" not in said


@pytest.mark.parametrize("name", ["change-model", "inclusion-and-system-leadership", "open-space-unconference"])
def test_the_privacy_notice_is_out_as_soon_as_people_register(client: Visitor, session: Session, name: str) -> None:
    event = make_event(session, held_on=TODAY + timedelta(days=60))
    make_pack(session, event, name)
    session.commit()

    link = client.soup(f"/e/{event.code}/register").find("a", string="your information")

    assert link is not None
    assert "Tell us what you need to take part fully" in client.words(str(link["href"]))
    assert "1 document" in client.words(f"/e/{event.code}/pack")


def test_a_document_reads_with_its_words_explained_and_leads_on(client: Visitor, session: Session) -> None:
    event = event_in(session, 3)

    soup = client.soup(f"/e/{event.code}/pack/day")
    words = [button.get_text() for button in soup.select("button.word")]

    assert soup.h1 is not None
    assert soup.h1.get_text() == "How the day works"
    assert "sprints" in words
    assert len(words) == len({word.casefold() for word in words})
    assert [cell.get_text() for cell in soup.select("table.run-sheet th[scope=row]")][:3] == [
        "9:30am",
        "10am",
        "10:20am",
    ]
    assert "Taking part from outside the room" in soup.select_one(".onward__next").get_text()  # type: ignore[union-attr]  # the test fails when it is missing


@pytest.mark.parametrize("name", ["change-model", "inclusion-and-system-leadership", "open-space-unconference"])
def test_what_the_pack_says_of_its_question_stands_beside_no_other(
    client: Visitor, session: Session, staff_client: StaffClient, name: str
) -> None:
    pack = pack_on_disk(name).manifest.hack_question
    scope = {"scope_in": list(pack.in_scope), "scope_out": list(pack.out_of_scope)}
    event = make_event(session, held_on=TODAY + timedelta(days=3), question=pack.text, **scope)
    make_pack(session, event, name)
    session.commit()
    page, desk = f"/e/{event.code}/pack/hack-question", f"/desk/{event.code}/pack"
    own, organiser = ("Which forms could we stop?", staff_client(Role.ORGANISER, event))
    theirs = [line[1:] for line in (*pack.meaning, *pack.in_scope, *pack.out_of_scope)]

    packed = client.words(page)
    organiser.post_form(f"/desk/{event.code}/plan/question", {"question": own, "tested_with": "0", **_lines(scope)})
    other, to_write = client.words(page), organiser.words(desk)
    organiser.post_form(f"/desk/{event.code}/plan/question", {"question": own, "scope_in": "forms", "scope_out": ""})

    assert all(line in packed for line in theirs)
    assert not [line for line in theirs if line in other]
    assert "The organisers have named nothing that is left out." in other
    assert "What your question takes in and leaves out" in to_write
    assert "Forms" in client.words(page)


def _lines(scope: dict[str, list[str]]) -> dict[str, str]:
    return {name: "\n".join(lines) for name, lines in scope.items()}


@pytest.mark.parametrize("document", ["access", "facilitator", "sponsor", "community-manager", "table-host"])
def test_attack_27_a_document_for_others_is_not_there(client: Visitor, session: Session, document: str) -> None:
    event = event_in(session, 3)

    assert client.get(f"/e/{event.code}/pack/{document}").status_code == 404


@pytest.mark.parametrize("document", ["evidence", "prompts", "after", "nothing", "pack.toml", "..%2fpack"])
def test_attack_27_an_unreleased_document_is_not_there_even_for_staff(
    session: Session, staff_client: StaffClient, document: str
) -> None:
    event = event_in(session, 20)

    organiser = staff_client(Role.ORGANISER, event)

    assert organiser.get(f"/e/{event.code}/pack/{document}").status_code == 404


def test_attack_27_the_booklet_holds_only_what_is_out_for_everyone(session: Session) -> None:
    html = pack_html(session, event_in(session, 20))

    assert 'id="purpose"' in html
    for absent in ("evidence", "stories", "access", "remote", "facilitator", "sponsor", "after"):
        assert f'id="{absent}"' not in html


def test_attack_27_a_draft_has_no_pack(client: Visitor, session: Session) -> None:
    event = event_in(session, 3, stage=Stage.DRAFT)

    assert [client.get(f"/e/{event.code}/pack{rest}").status_code for rest in ("", "/purpose", ".pdf")] == [404] * 3


def test_a_document_comes_out_at_midnight_of_the_venue(
    client: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = event_in(session, 0, timezone="Pacific/Auckland")
    event.held_on = datetime(2026, 3, 17, tzinfo=UTC).date()
    session.commit()
    address = f"/e/{event.code}/pack/after"

    monkeypatch.setattr("hackathon.handouts.transfer.now", lambda: datetime(2026, 3, 16, 10, 59, tzinfo=UTC))
    assert client.get(address).status_code == 404

    monkeypatch.setattr("hackathon.handouts.transfer.now", lambda: datetime(2026, 3, 16, 11, 0, tzinfo=UTC))
    assert client.get(address).status_code == 200


def test_people_in_the_room_read_how_to_get_here_and_people_outside_do_not(client: Visitor, session: Session) -> None:
    event = event_in(session, 3)

    participant_client(client, session, event, Place.OUTSIDE)
    assert client.get(f"/e/{event.code}/pack/access").status_code == 404

    participant_client(client, session, event, Place.ROOM)
    assert client.get(f"/e/{event.code}/pack/access").status_code == 200
    assert "Getting here and access For people in the room" in client.words(f"/e/{event.code}/pack")


@pytest.mark.parametrize("state", [RegistrationState.WAITING, RegistrationState.CANCELLED])
def test_people_without_a_place_do_not_read_how_to_get_here(
    client: Visitor, session: Session, state: RegistrationState
) -> None:
    event = event_in(session, 3)
    participant_client(client, session, event, state=state)

    assert client.get(f"/e/{event.code}/pack/access").status_code == 404


def test_attack_16_a_place_or_a_role_in_another_event_opens_nothing_here(
    client: Visitor, session: Session, staff_client: StaffClient
) -> None:
    event, other = event_in(session, 3), event_in(session, 3)
    visitor = participant_client(client, session, other)
    stranger = staff_client(Role.ORGANISER, other)

    assert visitor.get(f"/e/{event.code}/pack/access").status_code == 404
    assert stranger.get(f"/e/{event.code}/pack/facilitator").status_code == 404
    assert [stranger.get(f"/desk/{event.code}/pack{rest}").status_code for rest in ("", "/purpose")] == [404, 404]


@pytest.mark.parametrize(
    ("role", "readable", "closed"),
    [
        (Role.SPONSOR, "sponsor", "facilitator"),
        (Role.COMMUNITY_MANAGER, "community-manager", "sponsor"),
        (Role.FACILITATOR, "table-host", "community-manager"),
    ],
)
def test_staff_read_what_is_written_for_their_role(
    session: Session, staff_client: StaffClient, role: Role, readable: str, closed: str
) -> None:
    event = event_in(session, 3)
    visitor = staff_client(role, event)

    for start in ("e", "desk"):
        assert visitor.get(f"/{start}/{event.code}/pack/{readable}").status_code == 200
        assert visitor.get(f"/{start}/{event.code}/pack/{closed}").status_code == 404


def test_attack_8_what_an_organiser_typed_is_shown_as_it_was_typed(client: Visitor, session: Session) -> None:
    event = event_in(session, 3, title=EVIL, question=f"{EVIL}?")
    session.add(Promise(event=event, sponsor_name=EVIL, sponsor_role=EVIL, words=EVIL, owner_name=EVIL))
    session.commit()

    for address in ("/pack", "/pack/purpose", "/pack/hack-question", "/pack/day"):
        soup = client.soup(f"/e/{event.code}{address}")
        assert EVIL in soup.get_text()
        assert not soup.select("script:not([src])")
        assert not soup.select("a[href*='evil.test']")
    assert "<script" not in pack_html(session, event)


def test_a_privacy_notice_is_out_from_publishing_on_and_not_since_a_day_to_come(
    session: Session, staff_client: StaffClient
) -> None:
    event = event_in(session, 200, stage=Stage.DRAFT)
    desk, page = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/pack"

    assert "To come when the event is published" in desk.words(page)
    event.stage = Stage.BEFORE
    session.commit()
    assert "Out since people can register" in desk.words(page)


def test_the_desk_shows_what_is_out_and_what_is_left_to_write(session: Session, staff_client: StaffClient) -> None:
    event = event_in(session, 25)

    said = staff_client(Role.ORGANISER, event).words(f"/desk/{event.code}/pack")

    assert "What this event has found Stands in “What people have told us so far” Empty" in said
    assert "Getting here Stands in “Getting here and access” Empty" in said
    assert "What came out last time" not in said
    assert "Facilitator guide For facilitators · 10 minutes To come" in said


def test_staff_preview_what_is_not_out_yet(session: Session, staff_client: StaffClient) -> None:
    event = event_in(session, 60)

    said = staff_client(Role.ORGANISER, event).words(f"/desk/{event.code}/pack/facilitator")

    assert "This is a preview. It comes out on" in said
    assert "People bingo: 20 minutes" in said


def test_an_insert_can_be_looked_at_before_it_is_kept(session: Session, staff_client: StaffClient) -> None:
    event = event_in(session, 3)
    organiser, url = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/pack/insert/travel"

    seen = organiser.post_form(url, {"markdown": "# By train\n\n#### Step-free\n\n<b>x</b>", "look": "yes"})

    assert "By train" in words_of(seen)
    assert session.scalar(select(func.count(Insert.id))) == 0

    kept = organiser.post_form(url, {"markdown": "# By train\n\n{{event.code}}", "keep": "yes"}, follow_redirects=True)

    assert "“Getting here” is written." in words_of(kept)
    soup = organiser.soup(f"/e/{event.code}/pack/access")
    assert "By train" in [heading.get_text() for heading in soup.find_all("h3")]
    assert "{{event.code}}" in soup.get_text()


def test_an_insert_that_is_too_long_is_refused_and_kept_in_the_box(session: Session, staff_client: StaffClient) -> None:
    event = event_in(session, 3)
    url = f"/desk/{event.code}/pack/insert/travel"

    answer = staff_client(Role.ORGANISER, event).post_form(url, {"markdown": "long " * 1300, "keep": "yes"})

    assert "This must be 6,000 characters or fewer." in words_of(answer)
    assert "long long" in words_of(answer)


@pytest.mark.parametrize("slot", ["last_time", "purpose"])
def test_a_place_that_the_pack_does_not_have_is_not_there(
    session: Session, staff_client: StaffClient, slot: str
) -> None:
    event = event_in(session, 3)

    assert staff_client(Role.ORGANISER, event).get(f"/desk/{event.code}/pack/insert/{slot}").status_code == 404


def test_the_booklet_is_one_job_as_long_as_it_says_the_same(app: Flask, client: Visitor, session: Session) -> None:
    if not pdf_is_available():
        do_without("Pango", "libpangoft2-1.0-0")
    event = event_in(session, 3)
    address = f"/e/{event.code}/pack.pdf"

    for _ in range(2):
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 202
    first = session.scalars(select(Job.key)).all()
    write_insert(session, event, slot="evidence", markdown="Forty people answered.", actor="a test")
    session.commit()
    client.get(address, headers={"Accept": "text/html"})

    second = session.scalars(select(Job.key)).all()
    assert (len(first), len(second)) == (1, 1), "one is waited for"
    assert first != second, "and it is the one that says how things stand"


@on_one_database
@pytest.mark.parametrize("name", ["change-model", "inclusion-and-system-leadership", "open-space-unconference"])
def test_the_booklet_of_every_pack_prints_for_everybody(session: Session, name: str) -> None:
    if not pdf_is_available():
        do_without("Pango", "libpangoft2-1.0-0")
    event = make_event(session, held_on=TODAY)
    make_pack(session, event, name)

    printed = make_pack_pdf(session, event.id)

    assert problems_of(printed) == []
    assert min(words_on_pages(printed)[2:]) > 25, "no page holds a line or two"
