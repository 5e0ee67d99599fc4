"""How alike two texts are, by the words they share. It misses paraphrase, so it suggests and never decides."""

import math
import re
from collections import Counter
from collections.abc import Sequence, Set

# The commonest English words say nothing about what a sentence is about.
COMMON = frozenset(
    """a about after all also an and any are as at be because been before but by can do does every for from get had has
    have how i if in into is it its like more my no not now of on one only or our out say so than that the their them
    then there they this to up us was we what when where which who will with would you your""".split()  # noqa: SIM905 - a list of quoted words is unreadable
)
_WORD = re.compile(r"[^\W\d_]{2,}")
ENDINGS = ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly")


def stems(text: str) -> list[str]:
    """The telling words of a text in lower case, without their commonest English endings."""
    return [_stem(word) for word in _WORD.findall(text.casefold()) if word not in COMMON]


def parts_sharing(text: str, wanted: Set[str]) -> list[tuple[str, bool]]:
    """The text in order, cut into words whose stem is wanted, and what stands between them."""
    parts, reached = [], 0
    for match in _WORD.finditer(text):
        if wanted & set(stems(match[0])):
            parts += [(text[reached : match.start()], False), (match[0], True)]
            reached = match.end()
    return [(part, shared) for part, shared in [*parts, (text[reached:], False)] if part]


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """How alike this text is to each of the others, 0 to 1: the cosine of their weighted word counts.

    Weights are tf · idf with idf = ln((1 + N) / (1 + df)) + 1 over all texts given (Salton and Buckley 1988, smoothed).
    """
    bags = [Counter(stems(each)) for each in (text, *others)]
    seen = Counter(word for bag in bags for word in bag)
    weights = {word: math.log((1 + len(bags)) / (1 + number)) + 1 for word, number in seen.items()}
    vectors = [{word: count * weights[word] for word, count in bag.items()} for bag in bags]
    return [_cosine(vectors[0], vector) for vector in vectors[1:]]


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _cosine(first: dict[str, float], second: dict[str, float]) -> float:
    length = math.hypot(*first.values()) * math.hypot(*second.values())
    return sum(weight * second.get(word, 0.0) for word, weight in first.items()) / length if length else 0.0
