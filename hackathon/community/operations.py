"""Answering insights, and sharing that work among those who do it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.comments.operations import add_comment
from hackathon.comments.queries import last_reply_on
from hackathon.community.document import still_a_prompt
from hackathon.community.models import Care
from hackathon.community.queries import ANSWERING_ROLES, is_in_hand, those_who_answer, wrote
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.core.rows import put
from hackathon.events.models import Event, Membership, Place
from hackathon.events.operations import record
from hackathon.insights.models import AuthorRole, Comment, HideReason, Insight
from hackathon.insights.operations import wait_for_turn
from hackathon.moderation.operations import hide_words
from hackathon.staff.models import Account

LONGEST_NOTE = 300


class AnsweredMeanwhile(Refusal):
    """Somebody else's reply came while this one was being written. Both are shown, and nothing is lost."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} answered while you were writing: their answer is on this page now, and your words are still in"
            " the box. Send them again if they add something.",
            "text",
        )


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
) -> tuple[Comment | None, bool]:
    """Hide it, and ask whoever wrote it for other words. Only the phone that holds the number shows what was asked.

    What was asked is returned, and whether the care lead must hear of it.
    """
    asked = None
    if text:
        asked = reply_to(
            session, insight, text=text, client_id=client_id, read_up_to=_newest_id(session, insight), account=account
        )
    is_for_care = hide_words(session, insight, reason=reason, actor=account.name)
    _let_go(session, insight)
    return asked, is_for_care


def choose_letters(session: Session, event: Event, *, account: Account, wanted: bool) -> None:
    """Get the letters that fetch whoever answers while somebody waits, or do without them."""
    mine = Membership.event_id == event.id, Membership.account_id == account.id
    for member in session.scalars(select(Membership).where(*mine, Membership.role.in_(ANSWERING_ROLES))):
        member.nudged = wanted
    session.flush()
    record(session, event, "letters.wanted" if wanted else "letters.stopped", actor=account.name)


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
