"""Words as people say them."""

from collections.abc import Iterable


def in_a_row(words: Iterable[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    *others, last = [*words] or [""]
    return f"{', '.join(others)} and {last}" if others else last
