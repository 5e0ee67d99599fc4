"""Linking two insights that say something alike."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.comments.models import Link
from hackathon.community.document import still_a_prompt
from hackathon.community.operations import reply_to
from hackathon.core.errors import Refusal
from hackathon.events.operations import record
from hackathon.insights.models import Comment, Insight
from hackathon.staff.models import Account


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
    record(
        session,
        insight.event,
        "insight.linked",
        actor=account.name,
        subject_id=insight.id,
        number=insight.number,
        to=other.number,
    )
    return here, there
