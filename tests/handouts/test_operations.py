"""Filling a pack in, writing into its open places, and who is reading."""

from datetime import date, time

import pytest
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.framing.models import Promise
from hackathon.handouts.document import AskedFor
from hackathon.handouts.operations import LONGEST_INSERT, write_insert
from hackathon.handouts.queries import filling_of, inserts_of, reader_of
from hackathon.packs.queries import manifest_of
from hackathon.participants.models import RegistrationState
from hackathon.staff.models import Role
from tests.makers import make_account, make_event, make_member, make_pack, make_registration


def test_the_privacy_notice_is_made_from_the_form_itself(session: Session) -> None:
    event = make_event(session, held_on=date(2026, 3, 17))
    make_pack(session, event)

    asked = filling_of(
        session, event, manifest_of(session, event), address="https://h.org", organisation="We"
    ).questions

    assert asked[1] == AskedFor(
        label="Food needs",
        why="So that we can order food that you can eat",
        who="the access lead and the front desk",
        until="31 March 2026",
    )


def test_an_event_fills_its_pack_with_words(session: Session) -> None:
    event = make_event(session, code="K7PM", starts=time(9, 30), contact_name="", contact_email="jo@example.org")
    make_pack(session, event)
    session.add(Promise(event=event, sponsor_name="Ann *Bold*", words="We answer.\nAll of it."))

    words = filling_of(
        session, event, manifest_of(session, event), address="https://hack.example.org", organisation="We"
    ).words

    assert words["event.address"] == r"[hack\.example\.org\/e\/K7PM](<https://hack.example.org/e/K7PM>)"
    assert words["event.starts"] == "9\\:30am"
    assert words["sponsor.name"] == r"Ann \*Bold\*"
    assert words["sponsor.promise"] == r"We answer\. All of it\."
    assert words["owner.name"] == "to be announced"
    assert words["contact.name"] == "the organisers"
    assert words["report.date"] == "Sunday 22 March 2026"


def test_every_variable_of_every_pack_is_filled(session: Session) -> None:
    for name in ("change-model", "inclusion-and-system-leadership", "open-space-unconference"):
        event = make_event(session)
        make_pack(session, event, name)
        filling = filling_of(session, event, manifest_of(session, event), address="https://h.org", organisation="We")

        assert all(filling.words.values())


def test_inserts_are_written_over_and_only_where_the_pack_is_open(session: Session) -> None:
    event = make_event(session)

    write_insert(session, event, slot="travel", markdown="By train.", actor="a test")
    write_insert(session, event, slot="travel", markdown=" By bus. ", actor="a test")

    assert inserts_of(session, event) == {"travel": "By bus."}
    with pytest.raises(Refusal):
        write_insert(session, event, slot="purpose", markdown="Mine", actor="a test")
    with pytest.raises(Refusal):
        write_insert(session, event, slot="travel", markdown="x" * (LONGEST_INSERT + 1), actor="a test")


@pytest.mark.parametrize(
    ("state", "in_room"),
    [(RegistrationState.CONFIRMED, True), (RegistrationState.WAITING, False), (RegistrationState.CANCELLED, False)],
)
def test_a_reader_is_in_the_room_while_they_have_a_place_in_it(
    session: Session, state: RegistrationState, in_room: bool
) -> None:
    event = make_event(session)
    row = make_registration(session, event, state=state)

    assert reader_of(session, event, participant=row.participant).in_room is in_room


def test_roles_count_in_their_own_event_only(session: Session) -> None:
    event, account = make_event(session), make_account(session)
    make_member(session, make_event(session), account, Role.SPONSOR)

    assert reader_of(session, event, staff_id=account.id).roles == frozenset()
