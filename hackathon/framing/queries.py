"""How the question's words did, what an event promises, and against whom it counts."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.codes import fingerprint
from hackathon.events.models import Event
from hackathon.framing.document import Wording
from hackathon.framing.models import DeclaredBase, OutsideCall, Promise, Trial

TOKEN_LENGTH = 16


def promise_of(session: Session, event: Event) -> Promise | None:
    return session.scalar(select(Promise).where(Promise.event_id == event.id))


def base_of(session: Session, event: Event) -> DeclaredBase | None:
    return session.scalar(select(DeclaredBase).where(DeclaredBase.event_id == event.id))


def outside_call_of(session: Session, event: Event) -> OutsideCall | None:
    return session.scalar(select(OutsideCall).where(OutsideCall.event_id == event.id))


def wordings_of(session: Session, event: Event) -> list[Wording]:
    """Every wording that was tried by the testers' link: the one that stands now first, then the newest."""
    tried: dict[str, list[Trial]] = {}
    for trial in _trials_of(session, event):
        tried.setdefault(trial.wording, []).append(trial)
    wordings = [
        Wording(
            text=text,
            tried=len(trials),
            clear=sum(trial.is_clear for trial in trials),
            answerable=sum(trial.is_answerable for trial in trials),
            open=sum(trial.is_open for trial in trials),
            said=tuple(trial.said for trial in trials if trial.said),
        )
        for text, trials in tried.items()
    ]
    return sorted(wordings, key=lambda wording: wording.text != event.question)


def testers_token(event: Event, secret: str) -> str:
    """What makes the testers' link private: nobody can guess it, and it stays the same for one event."""
    return fingerprint(secret, "testers", event.code)[:TOKEN_LENGTH]


def tried_on(session: Session, event: Event) -> int:
    """On how many people these words were tried: those whom the organiser counted, and those who used the link."""
    these = select(func.count(Trial.id)).where(Trial.event_id == event.id, Trial.wording == event.question)
    return event.tested_with + (session.scalar(these) or 0)


def _trials_of(session: Session, event: Event) -> Sequence[Trial]:
    return session.scalars(select(Trial).where(Trial.event_id == event.id).order_by(Trial.id.desc())).all()
