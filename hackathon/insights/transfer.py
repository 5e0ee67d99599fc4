"""Insights as a spreadsheet that everybody may have."""

from sqlalchemy.orm import Session

from hackathon.adapters.sheets import sheet_text
from hackathon.events.models import Event
from hackathon.insights.models import Insight
from hackathon.insights.queries import insights_of

COLUMNS = (
    "number",
    "client_id",
    "captured_at",
    "phase",
    "kind",
    "place",
    "table",
    "theme",
    "identity",
    "author_email",
    "source",
    "card_number",
    "text",
    "said_by",
)


def insights_sheet(session: Session, event: Event, *, hide_table_below: int = 0) -> str:
    """Every insight that can be seen, up to the moment at which the figures were frozen.

    The columns are those of an archive, so that a sheet can be loaded back; but no address ever leaves the house here,
    and where a pack asks for it no table at which so few people sit that it would point to one of them.
    """
    until = event.figures_frozen_at
    counted = [i for i in insights_of(session, event) if until is None or i.captured_at <= until]
    return sheet_text(COLUMNS, [_row(insight, hide_table_below) for insight in counted])


def _row(insight: Insight, hide_table_below: int) -> tuple[object, ...]:
    table = insight.table if insight.table and insight.table.taken >= hide_table_below else None
    return (
        insight.number,
        insight.client_id,
        insight.captured_at,
        insight.phase.value,
        insight.kind.value,
        insight.place.value,
        table.number if table else None,
        insight.theme.key if insight.theme else None,
        insight.identity.value,
        None,
        insight.source.value,
        # A card's number begins with the number of its table.
        insight.card_number if table else None,
        insight.text,
        insight.said_by,
    )
