"""Finding what waits for somebody to look after it, and who does."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.comments.queries import BY_MANAGER
from hackathon.community.document import Queue, Waiting
from hackathon.community.models import Care
from hackathon.core.clock import now
from hackathon.duty.queries import reply_clock_of, reply_promise_of
from hackathon.events.models import Event, Membership
from hackathon.events.queries import members_of
from hackathon.insights.models import AuthorRole, Comment, Insight, Kind, Uncounted
from hackathon.insights.queries import when_words
from hackathon.moderation.models import Concern
from hackathon.participants.models import Participant
from hackathon.staff.models import Account, Role

IN_HAND = timedelta(minutes=10)
"""How long somebody who opened one is taken to be at it."""
ANSWERING_ROLES = (Role.COMMUNITY_MANAGER, Role.ORGANISER)


def waiting_of(
    session: Session,
    event: Event,
    account: Account | None = None,
    *,
    number: int | None = None,
    after: int | None = None,
    only_free: bool = False,
    limit: int | None = None,
) -> list[Waiting]:
    """What waits on the community desk, the oldest first. Without an account it is what waits for anybody.

    `number` is one alone; behind `after` come those that are younger; `only_free` are those that nobody else has in
    hand, and that are not one's own.
    """
    at, clock, reasons = now(), reply_clock_of(session, event), _reasons(session, event, account)
    query = (
        select(Insight, Care, *(reason.label(f"why_{n}") for n, reason in enumerate(reasons.values())))
        .outerjoin(Care, Care.insight_id == Insight.id)
        .where(*_waits(event, reasons))
        .options(joinedload(Insight.author), joinedload(Care.holder))
        .order_by(Insight.captured_at, Insight.number)
    )
    if number is not None:
        query = query.where(Insight.number == number)
    if after is not None:
        query = query.where(_younger_than(session, event, after))
    if only_free and account is not None:
        query = query.where(_free_for(account, at))
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
        )
        for insight, care, *why in session.execute(query.limit(limit))
    ]


def queue_of(
    session: Session, event: Event, account: Account | None = None, *, but: Collection[Uncounted] = ()
) -> Queue:
    """How much waits, how much of it is late, and since when; `but` what bears one of these marks."""
    reasons, late_before = _reasons(session, event, account), reply_clock_of(session, event).late_before(now())
    unanswered = next(iter(reasons.values()))
    is_late = false() if late_before is None else and_(unanswered, Insight.captured_at < late_before)
    number, late, since = session.execute(
        select(func.count(), func.count().filter(is_late), func.min(Insight.captured_at))
        .select_from(Insight)
        .outerjoin(Care, Care.insight_id == Insight.id)
        .where(*_waits(event, reasons), or_(Insight.uncounted.is_(None), Insight.uncounted.not_in(but)))
    ).one()
    return Queue(number=number, late=late, since=since)


def count_unanswered(session: Session, event: Event) -> int:
    """Thoughts of every kind that nobody who answers has said a word to, nor set aside. None of them is owed one."""
    unanswered = select(func.count(Insight.id)).outerjoin(Care, Care.insight_id == Insight.id)
    return session.scalar(unanswered.where(Insight.event_id == event.id, _without_a_word())) or 0


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
    """Who is told by letter that somebody waits, without those who do without or have no address for letters."""
    return [member.account for member in _managing(session, event) if member.nudged and member.account.is_reachable]


def is_nudged(session: Session, event: Event, account: Account) -> bool | None:
    """Whether letters fetch somebody while somebody waits; nothing for whoever would not be fetched anyway."""
    return next((each.nudged for each in _managing(session, event) if each.account_id == account.id), None)


def _managing(session: Session, event: Event) -> list[Membership]:
    """The community managers; where there are none, the organisers."""
    members = members_of(session, event)
    return [each for each in members if each.role is Role.COMMUNITY_MANAGER] or [
        each for each in members if each.role is Role.ORGANISER
    ]


def _reasons(session: Session, event: Event, account: Account | None) -> dict[str, ColumnElement[bool]]:
    """Why something waits, in words; what was promised an answer comes first."""
    promise = reply_promise_of(session, event)
    kind = promise.kind if promise else Kind.QUESTION
    return {
        "a question" if kind is Kind.QUESTION else "needs an answer": _unanswered(kind),
        "asked back": _asked_back(),
        "reported": _reported(),
        "held until it is read": _held(),
        "handed over to you": _handed_over(account),
    }


def _waits(event: Event, reasons: Mapping[str, ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
    return Insight.event_id == event.id, Insight.escalated_at.is_(None), or_(*reasons.values())


def _younger_than(session: Session, event: Event, number: int) -> ColumnElement[bool]:
    passed = session.scalar(select(Insight.captured_at).where(Insight.event_id == event.id, Insight.number == number))
    if passed is None:
        return true()
    return or_(Insight.captured_at > passed, and_(Insight.captured_at == passed, Insight.number > number))


def _free_for(account: Account, at: datetime) -> ColumnElement[bool]:
    """What `holder_words` and `wrote` say of one row, for all of them."""
    left = and_(Care.held_since.is_not(None), Care.held_since <= at - IN_HAND)
    mine = Insight.author.has(Participant.email_key == account.email_key)
    return and_(or_(Care.holder_id.is_(None), Care.holder_id == account.id, left), ~mine)


def _unanswered(kind: Kind) -> ColumnElement[bool]:
    return and_(Insight.kind == kind, _without_a_word())


def _without_a_word() -> ColumnElement[bool]:
    answered = exists().where(Comment.insight_id == Insight.id, BY_MANAGER)
    is_seed = func.coalesce(Insight.uncounted == Uncounted.SEED, False)
    return and_(Insight.is_shown, ~is_seed, ~answered, Care.no_reply_needed_at.is_(None))


def _asked_back() -> ColumnElement[bool]:
    """A question came under the newest reply of a community manager, also from a phone on which it had waited: whoever
    replied has not read it."""
    asked, reply = aliased(Comment), aliased(Comment)
    replied = (
        select(func.max(reply.id))
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
            asked.id > replied,
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
