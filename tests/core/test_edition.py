"""Whether a commit is noticed, whoever made it."""

from flask import Flask
from sqlalchemy.orm import Session

from hackathon.core.db import db, transaction
from hackathon.core.edition import edition_of
from tests.makers import make_event


def test_an_edition_lasts_until_somebody_commits(app: Flask, session: Session) -> None:
    edition = edition_of(db.engine)
    first = edition()

    make_event(session)
    session.flush()
    assert edition() == first is not None

    session.commit()
    second = edition()
    assert second != first
    with transaction() as writing:
        make_event(writing)
    assert edition() not in (first, second)
