"""How often something may be asked."""

from datetime import timedelta

from hackathon.web.limits import MOST_KEYS, Buckets, Limit

LIMIT = Limit("letters", burst=3, every=timedelta(seconds=10))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_one_every_so_often() -> None:
    clock = Clock()
    buckets = Buckets(LIMIT, clock)

    assert [buckets.wait("a") for _ in range(5)] == [0, 0, 0, 10, 10]
    clock.now += 4
    assert buckets.wait("a") == 6
    clock.now += 6
    assert [buckets.wait("a") for _ in range(2)] == [0, 10]


def test_who_waits_long_enough_has_a_whole_burst_again_and_no_more() -> None:
    clock = Clock()
    buckets = Buckets(LIMIT, clock)
    for _ in range(3):
        buckets.wait("a")

    clock.now += 3600

    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 10]


def test_the_first_passes_however_long_the_machine_has_run() -> None:
    clock = Clock()
    clock.now = 84_743.374
    assert clock.now + 86_400 - clock.now - 86_400 > 0, "a sum that is not exact"

    assert Buckets(Limit("act", burst=1, every=timedelta(days=1)), clock).wait("a") == 0


def test_keys_do_not_pay_for_each_other() -> None:
    buckets = Buckets(LIMIT, Clock())
    for _ in range(4):
        buckets.wait("a")

    assert buckets.wait("b") == 0


def test_a_flood_of_keys_does_not_fill_memory() -> None:
    buckets = Buckets(LIMIT, Clock())
    for number in range(MOST_KEYS + 100):
        buckets.wait(str(number))

    assert len(buckets._full_again) == MOST_KEYS
