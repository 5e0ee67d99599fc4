"""Naming themes, and choosing among them."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record, take_turns
from hackathon.packs.operations import retitle_theme
from hackathon.participants.models import Participant
from hackathon.themes.models import Theme, ThemeChoice
from hackathon.themes.queries import FOUND_FIT, RENAMED

MOST_CHOICES = 3


def add_theme(session: Session, event: Event, *, key: str, title: str, prompt: str, actor: str) -> Theme:
    """Add a theme after those that are there."""
    last = session.scalar(select(func.max(Theme.position)).where(Theme.event_id == event.id))
    theme = Theme(event=event, key=key, title=title, prompt=prompt, position=(last or 0) + 1)
    session.add(theme)
    session.flush()
    record(session, event, "theme.added", actor=actor, subject_id=theme.id)
    return theme


def rename_theme(session: Session, theme: Theme, *, title: str, prompt: str, actor: str) -> Theme:
    """Call a theme something else, on every page and in the pack. Its letter, shape and colour stay, and its words."""
    event = theme.event
    take_turns(session, event)
    others = select(Theme.title).where(Theme.event_id == event.id, Theme.id != theme.id)
    if title.casefold() in {other.casefold() for other in session.scalars(others)}:
        raise Refusal("Another theme is called this already.", "title")
    theme.title, theme.prompt = title, prompt
    retitle_theme(session, event, key=theme.key, title=title, prompt=prompt)
    session.flush()
    record(session, event, RENAMED, actor=actor, subject_id=theme.id)
    return theme


def find_themes_fit(session: Session, event: Event, *, actor: str) -> None:
    """Say that the themes fit the event's question as they are."""
    record(session, event, FOUND_FIT, actor=actor)


def choose_themes(session: Session, participant: Participant, *, choices: Sequence[Theme], actor: str) -> None:
    """Say which themes somebody would like to work on, the dearest first. A new choice replaces the old one."""
    if len(choices) > MOST_CHOICES:
        raise Refusal("Choose three themes at most.", "choices")
    if len({theme.id for theme in choices}) < len(choices):
        raise Refusal("You chose a theme twice. Choose another one, or leave it open.", "choices")
    if any(theme.event_id != participant.event_id for theme in choices):
        raise Refusal("Choose themes of this event.", "choices")
    session.execute(delete(ThemeChoice).where(ThemeChoice.participant_id == participant.id))
    session.add_all(
        ThemeChoice(participant=participant, theme=theme, rank=rank) for rank, theme in enumerate(choices, 1)
    )
    session.flush()
    record(session, participant.event, "themes.chosen", actor=actor, subject_id=participant.id)
