"""The acceptance walks as tests: what is a rule must hold. How fast, how many and how long is what the walks print."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hackathon.porch.goals import Measured
from tests.journeys import walk_1, walk_2, walk_3, walk_4, walk_5

WALKS = {
    "Priya plans": walk_1.play,
    "Dan writes": walk_2.play,
    "Mair is far away": walk_3.play,
    "Jo brings together": walk_4.play,
    "Sam answers": walk_5.play,
}


@pytest.mark.parametrize("play", WALKS.values(), ids=WALKS)
def test_every_rule_of_a_walk_holds(
    play: Callable[[Browser, Path], Iterator[Measured]], browser: Browser, tmp_path: Path
) -> None:
    walked = list(play(browser, tmp_path))

    assert [figure for figure in walked if is_rule(figure) and not figure.met] == []
    assert sum(map(is_rule, walked)) >= 5
    assert len(list(tmp_path.glob("*.png"))) >= 5


def is_rule(figure: Measured) -> bool:
    """A figure is measured against a number; a rule holds or does not."""
    return not figure.goal.startswith(("≤", "≥"))
