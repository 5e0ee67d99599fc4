"""Makes rows for tests: each maker fills in what a test does not care about."""

import itertools
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from hackathon.commitments.models import Commitment
from hackathon.core.clock import now
from hackathon.core.codes import long_token, short_code
from hackathon.core.db import Base
from hackathon.events.models import Activity, Event, Membership, Place, Series, Stage
from hackathon.follow_up.models import Recommendation
from hackathon.insights.models import Identity, Insight, Source
from hackathon.packs.models import FrozenPack
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.staff.models import Account, Role
from hackathon.tables.models import Table
from hackathon.themes.models import Theme
from hackathon.votes.models import Ballot, Channel, Mark, Rating, Round, Statement

_numbers = itertools.count(1)


Row = TypeVar("Row", bound=Base)


def kept(session: Session, row: Row) -> Row:
    """Add a row and give it its number."""
    session.add(row)
    session.flush()
    return row


def backdate(session: Session, line: Activity, at: datetime) -> None:
    """Say that a line of the log was written earlier, past the trigger that keeps it as it is."""
    session.flush()
    trigger, connection = "activity_is_not_changed", session.connection()
    change = update(Activity).where(Activity.id == line.id).values(at=at)
    if connection.dialect.name == "sqlite":
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": trigger})
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.execute(change)
        connection.exec_driver_sql(made)
    else:
        connection.exec_driver_sql(f"ALTER TABLE activity DISABLE TRIGGER {trigger}")
        connection.execute(change)
        connection.exec_driver_sql(f"ALTER TABLE activity ENABLE TRIGGER {trigger}")
    session.refresh(line)


def leave_deleted_rows_readable(session: Session) -> None:
    """As most builds of SQLite do; some write over them without being told."""
    session.connection().exec_driver_sql("PRAGMA secure_delete = OFF")
    session.commit()


def make_event(session: Session, **columns: Any) -> Event:
    """A published event, opening up: people may send insights."""
    number = next(_numbers)
    return kept(
        session,
        Event(
            **{
                "slug": f"event-{number}",
                "code": short_code(6),
                "title": f"Event {number}",
                "question": "What would you choose to use on Monday morning?",
                "held_on": date(2026, 3, 17),
                "starts": time(9, 30),
                "ends": time(16, 15),
                "venue": "The Corn Store",
                "expected_people": 80,
                "contact_email": "organiser@example.org",
                "stage": Stage.DIVERGE,
                **columns,
            }
        ),
    )


def make_series_of(session: Session, *events: Event, **columns: Any) -> Series:
    """A series of these events, asking what the first of them asks."""
    question = events[0].question
    series = kept(
        session, Series(**{"code": short_code(6), "title": "Five towns, one question", "question": question, **columns})
    )
    for event in events:
        event.series, event.question = series, series.question
    session.flush()
    return series


def make_account(session: Session, email: str = "", name: str = "") -> Account:
    email = email or f"staff{next(_numbers)}@example.org"
    return kept(session, Account(email=email, email_key=email.casefold(), name=name or email.partition("@")[0]))


def make_member(session: Session, event: Event, account: Account, role: Role = Role.ORGANISER) -> Membership:
    return kept(session, Membership(event=event, account=account, role=role))


def make_participant(session: Session, event: Event, **columns: Any) -> Participant:
    email = columns.pop("email", f"person{next(_numbers)}@example.org")
    key = email.casefold() if email else None
    return kept(
        session,
        Participant(
            event=event, email=email, email_key=key, **{"name": "Sample Person", "token": long_token(), **columns}
        ),
    )


def make_registration(
    session: Session, event: Event, participant: Participant | None = None, **columns: Any
) -> Registration:
    return kept(
        session,
        Registration(
            event=event,
            participant=participant or make_participant(session, event),
            **{"attending": Place.ROOM, "state": RegistrationState.CONFIRMED, **columns},
        ),
    )


def make_theme(session: Session, event: Event, **columns: Any) -> Theme:
    number = columns.pop("position", next(_numbers))
    return kept(
        session,
        Theme(
            event=event,
            position=number,
            **{"key": f"theme-{number}", "title": f"Theme {number}", "prompt": "What puts people off?", **columns},
        ),
    )


def make_table(session: Session, event: Event, **columns: Any) -> Table:
    number = columns.pop("number", next(_numbers))
    return kept(session, Table(event=event, number=number, **{"code": short_code(6), "seats": 8, **columns}))


def make_insight(session: Session, event: Event, **columns: Any) -> Insight:
    number = columns.pop("number", next(_numbers))
    return kept(
        session,
        Insight(
            event=event,
            number=number,
            **{
                "client_id": f"client-{number}",
                "text": f"Something noticed, number {number}",
                "phase": event.stage,
                "place": Place.ROOM,
                "identity": Identity.ANONYMOUS,
                "source": Source.PHONE,
                **columns,
            },
        ),
    )


def make_statement(session: Session, event: Event, **columns: Any) -> Statement:
    number = columns.pop("number", next(_numbers))
    return kept(session, Statement(event=event, number=number, **{"text": f"Statement {number}", **columns}))


def make_round(session: Session, event: Event, **columns: Any) -> Round:
    """A round that is open for rating."""
    return kept(session, Round(event=event, **{"opened_at": now(), **columns}))


def make_ballot(session: Session, event: Event, marks: Mapping[Statement, Mark | None], **columns: Any) -> Ballot:
    """A ballot with its marks, by statement."""
    ballot = kept(
        session,
        Ballot(
            event=event,
            **{
                "code": short_code(6),
                "channel": Channel.ELECTRONIC,
                "place": Place.ROOM,
                "device": long_token(),
                "cast_at": now(),
                **columns,
            },
        ),
    )
    session.add_all(Rating(ballot=ballot, statement=statement, mark=mark) for statement, mark in marks.items())
    session.flush()
    return ballot


def make_recommendation(session: Session, event: Event, **columns: Any) -> Recommendation:
    number = columns.pop("number", next(_numbers))
    return kept(
        session,
        Recommendation(event=event, number=number, **{"text": f"Recommendation {number}", "horizon": 1, **columns}),
    )


def make_commitment(session: Session, event: Event, **columns: Any) -> Commitment:
    number = columns.pop("number", next(_numbers))
    return kept(session, Commitment(event=event, number=number, **{"text": f"Commitment {number}", **columns}))


def make_pack(session: Session, event: Event, name: str = "change-model") -> FrozenPack:
    """One of the packs that ship, taken into the event."""
    return freeze_pack(session, event, pack_on_disk(name), actor="a test")
