"""Erasing a person, with proof; and sealing the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import forget_deleted_words
from hackathon.adapters.mail import Letter, address_key
from hackathon.core.db import overwrite_what_is_deleted
from hackathon.events.models import Event
from hackathon.events.operations import SOMEONE, record, take_turns
from hackathon.insights.models import Comment, HearBack, HideReason, Identity, Insight, SurveyResponse
from hackathon.invitations.operations import forget_invitations
from hackathon.needs.operations import free_bookings
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import end_registration, hold_registration, hold_still, take_turns_for_places
from hackathon.participants.queries import companions_of, registration_of
from hackathon.privacy.models import Certificate, Seal
from hackathon.privacy.queries import comments_by, commitments_by, digest_of, last_seal, lines_after, thoughts_of

TAKEN_BACK = "Taken back by whoever wrote it."
SETTLED = timedelta(minutes=10)
"""Lines younger than this may still be joined by others with smaller ids, from transactions under way."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The proof, and who got the place that has become free, so that somebody tells them."""

    certificate: Certificate
    lucky: Sequence[Registration]


def erase_person(session: Session, participant: Participant, *, keep_words: bool, at: datetime) -> Erased:
    """Erase somebody from an event: their row and all that hangs on it, and their name from what they wrote.

    Their words stay without a name if they say so, or go. Whoever came along with them goes too. What is on printed
    paper nobody can call back; papers that the machine keeps are made anew by whoever asks next.
    """
    take_turns_for_places(session, participant.event)
    hold_still(session, participant)
    event, registration = participant.event, registration_of(session, participant)
    overwrite_what_is_deleted(session)
    erased = _let_words_go(session, participant, keep_words=keep_words, at=at)
    erased |= _forget_address(session, event, participant)
    erased["invitations"] = forget_invitations(session, participant)
    lucky: Sequence[Registration] = []
    people = [participant]
    if registration is not None:
        lucky = _leave_place(session, registration)
        companions = companions_of(session, registration)
        people = [*(each.participant for each in companions), participant]
        for each in (*companions, registration):
            free_bookings(session, each, at=at)
    for person in people:
        session.delete(person)
    session.flush()
    certificate = Certificate(event=event, erased={**erased, "people": len(people)}, made_at=at)
    session.add(certificate)
    session.flush()
    forget_deleted_words(session)
    record(session, event, "person.erased", actor=SOMEONE, subject_id=certificate.id)
    return Erased(certificate, lucky)


def _leave_place(session: Session, registration: Registration) -> Sequence[Registration]:
    """End what still stands, on whichever day. Nobody is written to about their own place: they are gone."""
    hold_registration(session, registration)
    if registration.has_ended:
        return []
    return end_registration(session, registration, RegistrationState.CANCELLED, actor=SOMEONE)


def _let_words_go(session: Session, participant: Participant, *, keep_words: bool, at: datetime) -> dict[str, int]:
    """Take the name off everything that somebody wrote; and, unless they leave it to the event, the words."""
    thoughts, comments = thoughts_of(session, participant), comments_by(session, participant)
    commitments = commitments_by(session, participant)
    session.execute(delete(HearBack).where(HearBack.insight_id.in_([thought.id for thought in thoughts])))
    for thought in thoughts:
        thought.author, thought.author_name, thought.device = None, "", None
        thought.identity = Identity.ANONYMOUS
        _take_back(thought, keep_words=keep_words, at=at)
    for comment in comments:
        comment.author, comment.author_name = None, ""
        _take_back(comment, keep_words=keep_words, at=at)
    for commitment in commitments:
        commitment.participant = None
        if not keep_words:
            session.delete(commitment)
    session.flush()
    return {"thoughts": len(thoughts), "comments": len(comments), "commitments": len(commitments)}


def _take_back(said: Insight | Comment, *, keep_words: bool, at: datetime) -> None:
    if not keep_words:
        said.text, said.hidden_at, said.hidden_reason = TAKEN_BACK, said.hidden_at or at, HideReason.PERSONAL


def _forget_address(session: Session, event: Event, participant: Participant) -> dict[str, int]:
    """Forget an address wherever else it stands: letters on their way or gone, what to hear back about, the survey."""
    if participant.email is None:
        return {}
    address = participant.email.lower()
    letters = session.scalars(
        select(Letter).where(
            Letter.event_id == event.id,
            or_(
                Letter.address_key == address_key(event.id, address),
                func.lower(Letter.to_address) == address,
                Letter.text.contains(participant.token),  # a copy for an organiser, still on its way
            ),
        )
    ).all()
    wishes = session.scalars(
        select(HearBack)
        .join(HearBack.insight)
        .where(Insight.event_id == event.id, func.lower(HearBack.email) == address)
    ).all()
    for row in (*letters, *wishes):
        session.delete(row)
    for response in session.scalars(
        select(SurveyResponse).where(
            SurveyResponse.event_id == event.id, SurveyResponse.email_key == participant.email_key
        )
    ):
        response.email_key, response.describes = None, ""
    session.flush()
    return {"letters": len(letters), "addresses": len(wishes)}


def seal_log(session: Session, event: Event, *, at: datetime) -> Seal | None:
    """Put a seal on the lines that have come since the last one and have settled; None where there are none."""
    take_turns(session, event)
    before = last_seal(session, event)
    lines = []
    for line in lines_after(session, event, before.last_line if before else 0):
        if line.at > at - SETTLED:
            break
        lines.append(line)
    if not lines:
        return None
    digest = digest_of(lines, before.digest if before else "")
    seal = Seal(event=event, last_line=lines[-1].id, lines=len(lines), digest=digest, made_at=at)
    session.add(seal)
    session.flush()
    return seal
