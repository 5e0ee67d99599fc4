"""Finding what waits for somebody to look after it, and who does."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.comments.queries import BY_MANAGER
from hackathon.community.document import ReplyClock, Waiting
from hackathon.community.models import Care
from hackathon.core.clock import now
from hackathon.events.models import Event
from hackathon.events.queries import members_of
from hackathon.insights.models import AuthorRole, Comment, Insight, Kind, ReplyPromise, Uncounted
from hackathon.insights.queries import when_words
from hackathon.moderation.models import Concern
from hackathon.staff.models import Account, Role

IN_HAND = timedelta(minutes=10)
"""How long somebody who opened one is taken to be at it."""
ANSWERING_ROLES = (Role.COMMUNITY_MANAGER, Role.ORGANISER)


def reply_promise_of(session: Session, event: Event) -> ReplyPromise | None:
    return session.scalar(select(ReplyPromise).where(ReplyPromise.event_id == event.id))


def reply_clock_of(session: Session, event: Event) -> ReplyClock:
    """What was promised. Without a promise the day itself counts as staffed, and nothing is ever late."""
    if (promise := reply_promise_of(session, event)) is None:
        return ReplyClock(within_hours=None)
    return ReplyClock(promise.within_hours, tuple((since.timestamp(), to.timestamp()) for since, to in promise.periods))


def waiting_of(session: Session, event: Event, account: Account | None = None) -> list[Waiting]:
    """What waits on the community desk, the oldest first. Without an account it is what waits for anybody."""
    at, clock, promise = now(), reply_clock_of(session, event), reply_promise_of(session, event)
    kind = promise.kind if promise else Kind.QUESTION
    reasons = {
        "a question" if kind is Kind.QUESTION else "needs an answer": _unanswered(kind),
        "asked back": _asked_back(),
        "reported": _reported(),
        "held until it is read": _held(),
        "handed over to you": _handed_over(account),
    }
    rows = session.execute(
        select(Insight, Care, *(reason.label(f"why_{n}") for n, reason in enumerate(reasons.values())))
        .outerjoin(Care, Care.insight_id == Insight.id)
        .where(Insight.event_id == event.id, Insight.escalated_at.is_(None), or_(*reasons.values()))
        .options(joinedload(Insight.author), joinedload(Care.holder))
        .order_by(Insight.captured_at, Insight.id)
    ).all()
    return [
        Waiting(
            number=insight.number,
            text=insight.text,
            place=insight.place.value,
            place_words=insight.place.words,
            since=insight.captured_at,
            why=tuple(word for word, is_so in zip(reasons, why, strict=True) if is_so),
            clock=clock.words(insight.captured_at, at) if why[0] else "",
            is_late=bool(why[0]) and clock.is_late(insight.captured_at, at),
            is_mine=account is not None and wrote(account, insight),
            holder=holder_words(event, care, account, at),
            uncounted=insight.uncounted,
        )
        for insight, care, *why in rows
    ]


def next_waiting(session: Session, event: Event, waiting: Sequence[Waiting], *, after: int | None) -> Waiting | None:
    """The next one that nobody else has in hand, and that is not one's own; behind a number, the one after it."""
    passed = session.execute(
        select(Insight.captured_at, Insight.number).where(Insight.event_id == event.id, Insight.number == after)
    ).one_or_none()
    free = [each for each in waiting if not each.holder and not each.is_mine]
    return next((each for each in free if passed is None or (each.since, each.number) > tuple(passed)), None)


def holder_words(event: Event, care: Care | None, account: Account | None, at: datetime) -> str:
    """Who else has it in hand, and since when."""
    if care is None or care.holder is None or (account is not None and care.holder_id == account.id):
        return ""
    if care.held_since is None:
        return f"handed over to {care.holder.name}"
    return f"{care.holder.name} has it since {when_words(event, care.held_since)}" if is_in_hand(care, at) else ""


def is_in_hand(care: Care, at: datetime) -> bool:
    """Whether its holder is still at it, or was handed it and has not come to it yet."""
    return care.holder_id is not None and (care.held_since is None or at - care.held_since < IN_HAND)


def care_for(session: Session, insight: Insight) -> Care | None:
    return session.scalar(select(Care).where(Care.insight_id == insight.id).options(joinedload(Care.holder)))


def wrote(account: Account, insight: Insight) -> bool:
    """Whether a member of staff is the author, as far as the author said who they are."""
    return insight.author is not None and insight.author.email_key == account.email_key


def those_who_answer(session: Session, event: Event) -> list[Account]:
    """Community managers and organisers, each once."""
    members = [member for member in members_of(session, event) if member.role in ANSWERING_ROLES]
    return list({member.account_id: member.account for member in members}.values())


def managers_of(session: Session, event: Event) -> list[Account]:
    """Who is told by letter that somebody waits: the community managers, or else the organisers."""
    members = members_of(session, event)
    named = [member.account for member in members if member.role is Role.COMMUNITY_MANAGER]
    return named or [member.account for member in members if member.role is Role.ORGANISER]


def _unanswered(kind: Kind) -> ColumnElement[bool]:
    answered = exists().where(Comment.insight_id == Insight.id, BY_MANAGER)
    is_seed = func.coalesce(Insight.uncounted == Uncounted.SEED, False)
    return and_(Insight.kind == kind, Insight.is_shown, ~is_seed, ~answered, Care.no_reply_needed_at.is_(None))


def _asked_back() -> ColumnElement[bool]:
    """Somebody wrote a question under the newest reply of a community manager."""
    asked, reply = aliased(Comment), aliased(Comment)
    replied_at = (
        select(func.max(reply.written_at))
        .where(
            reply.insight_id == Insight.id, reply.author_role == AuthorRole.COMMUNITY_MANAGER, reply.hidden_at.is_(None)
        )
        .scalar_subquery()
    )
    return and_(
        Insight.is_shown,
        exists().where(
            asked.insight_id == Insight.id,
            asked.author_role == AuthorRole.PARTICIPANT,
            asked.hidden_at.is_(None),
            asked.waits.is_(False),
            or_(asked.text.like("%?"), asked.text.like("%؟")),
            asked.written_at > replied_at,
            or_(Care.no_reply_needed_at.is_(None), Care.no_reply_needed_at < asked.written_at),
        ),
    )


def _reported() -> ColumnElement[bool]:
    return exists().where(Concern.insight_id == Insight.id, Concern.settled_at.is_(None))


def _held() -> ColumnElement[bool]:
    comment_waits = exists().where(Comment.insight_id == Insight.id, Comment.waits, Comment.hidden_at.is_(None))
    return and_(Insight.hidden_at.is_(None), or_(Insight.waits, comment_waits))


def _handed_over(account: Account | None) -> ColumnElement[bool]:
    return false() if account is None else and_(Care.holder_id == account.id, Care.held_since.is_(None))
