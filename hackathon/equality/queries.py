"""Whether an event asks, and what came of it, with small numbers hidden."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import local, now
from hackathon.core.errors import NotFound
from hackathon.equality.document import QUESTIONS, CountedAnswers
from hackathon.equality.models import EqualityCount
from hackathon.events.models import Event
from hackathon.maths.suppression import suppressed
from hackathon.packs.document import EqualityMonitoring
from hackathon.packs.queries import manifest_of


def equality_rule(session: Session, event: Event) -> EqualityMonitoring | None:
    """What the event's pack says about asking, if it asks."""
    try:
        return manifest_of(session, event).equality_monitoring
    except NotFound:
        return None


def asks_about_equality(session: Session, event: Event) -> bool:
    return equality_rule(session, event) is not None


def shows_counts(event: Event) -> bool:
    """From the day of the event on: a count that grew by one while one person registered would say who it was."""
    return local(now(), event.timezone).date() >= event.held_on


def counted_answers(session: Session, event: Event) -> Sequence[CountedAnswers]:
    """Each question with its counts, the small ones hidden as the pack says, and one more where one could be worked
    out."""
    rule = equality_rule(session, event)
    rows = session.execute(
        select(EqualityCount.question, EqualityCount.answer, EqualityCount.number).where(
            EqualityCount.event_id == event.id
        )
    )
    found = {(question, answer): number for question, answer, number in rows}
    tables = []
    for question in QUESTIONS:
        counts = {option: found.get((question.key, option), 0) for option in question.options}
        smallest = rule.suppress_below if rule else 1
        shown = suppressed(counts, smallest)
        lines = tuple((option, "too few to show" if number is None else number) for option, number in shown.items())
        tables.append(CountedAnswers(question.label, ("Answer", "People"), lines))
    return tables
