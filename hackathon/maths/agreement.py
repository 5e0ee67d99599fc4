"""How far two coders agree."""

from collections import Counter
from collections.abc import Hashable, Sequence


def agreed_pairs(pairs: Sequence[tuple[Hashable, Hashable]]) -> int:
    """How many pairs hold the same value twice."""
    return sum(first == second for first, second in pairs)


def cohens_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Agreement beyond chance, (p_o - p_e) / (1 - p_e), from -1 to 1 (Cohen 1960).

    None where it says nothing: no pairs, or both coders used one and the same value throughout.
    """
    n = len(pairs)
    if not n:
        return None
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[value] * second[value] for value in first) / n**2
    if chance == 1:
        return None
    return (agreed_pairs(pairs) / n - chance) / (1 - chance)
