"""A pack in an event, on a real database."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.errors import NotFound, Refusal
from hackathon.packs.models import FrozenDocument
from hackathon.packs.operations import freeze_pack
from hackathon.packs.queries import manifest_of, texts_of
from hackathon.packs.transfer import pack_on_disk
from tests.makers import make_event, make_pack


@pytest.mark.parametrize("name", ["change-model", "inclusion-and-system-leadership", "open-space-unconference"])
def test_a_frozen_pack_says_what_the_one_on_disk_said(session: Session, name: str) -> None:
    event, pack = make_event(session), pack_on_disk(name)

    frozen = freeze_pack(session, event, pack, actor="a test")
    session.expire_all()

    assert (frozen.pack, frozen.version) == (name, "1.0.0")
    assert manifest_of(session, event) == pack.manifest
    assert texts_of(session, event) == pack.texts


def test_an_event_takes_one_pack(session: Session) -> None:
    event = make_event(session)
    make_pack(session, event)

    with pytest.raises(Refusal, match="has its pack already"):
        make_pack(session, event, "open-space-unconference")


def test_an_event_without_a_pack_has_no_manifest(session: Session) -> None:
    with pytest.raises(NotFound):
        manifest_of(session, make_event(session))


def test_documents_leave_with_their_event(session: Session) -> None:
    event = make_event(session)
    make_pack(session, event)
    session.delete(event)
    session.flush()

    assert session.scalars(select(FrozenDocument)).all() == []
