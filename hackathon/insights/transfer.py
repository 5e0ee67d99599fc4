"""Insights as a spreadsheet that everybody may have."""

import hashlib

from sqlalchemy.orm import Session

from hackathon.adapters.sheets import sheet_text
from hackathon.events.models import Event
from hackathon.insights.models import Insight, Uncounted
from hackathon.insights.queries import Manners, insights_of, manners_of, table_shown

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
    "uncounted",
)


def insights_sheet(session: Session, event: Event) -> str:
    """Every insight that can be seen, up to the moment at which the figures were frozen.

    Words to begin with are marked; what came in to practise is left out, because it will be wiped.

    The columns are those of an archive, so that a sheet can be loaded back; but no address ever leaves the house here,
    no table that the pack does not want shown, and no id under which a phone has sent: whoever sends it again is given
    the receipt, and with it what only that phone may see.
    """
    manners, until = manners_of(session, event), event.figures_frozen_at
    said = [each for each in insights_of(session, event) if each.uncounted is not Uncounted.REHEARSAL]
    until_then = [each for each in said if until is None or each.captured_at <= until]
    return sheet_text(COLUMNS, [_row(insight, manners) for insight in until_then])


def _row(insight: Insight, manners: Manners) -> tuple[object, ...]:
    table = table_shown(insight, manners)
    return (
        insight.number,
        hashlib.sha256(insight.client_id.encode()).hexdigest()[:32],
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
        insight.uncounted.value if insight.uncounted else None,
    )
