"""How long is left of what was promised, in words."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hackathon.maths.rates import minutes_within


@dataclass(frozen=True, slots=True)
class ReplyClock:
    """How long is left of what was promised, counted in staffed hours; without any, by the clock on the wall.

    `staffed` are pairs of seconds, from and to. Without a promise there is only how long somebody has waited.
    """

    within_hours: int | None
    staffed: tuple[tuple[float, float], ...] = ()

    def is_late(self, since: datetime, at: datetime) -> bool:
        return self._left(since, at) < 0

    def words(self, since: datetime, at: datetime) -> str:
        left = self._left(since, at)
        if self.within_hours is None:
            return f"waiting {span_words(self._waited(since, at))}"
        return f"{span_words(-left)} late" if left < 0 else f"due in {span_words(left)}"

    def late_before(self, at: datetime) -> datetime | None:
        """Whoever wrote before this moment has waited longer than was promised; nobody has, where it is none."""
        if self.within_hours is None:
            return None
        left = self.within_hours * 3600.0
        for begin, end in sorted(self.staffed or ((0.0, at.timestamp()),), reverse=True):
            served = max(min(end, at.timestamp()) - begin, 0.0)
            if served > left:
                return datetime.fromtimestamp(begin + served - left, UTC)
            left -= served
        return None

    def is_staffed(self, at: datetime) -> bool:
        return not self.staffed or any(begin <= at.timestamp() <= end for begin, end in self.staffed)

    def next_staffed(self, at: datetime) -> datetime | None:
        """When somebody is on duty again."""
        begins = min((begin for begin, _ in self.staffed if begin > at.timestamp()), default=None)
        return None if begins is None else datetime.fromtimestamp(begins, UTC)

    def _left(self, since: datetime, at: datetime) -> float:
        return 0.0 if self.within_hours is None else self.within_hours * 60 - self._waited(since, at)

    def _waited(self, since: datetime, at: datetime) -> float:
        """Minutes; without a promise, too, they are those of somebody who looks at the clock on the wall."""
        begin, end = since.timestamp(), at.timestamp()
        return minutes_within(begin, end, self.staffed or ((begin, end),))


def span_words(minutes: float) -> str:
    """40 minutes, 2 hours, 3 days: in the unit in which people would say it."""
    for size, one in ((60 * 48, "day"), (60, "hour")):
        if minutes >= size:
            number = int(minutes // (60 * 24 if one == "day" else 60))
            return f"{number} {one}{'' if number == 1 else 's'}"
    number = int(minutes)
    return f"{number} minute{'' if number == 1 else 's'}"
