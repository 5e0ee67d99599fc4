"""Keeping the figures of an event whose people are about to be forgotten."""

from datetime import datetime

from sqlalchemy.orm import Session

from hackathon.counts.models import KeptFigures
from hackathon.counts.queries import Counted
from hackathon.events.models import Event
from hackathon.figures.queries import KEPT, counted_from


def keep_figures(session: Session, event: Event, *, at: datetime) -> KeptFigures:
    """Write down what is counted from people, as it stood when the figures were frozen, so that it stays as it is."""
    parts = counted_from(Counted(session, event, event.figures_frozen_at or at))
    said = {name: KEPT[name].dump_python(part, mode="json") for name, part in parts.items()}
    kept = KeptFigures(event=event, said=said, kept_at=at)
    session.add(kept)
    session.flush()
    return kept
