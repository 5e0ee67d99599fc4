"""Small numbers in tables about people: hidden, so that nobody can be picked out."""

from collections.abc import Mapping, Sequence

SMALLEST_SHOWN = 5


def suppressed(counts: Mapping[str, int | None], smallest: int = SMALLEST_SHOWN) -> dict[str, int | None]:
    """The counts, with None for each below `smallest`, and for one more where those could be worked out from the total.

    What is None already stays hidden.

    Primary and complementary suppression, as for small numbers in national health statistics.
    """
    hidden = {key for key, number in counts.items() if number is None or 0 < number < smallest}
    rest = {key: number for key, number in counts.items() if key not in hidden and number}
    if rest and _follow_from_the_total([counts[key] for key in hidden], smallest):
        hidden.add(min(rest, key=lambda key: (rest[key], key)))
    return {key: None if key in hidden else number for key, number in counts.items()}


def _follow_from_the_total(numbers: Sequence[int | None], smallest: int) -> bool:
    """One number alone does, and so do several that come to as few or as many as such numbers can."""
    if len(numbers) < 2:
        return bool(numbers)
    together = sum(number or 0 for number in numbers)
    return None not in numbers and together in (len(numbers), len(numbers) * (smallest - 1))
