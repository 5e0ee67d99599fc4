"""Putting insights under themes, and taking it back; and saying that a theme is not what one meant."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.rows import put
from hackathon.events.models import Event
from hackathon.events.operations import SOMEONE, record, take_turns
from hackathon.insights.models import Insight
from hackathon.staff.models import Account
from hackathon.synthesis.models import Coder, Coding, Objection
from hackathon.synthesis.queries import coder_of, coders_of, last_coding_of, leading_coding_of, objection_to
from hackathon.themes.models import Theme

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def coder_for(session: Session, event: Event, account: Account) -> Coder:
    """This account as a coder. The first one leads; the second is compared with the first."""
    take_turns(session, event)
    return coder_of(session, event, account) or add_coder(session, event, name=account.name, account=account)


def add_coder(session: Session, event: Event, *, name: str, account: Account | None = None) -> Coder:
    """One more person who puts insights under themes; somebody from a file has a name and no account."""
    taken = {coder.letter for coder in coders_of(session, event)}
    letter = next((letter for letter in LETTERS if letter not in taken), None)
    if letter is None:
        raise Refusal(f"{len(LETTERS)} people have themed insights here. There is no letter for another.")
    coder = Coder(event=event, letter=letter, name=name, account=account)
    session.add(coder)
    session.flush()
    record(session, event, "coder.added", actor=name, subject_id=coder.id)
    return coder


def code_insight(session: Session, insight: Insight, *, coder: Coder, theme: Theme | None, actor: str) -> Coding:
    """Put an insight under a theme, or under none of them. Doing it again changes one's mind; nobody else's."""
    if coder.event_id != insight.event_id or (theme is not None and theme.event_id != insight.event_id):
        raise NotFound
    if not insight.is_shown:
        raise Refusal("This insight is not on the pages, so it goes under no theme.")
    put(
        session,
        Coding,
        [
            {
                "coder_id": coder.id,
                "insight_id": insight.id,
                "theme_id": theme.id if theme else None,
                "coded_at": now(),
            }
        ],
        key=("coder_id", "insight_id"),
        change=("theme_id", "coded_at"),
    )
    coding = session.scalars(
        select(Coding)
        .where(Coding.coder_id == coder.id, Coding.insight_id == insight.id)
        .execution_options(populate_existing=True)
    ).one()
    record(
        session,
        insight.event,
        "insight.coded",
        actor=actor,
        subject_id=insight.id,
        theme=theme.key if theme else None,
        coder=coder.letter,
    )
    return coding


def undo_last_coding(session: Session, coder: Coder, *, actor: str) -> Insight:
    """Take back what this coder did last: the insight is theirs to look at again."""
    coding = last_coding_of(session, coder)
    if coding is None:
        raise Refusal("There is nothing of yours to take back.")
    insight = coding.insight
    session.delete(coding)
    session.flush()
    record(session, insight.event, "coding.undone", actor=actor, subject_id=insight.id, coder=coder.letter)
    return insight


def object_to_theme(session: Session, insight: Insight) -> None:
    """Whoever wrote it does not mean what its theme says. Saying it twice says it once."""
    take_turns(session, insight.event)
    coding = leading_coding_of(session, insight)
    if coding is None:
        raise Refusal("Nobody has put this thought under a theme yet.")
    objection = objection_to(session, insight)
    if objection is not None and objection.theme_id == coding.theme_id:
        return
    if objection is None:
        objection = Objection(insight=insight)
        session.add(objection)
    objection.theme, objection.raised_at = coding.theme, now()
    session.flush()
    theme = coding.theme.key if coding.theme else None
    record(session, insight.event, "objection.raised", actor=SOMEONE, subject_id=insight.id, theme=theme)


def withdraw_objection(session: Session, insight: Insight) -> None:
    """The theme is what they meant after all. Where nothing was said against it, nothing happens."""
    take_turns(session, insight.event)
    if (objection := objection_to(session, insight)) is None:
        return
    session.delete(objection)
    session.flush()
    record(session, insight.event, "objection.withdrawn", actor=SOMEONE, subject_id=insight.id)
