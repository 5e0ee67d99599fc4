"""The order in which people look a name up, and the letters by which they find it."""

import unicodedata

WRITTEN_AS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
"""Letters that are no other letter with a mark, and are looked up as if they were."""


def as_looked_up(name: str) -> str:
    """Łukasz stands under L and Émile under E, where people look for them."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(WRITTEN_AS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def as_sought(name: str) -> str:
    """Plain letters and figures alone: whoever looks for José O’Brien-Żółć types “jose”, “obrien” or “brien zol”."""
    return "".join(filter(str.isalnum, as_looked_up(name)))
