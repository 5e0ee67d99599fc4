"""The policy page says what is set, and what is set otherwise it says otherwise."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from hackathon.events.models import Event, Moderation, Stage
from hackathon.insights.models import Kind, ReplyPromise
from hackathon.packs.models import FrozenPack
from hackathon.participants.models import RegistrationQuestion
from hackathon.staff.models import Role
from tests.makers import kept, make_account, make_event, make_member, make_pack
from tests.visitor import Visitor

Setting = Callable[[Session, Event, FrozenPack], None]


def in_pack(section: str, **values: Any) -> Setting:
    def change(session: Session, event: Event, pack: FrozenPack) -> None:
        pack.manifest = {**pack.manifest, section: {**(pack.manifest.get(section) or {}), **values}}
        flag_modified(pack, "manifest")

    return change


def of_event(**values: Any) -> Setting:
    def change(session: Session, event: Event, pack: FrozenPack) -> None:
        for name, value in values.items():
            setattr(event, name, value)

    return change


def a_care_lead(session: Session, event: Event, pack: FrozenPack) -> None:
    make_member(session, event, make_account(session, name="Sample Carer"), Role.CARE_LEAD)


def a_promise(session: Session, event: Event, pack: FrozenPack) -> None:
    hours = [datetime(2026, 3, 17, hour, tzinfo=UTC).isoformat() for hour in (9, 16)]
    kept(session, ReplyPromise(event=event, kind=Kind.QUESTION, within_hours=48, staffed=[hours]))


def a_question(session: Session, event: Event, pack: FrozenPack) -> None:
    columns = {"position": 99, "key": "shoe", "label": "Size of your shoes", "purpose": "dancing", "keep_days": 7}
    kept(session, RegistrationQuestion(event=event, type="text", options=[], seen_by=[], sensitive=False, **columns))


SETTINGS: dict[str, tuple[Setting, str, str]] = {
    "default": (in_pack("identity", default="anonymous"), "sent as name hidden", "sent as anonymous"),
    "choices": (in_pack("identity", allow=["hidden"]), "You choose for each thought", "one way to send a thought"),
    "read first": (of_event(moderation=Moderation.BEFORE), "at once", "every comment before others can see it"),
    "care lead": (a_care_lead, "not named yet", "The care lead of this event is Sample Carer"),
    "contacts": (in_pack("support", contacts=["Ward chaplain"]), "Freedom to Speak Up Guardian", "Ward chaplain"),
    "languages": (
        in_pack("support", languages=["English", "Welsh"]),
        "has not been said yet",
        "talk with you in English and Welsh",
    ),
    "promise": (a_promise, "No answer is promised", "Every question is promised an answer within 48 hours"),
    "hours": (a_promise, "No answer is promised", "17 March 2026, 9am to 4pm"),
    "tables": (in_pack("identity", hide_table_below=6), "however few people", "only if 6 or more people sit at it"),
    "licence": (in_pack("report", licence="CC-BY-4.0"), "under no licence", "published under CC-BY-4.0"),
    "kept": (a_question, "Food needs", "Size of your shoes: seen by the organisers; kept until 24 March 2026"),
    "contact": (of_event(contact_name="Sample Organiser"), "The organisers:", "Sample Organiser:"),
    "address": (of_event(contact_email="new@example.org"), "organiser@example.org", "new@example.org"),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_setting_changes_the_page(client: Visitor, session: Session, setting: str) -> None:
    change, before, after = SETTINGS[setting]
    event = make_event(session)
    pack = make_pack(session, event)
    session.commit()
    address = f"/e/{event.code}/policy"
    first = client.words(address)

    change(session, event, pack)
    session.commit()

    assert (before in first, after in first, after in client.words(address)) == (True, False, True), first


def test_every_reason_for_taking_something_off_is_named(client: Visitor, session: Session) -> None:
    event = make_event(session)
    session.commit()

    page = client.soup(f"/e/{event.code}/policy").get_text(" ")

    for words in ("names or identifies", "rude or unkind", "tells of harm", "came twice", "outside what this event"):
        assert words in page


def test_a_draft_has_no_policy_and_an_event_without_a_pack_has_one(client: Visitor, session: Session) -> None:
    draft, bare = make_event(session, stage=Stage.DRAFT), make_event(session)
    session.commit()

    assert client.get(f"/e/{draft.code}/policy").status_code == 404
    assert client.get(f"/e/{bare.code}/policy").status_code == 200


@pytest.mark.parametrize("page", ["", "/outside", "/insights"])
def test_pages_of_an_event_lead_to_it(client: Visitor, session: Session, page: str) -> None:
    event = make_event(session)
    session.commit()

    assert client.soup(f"/e/{event.code}{page}").find("a", href=f"/e/{event.code}/policy") is not None
