"""Who is to get a letter: the people of an event, by what they did and how their place stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from hackathon.adapters.mail import address_key, is_address
from hackathon.addressees.document import Audience
from hackathon.events.models import Event, Place
from hackathon.events.queries import last_move_of
from hackathon.follow_up.models import Recommendation, RecommendationSource
from hackathon.insights.models import HearBack, Identity, Insight
from hackathon.invitations.models import Invitee
from hackathon.invitations.queries import to_remind, unanswered
from hackathon.participants.models import HAS_ENDED, Participant, Registration, RegistrationState
from hackathon.participants.queries import registrations_of, waiting_in_order
from hackathon.synthesis.models import Coding
from hackathon.synthesis.queries import is_leading


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to: with an address, and with what the event knows of them.

    `insight` is what the letter is about; somebody who asked to hear back of it is known by nothing else, and their
    phone alone shows what they sent. `path` is where a letter leads them.
    """

    key: str
    address: str
    participant: Participant | None = None
    registration: Registration | None = None
    insight: Insight | None = None
    name: str = ""
    path: str = "/on-this-phone"


def recipients_of(session: Session, event: Event, audience: Audience) -> list[Recipient]:
    """Everybody in an audience to whom a letter can go, each address once, in a steady order.

    Earlier releases kept whatever was typed. Where no letter can go, the others would wait behind it for ever.
    """
    by_key: dict[str, Recipient] = {}
    for recipient in _READERS[audience](session, event):
        if is_address(recipient.address):
            by_key.setdefault(recipient.key, recipient)
    return list(by_key.values())


def _person(registration: Registration) -> Iterator[Recipient]:
    participant = registration.participant
    if participant.email:
        key = address_key(registration.event_id, participant.email)
        yield Recipient(
            key, participant.email, participant, registration, name=participant.name, path=f"/p/{participant.token}"
        )


def _on_lists(session: Session, event: Event) -> Iterator[Recipient]:
    yield from map(_invitee, unanswered(session, event))


def _not_heard_from(session: Session, event: Event) -> Iterator[Recipient]:
    yield from map(_invitee, to_remind(session, event))


def _invitee(invitee: Invitee) -> Recipient:
    return Recipient(invitee.address_key, invitee.email, name=invitee.name, path=f"/i/{invitee.token}")


Source = Callable[[Session, Event], Iterable[Recipient]]
INVITED_FROM: tuple[Source, ...] = (_on_lists,)
"""Each gives those who were invited and have not answered, with the path on which they answer."""


def _invited(session: Session, event: Event) -> Iterator[Recipient]:
    for source in INVITED_FROM:
        yield from source(session, event)


def _registered(session: Session, event: Event, wanted: Callable[[Registration], bool]) -> Iterator[Recipient]:
    for registration in registrations_of(session, event):
        if wanted(registration):
            yield from _person(registration)


def _is_coming(registration: Registration) -> bool:
    return registration.state is RegistrationState.CONFIRMED


def _waiting(session: Session, event: Event) -> Iterator[Recipient]:
    for registration in waiting_in_order(session, event):
        yield from _person(registration)


def _is_absent(registration: Registration) -> bool:
    return _is_coming(registration) and registration.attending is Place.ROOM and registration.checked_in_at is None


def _took_part(registration: Registration) -> bool:
    return registration.checked_in_at is not None or (
        _is_coming(registration) and registration.attending is Place.OUTSIDE
    )


def _told_otherwise(session: Session, event: Event) -> Iterator[Recipient]:
    last = last_move_of(session, event)
    if last is not None:
        yield from _registered(session, event, lambda each: _is_coming(each) and each.registered_at < last)


def _authors(session: Session, event: Event, *wanted: ColumnElement[bool]) -> Iterator[Recipient]:
    """Whoever wrote something that everybody can see and that counts, and was not anonymous: their first."""
    insights = (
        select(Insight)
        .join(Insight.author)
        .where(*_said_openly(event), Participant.email.is_not(None), *wanted)
        .options(contains_eager(Insight.author))
        .order_by(Insight.number)
    )
    for insight in session.scalars(insights):
        author = insight.author
        if author is not None and author.email:
            key = address_key(event.id, author.email)
            yield Recipient(key, author.email, author, insight=insight, name=author.name, path=f"/p/{author.token}")


def _those_who_asked(session: Session, event: Event, *wanted: ColumnElement[bool]) -> Iterator[Recipient]:
    """Whoever asked to hear back about one number. What became of that number is all they are written about."""
    asked = (
        select(HearBack)
        .join(HearBack.insight)
        .where(*_said_openly(event), *wanted)
        .options(contains_eager(HearBack.insight))
        .order_by(Insight.number)
    )
    for each in session.scalars(asked):
        yield Recipient(address_key(event.id, each.email), each.email, insight=each.insight)


def _said_openly(event: Event) -> tuple[ColumnElement[bool], ...]:
    return (
        Insight.event_id == event.id,
        Insight.is_shown.expression,
        Insight.uncounted.is_(None),
        Insight.identity != Identity.ANONYMOUS,
    )


def _about(session: Session, event: Event, *wanted: ColumnElement[bool]) -> Iterator[Recipient]:
    yield from _authors(session, event, *wanted)
    yield from _those_who_asked(session, event, *wanted)


def _has_theme(event: Event) -> ColumnElement[bool]:
    return select(Coding.id).where(is_leading(event)).exists()


def _is_decided() -> ColumnElement[bool]:
    behind = select(RecommendationSource.id).join(RecommendationSource.recommendation)
    return behind.where(RecommendationSource.insight_id == Insight.id, Recommendation.decision.is_not(None)).exists()


def _everybody(session: Session, event: Event) -> Iterator[Recipient]:
    """Whoever gave a place up and came all the same took part, too."""
    yield from _registered(session, event, lambda each: each.state not in HAS_ENDED or each.checked_in_at is not None)
    yield from _authors(session, event)


def _all_who_took_part(session: Session, event: Event) -> Iterator[Recipient]:
    yield from _registered(session, event, _took_part)
    yield from _authors(session, event)


_READERS: Mapping[Audience, Callable[[Session, Event], Iterator[Recipient]]] = {
    Audience.INVITED: _invited,
    Audience.NOT_HEARD_FROM: _not_heard_from,
    Audience.COMING: lambda session, event: _registered(session, event, _is_coming),
    Audience.WAITING: _waiting,
    Audience.ABSENT: lambda session, event: _registered(session, event, _is_absent),
    Audience.TOLD_OTHERWISE: _told_otherwise,
    Audience.TOOK_PART: _all_who_took_part,
    Audience.EVERYBODY: _everybody,
    Audience.HEARD: lambda session, event: _about(session, event, _has_theme(event)),
    Audience.DECIDED: lambda session, event: _about(session, event, _is_decided()),
    Audience.CONTRIBUTORS: _authors,
    Audience.GIVEN_PLACE: lambda session, event: _registered(session, event, _is_coming),
    Audience.NO_PLACE: lambda session, event: _registered(session, event, lambda each: not _is_coming(each)),
    Audience.PLEDGED: lambda _session, _event: iter(()),  # their addresses stand in their letters and nowhere else
}
