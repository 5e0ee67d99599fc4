"""Small numbers in tables about people: hidden, so that nobody can be picked out."""

from collections.abc import Mapping

SMALLEST_SHOWN = 5


def suppressed(counts: Mapping[str, int | None], smallest: int = SMALLEST_SHOWN) -> dict[str, int | None]:
    """The counts, with None for each below `smallest`, and for one more where a single one could be subtracted.

    What is None already stays hidden.

    Primary and complementary suppression, as for small numbers in national health statistics.
    """
    hidden = {key for key, number in counts.items() if number is None or 0 < number < smallest}
    if len(hidden) == 1 and (rest := {key: number for key, number in counts.items() if key not in hidden and number}):
        hidden.add(min(rest, key=lambda key: (rest[key], key)))
    return {key: None if key in hidden else number for key, number in counts.items()}
