"""The letter to whoever is answered."""

import re

from flask import render_template
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.comments.operations import tell_once
from hackathon.comments.queries import reply_of
from hackathon.insights.models import Comment
from hackathon.insights.queries import mail_address_of

LIKE_AN_ADDRESS = re.compile(r"(?<=\w)\.(?=\w)|(?<=\w):(?=/)")


def send_reply(session: Session, comment: Comment, *, address: str) -> Letter | None:
    """Tell whoever wrote the insight that somebody answered, if they said where to write; of each answer once."""
    insight, event = comment.insight, comment.event
    if not tell_once(session, comment) or (to_address := mail_address_of(session, insight)) is None:
        return None
    reply = reply_of(comment)
    facts = {
        "event": event,
        "number": insight.number,
        "theirs": without_links(insight.text) if insight.is_shown else "",
        "reply": without_links(reply.text),
        "said_by": reply.said_by,
        "asked": insight.author is None,
        "link": f"{address}/e/{event.code}/insights/{insight.number}",
    }
    return post_letter(
        session,
        kind="community.reply",
        to_address=to_address,
        reply_to=event.contact_email,
        subject=f"An answer to number {insight.number}: {' '.join(event.title.split())}",
        text=render_template("comments/letters/reply.txt", **facts),
        html=render_template("comments/letters/reply.html", **facts),
        event_id=event.id,
    )


def without_links(text: str) -> str:
    """Words that no mail program makes a link of: an address in them was typed by somebody else than us."""
    return LIKE_AN_ADDRESS.sub(lambda found: f"[{found[0]}]", text)
