"""Which rows go when an event is closed, how many they are, and whether a certificate holds."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import Job, JobState
from hackathon.adapters.mail import Letter
from hackathon.care.models import CareGiven
from hackathon.closing.document import ABOUT_PEOPLE, GOES, Proof
from hackathon.commitments.models import Commitment
from hackathon.community.models import Care
from hackathon.core.clock import local, spoken_date, spoken_time
from hackathon.core.db import Base
from hackathon.core.errors import NotFound
from hackathon.core.words import in_a_row
from hackathon.dates.document import CALENDAR
from hackathon.equality.models import EqualityCount
from hackathon.events.models import Act, Activity, Event, Stage
from hackathon.follow_up.models import Recommendation
from hackathon.insights.models import (
    AuthorRole,
    Comment,
    HearBack,
    Insight,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from hackathon.invitations.models import Invitee, ListDraft
from hackathon.mailings.queries import letters_being_written
from hackathon.moderation.models import Concern
from hackathon.needs.models import AccessNeed, FreedBooking
from hackathon.participants.models import Answer, Participant, Registration
from hackathon.privacy.models import Certificate, Seal
from hackathon.privacy.queries import check_log
from hackathon.rehearsal.models import SeatBefore
from hackathon.seating.models import SeatingRun
from hackathon.tables.models import Seat
from hackathon.themes.models import ThemeChoice
from hackathon.votes.models import Ballot, Exposure, Statement
from hackathon.wishes.models import SeatNeed, SeatWish

CLOSED = "event.closed"
NOT_KEPT = "Nobody could read this when the event was closed, so it is not kept."
PATIENCE = timedelta(days=14)
"""So long a letter may fail to leave before its address goes all the same."""
LETTERS_FIRST = timedelta(days=1)
"""So long an event stays open for letters that are being written: people were told on which day it is closed."""
STILL_LEAVE = tuple(kind.letter_kind for kind in CALENDAR if kind.after)
"""Letters that are of use once the event is over: reminders of commitments, and what came of it all."""


@dataclass(frozen=True, slots=True)
class Going:
    """Rows of one table that go; or that stay without something, where `without` says what its columns become."""

    kind: str
    table: type[Base]
    where: tuple[ColumnElement[bool], ...]
    without: Mapping[str, Any] | None = None


def what_goes(event: Event, *, at: datetime) -> Sequence[Going]:
    """Everything about an event's people, in an order in which it can be counted as it goes: names behind words before
    the people, and every row before what it hangs on.
    """
    return [*_behind_words(event, at), *_about_people(event, at)]


def _about_people(event: Event, at: datetime) -> list[Going]:
    here = select(Registration.id).where(Registration.event_id == event.id)
    people = select(Participant.id).where(Participant.event_id == event.id)
    thoughts = select(Insight.id).where(Insight.event_id == event.id)
    comments = select(Comment.id).where(Comment.event_id == event.id)
    about_words = or_(CareGiven.comment_id.in_(comments), CareGiven.survey_answer_id.in_(_survey_answers(event)))
    return [
        Going("answers", Answer, (Answer.registration_id.in_(here),)),
        Going("needs", AccessNeed, (AccessNeed.registration_id.in_(here),)),
        Going("needs", FreedBooking, (FreedBooking.event_id == event.id,)),
        Going("seats", SeatNeed, (SeatNeed.participant_id.in_(people),)),
        Going("seats", SeatWish, (SeatWish.event_id == event.id,)),
        Going("seats", SeatingRun, (SeatingRun.event_id == event.id,)),
        Going("seats", SeatBefore, (SeatBefore.event_id == event.id,)),
        Going("seats", Seat, (Seat.participant_id.in_(people),)),
        Going("seats", ThemeChoice, (ThemeChoice.participant_id.in_(people),)),
        Going("invitations", Invitee, (Invitee.event_id == event.id,)),
        Going("invitations", ListDraft, (ListDraft.event_id == event.id,)),
        Going("letters", Letter, (Letter.event_id == event.id, ~_still_to_send(at))),
        Going("addresses", HearBack, (HearBack.insight_id.in_(thoughts),)),
        Going("places", Registration, (Registration.event_id == event.id,)),
        Going("people", Participant, (Participant.event_id == event.id,)),
        Going("notes", Concern, (Concern.event_id == event.id,)),
        Going("notes", Care, (Care.insight_id.in_(thoughts), Care.note != ""), {"note": ""}),
        Going("notes", CareGiven, (about_words, CareGiven.done != ""), {"done": ""}),
    ]


def _behind_words(event: Event, at: datetime) -> list[Going]:
    statements = select(Statement.id).where(Statement.event_id == event.id)
    hidden = select(Insight.id).where(Insight.event_id == event.id, Insight.hidden_at.is_not(None))
    nobody = {"author_id": None, "author_name": ""}
    shadow = literal("gone ") + cast(Exposure.id, String)
    respondent = literal("gone ") + cast(SurveyResponse.id, String)
    today = local(at, event.timezone).date()
    return [
        Going("unpublished", Insight, (Insight.event_id == event.id, Insight.waits.is_(True))),
        Going("unpublished", Comment, (Comment.event_id == event.id, Comment.waits.is_(True))),
        *(
            Going(
                "unpublished",
                table,
                (table.event_id == event.id, table.hidden_at.is_not(None), table.text != NOT_KEPT),
                {"text": NOT_KEPT},
            )
            for table in (Insight, Comment)
        ),
        Going(
            "unpublished",
            Comment,
            (Comment.insight_id.in_(hidden), Comment.is_shown.expression, Comment.text != NOT_KEPT),
            {"text": NOT_KEPT},
        ),
        Going(
            "unpublished",
            SurveyAnswer,
            (
                SurveyAnswer.id.in_(_survey_answers(event)),
                SurveyAnswer.hidden_at.is_not(None),
                SurveyAnswer.text != NOT_KEPT,
            ),
            {"text": NOT_KEPT},
        ),
        Going("phones", Insight, (Insight.event_id == event.id, Insight.device.is_not(None)), {"device": None}),
        Going("phones", Ballot, (Ballot.event_id == event.id, Ballot.device.is_not(None)), {"device": None}),
        Going(
            "phones",
            Exposure,
            (Exposure.statement_id.in_(statements), Exposure.device.not_like("gone %")),
            {"device": shadow},
        ),
        Going("phones", Act, (Act.event_id == event.id,)),
        Going(
            "names",
            Insight,
            (Insight.event_id == event.id, or_(Insight.author_id.is_not(None), Insight.author_name != "")),
            nobody,
        ),
        Going(
            "names",
            Comment,
            (
                Comment.event_id == event.id,
                Comment.author_role == AuthorRole.PARTICIPANT,
                or_(Comment.author_id.is_not(None), Comment.author_name != ""),
            ),
            nobody,
        ),
        Going(
            "commitments",
            Commitment,
            (
                Commitment.event_id == event.id,
                Commitment.may_print.is_(False),
                Commitment.text != NOT_KEPT,
                or_(Commitment.remind_on.is_(None), Commitment.remind_on < today),
            ),
            {"text": NOT_KEPT},
        ),
        Going(
            "survey",
            SurveyResponse,
            (SurveyResponse.event_id == event.id, SurveyResponse.respondent.not_like("gone %")),
            {"email_key": None, "describes": "", "respondent": respondent},
        ),
    ]


def _survey_answers(event: Event) -> Select[int]:
    questions = select(SurveyQuestion.id).where(SurveyQuestion.event_id == event.id)
    return select(SurveyAnswer.id).where(SurveyAnswer.question_id.in_(questions))


def _still_to_send(at: datetime) -> ColumnElement[bool]:
    """A reminder for a day that has not come, or a letter on its way: its address stands in it and nowhere else."""
    return Letter.kind.in_(STILL_LEAVE) & Letter.sent_at.is_(None) & (Letter.send_after > at - PATIENCE)


def count_what_goes(session: Session, event: Event, *, at: datetime) -> dict[str, int]:
    """How many rows of each kind there are that would go."""
    counts: Counter[str] = Counter(dict.fromkeys(GOES, 0))
    for going in what_goes(event, at=at):
        counts[going.kind] += _number(session, going.table, *going.where)
    counts["papers"] += _number(session, Job, Job.event_id == event.id, Job.state == JobState.DONE)
    return dict(counts)


def count_what_stays(session: Session, event: Event, *, at: datetime) -> dict[str, int]:
    """How many rows of each kind are left, and until when the last reminder keeps an address (as an ordinal day)."""
    of_event = Insight.event_id == event.id
    under_shown = Comment.insight.has(Insight.is_shown.expression)
    reminders = Letter.event_id == event.id, _still_to_send(at)
    last = session.scalar(select(func.max(Letter.send_after)).where(*reminders))
    return {
        "words": _number(session, Insight, of_event, Insight.is_shown.expression)
        + _number(session, Comment, Comment.event_id == event.id, Comment.is_shown.expression, under_shown),
        "votes": _number(session, Ballot, Ballot.event_id == event.id),
        "decisions": _number(session, Recommendation, Recommendation.event_id == event.id),
        "pledges": _number(session, Commitment, Commitment.event_id == event.id, Commitment.may_print.is_(True)),
        "equality": _number(session, EqualityCount, EqualityCount.event_id == event.id),
        "log": _number(session, Activity, Activity.event_id == event.id),
        "reminders": _number(session, Letter, *reminders),
        "reminders_until": local(last, event.timezone).date().toordinal() if last else 0,
    }


def _number(session: Session, table: type[Base], *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def why_not_to_be_closed(session: Session, event: Event, *, at: datetime) -> str:
    """What keeps somebody from closing an event by hand now; nothing where nothing does."""
    if local(at, event.timezone).date() < event.held_on:
        return (
            f"Its day has not come. It can be closed on {spoken_date(event.held_on)} from {spoken_time(event.ends)} on."
        )
    if at < event.ends_at:
        return f"Its day is not over. It can be closed from {spoken_time(event.ends)} on."
    if event.stage is not Stage.AFTER:
        return "Its day is over, and it still goes on here. Move it to “After the day” first."
    if letters := letters_being_written(session, event, at=at, since=at - LETTERS_FIRST):
        numbers = in_a_row(f"{number:,} more of “{kind.title}”" for kind, number in letters)
        return f"Letters are being written: {numbers}. Wait a few minutes, then close it."
    return ""


def events_to_close(session: Session, *, at: datetime) -> Sequence[Event]:
    """Published events whose last day is over on the clock of their place, and whose letters are written."""
    planned = select(Event).where(Event.closes_after.is_not(None), Event.closed_at.is_(None)).order_by(Event.id)
    over = [event for event in session.scalars(planned) if _is_over(event, at) and not event.is_rehearsing]
    return [event for event in over if not letters_being_written(session, event, at=at, since=at - LETTERS_FIRST)]


def _is_over(event: Event, at: datetime) -> bool:
    return event.is_published and event.closes_on is not None and event.closes_on < local(at, event.timezone).date()


def events_closed(session: Session) -> Sequence[Event]:
    return session.scalars(select(Event).where(Event.closed_at.is_not(None)).order_by(Event.id)).all()


def closing_certificate(session: Session, event: Event) -> Certificate:
    """The proof that an event was closed."""
    found = select(Certificate).where(Certificate.event_id == event.id, Certificate.closed_by.is_not(None))
    if (certificate := session.scalar(found)) is None:
        raise NotFound
    return certificate


def digest_of_certificate(certificate: Certificate) -> str:
    """SHA-256 of what a certificate says, as JSON with sorted keys."""
    said = {
        "event": certificate.event.code,
        "reference": certificate.reference,
        "erased": certificate.erased,
        "stays": certificate.stays,
        "closed_by": certificate.closed_by,
        "made_at": certificate.made_at.isoformat(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def prove(session: Session, event: Event, *, at: datetime) -> Proof:
    """Hold the certificate against its seal and the log, and look once more for rows about people."""
    certificate = closing_certificate(session, event)
    line = session.scalar(select(Activity).where(Activity.event_id == event.id, Activity.kind == CLOSED))
    last = session.scalar(select(func.max(Seal.last_line)).where(Seal.event_id == event.id))
    counts = count_what_goes(session, event, at=at)
    return Proof(
        as_made=digest_of_certificate(certificate) == certificate.digest,
        in_log=line is not None and line.detail.get("digest") == certificate.digest,
        is_sealed=line is not None and last is not None and line.id <= last,
        log_is_whole=check_log(session, event).is_whole,
        left=sum(counts[kind] for kind in ABOUT_PEOPLE),
    )
