"""Putting words there to begin with, and taking them away."""

from sqlalchemy.orm import Session

from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import record, take_turns
from hackathon.insights.models import Identity, Insight, Source, Uncounted
from hackathon.insights.operations import share_insight
from hackathon.seeds.queries import seeds_of
from hackathon.themes.models import Theme

MOST_SEEDS = 5
SOWN_IN = (Stage.BEFORE, Stage.WARM_UP)


def plant_seed(session: Session, event: Event, *, text: str, theme: Theme | None, actor: str) -> Insight:
    """Show words to begin with. They belong to nobody, and no figure counts them."""
    take_turns(session, event)
    if event.stage not in SOWN_IN:
        raise Refusal("Words to begin with are for the time before the tables begin.", "text")
    if event.is_rehearsing:
        raise Refusal("This is a rehearsal. Write what people shall really find when it has ended.", "text")
    if len(seeds_of(session, event)) >= MOST_SEEDS:
        raise Refusal(f"{MOST_SEEDS} are enough: people come to write themselves. Take one away first.", "text")
    seed = share_insight(
        session,
        event,
        text=text,
        place=Place.OUTSIDE,
        client_id=long_token(),
        identity=Identity.ANONYMOUS,
        source=Source.WEB,
        theme=theme,
        uncounted=Uncounted.SEED,
    )
    record(session, event, "seed.planted", actor=actor, subject_id=seed.id)
    return seed


def remove_seed(session: Session, seed: Insight, *, actor: str) -> None:
    """Take it off every page for good. Its number is not given again."""
    event, number = seed.event, seed.number
    session.delete(seed)
    session.flush()
    # The kind that makes every screen look again at once.
    record(session, event, "insight.hidden", actor=actor, seed=number)
