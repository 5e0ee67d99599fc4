"""Which rehearsals are under way, what came in meanwhile, and which pretend people write."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.commitments.models import Commitment
from hackathon.events.models import Activity, Event
from hackathon.events.queries import REHEARSED
from hackathon.follow_up.models import Recommendation
from hackathon.insights.models import Comment, Insight, Uncounted
from hackathon.rehearsal.document import EACH, MINUTES, PEOPLE
from hackathon.rehearsal.models import SeatBefore
from hackathon.tables.models import Seat
from hackathon.votes.models import Ballot, Round

CROWD_CALLED = "rehearsal.crowd_called"
DOORS_OPEN = timedelta(hours=1)
"""How long before the day begins people are let in."""


@dataclass(frozen=True, slots=True)
class Practised:
    """What was written in a rehearsal and is not wiped yet."""

    insights: int
    comments: int
    commitments: int
    recommendations: int
    ballots: int

    def __bool__(self) -> bool:
        return any(astuple(self))


def rehearsing_events(session: Session) -> Sequence[Event]:
    return session.scalars(select(Event).where(Event.rehearsal_since.is_not(None)).order_by(Event.id)).all()


def is_over(event: Event, *, at: datetime) -> bool:
    """Whether the day has come meanwhile: no real word may fall into a rehearsal that somebody forgot.

    It is over when the doors open or, where it began after that, when the day begins.
    """
    since, doors = event.rehearsal_since, event.starts_at - DOORS_OPEN
    return since is not None and (since < doors <= at or has_begun(event, at=at))


def has_begun(event: Event, *, at: datetime) -> bool:
    """Whether the day has begun by the clock, whatever stage the event is in: from then on words are real."""
    return event.starts_at <= at


def practised_in(session: Session, event: Event) -> Practised:
    practising = select(Round.id).where(Round.event_id == event.id, Round.rehearsal.is_(True))
    counts = (
        select(func.count(Insight.id)).where(Insight.event_id == event.id, Insight.uncounted == Uncounted.REHEARSAL),
        select(func.count(Comment.id)).where(Comment.event_id == event.id, Comment.uncounted == Uncounted.REHEARSAL),
        select(func.count(Commitment.id)).where(Commitment.event_id == event.id, Commitment.rehearsal.is_(True)),
        select(func.count(Recommendation.id)).where(
            Recommendation.event_id == event.id, Recommendation.rehearsal.is_(True)
        ),
        select(func.count(Ballot.id)).where(
            Ballot.event_id == event.id, Ballot.cast_at.is_not(None), practising.exists()
        ),
    )
    return Practised(*(session.scalar(count) or 0 for count in counts))


def seats_to_give_back(session: Session, event: Event) -> Sequence[SeatBefore]:
    """Where those sat who have no seat now, and had one when the rehearsal began."""
    return session.scalars(
        select(SeatBefore)
        .outerjoin(Seat, Seat.participant_id == SeatBefore.participant_id)
        .where(SeatBefore.event_id == event.id, Seat.id.is_(None))
        .order_by(SeatBefore.table_id, SeatBefore.id)
    ).all()


def crowd_of(session: Session, event: Event) -> Activity | None:
    """The line of the log that called the pretend people of this rehearsal, the latest of them."""
    return session.scalar(
        select(Activity)
        .where(Activity.event_id == event.id, Activity.kind == CROWD_CALLED, Activity.at >= event.rehearsal_since)
        .order_by(Activity.id.desc())
        .limit(1)
    )


def due_from_crowd(called: Activity, *, at: datetime) -> int:
    """How many thoughts and comments the pretend people should have sent by now."""
    whole = timedelta(minutes=MINUTES)
    share = min((at - called.at) / whole, 1.0)
    return int(share * PEOPLE * EACH)


def sent_by_crowd(session: Session, called: Activity) -> int:
    """How many they have sent, thoughts and comments together."""
    name = f"{crowd_name(called)}-%"
    insights = select(func.count(Insight.id)).where(Insight.event_id == called.event_id, Insight.client_id.like(name))
    comments = select(func.count(Comment.id)).where(Comment.event_id == called.event_id, Comment.client_id.like(name))
    return (session.scalar(insights) or 0) + (session.scalar(comments) or 0)


def crowd_name(called: Activity) -> str:
    """How the ids of what they send begin. Nobody can guess it: a phone that sent such an id would stop them all."""
    return f"pretend-{called.detail['crowd']}"


def stage_before(session: Session, event: Event) -> str:
    """Where the event was when its rehearsal began."""
    line = session.scalars(
        select(Activity)
        .where(Activity.event_id == event.id, Activity.kind == REHEARSED)
        .order_by(Activity.id.desc())
        .limit(1)
    ).one()
    return str(line.detail["stage"])
