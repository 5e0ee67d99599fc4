"""The write-up as HTML for a page and for paper, and as a PDF. One set of parts serves both."""

from dataclasses import dataclass, replace

from flask import current_app, render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.core.config import Settings
from hackathon.core.words import in_a_row
from hackathon.events.models import Event
from hackathon.findings.queries import leaders
from hackathon.results.document import VoteOutcome
from hackathon.web.charts import Count, Slot, Step, ThemeRow, contributions_over_time, counts, funnel, themes_by_place
from hackathon.web.drawing import Chart
from hackathon.web.rating_charts import RatingRow, ratings, ratings_in_parts
from hackathon.write_ups.document import WriteUp
from hackathon.write_ups.queries import write_up_of


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of a write-up, each with one message in its title. Without numbers there is no chart."""

    funnel: Chart
    over_time: Chart | None
    themes: Chart | None
    ratings: tuple[Chart, ...]
    chosen: Chart | None
    decisions: Chart | None


def charts_of(write_up: WriteUp, *, on_paper: bool = False) -> Charts:
    """Ratings are drawn in parts on paper, where a page ends, and in one piece on a screen."""
    return Charts(
        funnel=funnel(_funnel_message(write_up), [Step(label, n) for label, n in write_up.funnel]),
        over_time=_over_time(write_up) if write_up.over_time else None,
        themes=_themes(write_up) if any(spread.share.n for spread in write_up.themes) else None,
        ratings=_ratings(write_up, on_paper=on_paper) if write_up.statements else (),
        chosen=_chosen(write_up.chosen) if write_up.chosen else None,
        decisions=_decisions(write_up) if write_up.decisions else None,
    )


def write_up_html(write_up: WriteUp, *, large: bool = False) -> str:
    """The write-up for paper.

    In large print there are no drawings, and no table of ratings, which is too broad: each statement says its own.
    """
    charts = charts_of(write_up, on_paper=True)
    return render_template(
        "write_ups/print/write_up.html",
        write_up=write_up,
        charts=replace(charts, ratings=()) if large else charts,
        large=large,
    )


def make_large_write_up(session: Session, event_id: int) -> bytes:
    return make_write_up(session, event_id, large=True)


def make_write_up(session: Session, event_id: int, *, large: bool = False) -> bytes:
    """The PDF of an event's write-up, for the job process and for the command line."""
    event = session.get_one(Event, event_id)
    settings: Settings = current_app.extensions["settings"]
    address = f"{settings.address}/e/{event.code}/write-up"
    return pdf_from_html(write_up_html(write_up_of(session, event, address=address), large=large))


def _funnel_message(write_up: WriteUp) -> str:
    numbers = dict(write_up.funnel)
    could, did = numbers["Could take part"], numbers["Took part"]
    if did is None:
        return "How many people took part is not known"
    return f"{did} of {could} who could take part did" if could and did and did <= could else f"{did} people took part"


def _over_time(write_up: WriteUp) -> Chart:
    slots = [Slot(label, room, outside) for label, room, outside in write_up.over_time]
    busiest, _ = leaders([(slot.label, slot.room + slot.outside) for slot in slots])
    quarters = "quarter of an hour" if len(busiest) == 1 else "quarters of an hour"
    return contributions_over_time(f"Most was said in the {quarters} from {in_a_row(busiest)}", slots)


def _themes(write_up: WriteUp) -> Chart:
    rows = [
        ThemeRow(spread.theme.letter, spread.theme.title, spread.theme.tone, spread.room, spread.outside)
        for spread in write_up.themes
    ]
    largest, _ = leaders([(f"“{row.label}”", row.room + row.outside) for row in rows])
    return themes_by_place(f"{in_a_row(largest)} drew the most insights", rows)


def _ratings(write_up: WriteUp, *, on_paper: bool) -> tuple[Chart, ...]:
    rows = [
        RatingRow(number=s.number, text=s.text, support=s.support.text, standing=s.standing_words, **s.marks)
        for s in write_up.statements
    ]
    message = f"{len(write_up.agreed)} of {len(rows)} statements were agreed"
    return ratings_in_parts(message, rows) if on_paper else (ratings(message, rows),)


def _chosen(chosen: VoteOutcome) -> Chart:
    return counts(chosen.message, [Count(label, n) for label, n in chosen.bars], of=chosen.unit)


def _decisions(write_up: WriteUp) -> Chart:
    decided = sum(recommendation.decision != "" for recommendation in write_up.recommendations)
    message = f"{decided} of {len(write_up.recommendations)} recommendations have a decision"
    return counts(message, [Count(label, n) for label, n in write_up.decisions], of="Recommendations")
