"""Finding comments and replies, and what waits for somebody to look after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.community.document import Reply, ReplyClock, Waiting
from hackathon.community.models import Care, Link
from hackathon.core.clock import now
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.events.queries import members_of
from hackathon.insights.models import AuthorRole, Comment, Insight, Kind, ReplyPromise, Uncounted
from hackathon.insights.queries import when_words
from hackathon.moderation.models import Concern
from hackathon.staff.models import Account, Role

IN_HAND = timedelta(minutes=10)
"""How long somebody who opened one is taken to be at it."""
ANSWERING_ROLES = (Role.COMMUNITY_MANAGER, Role.ORGANISER)
WRITER_WORDS = {AuthorRole.COMMUNITY_MANAGER: "community manager", AuthorRole.CARE_LEAD: "care lead"}


def comments_of(session: Session, event: Event) -> Sequence[Comment]:
    """Every comment and reply, in the order in which they were written; those under hidden insights too."""
    return session.scalars(
        select(Comment)
        .where(Comment.event_id == event.id, Comment.is_shown)
        .options(joinedload(Comment.insight), joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    ).all()


def comments_on(session: Session, insight: Insight) -> Sequence[Comment]:
    """The comments and replies under one insight, in the order in which they were written."""
    return session.scalars(_under(insight).where(Comment.is_shown)).all()


def any_comments_on(session: Session, insight: Insight) -> Sequence[Comment]:
    """For the desk: hidden ones too, but none that is for the care lead alone."""
    return session.scalars(_under(insight).where(Comment.escalated_at.is_(None))).all()


def insight_on_phone(session: Session, event: Event, number: int) -> Insight:
    """One for the phone that holds its number, shown or not: whoever asks has looked for it in the phone's cookie."""
    insight = session.scalar(select(Insight).where(Insight.event_id == event.id, Insight.number == number))
    if insight is None:
        raise NotFound
    return insight


def comment_by_client_id(session: Session, event: Event, client_id: str) -> Comment | None:
    return session.scalar(select(Comment).where(Comment.event_id == event.id, Comment.client_id == client_id))


def last_reply_on(session: Session, insight: Insight) -> Comment | None:
    """The newest reply of a community manager."""
    return session.scalar(_under(insight).where(_BY_MANAGER).order_by(None).order_by(Comment.id.desc()).limit(1))


def reply_of(comment: Comment) -> Reply:
    """A comment as everybody reads it: without a name, unless one of those who answer wrote it."""
    name = comment.author.name if comment.author else comment.author_name
    answers = WRITER_WORDS.get(comment.author_role)
    return Reply(
        id=comment.id,
        text=comment.text,
        place=comment.place.value,
        place_words=comment.place.words,
        said_by=", ".join(filter(None, [name, answers])) if answers else "",
        when_words=when_words(comment.event, comment.written_at),
        by_manager=comment.author_role is AuthorRole.COMMUNITY_MANAGER,
        waits=comment.waits,
        hidden_because=comment.hidden_reason.words if comment.hidden_reason else "",
    )


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


def linked_numbers(session: Session, insight: Insight) -> Sequence[int]:
    """The numbers of those that it was linked to, as far as everybody may read them."""
    first, second = aliased(Insight), aliased(Insight)
    pairs = session.execute(
        select(first, second)
        .select_from(Link)
        .join(first, first.id == Link.first_id)
        .join(second, second.id == Link.second_id)
        .where(or_(Link.first_id == insight.id, Link.second_id == insight.id))
    )
    others = [b if a.id == insight.id else a for a, b in pairs]
    return sorted(other.number for other in others if other.is_shown)


_BY_MANAGER = and_(Comment.author_role == AuthorRole.COMMUNITY_MANAGER, Comment.is_shown)


def _under(insight: Insight) -> Select[Comment]:
    return (
        select(Comment)
        .where(Comment.insight_id == insight.id)
        .options(joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    )


def _unanswered(kind: Kind) -> ColumnElement[bool]:
    answered = exists().where(Comment.insight_id == Insight.id, _BY_MANAGER)
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
