"""The results of a vote, for everybody, once it has closed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading
from hackathon.events.models import Place
from hackathon.events.queries import published_event
from hackathon.maths.standing import Standing
from hackathon.results.document import VoteOutcome
from hackathon.results.queries import (
    FEWEST_BALLOTS,
    Tally,
    by_place,
    fewest_apart,
    outcome_of,
    shown_to,
    tallies_of,
    untold_of,
)
from hackathon.votes.queries import round_of, turnout_of
from hackathon.web.access import Door, open_to
from hackathon.web.charts import Count, counts
from hackathon.web.drawing import NARROW, WIDTH, Chart
from hackathon.web.rating_charts import RatingRow, ratings

bp = Blueprint("results", __name__)

Charts = tuple[Chart, Chart]
"""The same for a wide screen and for a phone."""


@bp.get("/e/<code:code>/results")
@open_to(Door.ANYONE)
def results(code: str) -> ResponseReturnValue:
    """How the statements stand or what people chose; before the vote has closed, that it has not."""
    session = reading()
    event = published_event(session, code)
    voting = round_of(session, event)
    tallies = tallies_of(session, event, practice=True)
    outcome = outcome_of(session, event, practice=True)
    return render_template(
        "results/results.html",
        event=event,
        voting=voting,
        turnout=turnout_of(session, event),
        places=Place,
        fewest=FEWEST_BALLOTS,
        fewest_apart=fewest_apart(voting) if voting else None,
        charts=_ratings_drawn(tallies) if tallies else _choices_drawn(outcome) if outcome else None,
        untold=untold_of(session, event, tallies),
        outcome=outcome,
        apart=by_place(session, event, practice=True),
        shown=shown_to(session, event) if voting and voting.is_closed else (),
    )


def _ratings_drawn(tallies: list[Tally]) -> Charts:
    """The ratings as diverging bars, with what they amount to as the message."""
    title = _message_of([tally.standing for tally in tallies])
    rows = [
        RatingRow(
            number=tally.statement.number,
            text=tally.statement.text,
            support=tally.support.text,
            standing=tally.standing.words,
            **{mark.value: number for mark, number in tally.counts.items()},
        )
        for tally in tallies
    ]
    return ratings(title, rows, width=WIDTH), ratings(title, rows, width=NARROW)


def _message_of(standings: list[Standing]) -> str:
    """How many statements are agreed; and before that, on how many nobody can say."""
    agreed, unsaid, rated = standings.count(Standing.AGREED), standings.count(Standing.TOO_FEW), len(standings)
    if unsaid == rated:
        return f"{Standing.TOO_FEW.words} whether any statement is agreed"
    message = f"{agreed} of {rated} statements {'is' if agreed == 1 else 'are'} agreed"
    return f"{Standing.TOO_FEW.words} on {unsaid} of {rated}; {message}" if unsaid else message


def _choices_drawn(outcome: VoteOutcome) -> Charts:
    rows = [Count(label, number) for label, number in outcome.bars]
    wide, narrow = (counts(outcome.message, rows, of=outcome.unit, width=width) for width in (WIDTH, NARROW))
    return wide, narrow
