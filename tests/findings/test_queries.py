"""Sentences claim no more than the figures say."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.figures.document import Figures
from hackathon.figures.queries import figures_of
from hackathon.findings.queries import findings, method, missing
from hackathon.maths.rates import Rate


@pytest.fixture
def figures(session: Session) -> Figures:
    return figures_of(session, load_folder(SAMPLE)[0])


def test_themes_that_tie_are_named_together_and_no_theme_leads_with_nothing(figures: Figures) -> None:
    def first_finding(*under: tuple[str, int]) -> str:
        return next(iter(findings(figures, under=under, said=10, tallies=[], chosen=None)))

    assert first_finding(("Words", 4), ("Tools", 3)) == "Most was said about “Words”: 4 of 10 (40%) insights."
    assert first_finding(("Words", 4), ("Tools", 2), ("Spread", 4)) == (
        "Most was said about “Words” and “Spread”: 4 of 10 (40%) insights each."
    )
    assert first_finding(("Words", 0), ("Tools", 0)).startswith("8 of 12 (67%) recommendations")


def test_nobody_is_missing_where_more_took_part_than_were_declared(figures: Figures) -> None:
    part = replace(figures.taking_part, participation_rate=Rate(281, 280))

    assert missing(figures).startswith("61 people who could have taken part did not.")
    assert missing(replace(figures, taking_part=part)).startswith("6 of 83 (7%) with a confirmed place did not come.")


def test_what_the_first_coder_has_not_looked_at_is_said(figures: Figures) -> None:
    theming = replace(figures.theming, coder_agreement=None, theming_coverage_coder_a=Rate(90, 100))

    assert list(method(replace(figures, theming=theming)))[:2] == [
        "One person put the insights under themes: 90 of 100 (90%) found a place.",
        "The theme that the contributor chose stands for 140 insights not looked at.",
    ]
