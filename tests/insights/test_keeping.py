"""What is written for many at once is what objects would have made, on either database, and so are its log lines."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from hackathon.events.models import Place, Stage
from hackathon.events.operations import SOMEONE, record
from hackathon.insights.document import Receipt
from hackathon.insights.models import Identity, Insight, Kind, Source, Uncounted
from hackathon.insights.operations import keep_thoughts
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
        "received_at": AT_NOON,
        "late": False,
        "waits": False,
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
        late=True,
        waits=True,
        uncounted=Uncounted.REHEARSAL,
    )
    bare = row_of(event.id, captured_at=AT_NOON, device=None)
    for number, row in enumerate((whole, bare)):
        session.add(Insight(**row, number=1 + 10 * number, client_id=f"object-{number}"))
        session.flush()
        keep_thoughts(session, [{**row, "client_id": f"row-{number}"}])

    one, same_as_one, two, same_as_two = kept_in(session, "insight")
    assert (same_as_one, same_as_two) == (one, two)


@pytest.mark.parametrize(("waits", "kind"), [(False, "insight.shared"), (True, "insight.held")])
def test_so_is_its_line_of_the_log(session: Session, waits: bool, kind: str) -> None:
    event = make_event(session)
    record(session, event, kind, actor=SOMEONE, subject_id=1)

    keep_thoughts(session, [row_of(event.id, client_id="an-id-of-a-phone", captured_at=AT_NOON, waits=waits)])

    one, same = kept_in(session, "activity")[-2:]
    assert same == one


def test_numbers_and_lines_of_the_log_are_in_the_order_in_which_words_were_handed_in(session: Session) -> None:
    event = make_event(session)
    rows = [row_of(event.id, client_id=f"an-id-of-a-phone-{n}", text=f"{n}", captured_at=AT_NOON) for n in range(40)]

    receipts = keep_thoughts(session, rows)

    assert [receipt.number for receipt in receipts if isinstance(receipt, Receipt)] == [n + 1 for n in range(40)]
    joined = "SELECT number, insight.text FROM activity JOIN insight ON insight.id = subject_id ORDER BY activity.id"
    logged = session.execute(text(joined))
    assert [tuple(line) for line in logged] == [(n + 1, f"{n}") for n in range(40)]


def test_taking_back_what_came_twice_leaves_what_stands_beyond(session: Session) -> None:
    """A number that somebody gave by hand, beyond those of this batch, is not of this batch."""
    event = make_event(session)
    keep_thoughts(session, [row_of(event.id, client_id="an-id-of-a-phone", captured_at=AT_NOON)])
    session.add(Insight(**row_of(event.id, client_id="from-a-file", captured_at=AT_NOON), number=50))
    session.flush()

    again = [row_of(event.id, client_id=id, captured_at=AT_NOON) for id in ("an-id-of-a-phone", "another-id")]
    receipts = keep_thoughts(session, again)

    assert [receipt.number for receipt in receipts if isinstance(receipt, Receipt)] == [1, 2]
    numbers = session.execute(text("SELECT number FROM insight ORDER BY number")).scalars().all()
    assert numbers == [1, 2, 50]


def test_a_moment_without_a_time_zone_is_refused(session: Session) -> None:
    event = make_event(session)
    row = row_of(event.id, client_id="an-id-of-a-phone", captured_at=AT_NOON.replace(tzinfo=None))

    with pytest.raises((ValueError, StatementError), match="a moment needs a time zone"):
        keep_thoughts(session, [row])
