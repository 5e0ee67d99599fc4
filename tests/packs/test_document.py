"""What follows from a manifest."""

from datetime import UTC, date, datetime, time

import pytest

from hackathon.packs.transfer import pack_on_disk


def test_the_run_sheet_puts_blocks_on_the_clock() -> None:
    timed = pack_on_disk("change-model").manifest.run_sheet(time(9, 30))

    assert [(one.block.id, one.starts, one.ends) for one in timed[:3]] == [
        ("open", time(9, 30), time(10, 0)),
        ("bingo", time(10, 0), time(10, 20)),
        ("sprint-1", time(10, 20), time(11, 5)),
    ]
    assert timed[-1].ends == time(16, 15)


@pytest.mark.parametrize(
    ("at", "out"), [(datetime(2026, 7, 2, 22, 59, tzinfo=UTC), False), (datetime(2026, 7, 2, 23, 0, tzinfo=UTC), True)]
)
def test_a_document_comes_out_at_midnight_on_the_clock_of_the_venue(at: datetime, out: bool) -> None:
    """T-14d of 17 July is 3 July, which begins in London, in summer, at 23:00 UTC."""
    evidence = pack_on_disk("change-model").manifest.documents[2]

    assert evidence.released_on(date(2026, 7, 17)) == date(2026, 7, 3)
    assert evidence.is_released(date(2026, 7, 17), "Europe/London", at) is out
