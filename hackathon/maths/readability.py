"""How hard a text is to read."""

import re
from collections.abc import Sequence

_SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+")
_WORD = re.compile(r"[^\W_][\w'’\-]*")
_VOWELS = re.compile(r"[aeiouy]+")
# An e that nobody speaks: "make", "makes", "moved"; but "table", "trees", "wanted", "places" keep theirs.
_SILENT = re.compile(r"(?<![l e])e$|(?<!s)(?<!z)(?<!x)(?<!ch)(?<!sh)(?<!c)(?<!g)es$|(?<![td])ed$")


def words_in(text: str) -> list[str]:
    return _WORD.findall(text)


def syllables_in(word: str) -> int:
    """Groups of vowels, without an e at the end that nobody speaks; one at least."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(_VOWELS.findall(letters))
    return max(1, groups - 1 if groups > 1 and _SILENT.search(letters) else groups)


def reading_age(blocks: Sequence[str]) -> float:
    """The age at which most people can read this: the Flesch-Kincaid grade (Kincaid and others, 1975), plus five.

    0.39 × words a sentence + 11.8 × syllables a word − 15.59 is the American school year, which starts at six. A block
    (a heading, a paragraph, an item of a list) ends a sentence whether or not it has a full stop.
    """
    sentences = [found for block in blocks for part in _SENTENCE_END.split(block) if (found := words_in(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    syllables = sum(map(syllables_in, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 + 5
