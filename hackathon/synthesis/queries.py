"""Which insights are under which theme, how far those agree who put them there, and who objects."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ColumnExpressionArgument, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from hackathon.events.models import Event
from hackathon.insights.models import AuthorRole, Comment, Insight
from hackathon.maths.agreement import agreed_pairs, cohens_kappa
from hackathon.maths.rates import Rate
from hackathon.participants.models import Participant
from hackathon.staff.models import Account
from hackathon.synthesis.models import Coder, Coding, Objection
from hackathon.themes.models import Theme

LEAD, SECOND = "a", "b"
SETTLED_THEME: ColumnElement[int | None] = case((Coding.id.is_not(None), Coding.theme_id), else_=Insight.theme_id)
"""The lead coder's theme, "fits none" included; where the lead coder has not looked, the contributor's own."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two coders chose the same theme, for the insights that both have looked at."""

    rate: Rate
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Settled:
    """An insight with the theme under which it is reported. `looked_at` means by the lead coder."""

    insight: Insight
    theme: Theme | None
    looked_at: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody wrote, the theme that the lead coder heard in it, and whether its writer objects to that."""

    number: int
    text: str
    theme: Theme | None
    is_objected_to: bool


def coders_of(session: Session, event: Event) -> Sequence[Coder]:
    return session.scalars(select(Coder).where(Coder.event_id == event.id).order_by(Coder.letter)).all()


def coder_of(session: Session, event: Event, account: Account) -> Coder | None:
    """This account as a coder of the event, once it has put something under a theme."""
    return session.scalar(select(Coder).where(Coder.event_id == event.id, Coder.account_id == account.id))


def codings_of(session: Session, event: Event) -> Sequence[Coding]:
    """Every coding of insights that can be seen, in the order of the insights and then of the coders."""
    return session.scalars(
        select(Coding)
        .join(Coding.coder)
        .join(Coding.insight)
        .where(Coder.event_id == event.id, *_seen(event))
        .options(contains_eager(Coding.coder), contains_eager(Coding.insight), joinedload(Coding.theme))
        .order_by(Insight.number, Coder.letter)
    ).all()


def last_coding_of(session: Session, coder: Coder) -> Coding | None:
    """What this coder did last, and may take back."""
    return session.scalar(
        select(Coding)
        .where(Coding.coder_id == coder.id)
        .options(joinedload(Coding.insight), joinedload(Coding.theme))
        .order_by(Coding.coded_at.desc(), Coding.id.desc())
        .limit(1)
    )


def next_to_code(session: Session, event: Event, coder: Coder | None, *, after: int = 0) -> Insight | None:
    """The first insight that this coder has not looked at; with `after`, the first behind that number, if any is left
    there, so that one can be left for later."""
    looked_at = select(Coding.insight_id).where(Coding.coder_id == coder.id) if coder else None
    waiting = select(Insight).where(*_seen(event))
    if looked_at is not None:
        waiting = waiting.where(Insight.id.not_in(looked_at))
    later_ones_first = case((Insight.number > after, 0), else_=1)
    return session.scalar(
        waiting.options(joinedload(Insight.theme), joinedload(Insight.table))
        .order_by(later_ones_first, Insight.number)
        .limit(1)
    )


def to_be_coded(session: Session, event: Event) -> int:
    """How many insights there are to look at: all that can be seen."""
    return session.scalar(select(func.count(Insight.id)).where(*_seen(event))) or 0


def coded_by(session: Session, event: Event) -> dict[int, int]:
    """How many of them each coder has looked at, by the coder's id."""
    rows = session.execute(
        select(Coding.coder_id, func.count(Coding.id))
        .join(Coding.coder)
        .join(Coding.insight)
        .where(Coder.event_id == event.id, *_seen(event))
        .group_by(Coding.coder_id)
    )
    return dict(rows.all())


def agreement_of(session: Session, event: Event) -> Agreement | None:
    """Agreement of the first two coders on the insights that both have looked at; None before there is one."""
    first, second = aliased(Coding), aliased(Coding)
    lead, other = aliased(Coder), aliased(Coder)
    rows = session.execute(
        select(first.theme_id, second.theme_id)
        .join(lead, and_(lead.id == first.coder_id, lead.event_id == event.id, lead.letter == LEAD))
        .join(second, second.insight_id == first.insight_id)
        .join(other, and_(other.id == second.coder_id, other.event_id == event.id, other.letter == SECOND))
        .join(Insight, Insight.id == first.insight_id)
        .where(*_seen(event))
    )
    pairs = [(a, b) for a, b in rows]
    return Agreement(rate=Rate(agreed_pairs(pairs), len(pairs)), kappa=cohens_kappa(pairs)) if pairs else None


def settled_of(session: Session, event: Event) -> list[Settled]:
    """Every insight that can be seen, by number, with the theme under which it is reported.

    That is the lead coder's, and "fits none" counts as an answer; where the lead coder has not looked yet, it is what
    the contributor chose.
    """
    settled = aliased(Theme)
    rows = session.execute(
        select(Insight, settled, Coding.id)
        .select_from(Insight)
        .outerjoin(Coding, is_leading(event))
        .outerjoin(settled, settled.id == SETTLED_THEME)
        .where(*_seen(event))
        .order_by(Insight.number)
    )
    return [Settled(insight=insight, theme=theme, looked_at=coding is not None) for insight, theme, coding in rows]


def is_leading(event: Event) -> ColumnElement[bool]:
    """Joins an insight to what the lead coder made of it."""
    lead = select(Coder.id).where(Coder.event_id == event.id, Coder.letter == LEAD).scalar_subquery()
    return and_(Coding.insight_id == Insight.id, Coding.coder_id == lead)


def settled_themes(session: Session, event: Event) -> dict[int, Theme | None]:
    """The theme under which each insight that can be seen is reported, by the insight's id."""
    return {settled.insight.id: settled.theme for settled in settled_of(session, event)}


def heard_of(session: Session, event: Event, *, numbers: Sequence[int], author: Participant | None) -> list[Heard]:
    """What became of one person's insights, those with these numbers or this author: only what has a theme by now."""
    own: ColumnElement[bool] = Insight.number.in_(numbers)
    if author is not None:
        own = or_(own, Insight.author_id == author.id)
    rows = session.execute(
        select(Insight.number, Insight.text, Theme, Objection.id)
        .select_from(Insight)
        .join(Coding, is_leading(event))
        .outerjoin(Theme, Theme.id == Coding.theme_id)
        .outerjoin(Objection, _speaks_of_now())
        .where(*_seen(event), own)
        .order_by(Insight.number)
    )
    return [Heard(number, text, theme, objection is not None) for number, text, theme, objection in rows]


def leading_coding_of(session: Session, insight: Insight) -> Coding | None:
    """What the lead coder made of an insight that can be seen."""
    return session.scalar(
        select(Coding)
        .join(Insight, is_leading(insight.event))
        .where(*_seen(insight.event), Insight.id == insight.id)
        .options(joinedload(Coding.theme))
    )


def objection_to(session: Session, insight: Insight) -> Objection | None:
    return session.scalar(select(Objection).where(Objection.insight_id == insight.id))


def open_objections(session: Session, event: Event) -> Sequence[Objection]:
    """Those that nobody has acted on, the oldest first: the insight still stands there, and no answer came since."""
    answered = select(Comment.id).where(
        Comment.insight_id == Insight.id,
        Comment.author_role != AuthorRole.PARTICIPANT,
        Comment.is_shown,
        Comment.written_at > Objection.raised_at,
    )
    return session.scalars(
        select(Objection)
        .join(Objection.insight)
        .join(Coding, is_leading(event))
        .where(*_seen(event), _speaks_of_now(), ~answered.exists())
        .options(contains_eager(Objection.insight), joinedload(Objection.theme))
        .order_by(Objection.raised_at, Objection.id)
    ).all()


def _speaks_of_now() -> ColumnElement[bool]:
    """Joins an insight to what its writer said against the theme that it still stands under."""
    return and_(Objection.insight_id == Insight.id, Objection.theme_id.is_not_distinct_from(Coding.theme_id))


def _seen(event: Event) -> tuple[ColumnExpressionArgument[bool], ...]:
    return (Insight.event_id == event.id, Insight.is_shown)
