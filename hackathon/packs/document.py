"""What a hack pack is: its manifest and its documents."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hackathon.core.clock import moment_at

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Some = Annotated[str, Field(min_length=1)]
REQUIRED_KINDS = (
    *("purpose", "hack-question", "background", "how-the-day-works", "taking-part-from-outside"),
    *("access-and-travel", "code-of-conduct", "privacy-notice", "prompts", "glossary", "facilitator-guide"),
    *("sponsor-sheet", "community-manager-guide", "after-the-day"),
)
PRIVACY_NOTICE = "privacy-notice"
MANIFEST = "pack.toml"


class Audience(enum.Enum):
    """For whom a document is."""

    EVERYONE = "everyone"
    ATTENDEE = "attendee"
    REMOTE = "remote"
    TABLE_HOST = "table-host"
    FACILITATOR = "facilitator"
    CONVENOR = "convenor"
    NOTE_TAKER = "note-taker"
    SPONSOR = "sponsor"
    COMMUNITY_MANAGER = "community-manager"
    CREW = "crew"

    @property
    def words(self) -> str:
        return AUDIENCE_WORDS.get(self, f"{self.value.replace('-', ' ')}s")


AUDIENCE_WORDS = {
    Audience.EVERYONE: "everyone",
    Audience.ATTENDEE: "people in the room",
    Audience.REMOTE: "people outside the room",
    Audience.CREW: "the crew",
    Audience.SPONSOR: "the sponsor",
}
OPEN_AUDIENCES = (Audience.EVERYONE, Audience.ATTENDEE, Audience.REMOTE)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackFacts(_Section):
    id: Slug
    title: Some
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    language: Some
    licence: Some
    summary: Some
    audience_size: tuple[int, int]
    duration_minutes: Annotated[int, Field(gt=0)]
    waves: Annotated[int, Field(ge=1)] = 1
    reading_age: Annotated[int, Field(ge=5, le=18)] = 11
    methods: tuple[str, ...] = ()


class HackQuestion(_Section):
    text: Annotated[str, Field(pattern=r"\?$")]
    max_words: Annotated[int, Field(ge=5, le=20)] = 20
    meaning: tuple[Some, ...] = ()
    in_scope: tuple[Some, ...]
    out_of_scope: tuple[Some, ...]
    tested_with: Annotated[int, Field(ge=0)] = 0


class IdentityRule(_Section):
    """How people may appear, and below which number of people a table is not shown beside an insight."""

    default: Literal["named", "hidden", "anonymous"] = "hidden"
    allow: tuple[Literal["named", "hidden", "anonymous"], ...] = ("named", "hidden", "anonymous")
    hide_table_below: Annotated[int, Field(ge=0)] = 0


class Support(_Section):
    """Where somebody can turn, in which languages, and whether every box says so."""

    notice_on_every_capture_form: bool = False
    contacts: tuple[Some, ...] = ()
    languages: tuple[Some, ...] = ()
    escalation_role: str = ""


class Grid(_Section):
    """The rooms and slots of an unconference."""

    slots: Annotated[int, Field(gt=0)]
    slot_minutes: Annotated[int, Field(gt=0)]
    changeover_minutes: Annotated[int, Field(ge=0)]
    remote_rooms_per_slot: Annotated[int, Field(ge=0)] = 0
    pitch_seconds: Annotated[int, Field(gt=0)] = 30
    first_round_one_pitch_each: bool = True
    interest_check: str = "tap-or-hands"
    merge_requires_both_convenors: bool = True


class PackTheme(_Section):
    id: Slug
    title: Some
    prompt: Some


class Print(_Section):
    paper: Literal["A3", "A4", "A5", "A6"]
    sides: Literal[1, 2] = 1
    copies: str = ""


class Document(_Section):
    """One document of the pack: what it is, for whom, and when they may read it."""

    id: Slug
    kind: Slug
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\.md$")]
    title: Some
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    release: Annotated[str, Field(pattern=r"^T[+-]\d{1,3}d$")]
    channel: tuple[Literal["web", "mail", "print"], ...]
    required: bool = False
    max_words: Annotated[int, Field(gt=0)]
    print: Print | None = None

    @property
    def is_for_everyone(self) -> bool:
        return Audience.EVERYONE in self.audience

    @property
    def is_for_taking_part(self) -> bool:
        """Whether it is for people who take part; the others are for people who help to run the day."""
        return any(audience in OPEN_AUDIENCES for audience in self.audience)

    @property
    def audience_words(self) -> str:
        return " and ".join(audience.words for audience in self.audience)

    def released_on(self, held_on: date) -> date:
        """The day on which it comes out, counted from the day of the event."""
        return held_on + timedelta(days=int(self.release[1:-1]))

    def is_released(self, held_on: date, timezone: str, at: datetime) -> bool:
        """Whether that day has begun on the venue's clock. A privacy notice is out as soon as people can register."""
        return self.kind == PRIVACY_NOTICE or at >= moment_at(self.released_on(held_on), time(0), timezone)


class Card(_Section):
    id: Slug
    title: Some
    paper: Literal["A4", "A5", "A6"]
    per_sheet: Annotated[int, Field(gt=0)]
    copies: Some
    fields: Annotated[tuple[Some, ...], Field(min_length=1)]
    example: tuple[Some, ...] = ()


class Block(_Section):
    """One part of the run sheet."""

    id: Slug
    title: Some
    mode: Literal["plenary", "whole-room", "diverge", "converge", "vote", "sessions", "marketplace", "break"]
    minutes: Annotated[int, Field(gt=0)]
    method: str = ""
    capture: str = ""


class PackRole(_Section):
    id: Slug
    per: Some
    count: Annotated[int, Field(gt=0)]


class PackQuestion(_Section):
    """A question on the registration form, with why it is asked, who sees the answer and when that is deleted."""

    id: Slug
    label: Some
    type: Literal["text", "yes-no", "choice", "choice-other"]
    options: tuple[Some, ...] = ()
    purpose: Some
    sensitive: bool = False
    seen_by: tuple[Slug, ...] = ()
    keep_days_after_event: Annotated[int, Field(ge=0)] | None = None


class EqualityMonitoring(_Section):
    separate_unlinked_form: bool
    suppress_below: Annotated[int, Field(ge=1)]


Share = Annotated[float, Field(gt=0, le=1)]


class VoteRule(_Section):
    """How people vote on statements, unless an organiser chooses otherwise, and where the lines are drawn."""

    scale: tuple[Some, ...]
    method: Literal["rate", "dots", "ranking"] = "rate"
    dots: Annotated[int, Field(ge=1, le=100)] = 5
    dots_on_one: Annotated[int, Field(ge=1, le=100)] | None = None
    secret_until_closed: bool = True
    agreed_at: Share = 0.70
    agreed_max_disagree: Share = 0.10
    contested_each_side: Share = 0.25
    not_clear_at: Share = 0.20
    minimum_ballots: Annotated[int, Field(ge=1)] = 10


class Report(_Section):
    promise_days: Annotated[int, Field(ge=0)]
    licence: str = ""
    sections: tuple[Slug, ...]


class GlossaryEntry(_Section):
    term: Some
    plain: Some


@dataclass(frozen=True, slots=True)
class TimedBlock:
    """A block on the clock of the day."""

    block: Block
    starts: time
    ends: time


class Manifest(BaseModel):
    """`pack.toml`, checked for shape. Every section is an attribute; lists are called by their plural."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_name: Literal["hackpack/1"] = Field(alias="schema")
    pack: PackFacts
    hack_question: HackQuestion
    identity: IdentityRule = IdentityRule()
    support: Support = Support()
    grid: Grid | None = None
    equality_monitoring: EqualityMonitoring | None = None
    vote: VoteRule
    report: Report
    themes: tuple[PackTheme, ...] = Field(alias="theme", min_length=1)
    documents: tuple[Document, ...] = Field(alias="document", min_length=1)
    cards: tuple[Card, ...] = Field(alias="card", default=())
    blocks: tuple[Block, ...] = Field(alias="block", min_length=1)
    roles: tuple[PackRole, ...] = Field(alias="role", default=())
    registration_questions: tuple[PackQuestion, ...] = Field(alias="registration_question", default=())
    glossary: tuple[GlossaryEntry, ...] = ()

    def run_sheet(self, starts: time) -> tuple[TimedBlock, ...]:
        """Every block with its times, when the first one starts at this time."""
        clock = datetime.combine(date.min, starts)
        timed = []
        for block in self.blocks:
            end = clock + timedelta(minutes=block.minutes)
            timed.append(TimedBlock(block, clock.time(), end.time()))
            clock = end
        return tuple(timed)

    @property
    def explanations(self) -> Mapping[str, str]:
        """The glossary: what each term means in plain words."""
        return {entry.term: entry.plain for entry in self.glossary}


@dataclass(frozen=True, slots=True)
class PackOnDisk:
    """A pack as a folder holds it. `texts` are the documents' Markdown by their ids."""

    manifest: Manifest
    texts: Mapping[str, str]

    @property
    def lacks(self) -> list[str]:
        """The kinds of document that every event owes its people, and that this pack does not have."""
        kinds = {document.kind for document in self.manifest.documents}
        return [kind for kind in REQUIRED_KINDS if kind not in kinds]


INLINE_VARIABLES = frozenset(
    {
        *("event.title", "event.question", "event.date", "event.starts", "event.ends", "event.venue"),
        *("event.address", "event.code", "outside.address", "organisation.name", "contact.name", "contact.email"),
        *("sponsor.name", "sponsor.role", "sponsor.promise", "owner.name", "report.date"),
    }
)
BLOCK_VARIABLES = frozenset(
    {
        *("run_sheet", "question.meaning", "scope.in", "scope.out", "themes", "glossary"),
        *("privacy.questions", "support.contacts"),
        *("insert.travel", "insert.evidence", "insert.last_time"),
    }
)
VARIABLE = re.compile(r"\{\{([^{}\n]*)\}\}")
