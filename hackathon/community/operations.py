"""Answering insights, and sharing that work among those who do it."""

import itertools
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hackathon.community.document import still_a_prompt
from hackathon.community.models import Care, Link
from hackathon.community.queries import (
    comment_by_client_id,
    is_in_hand,
    last_reply_on,
    those_who_answer,
    wrote,
)
from hackathon.core.clock import moment_at, now
from hackathon.core.db import put
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place
from hackathon.events.operations import record
from hackathon.events.queries import stage_at
from hackathon.insights.models import (
    AuthorRole,
    Comment,
    HearBack,
    HideReason,
    Identity,
    Insight,
    Kind,
    ReplyPromise,
)
from hackathon.insights.operations import (
    SOMEONE,
    AlreadySent,
    CaptureClosed,
    check_client_id,
    checked_words,
    practised,
    stands_at,
    wait_for_turn,
)
from hackathon.moderation.operations import hide_words
from hackathon.participants.models import Participant
from hackathon.staff.models import Account

LONGEST_NOTE = 300
MOST_PERIODS = 60
ADDRESS_KEPT = timedelta(weeks=6)
"""How long after the day the address of somebody who wants to hear back is kept."""


class AnsweredMeanwhile(Refusal):
    """Somebody else's reply came while this one was being written. Both are shown, and nothing is lost."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} answered while you were writing: their answer is on this page now, and your words are still in"
            " the box. Send them again if they add something.",
            "text",
        )


def add_comment(
    session: Session,
    insight: Insight,
    *,
    text: str,
    place: Place,
    client_id: str,
    author_role: AuthorRole = AuthorRole.PARTICIPANT,
    author: Participant | None = None,
    author_name: str = "",
    written_at: datetime | None = None,
) -> Comment:
    """Answer an insight. Without an author the comment is nobody's. Sent again, it is the one that is there."""
    event = insight.event
    if not event.is_capturing:
        raise CaptureClosed("This event is not taking comments yet. Keep your words and come back when it opens.")
    text = checked_words(text)
    check_client_id(client_id)
    wait_for_turn(session, event)
    if (earlier := comment_by_client_id(session, event, client_id)) is not None:
        if earlier.text != text:
            raise AlreadySent("The ones you sent before are kept.")
        return earlier
    comment = Comment(
        event=event,
        insight=insight,
        client_id=client_id,
        text=text,
        place=place,
        author=author,
        author_role=author_role,
        author_name=author_name,
        written_at=stands_at(event, written_at or now()),
        late=written_at is not None and stage_at(session, event, written_at) is not event.stage,
        waits=event.is_read_first and author_role is AuthorRole.PARTICIPANT,
        uncounted=practised(session, event, written_at=written_at),
    )
    session.add(comment)
    session.flush()
    replier = author.name if author else author_name
    record(
        session,
        event,
        "comment.held" if comment.waits else "comment.added",
        actor=replier or SOMEONE if author_role is AuthorRole.COMMUNITY_MANAGER else SOMEONE,
        subject_id=insight.id,
    )
    return comment


def tell_once(session: Session, comment: Comment) -> bool:
    """Whether a letter about this answer is due, which it is once: not for practice, nor before all may read it."""
    if comment.told_at is not None or comment.uncounted is not None or not comment.is_shown:
        return False
    comment.told_at = now()
    session.flush()
    return True


def take_in_hand(session: Session, insight: Insight, *, account: Account) -> Care:
    """Somebody has opened it to look after it. Whoever has it in hand already keeps it."""
    care = _care_for(session, insight)
    at = now()
    if care.holder_id not in (None, account.id) and is_in_hand(care, at):
        return care
    if care.holder_id != account.id:
        _log(session, insight, "care.taken", account)
    care.holder, care.held_since = account, at
    session.flush()
    return care


def reply_to(
    session: Session, insight: Insight, *, text: str, client_id: str, read_up_to: int, account: Account
) -> Comment:
    """Answer as a community manager. `read_up_to` is the newest reply on the page, so that none is overlooked."""
    if wrote(account, insight):
        raise Refusal("You wrote this yourself, so somebody else answers it. Hand it over.", "text")
    if still_a_prompt(text):
        raise Refusal("This is a prepared line. Put your own words where the brackets are, then send it.", "text")
    wait_for_turn(session, insight.event)
    newest = last_reply_on(session, insight)
    if newest is not None and newest.id > read_up_to and newest.client_id != client_id:
        raise AnsweredMeanwhile(newest.author_name or "Another community manager")
    reply = add_comment(
        session,
        insight,
        text=text,
        place=Place.OUTSIDE,
        client_id=client_id,
        author_role=AuthorRole.COMMUNITY_MANAGER,
        author_name=account.name,
    )
    _let_go(session, insight)
    return reply


def link_alike(
    session: Session,
    insight: Insight,
    other: Insight,
    *,
    text: str,
    text_there: str,
    client_id: str,
    read_up_to: int,
    read_up_to_there: int,
    account: Account,
) -> tuple[Comment, Comment]:
    """Tell two people that they say something alike: a reply to each names the other's number."""
    if insight.id == other.id:
        raise Refusal("Choose another number: this is the same one.", "text")
    first, second = sorted((insight.id, other.id))
    if session.scalar(select(Link.id).where(Link.first_id == first, Link.second_id == second)) is not None:
        raise Refusal(f"Numbers {insight.number} and {other.number} are linked already.", "text")
    if still_a_prompt(text_there):
        raise Refusal("This is a prepared line. Put your own words where the brackets are, then send it.", "text_there")
    here = reply_to(session, insight, text=text, client_id=client_id, read_up_to=read_up_to, account=account)
    there = reply_to(
        session, other, text=text_there, client_id=f"{client_id}-b", read_up_to=read_up_to_there, account=account
    )
    session.add(Link(first_id=first, second_id=second, linked_by=account.name))
    session.flush()
    _log(session, insight, "insight.linked", account, to=other.number)
    return here, there


def need_no_reply(session: Session, insight: Insight, *, account: Account) -> None:
    """It stands by itself: nobody waits for an answer."""
    care = _care_for(session, insight)
    care.no_reply_needed_at, care.no_reply_needed_by = now(), account.name
    _let_go(session, insight)
    _log(session, insight, "care.no_reply_needed", account)


def need_reply(session: Session, insight: Insight, *, account: Account) -> None:
    """Take back that it needs no reply."""
    care = _care_for(session, insight)
    care.no_reply_needed_at, care.no_reply_needed_by = None, ""
    session.flush()
    _log(session, insight, "care.reply_needed", account)


def hand_over(session: Session, insight: Insight, *, to: int, note: str, account: Account) -> Care:
    """Give it to another of those who answer, with a word about it."""
    person = next((each for each in those_who_answer(session, insight.event) if each.id == to), None)
    if person is None or person.id == account.id:
        raise Refusal("Choose somebody else who answers here.", "to")
    if len(note) > LONGEST_NOTE:
        raise Refusal(f"Keep the note to {LONGEST_NOTE} characters.", "note")
    care = _care_for(session, insight)
    care.holder, care.held_since, care.note = person, None, note
    session.flush()
    _log(session, insight, "care.handed_over", account, to=person.name)
    return care


def hide_and_ask(
    session: Session, insight: Insight, *, reason: HideReason, text: str, client_id: str, account: Account
) -> Comment | None:
    """Hide it, and ask whoever wrote it for other words. Only the phone that holds the number shows what was asked."""
    asked = None
    if text:
        asked = reply_to(
            session, insight, text=text, client_id=client_id, read_up_to=_newest_id(session, insight), account=account
        )
    hide_words(session, insight, reason=reason, actor=account.name)
    _let_go(session, insight)
    return asked


def promise_replies(
    session: Session,
    event: Event,
    *,
    kind: Kind,
    within_hours: int | None,
    staffed: Sequence[tuple[date, time, time]],
    actor: str,
) -> ReplyPromise | None:
    """Say what is answered, how soon, and when somebody is on duty to do it. Without hours nothing is promised."""
    if len(staffed) > MOST_PERIODS:
        raise Refusal(f"Write {MOST_PERIODS} lines or fewer.", "staffed")
    if any(end <= begin for _, begin, end in staffed):
        raise Refusal("Each line must end after it begins, on the same day.", "staffed")
    periods = sorted([moment_at(day, at, event.timezone) for at in (begin, end)] for day, begin, end in staffed)
    if any(after[0] < before[1] for before, after in itertools.pairwise(periods)):
        raise Refusal("Two of these lines overlap. Make one of them.", "staffed")
    session.execute(delete(ReplyPromise).where(ReplyPromise.event_id == event.id))
    promise = None
    if within_hours is not None:
        promise = ReplyPromise(
            event=event, kind=kind, within_hours=within_hours, staffed=[[m.isoformat() for m in p] for p in periods]
        )
        session.add(promise)
    session.flush()
    record(session, event, "replies.promised", actor=actor, within_hours=within_hours or "no promise")
    return promise


def hear_back(session: Session, insight: Insight, *, email: str) -> None:
    """Mail an answer to this address, for somebody who did not register. Anonymous stays anonymous."""
    if insight.identity is Identity.ANONYMOUS:
        raise Refusal(
            "You sent this anonymously, so we keep no address with it. An answer shows here, on this phone.", "email"
        )
    put(
        session,
        HearBack,
        [{"insight_id": insight.id, "email": email, "asked_at": now()}],
        key=["insight_id"],
        change=["email", "asked_at"],
    )


def delete_due_addresses(session: Session, *, at: datetime) -> None:
    """Forget the addresses of those who wanted to hear back, some weeks after the day."""
    over = select(Event.id).where(Event.held_on < (at - ADDRESS_KEPT).date())
    theirs = select(Insight.id).where(Insight.event_id.in_(over))
    session.execute(delete(HearBack).where(HearBack.insight_id.in_(theirs)))


def _log(session: Session, insight: Insight, kind: str, account: Account, **detail: object) -> None:
    record(session, insight.event, kind, actor=account.name, subject_id=insight.id, number=insight.number, **detail)


def _care_for(session: Session, insight: Insight) -> Care:
    """The row that says where it stands, made by whoever is first; two who come at once take turns."""
    put(session, Care, [{"insight_id": insight.id, "note": "", "no_reply_needed_by": ""}], key=["insight_id"])
    mine = select(Care).where(Care.insight_id == insight.id).with_for_update()
    return session.scalars(mine.execution_options(populate_existing=True)).one()


def _let_go(session: Session, insight: Insight) -> None:
    care = _care_for(session, insight)
    care.holder, care.held_since, care.note = None, None, ""
    session.flush()


def _newest_id(session: Session, insight: Insight) -> int:
    newest = last_reply_on(session, insight)
    return newest.id if newest else 0
