"""Finding insights. What is hidden leaves every page: queries that return it say so in their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from hackathon.adapters.full_text import newest_saying
from hackathon.adapters.mail import is_address
from hackathon.core.clock import local, short_date, spoken_time, today
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Place
from hackathon.insights.document import Card, Receipt
from hackathon.insights.models import AuthorRole, Comment, HearBack, Identity, Insight, SurveyQuestion
from hackathon.packs.models import FrozenPack
from hackathon.tables.models import Table
from hackathon.themes.models import Theme

MOST_COUNTED = 50


OF_THE_PACK = select(FrozenPack.manifest["identity"], FrozenPack.manifest["support"]).where(
    FrozenPack.event_id == bindparam("event_id")
)
"""Two of the parts of a long manifest, picked out by the database; made once, because every thought asks."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What the event's pack says of every box: how names may be shown, and where somebody finds support."""

    default: Identity = Identity.ANONYMOUS
    allowed: tuple[Identity, ...] = tuple(Identity)
    hide_table_below: int = 0
    support: tuple[str, ...] = ()

    def shows(self, table: Table) -> bool:
        """Whether a table may stand beside words: not one at which so few sit that it would point to one of them."""
        return table.taken >= self.hide_table_below


def manners_of(session: Session, event: Event) -> Manners:
    """Read from the frozen pack as it lies there, because the page behind every QR code asks, and asks for no more."""
    pack = session.execute(OF_THE_PACK, {"event_id": event.id}).one_or_none()
    if pack is None:
        return Manners()
    identity, support = pack[0], pack[1] or {}
    return Manners(
        default=Identity(identity["default"]),
        allowed=tuple(choice for choice in Identity if choice.value in identity["allow"]),
        hide_table_below=identity.get("hide_table_below") or 0,
        support=tuple(support["contacts"]) if support.get("notice_on_every_capture_form") else (),
    )


def table_shown(insight: Insight, manners: Manners) -> Table | None:
    """The table that everybody may see beside an insight: on pages, in the spreadsheet and in print."""
    return insight.table if insight.table is not None and manners.shows(insight.table) else None


def insights_of(
    session: Session, event: Event, *, after: int | None = None, limit: int | None = None
) -> Sequence[Insight]:
    """What everybody may read, in the order of the receipt numbers; `after` is the last number already seen."""
    query = _visible(event).order_by(Insight.number)
    if after is not None:
        query = query.where(Insight.number > after)
    return session.scalars(query.limit(limit)).all()


def newest_insights(
    session: Session,
    event: Event,
    *,
    before: int | None = None,
    place: Place | None = None,
    theme: Theme | None = None,
    table: Table | None = None,
    saying: Sequence[str] = (),
    limit: int,
) -> Sequence[Insight]:
    """What everybody may read, the newest first. `before` is the lowest number of the page that came before.

    `saying` are words that must all be in it.
    """
    query = _visible(event)
    if place is not None:
        query = query.where(Insight.place == place)
    if theme is not None:
        query = query.where(Insight.theme_id == theme.id)
    if table is not None:
        query = query.where(Insight.table_id == table.id)
    return _newest(session, event, query, before, saying, limit)


def count_newer(
    session: Session,
    event: Event,
    than: int,
    *,
    place: Place | None = None,
    theme: Theme | None = None,
    saying: Sequence[str] = (),
) -> int:
    """How many that everybody may read have come since somebody opened a list."""
    if saying:
        newest = newest_insights(session, event, place=place, theme=theme, saying=saying, limit=MOST_COUNTED)
        return sum(insight.number > than for insight in newest)
    query = select(func.count(Insight.id)).where(Insight.event_id == event.id, Insight.is_shown, Insight.number > than)
    if place is not None:
        query = query.where(Insight.place == place)
    if theme is not None:
        query = query.where(Insight.theme_id == theme.id)
    return session.scalar(query) or 0


def insights_saying(
    session: Session, event: Event, wanted: Sequence[Sequence[str]], *, limit: int
) -> Sequence[Insight]:
    """What everybody may read that says every word of one of these lists, the newest first."""
    return session.scalars(newest_saying(session, _visible(event), Insight.text, wanted).limit(limit)).all()


def insight_by_number(session: Session, event: Event, number: int) -> Insight:
    """One that everybody may read."""
    if (insight := session.scalar(_visible(event).where(Insight.number == number))) is None:
        raise NotFound
    return insight


def any_insight_by_number(session: Session, event: Event, number: int) -> Insight:
    """One for the desk, hidden or not."""
    if (insight := session.scalar(_every(event).where(Insight.number == number))) is None:
        raise NotFound
    return insight


def any_newest_insights(
    session: Session,
    event: Event,
    *,
    before: int | None = None,
    only_hidden: bool = False,
    saying: Sequence[str] = (),
    limit: int,
) -> Sequence[Insight]:
    """For the desk: the newest first, hidden or not."""
    query = _every(event)
    if only_hidden:
        query = query.where(Insight.hidden_at.is_not(None))
    return _newest(session, event, query, before, saying, limit)


def count_any_newer(
    session: Session, event: Event, than: int, *, only_hidden: bool = False, saying: Sequence[str] = ()
) -> int:
    """For the desk: how many have come since it was opened, hidden or not."""
    if saying:
        newest = any_newest_insights(session, event, only_hidden=only_hidden, saying=saying, limit=MOST_COUNTED)
        return sum(insight.number > than for insight in newest)
    query = select(func.count(Insight.id)).where(
        Insight.event_id == event.id, Insight.escalated_at.is_(None), Insight.number > than
    )
    if only_hidden:
        query = query.where(Insight.hidden_at.is_not(None))
    return session.scalar(query) or 0


def hidden_insights_of(session: Session, event: Event) -> Sequence[Insight]:
    """What was taken off every page."""
    return session.scalars(_every(event).where(Insight.hidden_at.is_not(None)).order_by(Insight.number)).all()


def insight_by_client_id(session: Session, event: Event, client_id: str) -> Insight | None:
    """The insight that a phone sent under this id."""
    return session.scalar(select(Insight).where(Insight.event_id == event.id, Insight.client_id == client_id))


def _newest(
    session: Session, event: Event, query: Select[Insight], before: int | None, saying: Sequence[str], limit: int
) -> Sequence[Insight]:
    """A page of what this query finds."""
    if not saying:
        query = query.order_by(Insight.number.desc())
        return session.scalars((query if before is None else query.where(Insight.number < before)).limit(limit)).all()
    # In an event, ids rise with numbers: the index of words goes by ids alone.
    reached = select(Insight.id).where(Insight.event_id == event.id, Insight.number >= (before or 0))
    below = None if before is None else session.scalar(reached.order_by(Insight.number).limit(1))
    return session.scalars(newest_saying(session, query, Insight.text, [saying], below=below).limit(limit)).all()


def receipts_of(session: Session, event: Event, numbers: Sequence[int]) -> list[Receipt]:
    """What became of the insights with these numbers, in their order; one that is gone is left out."""
    replies = select(func.count(Comment.id)).where(
        Comment.insight_id == Insight.id, Comment.author_role != AuthorRole.PARTICIPANT, Comment.is_shown
    )
    query = select(Insight, replies.scalar_subquery()).where(Insight.event_id == event.id, Insight.number.in_(numbers))
    found = {insight.number: receipt_of(insight, answers) for insight, answers in session.execute(query)}
    return [found[number] for number in numbers if number in found]


def last_place_of(session: Session, event: Event, numbers: Sequence[int]) -> Place | None:
    """From where the newest of the insights with these numbers came."""
    query = select(Insight.place).where(Insight.event_id == event.id, Insight.number.in_(numbers))
    return session.scalar(query.order_by(Insight.number.desc()).limit(1))


def receipt_of(insight: Insight, answers: int = 0) -> Receipt:
    return Receipt(
        number=insight.number,
        late_for=insight.phase.words if insight.late else "",
        waits=insight.waits,
        is_shown=insight.is_shown,
        answers=answers,
    )


def _every(event: Event) -> Select[Insight]:
    """What was escalated is for the care lead alone: nothing else here finds it."""
    return (
        select(Insight)
        .where(Insight.event_id == event.id, Insight.escalated_at.is_(None))
        .options(joinedload(Insight.author), joinedload(Insight.theme), joinedload(Insight.table))
    )


def _visible(event: Event) -> Select[Insight]:
    return _every(event).where(Insight.is_shown)


def has_survey(session: Session, event: Event) -> bool:
    """Whether people were asked something before the day."""
    return session.scalar(select(SurveyQuestion.id).where(SurveyQuestion.event_id == event.id).limit(1)) is not None


def mail_address_of(session: Session, insight: Insight) -> str | None:
    """Where whoever wrote it wants to be answered by mail: nowhere, if they chose to be anonymous, or where no letter
    can go. An answer is given all the same."""
    if insight.identity is Identity.ANONYMOUS:
        return None
    asked = session.scalar(select(HearBack.email).where(HearBack.insight_id == insight.id))
    address = asked or (insight.author.email if insight.author else None)
    return address if address and is_address(address) else None


def comment_counts(session: Session, insights: Sequence[Insight]) -> dict[int, int]:
    """How many comments and replies these have, by receipt number."""
    counted = (
        select(Insight.number, func.count(Comment.id))
        .join(Comment.insight)
        .where(Insight.id.in_([insight.id for insight in insights]), Comment.is_shown)
        .group_by(Insight.number)
    )
    return {number: count for number, count in session.execute(counted)}  # noqa: C416 - a Row is no tuple to mypy


def card_of(insight: Insight, *, names_of_hidden: bool = False) -> Card:
    """An insight as everybody reads it. `names_of_hidden` is for organisers: the name that others do not see."""
    return Card(
        number=insight.number,
        text=insight.text,
        place=insight.place.value,
        place_words=insight.place.words,
        theme=insight.theme,
        said_by=_said_by(insight, names_of_hidden),
        when_words=when_words(insight.event, insight.captured_at),
        hidden_because=insight.hidden_reason.words if insight.hidden_reason else "",
        waits=insight.waits,
        marked=insight.uncounted.words if insight.uncounted else "",
    )


def _said_by(insight: Insight, names_of_hidden: bool) -> str:
    match insight.identity:
        case Identity.NAMED:
            return insight.said_by or "Name deleted"
        case Identity.HIDDEN:
            name = insight.author.name if insight.author else insight.author_name
            return f"{name} (name hidden)" if names_of_hidden and name else "Name hidden"
        case Identity.ANONYMOUS:
            return "Anonymous"


def when_words(event: Event, moment: datetime) -> str:
    """A moment as pages say it: the time alone on the same day, and with its day afterwards."""
    at = local(moment, event.timezone)
    return spoken_time(at) if at.date() == today(event.timezone) else f"{short_date(at.date())}, {spoken_time(at)}"
