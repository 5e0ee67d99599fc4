"""Words that a document uses in a special way, explained where they stand."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from markupsafe import Markup, escape

_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_NOT_THERE = ("h1", "h2", "h3", "h4", "h5", "h6", "a", "code", "pre")
_STRONG = re.compile(r"<strong>(.*?)</strong>", re.S)
_HEADING = re.compile(r"<(/?)h([1-6])>")


def explained(pieces: Sequence[Markup], meanings: Mapping[str, str], *, on_paper: bool = False) -> list[Markup]:
    """The pieces of one document, with each term explained once: where it is set in bold, or else where it comes first.

    On a screen the term is a button that opens its meaning, without a script; on paper it is marked.
    """
    if not meanings:
        return list(pieces)
    pattern = _pattern_for(meanings)
    bold = {
        found[1].casefold()
        for piece in pieces
        for strong in _STRONG.findall(str(piece))
        for found in pattern.finditer(strong)
    }
    waiting = {str(escape(term)).casefold(): (term, meaning) for term, meaning in meanings.items()}

    def explain(found: re.Match[str], in_strong: bool) -> str:
        key = found[1].casefold()
        if key not in waiting or (key in bold and not in_strong):
            return found[0]
        term, meaning = waiting.pop(key)
        return str(_marked(found[0]) if on_paper else _opening(found[0], term, meaning))

    return [Markup("".join(_walk(str(piece), pattern, explain))) for piece in pieces]


def settled_below(html: Markup, level: int) -> Markup:
    """Headings that begin one level below `level` and skip none, however their writer numbered them."""
    last = level

    def settle(found: re.Match[str]) -> str:
        nonlocal last
        if not found[1]:
            last = min(max(int(found[2]), level + 1), last + 1)
        return f"<{found[1]}h{last}>"

    return Markup(_HEADING.sub(settle, str(html)))


def _pattern_for(meanings: Mapping[str, str]) -> re.Pattern[str]:
    terms = sorted((str(escape(term)) for term in meanings), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, terms))})(?:s|es)?(?![\w-])", re.I)


def _walk(html: str, pattern: re.Pattern[str], explain: Callable[[re.Match[str], bool], str]) -> Iterator[str]:
    """The same HTML, with terms explained in its words, but not inside headings, links and code."""
    inside: list[str] = []
    for position, part in enumerate(_TAG.split(html)):
        if position % 2:
            name = part.strip("</>").split()[0]
            if part.startswith("</"):
                if name in inside:
                    inside.remove(name)
            elif name not in ("br", "hr"):
                inside.append(name)
            yield part
        elif any(tag in inside for tag in _NOT_THERE):
            yield part
        else:
            yield pattern.sub(lambda found: explain(found, "strong" in inside), part)


def _marked(words: str) -> Markup:
    return Markup("<dfn>{}</dfn>").format(Markup(words))


def _opening(words: str, term: str, meaning: str) -> Markup:
    """A popover: a press opens it and Escape closes it. A browser that knows none shows the meaning in place."""
    return Markup(
        '<button type="button" class="word" popovertarget="{id}">{words}</button>'
        '<span class="meaning" id="{id}" popover><strong class="meaning__term">{term}</strong> '
        '<span class="meaning__words">{meaning}</span> '
        '<button type="button" class="meaning__close" popovertarget="{id}" popovertargetaction="hide">Close</button>'
        "</span>"
    ).format(id="word-" + re.sub(r"[^a-z0-9]+", "-", term.casefold()), words=Markup(words), term=term, meaning=meaning)
