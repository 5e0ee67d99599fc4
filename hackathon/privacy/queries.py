"""What is kept about an event's people, a person's own copy, and whether the log is as it was."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, address_key
from hackathon.badges.document import Photos
from hackathon.badges.queries import photos_of
from hackathon.commitments.models import Commitment
from hackathon.core.clock import local
from hackathon.events.models import Activity, Event
from hackathon.insights.models import Comment, HearBack, Insight, SurveyAnswer, SurveyQuestion, SurveyResponse
from hackathon.invitations.queries import invitations_to
from hackathon.needs.queries import needs_for
from hackathon.participants.models import Answer, Participant, Registration
from hackathon.participants.queries import (
    answers_of_registration,
    companions_of,
    moved_between,
    questions_of,
    registration_of,
)
from hackathon.privacy.document import LogCheck, Retention
from hackathon.privacy.models import Certificate, Seal
from hackathon.seating.models import Placement, SeatingRun
from hackathon.tables.models import Table
from hackathon.tables.queries import seat_of
from hackathon.themes.queries import choices_of
from hackathon.wishes.models import SeatNeed

LINES_A_SEAL = 5_000


def retention_of(session: Session, event: Event) -> Sequence[Retention]:
    """Each question with what is kept of its answers, and what was deleted when its day came."""
    here = dict(
        session.execute(
            select(Answer.question, func.count())
            .join(Answer.registration)
            .where(Registration.event_id == event.id)
            .group_by(Answer.question)
        ).all()
    )
    deleted: dict[str, list[Activity]] = defaultdict(list)
    for line in session.scalars(
        select(Activity).where(Activity.event_id == event.id, Activity.kind == "answers.deleted").order_by(Activity.id)
    ):
        deleted[line.detail["question"]].append(line)
    return [
        Retention(
            question.label,
            question.purpose_words,
            question.seen_by_words,
            question.deleted_on,
            here.get(question.key, 0),
            sum(line.detail["number"] for line in deleted[question.key]),
            local(deleted[question.key][-1].at, event.timezone).date() if deleted[question.key] else None,
        )
        for question in questions_of(session, event)
    ]


def certificates_of(session: Session, event: Event) -> Sequence[Certificate]:
    """Who asked to be erased, by reference; the newest first."""
    found = select(Certificate).where(Certificate.event_id == event.id, Certificate.closed_by.is_(None))
    return session.scalars(found.order_by(Certificate.id.desc())).all()


def certificate_by_reference(session: Session, event: Event, reference: str) -> Certificate | None:
    """The proof with this reference that somebody was erased."""
    return session.scalar(
        select(Certificate).where(
            Certificate.event_id == event.id,
            Certificate.reference == reference.strip().upper(),
            Certificate.closed_by.is_(None),
        )
    )


def thoughts_of(session: Session, participant: Participant) -> Sequence[Insight]:
    return session.scalars(select(Insight).where(Insight.author_id == participant.id).order_by(Insight.number)).all()


def comments_by(session: Session, participant: Participant) -> Sequence[Comment]:
    return session.scalars(select(Comment).where(Comment.author_id == participant.id).order_by(Comment.id)).all()


def commitments_by(session: Session, participant: Participant) -> Sequence[Commitment]:
    theirs = select(Commitment).where(Commitment.participant_id == participant.id)
    return session.scalars(theirs.order_by(Commitment.number)).all()


def own_copy(session: Session, participant: Participant) -> dict[str, Any]:
    """Everything that is kept under somebody's name, as plain values: what their download holds."""
    registration, seat = registration_of(session, participant), seat_of(session, participant)
    return {
        "event": participant.event.title,
        "you": {
            "name": participant.name,
            "email": participant.email,
            "organisation": participant.organisation,
            "sector": participant.sector,
            "job_role": participant.job_role,
            "team": participant.team,
            "region": participant.region,
            "known_since": participant.known_since.isoformat(),
        },
        "place": _place(session, registration) if registration else None,
        "invitations": [
            {"list": each.list.source, "name": each.name, "email": each.email, "team": each.team}
            | {"sector": each.sector, "region": each.region}
            for each in invitations_to(session, participant)
        ],
        "arranged": _arranged(session, registration) if registration else [],
        "letters": [_letter(each) for each in letters_to(session, participant)],
        "themes_chosen": [theme.title for theme in choices_of(session, participant)],
        "table": {"number": seat.table.number, "why": seat.why} if seat else None,
        "table_must_be": [
            mark.words
            for mark in session.scalars(
                select(SeatNeed.mark).where(SeatNeed.participant_id == participant.id).order_by(SeatNeed.id)
            )
        ],
        "seat_plans": _seat_plans(session, participant),
        "thoughts": [
            {"number": each.number, "text": each.text, "written_at": each.captured_at.isoformat()}
            for each in thoughts_of(session, participant)
        ],
        "comments": [
            {"about": each.insight.number, "text": each.text, "written_at": each.written_at.isoformat()}
            for each in comments_by(session, participant)
        ],
        "commitments": [
            {"number": each.number, "text": each.text, "kept": each.kept.value}
            for each in commitments_by(session, participant)
        ],
        "hears_back_about": [each.insight.number for each in wishes_to_hear_of(session, participant)],
        "survey": _survey(session, participant),
    }


def _place(session: Session, registration: Registration) -> dict[str, Any]:
    return {
        "taking_part": registration.attending.value,
        "state": registration.state.value,
        "registered_at": registration.registered_at.isoformat(),
        "kept_until": registration.kept_until.isoformat() if registration.kept_until else None,
        "said_still_coming_at": registration.assured_at.isoformat() if registration.assured_at else None,
        "came_at": registration.checked_in_at.isoformat() if registration.checked_in_at else None,
        "number_in_the_ballot": registration.number,
        "lot": registration.lot,
        "booked_by": registration.booked_by.name if registration.booked_by else None,
        "ticket": registration.ticket,
        "companions": [each.participant.name for each in companions_of(session, registration)],
        "moved_between": [each.event.title for each in moved_between(session, registration)],
        "photographs": photos_of(session, registration.event).get(registration.id, Photos.ASK).words,
        "answers": dict(answers_of_registration(session, registration)),
    }


def _arranged(session: Session, registration: Registration) -> list[dict[str, Any]]:
    """What the access lead keeps, notes and all: it is about this person, so it is theirs to read."""
    return [
        {
            "what": need.kind.words,
            "state": need.state.words,
            "note": need.note,
            "booked_with": need.booked_with,
            "booked_on": need.booked_on.isoformat() if need.booked_on else None,
        }
        for need in needs_for(session, registration)
    ]


def letters_to(session: Session, participant: Participant) -> Sequence[Letter]:
    """The letters to somebody's address in this event, sent or on their way."""
    if participant.email is None:
        return []
    theirs = address_key(participant.event_id, participant.email)
    letters = select(Letter).where(Letter.event_id == participant.event_id, Letter.address_key == theirs)
    return session.scalars(letters.order_by(Letter.id)).all()


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "subject": letter.subject,
        "made_at": letter.made_at.isoformat(),
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "came_back_at": letter.returned_at.isoformat() if letter.returned_at else None,
        "words": letter.text,
    }


def wishes_to_hear_of(session: Session, participant: Participant) -> Sequence[HearBack]:
    """The thoughts about which somebody wants to hear at this address."""
    if participant.email is None:
        return []
    wishes = select(HearBack).join(HearBack.insight).where(Insight.event_id == participant.event_id)
    return session.scalars(wishes.where(func.lower(HearBack.email) == participant.email.lower())).all()


def _survey(session: Session, participant: Participant) -> list[dict[str, str]]:
    """What somebody answered in the survey under the address that they have here."""
    if participant.email_key is None:
        return []
    answers = (
        select(SurveyQuestion.text, SurveyAnswer.text)
        .join(SurveyAnswer.question)
        .join(SurveyAnswer.response)
        .where(SurveyResponse.event_id == participant.event_id, SurveyResponse.email_key == participant.email_key)
        .order_by(SurveyAnswer.id)
    )
    return [{"question": question, "answer": answer} for question, answer in session.execute(answers)]


def _seat_plans(session: Session, participant: Participant) -> list[dict[str, Any]]:
    """At which table plans put somebody, and when. The reasons speak of others, too."""
    plans = (
        select(SeatingRun.asked_at, Table.number)
        .select_from(Placement)
        .join(Placement.run)
        .outerjoin(Table, Table.id == Placement.after_id)
        .where(Placement.participant_id == participant.id)
        .order_by(SeatingRun.id)
    )
    return [{"made_at": at.isoformat(), "table": number} for at, number in session.execute(plans)]


def last_seal(session: Session, event: Event) -> Seal | None:
    seals = select(Seal).where(Seal.event_id == event.id)
    return session.scalar(seals.order_by(Seal.last_line.desc()).limit(1))


def lines_after(session: Session, event: Event, line: int, *, upto: int | None = None) -> Sequence[Activity]:
    """The log's lines behind one, in the order of their ids: at most so many as one seal holds."""
    lines = select(Activity).where(Activity.event_id == event.id, Activity.id > line)
    if upto is not None:
        lines = lines.where(Activity.id <= upto)
    return session.scalars(lines.order_by(Activity.id).limit(LINES_A_SEAL)).all()


def digest_of(lines: Sequence[Activity], before: str) -> str:
    """SHA-256 of the digest before and of every line, as JSON with sorted keys."""
    digest = hashlib.sha256(before.encode())
    for line in lines:
        told = [line.id, line.kind, line.actor, line.subject_id, line.detail, line.at.isoformat()]
        digest.update(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def check_log(session: Session, event: Event) -> LogCheck:
    """Work every seal out again."""
    before, after, count, seals = "", 0, 0, 0
    for seal in session.scalars(select(Seal).where(Seal.event_id == event.id).order_by(Seal.last_line)):
        lines = lines_after(session, event, after, upto=seal.last_line)
        if len(lines) != seal.lines or digest_of(lines, before) != seal.digest:
            return LogCheck(count, seals, broken_after=after)
        before, after, count, seals = seal.digest, seal.last_line, count + seal.lines, seals + 1
    return LogCheck(count, seals, broken_after=None)
