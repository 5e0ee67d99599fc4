"""The geometry of charts: lengths tell the truth, nothing leaves the sheet, and the table says the same."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from hackathon.web.charts import Count, Slot, Step, ThemeRow, contributions_over_time, counts, funnel, themes_by_place
from hackathon.web.drawing import NARROW, WIDTH, Chart, Table, Words
from hackathon.web.rating_charts import RatingRow, ratings, ratings_in_parts

some = st.integers(min_value=0, max_value=100_000)
AGREED = RatingRow(1, "Every idea gets an answer.", 1, 2, 7, 34, 42, 2, "76 of 86 (88%)", "Agreed")
CONTESTED = RatingRow(5, "Drop the word.", 14, 17, 13, 22, 19, 2, "41 of 85 (48%)", "Contested")
NOT_CLEAR = RatingRow(7, "Join the registers.", 4, 7, 15, 22, 9, 29, "31 of 57 (54%)", "Not clear")
UNRATED = RatingRow(9, "Nobody came to this line.", 0, 0, 0, 0, 0, 0, "0 of 0", "Not rated")


def widths(chart: Chart, paint: str) -> list[float]:
    """The bars in this paint that show a number; the squares of the key are left out."""
    return [bar.width for bar in chart.bars if bar.paint == paint and bar.height >= 18]


def assert_on_the_sheet(chart: Chart) -> None:
    for bar in chart.bars:
        assert bar.x >= -0.001
        assert bar.x + bar.width <= chart.width + 0.001
        assert bar.y >= 0
        assert bar.y + bar.height <= chart.height + 0.001
    assert all(0 <= word.y <= chart.height for word in chart.words)


def reach(words: Words) -> float:
    """How far words go to the right where the widest usual face, DejaVu, stands in for ours."""
    return words.x + (0 if words.anchor == "end" else len(words.text) * words.size * (0.7 if words.bold else 0.61))


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_words_stay_on_the_sheet_in_a_wide_face(width: float) -> None:
    long = (
        "Every idea that somebody hands over at a change of shift gets an answer within five working days of handover"
    )
    rated = ratings("They agree", [replace(AGREED, text=long), replace(CONTESTED, standing="Contested")], width=width)
    themes = themes_by_place("Words lead", [ThemeRow("A", long, 1, 30, 10)], width=width)

    for chart in (rated, themes):
        assert_on_the_sheet(chart)
        assert [each.text for each in chart.words if each.anchor != "middle" and reach(each) > width] == []


def test_funnel_draws_every_step_from_the_same_base_line_and_in_proportion() -> None:
    chart = funnel("Two in three came", [Step("Invited", 30), Step("Came", 20, "2 of them walked in")])

    invited, came = chart.bars
    assert (invited.x, came.x) == (0, 0)
    assert came.width == pytest.approx(invited.width * 2 / 3)
    assert chart.summary == "Invited 30; Came 20."
    assert chart.table == Table(
        "Two in three came",
        ("Step", "People", "Note"),
        (("Invited", 30, ""), ("Came", 20, "2 of them walked in")),
    )


def test_a_step_that_nobody_counted_is_said_and_not_drawn() -> None:
    chart = funnel("An open call", [Step("Eligible", None), Step("Came", 20)])

    assert len(chart.bars) == 1
    assert "not known" in [word.text for word in chart.words]
    assert chart.table.rows[0] == ("Eligible", "not known")


def test_counts_leave_out_the_column_of_notes_when_there_are_none() -> None:
    chart = counts("Half go forward", [Count("Do", 2), Count("No", 2)], of="Recommendations")

    assert chart.table.columns == ("Kind", "Recommendations")
    assert chart.table.rows == (("Do", 2), ("No", 2))


def test_themes_stand_room_first_and_outside_beside_it() -> None:
    chart = themes_by_place("Words lead", [ThemeRow("A", "Words", 1, 30, 10), ThemeRow("B", "Tools", 2, 10, 0)])

    assert widths(chart, "room") == pytest.approx([(WIDTH - 44) * 0.75, (WIDTH - 44) * 0.25])
    assert widths(chart, "outside") == pytest.approx([(WIDTH - 44) * 0.25])
    assert chart.table.rows == (("A Words", 30, 10, 40), ("B Tools", 10, 0, 10))


def test_columns_over_time_stack_outside_on_the_room() -> None:
    chart = contributions_over_time("A busy morning", [Slot("10am", 6, 2, "Open up"), Slot("10:15am", 3, 0, "Open up")])

    room, outside, later = (bar for bar in chart.bars if bar.paint in {"room", "outside"} and bar.height != 12)
    assert outside.y + outside.height == pytest.approx(room.y)
    assert room.height == pytest.approx(outside.height * 3)
    assert later.height == pytest.approx(room.height / 2)
    assert chart.summary == "9 in the room and 2 outside; most at 10am, 8."


def test_ratings_are_sorted_by_support_and_what_nobody_rated_comes_last() -> None:
    chart = ratings("One is agreed", [UNRATED, CONTESTED, NOT_CLEAR, AGREED])

    assert [row[0] for row in chart.table.rows] == [
        "1. Every idea gets an answer.",
        "7. Join the registers.",
        "5. Drop the word.",
        "9. Nobody came to this line.",
    ]


def test_neutral_stands_on_the_middle_line_of_every_statement() -> None:
    chart = ratings("One is agreed", [AGREED, CONTESTED, NOT_CLEAR])

    neutral = [bar for bar in chart.bars if bar.paint == "neutral" and bar.height == 20]
    assert [bar.x + bar.width / 2 for bar in neutral] == pytest.approx([line.x1 for line in chart.lines])
    assert len({line.x1 for line in chart.lines}) == 1


def test_not_clear_stands_apart_to_the_right_of_every_opinion() -> None:
    chart = ratings("One is agreed", [AGREED, CONTESTED, NOT_CLEAR])

    apart = min(bar.x for bar in chart.bars if bar.paint == "not-clear" and bar.height == 20)
    opinions = [bar for bar in chart.bars if bar.paint != "not-clear" and bar.height == 20]
    assert all(bar.x + bar.width < apart for bar in opinions)


def test_ratings_in_parts_keep_one_scale_and_lose_no_statement() -> None:
    rows = [replace(AGREED, number=number) for number in range(1, 9)] + [CONTESTED]

    parts = ratings_in_parts("Eight are agreed", rows, first=300, other=400)

    assert [part.title for part in parts] == ["Eight are agreed"] + ["Eight are agreed (continued)"] * 2
    drawn = [
        [word.text for word in part.words if word.text.endswith((". " + AGREED.text, CONTESTED.text))] for part in parts
    ]
    assert [len(texts) for texts in drawn] == [3, 4, 2]
    assert drawn[0][0] == "1. Every idea gets an answer."
    assert all(part.table == parts[0].table for part in parts)
    assert len(parts[0].table.rows) == 9
    assert parts[0].height <= 300 < 400
    assert len({line.x1 for part in parts for line in part.lines}) == 1


@pytest.mark.parametrize(
    ("chart", "style"),
    [
        (funnel("Long", [Step("Came", 1)] * 17), "chart__numbers chart__numbers--long"),
        (ratings("Long and broad", [AGREED] * 17), "chart__numbers"),
    ],
)
def test_only_a_long_and_narrow_table_is_printed_in_two_columns(app: Flask, chart: Chart, style: str) -> None:
    figure = '{% from "components/charts/chart.html" import chart_figure %}{{ chart_figure(chart, "any", "shown") }}'

    assert f'<div class="{style}">' in app.jinja_env.from_string(figure).render(chart=chart)


@given(st.lists(st.builds(Step, st.text(max_size=40), some), max_size=8))
def test_a_funnel_stays_on_the_sheet(steps: list[Step]) -> None:
    assert_on_the_sheet(funnel("Any", steps))


@given(st.lists(st.builds(Slot, st.sampled_from(["9am", "9:15am", ""]), some, some, st.sampled_from(["", "Open up"]))))
def test_a_day_stays_on_the_sheet(slots: list[Slot]) -> None:
    assert_on_the_sheet(contributions_over_time("Any", slots))


@given(st.lists(st.builds(ThemeRow, st.just("A"), st.text(max_size=40), st.integers(1, 8), some, some), max_size=8))
def test_themes_stay_on_the_sheet(rows: list[ThemeRow]) -> None:
    assert_on_the_sheet(themes_by_place("Any", rows))


@given(st.lists(st.builds(RatingRow, some, st.text(max_size=300), *[some] * 6, st.just("1 of 2"), st.just("Agreed"))))
def test_ratings_stay_on_the_sheet(rows: list[RatingRow]) -> None:
    assert_on_the_sheet(ratings("Any", rows))
