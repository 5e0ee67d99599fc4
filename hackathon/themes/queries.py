"""The themes of an event, and who chose which."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Activity, Event
from hackathon.packs.queries import asks_as_packed, frozen_pack_of, manifest_of
from hackathon.participants.models import Participant
from hackathon.themes.models import Theme, ThemeChoice

ASKED = "question.asked"
RENAMED, FOUND_FIT = "theme.renamed", "themes.found_fit"
LOOKED_AT = (RENAMED, FOUND_FIT)
"""The kinds of line that say that somebody looked at the themes."""


def themes_of(session: Session, event: Event) -> Sequence[Theme]:
    return session.scalars(select(Theme).where(Theme.event_id == event.id).order_by(Theme.position)).all()


def theme_at(session: Session, event: Event, position: int) -> Theme:
    """The theme at this place of the list: 1 is A."""
    theme = session.scalar(select(Theme).where(Theme.event_id == event.id, Theme.position == position))
    if theme is None:
        raise NotFound
    return theme


def question_unlike_themes(session: Session, event: Event) -> str:
    """The pack's question that the themes came with, where the event asks another one and nobody has looked at them
    since; otherwise nothing. Their words cannot tell, because the event's pack follows every change of a theme.
    """
    if frozen_pack_of(session, event) is None:
        return ""
    manifest = manifest_of(session, event)
    if asks_as_packed(event, manifest) or not manifest.themes:
        return ""
    lines = select(Activity.kind, Activity.detail).where(Activity.event_id == event.id)
    looked_at = lines.where(Activity.kind.in_((ASKED, *LOOKED_AT))).order_by(Activity.id.desc())
    for kind, detail in session.execute(looked_at):
        if kind in LOOKED_AT:
            return ""
        if detail.get("reworded"):
            break
    return manifest.hack_question.text


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
