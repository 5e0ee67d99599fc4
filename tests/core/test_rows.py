"""Rows that are written past the session are the same rows, on either database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from hackathon.core.rows import add_rows
from hackathon.events.models import Activity, Place, Stage
from hackathon.insights.models import Identity, Insight, Kind, Source, Uncounted
from tests.makers import make_event, make_participant, make_table, make_theme

WORDS = 'a "q" \\ \\u0041 \' :x %s %(a)s \u00e9 \U0001f91d \t\n\u2028 \u200d'
IN_SUMMER = datetime(2026, 3, 29, 1, 30, 15, 123450, tzinfo=timezone(timedelta(hours=2)))
AT_NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
OWN = {"id", "number", "client_id", "subject_id", "at"}


def row_of(event_id: int, **more: Any) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "text": WORDS,
        "kind": Kind.QUESTION,
        "phase": Stage.DIVERGE,
        "place": Place.ROOM,
        "source": Source.PHONE,
        "identity": Identity.HIDDEN,
        **more,
    }


def kept_in(session: Session, table: str) -> list[dict[str, Any]]:
    """What the database holds, as it holds it."""
    rows = session.execute(text(f"SELECT * FROM {table} ORDER BY id"))
    return [{name: value for name, value in row._mapping.items() if name not in OWN} for row in rows]


def test_a_thought_is_the_same_row_as_an_object_makes(session: Session) -> None:
    event = make_event(session)
    theme = make_theme(session, event)
    whole = row_of(
        event.id,
        table_id=make_table(session, event, theme=theme).id,
        theme_id=theme.id,
        author_id=make_participant(session, event).id,
        author_name="N \\",
        device="d",
        card_number="5",
        captured_at=IN_SUMMER,
        received_at=AT_NOON,
        late=True,
        waits=True,
        uncounted=Uncounted.REHEARSAL,
    )
    bare = row_of(event.id, captured_at=AT_NOON, received_at=AT_NOON, device=None)
    for number, row in enumerate((whole, bare), 1):
        session.add(Insight(**row, number=number, client_id=f"object-{number}"))
        session.flush()
        add_rows(session, Insight, [{**row, "number": number + 10, "client_id": f"row-{number}"}], by="client_id")

    one, same_as_one, two, same_as_two = kept_in(session, "insight")
    assert (same_as_one, same_as_two) == (one, two)


@pytest.mark.parametrize("detail", [{}, {"a": [1, None, "\u00e9\\"], "b": True}])
def test_so_is_a_line_of_the_log(session: Session, detail: dict[str, Any]) -> None:
    line = {"event_id": make_event(session).id, "kind": "k", "actor": "a\\", "detail": detail}
    before = len(kept_in(session, "activity"))
    session.add(Activity(**line, subject_id=1))
    session.flush()
    add_rows(session, Activity, [{**line, "subject_id": 2}], by="subject_id")

    one, same = kept_in(session, "activity")[before:]
    assert same["detail"] == one["detail"]
    assert same == one


def test_a_moment_without_a_time_zone_is_refused(session: Session) -> None:
    row = row_of(
        make_event(session).id, number=1, client_id="an-id-of-a-phone", captured_at=AT_NOON.replace(tzinfo=None)
    )

    with pytest.raises((ValueError, StatementError), match="a moment needs a time zone"):
        add_rows(session, Insight, [row], by="client_id")


def test_what_is_there_already_is_left_out(session: Session) -> None:
    event = make_event(session)
    rows = [row_of(event.id, number=n, client_id=f"an-id-of-a-phone-{n}") for n in (1, 2)]
    add_rows(session, Insight, rows[:1], by="client_id")

    found = add_rows(
        session, Insight, [{**row, "number": 10 + n} for n, row in enumerate(rows)], by="client_id", unless=KEY
    )

    assert [*found] == ["an-id-of-a-phone-2"]


KEY = ("event_id", "client_id")
