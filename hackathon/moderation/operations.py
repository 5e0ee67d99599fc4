"""Taking off the pages what does not belong there."""

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Moderation
from hackathon.events.operations import SOMEONE, record
from hackathon.insights.models import Comment, HideReason, Insight
from hackathon.moderation.models import Concern

Said = Insight | Comment
LONGEST_CONCERN = 300
MOST_ALIKE = 10
"""So many open reports of one kind about the same words say enough: more would bury the page of whoever looks."""


def choose_moderation(session: Session, event: Event, *, moderation: Moderation, actor: str) -> Event:
    """Say whether words are read before everybody can see them, or after. What waits already goes on waiting."""
    if event.moderation is not moderation:
        event.moderation = moderation
        session.flush()
        record(session, event, "moderation.chosen", actor=actor, words_are_read=moderation.value)
    return event


def hide_words(session: Session, said: Said, *, reason: HideReason, actor: str) -> bool:
    """Take an insight or a comment off every page, list and paper. It stays in the database, with the reason.

    What tells of harm is escalated by that: from now on the care lead alone can read it. What had been reported of it
    is settled. Whether the care lead must hear of it is returned: of two who press at once, one makes them hear.
    """
    _read_anew(session, said)
    if said.escalated_at is not None:
        return False
    is_disclosure = reason is HideReason.DISCLOSURE
    said.hidden_at, said.hidden_reason = said.hidden_at or now(), reason
    said.escalated_at = now() if is_disclosure else None
    session.flush()
    _settle(session, said, actor)
    _record(session, said, "hidden", actor=actor, reason=reason.value)
    return is_disclosure


def show_words(session: Session, said: Said, *, actor: str) -> None:
    """Let everybody read what was hidden, or what waited to be read first; what waited when it was hidden waits again.

    So nobody who takes back that they hid it lets through what nobody has read. What somebody has escalated at this
    very moment is the care lead's.
    """
    _read_anew(session, said)
    if said.escalated_at is not None:
        raise NotFound
    _let_be_read(session, said, actor)


def show_escalated(session: Session, said: Said, *, actor: str) -> None:
    """It tells of no harm after all: the care lead lets everybody read it again."""
    _read_anew(session, said)
    _let_be_read(session, said, actor)


def _let_be_read(session: Session, said: Said, actor: str) -> None:
    if said.is_shown:
        return
    session.refresh(said.event)
    if said.hidden_at is not None and said.event.closed_at is not None and said.hidden_at <= said.event.closed_at:
        raise Refusal("It was hidden when this event was closed, so its words are not kept.")
    said.waits = said.waits and said.hidden_at is not None
    said.hidden_at = said.hidden_reason = said.escalated_at = None
    session.flush()
    if said.waits:
        _record(session, said, "hidden", actor=actor, until="it is read")
    else:
        _record(session, said, "shown", actor=actor)


def hold_words(session: Session, said: Said, *, actor: str) -> None:
    """Take back that somebody let it through: it waits again to be read first."""
    _read_anew(session, said)
    if said.is_shown:
        said.waits = True
        session.flush()
        _record(session, said, "hidden", actor=actor, until="it is read")


def raise_concern(session: Session, said: Said, *, reason: HideReason, text: str) -> Concern:
    """Report something to those who look after the words. It stays where it is until one of them has looked."""
    if len(text) > LONGEST_CONCERN:
        raise Refusal(f"Say it in {LONGEST_CONCERN} characters or fewer.", "text")
    insight, comment = (said, None) if isinstance(said, Insight) else (said.insight, said)
    alike = select(func.count(Concern.id)).where(_is_open_about(said), Concern.reason == reason)
    if (session.scalar(alike) or 0) >= MOST_ALIKE:
        raise Refusal("This is reported for that reason already, and waits for somebody to look at it.", "reason")
    concern = Concern(event=said.event, insight=insight, comment=comment, reason=reason, text=text)
    session.add(concern)
    session.flush()
    record(session, said.event, "concern.raised", actor=SOMEONE, subject_id=insight.id, number=insight.number)
    return concern


def keep_words(session: Session, said: Said, *, actor: str) -> None:
    """Somebody has looked at what was reported, and it stays."""
    if _settle(session, said, actor):
        insight = said if isinstance(said, Insight) else said.insight
        record(session, said.event, "concern.settled", actor=actor, subject_id=insight.id, number=insight.number)


def _read_anew(session: Session, said: Said) -> None:
    """Wait for whoever hides or shows it at this moment, and see what they did.

    Words that refer to it, such as comments, do not wait.
    """
    kind = type(said)
    session.execute(select(kind.id).where(kind.id == said.id).with_for_update(key_share=True))
    session.refresh(said)


def _settle(session: Session, said: Said, actor: str) -> bool:
    """Close what was reported of this; of an insight that leaves, what was reported of its comments stays open."""
    settled = session.execute(update(Concern).where(_is_open_about(said)).values(settled_at=now(), settled_by=actor))
    return bool(settled.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one - SQLAlchemy types the general result


def _is_open_about(said: Said) -> ColumnElement[bool]:
    """What was reported of an insight is not what was reported of the comments under it."""
    of_insight, of_comment = Concern.insight_id == said.id, Concern.comment_id == said.id
    about = and_(of_insight, Concern.comment_id.is_(None)) if isinstance(said, Insight) else of_comment
    return and_(about, Concern.settled_at.is_(None))


def _record(session: Session, said: Said, verb: str, *, actor: str, **detail: str) -> None:
    """Screens follow these lines; both kinds name the insight."""
    kind, insight = ("insight", said) if isinstance(said, Insight) else ("comment", said.insight)
    record(session, said.event, f"{kind}.{verb}", actor=actor, subject_id=insight.id, **detail)
