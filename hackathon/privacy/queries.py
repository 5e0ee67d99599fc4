"""What is kept about an event's people, a person's own copy, and whether the log is as it was."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.commitments.models import Commitment
from hackathon.core.clock import local
from hackathon.events.models import Activity, Event
from hackathon.insights.models import Comment, Insight
from hackathon.invitations.queries import invitations_to
from hackathon.participants.models import Answer, Participant, Registration
from hackathon.participants.queries import (
    answers_of_registration,
    companions_of,
    questions_of,
    registration_of,
)
from hackathon.privacy.document import LogCheck, Retention
from hackathon.privacy.models import Certificate, Seal
from hackathon.tables.queries import seat_of
from hackathon.themes.queries import choices_of

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
        "themes_chosen": [theme.title for theme in choices_of(session, participant)],
        "table": seat.table.number if seat else None,
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
    }


def _place(session: Session, registration: Registration) -> dict[str, Any]:
    return {
        "taking_part": registration.attending.value,
        "state": registration.state.value,
        "registered_at": registration.registered_at.isoformat(),
        "came_at": registration.checked_in_at.isoformat() if registration.checked_in_at else None,
        "ticket": registration.ticket,
        "companions": [each.participant.name for each in companions_of(session, registration)],
        "answers": dict(answers_of_registration(session, registration)),
    }


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
