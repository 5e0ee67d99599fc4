"""Words to begin with: marked everywhere, counted nowhere."""

import csv
import io
from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.counts.queries import live_counts
from hackathon.events.models import Event, Stage
from hackathon.figures.queries import figures_of, needs_of
from hackathon.follow_up.operations import recommend
from hackathon.insights.models import Uncounted
from hackathon.seeds.operations import MOST_SEEDS, plant_seed, remove_seed
from hackathon.seeds.queries import seeds_of
from hackathon.write_ups.queries import write_up_of
from tests.makers import make_event, make_pack, make_theme
from tests.visitor import StaffClient, Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, stage=Stage.WARM_UP, code="K7PM")
    make_pack(session, event)
    session.commit()
    return event


def test_no_figure_counts_a_seed(session: Session, event: Event) -> None:
    theme = make_theme(session, event)
    before, needs = figures_of(session, event).as_json(), needs_of(session, event)

    for number in range(MOST_SEEDS):
        plant_seed(session, event, text=f"To begin with {number}", theme=theme, actor="Priya")

    counts = live_counts(session, event)
    assert figures_of(session, event).as_json() == before
    assert (counts.total, needs_of(session, event)) == (0, needs)
    assert {seed.uncounted for seed in seeds_of(session, event)} == {Uncounted.SEED}


def test_five_are_enough_and_one_can_be_taken_away(session: Session, event: Event) -> None:
    for number in range(MOST_SEEDS):
        plant_seed(session, event, text=f"To begin with {number}", theme=None, actor="Priya")

    with pytest.raises(Refusal, match="5 are enough"):
        plant_seed(session, event, text="One more", theme=None, actor="Priya")
    remove_seed(session, seeds_of(session, event)[0], actor="Priya")
    plant_seed(session, event, text="One more", theme=None, actor="Priya")

    assert [seed.number for seed in seeds_of(session, event)] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("columns", [{"stage": Stage.DIVERGE}, {"stage": Stage.AFTER}])
def test_seeds_are_for_the_time_before_the_tables_begin(
    session: Session, event: Event, columns: dict[str, Stage]
) -> None:
    event.stage = columns["stage"]
    session.flush()

    with pytest.raises(Refusal, match="before the tables begin"):
        plant_seed(session, event, text="Too late", theme=None, actor="Priya")


def test_a_recommendation_does_not_rest_on_what_nobody_said(session: Session, event: Event) -> None:
    seed = plant_seed(session, event, text="To begin with", theme=None, actor="Priya")
    words: dict[str, Any] = {"text": "Do it", "because": "", "owner_role": "", "first_step": "", "horizon": 1}

    with pytest.raises(Refusal, match=f"No insight here has the number {seed.number}"):
        recommend(session, event, sources=[seed.number], actor="Jo", **words)


def test_the_write_up_lists_them_apart(session: Session, event: Event) -> None:
    plant_seed(session, event, text="To begin with", theme=None, actor="Priya")

    found = write_up_of(session, event, address="/")

    assert (found.contributions, found.seeds) == ((), ("To begin with",))


def test_an_organiser_writes_them_and_everybody_sees_what_they_are(
    session: Session, event: Event, client: Visitor, staff_client: StaffClient
) -> None:
    priya = staff_client(event=event)
    page = "/desk/k7pm/plan/seeds"

    priya.post_form(page, {"text": "We use three words for one thing.", "theme": "0"})
    empty = priya.post_form(page, {"text": " ", "theme": "0"})

    for public in ("/e/k7pm/insights", "/e/k7pm/insights/1", "/e/k7pm/wall"):
        assert "We use three words for one thing." in client.words(public)
        assert "To begin with" in client.words(public)
    rows = csv.DictReader(io.StringIO(client.get("/e/k7pm/insights.csv").text.lstrip("\ufeff")))
    assert [row["uncounted"] for row in rows] == ["seed"]
    assert "There is a problem" in words_of(empty)
    priya.post_form(f"{page}/1/remove", page=page)
    assert "three words" not in client.words("/e/k7pm/insights")
