"""The themes of an event, and who chose which."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.participants.models import Participant
from hackathon.themes.models import Theme, ThemeChoice


def themes_of(session: Session, event: Event) -> Sequence[Theme]:
    return session.scalars(select(Theme).where(Theme.event_id == event.id).order_by(Theme.position)).all()


def theme_at(session: Session, event: Event, position: int) -> Theme:
    """The theme at this place of the list: 1 is A."""
    theme = session.scalar(select(Theme).where(Theme.event_id == event.id, Theme.position == position))
    if theme is None:
        raise NotFound
    return theme


def choices_of(session: Session, participant: Participant) -> Sequence[Theme]:
    """What somebody chose: first, second, third."""
    choices = session.scalars(
        select(ThemeChoice)
        .where(ThemeChoice.participant_id == participant.id)
        .options(joinedload(ThemeChoice.theme))
        .order_by(ThemeChoice.rank)
    )
    return [choice.theme for choice in choices]


def first_choices_of(session: Session, event: Event) -> Mapping[int, int]:
    """How many people put each theme first, by the theme's id."""
    counts = session.execute(
        select(ThemeChoice.theme_id, func.count())
        .join(ThemeChoice.theme)
        .where(Theme.event_id == event.id, ThemeChoice.rank == 1)
        .group_by(ThemeChoice.theme_id)
    )
    return dict(counts.all())
