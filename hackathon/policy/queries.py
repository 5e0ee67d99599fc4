"""Reading an event's policy from its settings, its pack and its people."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hackathon.core.clock import local, short_date, spoken_time
from hackathon.core.errors import NotFound
from hackathon.duty.queries import reply_promise_of
from hackathon.events.models import Event, Moderation
from hackathon.events.queries import members_of
from hackathon.insights.models import HideReason, Kind
from hackathon.insights.queries import manners_of
from hackathon.maths.suppression import SMALLEST_SHOWN
from hackathon.packs.document import Manifest
from hackathon.packs.queries import manifest_of
from hackathon.participants.queries import questions_of
from hackathon.policy.document import Answering, Kept, Policy
from hackathon.staff.models import Role

WHAT = {Kind.INSIGHT: "insight", Kind.IDEA: "idea", Kind.QUESTION: "question"}


def policy_of(session: Session, event: Event) -> Policy:
    """How this event looks after what people say, as it is set at this moment."""
    manners, manifest = manners_of(session, event), _manifest(session, event)
    carers = [member.account.name for member in members_of(session, event) if member.role is Role.CARE_LEAD]
    return Policy(
        allowed=manners.allowed,
        default=manners.default,
        read_first=event.moderation is Moderation.BEFORE,
        reasons=tuple(reason.words for reason in HideReason),
        care_leads=tuple(carers),
        tables_from=manners.hide_table_below,
        figures_from=SMALLEST_SHOWN,
        licence=manifest.report.licence if manifest else "",
        answering=_answering(session, event),
        kept=_kept(session, event),
        contact=event.contact_name,
        contact_email=event.contact_email,
        contacts=manifest.support.contacts if manifest else (),
        languages=manifest.support.languages if manifest else (),
    )


def _manifest(session: Session, event: Event) -> Manifest | None:
    """The pack's own words; an event may still be without one."""
    try:
        return manifest_of(session, event)
    except NotFound:
        return None


def _answering(session: Session, event: Event) -> Answering | None:
    if (promise := reply_promise_of(session, event)) is None:
        return None
    staffed = tuple(_hours(event, span) for span in promise.periods)
    return Answering(WHAT[promise.kind], promise.within_hours, staffed)


def _hours(event: Event, span: Sequence[datetime]) -> str:
    since, to = (local(moment, event.timezone) for moment in span)
    end = spoken_time(to) if to.date() == since.date() else f"{short_date(to.date())}, {spoken_time(to)}"
    return f"{short_date(since.date())}, {spoken_time(since)} to {end}"


def _kept(session: Session, event: Event) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            question=question.label,
            seen_by=question.seen_by_words,
            until=f"until {short_date(question.deleted_on)}" if question.deleted_on else event.people_kept,
        )
        for question in questions_of(session, event)
    )
