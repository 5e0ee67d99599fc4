"""What the documents of a pack say once an event fills them in, and who may read which."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hackathon.maths.readability import words_in
from hackathon.packs.document import BLOCK_VARIABLES, VARIABLE, Audience, Document, GlossaryEntry, PackTheme, TimedBlock
from hackathon.staff.models import Role

WORDS_A_MINUTE = 200
INSERTS = frozenset(name.removeprefix("insert.") for name in BLOCK_VARIABLES if name.startswith("insert."))
INSERT_TITLES = {
    "travel": "Getting here",
    "evidence": "What this event has found",
    "last_time": "What came out last time",
}
_BLOCK_LINE = re.compile(r"^\{\{((?:" + "|".join(map(re.escape, sorted(BLOCK_VARIABLES))) + r"))\}\}[ \t]*$", re.M)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document: Markdown, or the name of something that the event lays out in its place."""

    markdown: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A line of the privacy notice: what is asked, why, who sees it, and when it is deleted."""

    label: str
    why: str
    who: str
    until: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What one event puts into the open places of its pack. `words` are Markdown; the rest is laid out by a page."""

    words: Mapping[str, str]
    run_sheet: tuple[TimedBlock, ...]
    meaning: tuple[str, ...]
    scope_in: tuple[str, ...]
    scope_out: tuple[str, ...]
    themes: tuple[PackTheme, ...]
    glossary: tuple[GlossaryEntry, ...]
    questions: tuple[AskedFor, ...]
    contacts: tuple[str, ...]
    inserts: Mapping[str, str]


def parts_of(markdown: str, words: Mapping[str, str]) -> tuple[Part, ...]:
    """A document with its variables filled in. What is filled in is words: it is never read as a template again."""
    parts = []
    for position, piece in enumerate(_BLOCK_LINE.split(markdown)):
        if position % 2:
            parts.append(Part(block=piece))
        elif piece.strip():
            parts.append(Part(markdown=VARIABLE.sub(lambda found: words.get(found[1], found[0]), piece.strip())))
    return tuple(parts)


def markdown_text(words: str) -> str:
    """Words on one line that Markdown shows as they are: nothing in them is a heading, a link or emphasis."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(words.split()))


def markdown_link(words: str, address: str) -> str:
    return f"[{markdown_text(words)}](<{address}>)"


def markdown_email(address: str) -> str:
    """An address that opens a letter, if it is one."""
    return markdown_link(address, f"mailto:{address}") if _ADDRESS.fullmatch(address) else markdown_text(address)


def minutes_to_read(markdown: str) -> int:
    return max(1, round(len(words_in(VARIABLE.sub("name", markdown))) / WORDS_A_MINUTE))


_HELPERS = frozenset({Role.FACILITATOR, Role.ORGANISER})
ROLES_BEHIND = {
    Audience.TABLE_HOST: _HELPERS,
    Audience.FACILITATOR: _HELPERS,
    Audience.CONVENOR: _HELPERS,
    Audience.NOTE_TAKER: _HELPERS,
    Audience.SPONSOR: frozenset({Role.SPONSOR, Role.ORGANISER}),
    Audience.COMMUNITY_MANAGER: frozenset({Role.COMMUNITY_MANAGER, Role.ORGANISER}),
    Audience.CREW: frozenset(Role),
}
"""Which roles of staff read, and hand on, what is written for people who help."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who holds the pack: whether they have a place in the room, and their roles among the staff."""

    in_room: bool = False
    roles: frozenset[Role] = frozenset()

    def may_read(self, document: Document) -> bool:
        return any(self._belongs_to(audience) for audience in document.audience)

    def _belongs_to(self, audience: Audience) -> bool:
        if audience is Audience.ATTENDEE:
            return self.in_room or bool(self.roles)
        # What is written for people outside is open: whoever has no place yet must be able to find the way in.
        return audience in (Audience.EVERYONE, Audience.REMOTE) or bool(self.roles & ROLES_BEHIND[audience])


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the pack leaves open, the document it is in, and what stands there."""

    slot: str
    document: Document
    markdown: str

    @property
    def title(self) -> str:
        return INSERT_TITLES[self.slot]
