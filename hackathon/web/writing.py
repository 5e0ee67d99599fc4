"""In which direction and script somebody wrote: browsers find out by themselves, printers must be told."""

import unicodedata

RIGHT_TO_LEFT = {"R", "AL"}
STRONG = {"L", *RIGHT_TO_LEFT}
# Letters that Urdu writes and Arabic does not. Urdu is set in Nastaliq, which Arabic readers would find odd.
URDU_LETTERS = frozenset("ٹپچڈڑژکگںھہۂۃےیۓ")


def direction(text: str) -> str:
    """rtl or ltr, by the first letter that has a direction (the rule of HTML's dir="auto")."""
    for letter in text:
        if (kind := unicodedata.bidirectional(letter)) in STRONG:
            return "rtl" if kind in RIGHT_TO_LEFT else "ltr"
    return "ltr"


def written_in(text: str) -> str:
    """The language tag that chooses a script's face: ur or ar for words written from right to left, else empty."""
    if direction(text) == "ltr":
        return ""
    return "ur" if URDU_LETTERS.intersection(text) else "ar"
