"""A whole event as files hold it: plain frozen values, one class for each file.

The columns are those of the sample event that the change-model pack ships; its README says what each of them holds.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hackathon.cards.document import CardNumber
from hackathon.commitments.models import Kept
from hackathon.events.models import Place, Stage
from hackathon.follow_up.models import Decision
from hackathon.insights.models import LONGEST, AuthorRole, Identity, Kind, Source, Uncounted
from hackathon.participants.models import RegistrationState
from hackathon.votes.models import Channel, Mark, VoteMethod, Way

OTHER = "other"
COLUMN = {VoteMethod.RATE: "rating", VoteMethod.DOTS: "dots", VoteMethod.RANKING: "rank"}
"""Where a ballot's answer stands in its file."""


class Attending(Enum):
    """Where somebody registered to be."""

    IN_ROOM = "in_room"
    REMOTE = "remote"

    @property
    def place(self) -> Place:
        return Place.ROOM if self is Attending.IN_ROOM else Place.OUTSIDE


class Plain(BaseModel):
    """A frozen value; what it does not know it leaves alone, so that a file may hold more columns."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_stripped), Field(min_length=1)]
MaybeWords = Annotated[str, BeforeValidator(_stripped)]
MaybeMoment = Annotated[AwareDatetime | None, BeforeValidator(_none_if_blank)]
MaybeNumber = Annotated[int | None, BeforeValidator(_none_if_blank)]
MaybeMark = Annotated[Mark | None, BeforeValidator(_none_if_blank)]
MaybeDots = Annotated[int | None, Field(ge=0), BeforeValidator(_none_if_blank)]
MaybeRank = Annotated[int | None, Field(ge=1), BeforeValidator(_none_if_blank)]
MaybeUncounted = Annotated[Uncounted | None, BeforeValidator(_none_if_blank)]
YesOrNo = Literal["yes", "no", ""]


class RegistrationRow(Plain):
    name: Words
    email: MaybeWords
    organisation: MaybeWords
    sector: MaybeWords
    job_role: MaybeWords
    attending: Attending
    first_choice: MaybeWords = ""
    second_choice: MaybeWords = ""
    third_choice: MaybeWords = ""
    access_needs: MaybeWords = ""
    dietary: MaybeWords = ""
    photo_consent: YesOrNo = ""
    status: RegistrationState
    checked_in_at: MaybeMoment
    table: MaybeNumber

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(key for key in (self.first_choice, self.second_choice, self.third_choice) if key)

    @property
    def answers(self) -> Mapping[str, str]:
        """Answers by the pack's question, without those that were not given."""
        asked = {"access": self.access_needs, "diet": self.dietary, "photo": self.photo_consent}
        return {question: words for question, words in asked.items() if words}


class InsightRow(Plain):
    client_id: Words
    captured_at: AwareDatetime
    phase: Stage
    kind: Kind
    place: Place
    table: MaybeNumber
    theme: MaybeWords
    identity: Identity
    author_email: MaybeWords = ""
    said_by: MaybeWords = ""
    source: Source
    card_number: MaybeWords = ""
    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    uncounted: MaybeUncounted = None

    @property
    def is_numbered_card(self) -> bool:
        return self.source is Source.PAPER and bool(self.card_number)

    @property
    def card(self) -> CardNumber | None:
        """What stood on its card, if it came on one that has a number that can be read."""
        return CardNumber.read(self.card_number) if self.is_numbered_card else None


class CodingRow(Plain):
    client_id: Words
    coder_a: MaybeWords
    coder_b: MaybeWords


class LikenessRow(Plain):
    id_a: Words
    id_b: Words
    grade: Annotated[int, Field(ge=1, le=3)]


class CommentRow(Plain):
    comment_id: Words
    client_id: Words
    written_at: AwareDatetime
    place: Place
    author_email: MaybeWords
    author_role: AuthorRole
    text: Words


class StatementRow(Plain):
    statement: Annotated[int, Field(ge=1)]
    text: Words


class RatingRow(Plain):
    """What a ballot says of one statement: a point of the scale or, by the method, a number of dots or a rank."""

    ballot: Words
    channel: Channel
    place: Place
    cast_at: MaybeMoment
    statement: int
    rating: MaybeMark = None
    dots: MaybeDots = None
    rank: MaybeRank = None

    @property
    def filled(self) -> tuple[str, ...]:
        """In which of the three columns something stands."""
        return tuple(column for column in COLUMN.values() if getattr(self, column) is not None)


class RecommendationRow(Plain):
    number: Annotated[int, Field(ge=1)]
    text: Words
    because: MaybeWords
    owner_role: MaybeWords
    first_step: MaybeWords
    horizon: Annotated[int, Field(ge=1, le=4)]
    decision: Annotated[Decision | None, BeforeValidator(_none_if_blank)]
    reason: MaybeWords
    insight_ids: MaybeWords

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.insight_ids.split()))


class CommitmentRow(Plain):
    number: Annotated[int, Field(ge=1)]
    text: Words
    remind_on: Annotated[date | None, BeforeValidator(_none_if_blank)]
    kept: Kept
    may_print: YesOrNo


class SurveyRow(Plain):
    """One response; `answers` are in the order of the survey's open questions, blank ones included."""

    respondent: Words
    email: MaybeWords
    name: MaybeWords
    describes: MaybeWords
    finished_at: datetime
    answers: tuple[str, ...]


class EventPart(Plain):
    id: Words
    title: Words
    pack: Words
    date: date
    starts: time
    ends: time
    timezone: Words
    venue: str = ""
    online: bool = True
    language: str = "en-GB"


class QuestionPart(Plain):
    text: Words
    tested_with: int = 0


class ScopePart(Plain):
    inside: list[str] = Field(default=[], alias="in")
    outside: list[str] = Field(default=[], alias="out")


class SponsorPart(Plain):
    name: str = ""
    role: str = ""
    promise: str = ""
    promise_made_on: date | None = None
    follow_through_owner: str = ""


class EligiblePart(Plain):
    total: Annotated[int, Field(gt=0)]
    parts: list[dict[str, Any]] = []
    source: Words
    declared_on: date
    declared_by: Words


class OutsidePart(Plain):
    invited: Annotated[int, Field(ge=0)]
    bounced: int = 0
    survey_opened: date | None = None
    survey_closed: date | None = None
    source: str = ""
    declared_on: date | None = None


class RegistrationPart(Plain):
    places: Annotated[int, Field(gt=0)]
    oversell_places: int = 0
    cut_off: datetime | None = None


class CrewPart(Plain):
    organiser: Words
    facilitators: list[str] = []
    theming_pair: list[str] = []
    community_managers: list[str] = []


class Span(Plain):
    since: datetime = Field(alias="from")
    to: datetime


class RepliesPart(Plain):
    needing_reply: Kind
    promised_within_hours: Annotated[int, Field(gt=0)]
    staffed: list[Span] = []


class VotePart(Plain):
    """How people voted, how many could, and the rule. Where dots were spread, `dots` is how many each person had."""

    method: VoteMethod = VoteMethod.RATE
    dots: Annotated[int, Field(ge=0)] = 0
    dots_on_one: Annotated[int | None, Field(ge=1)] = None
    entitled_room: int | None = None
    entitled_outside: int | None = None
    entitled_note: str = ""
    agreed_at: float = 0.70
    agreed_max_disagree: float = 0.10
    contested_each_side: float = 0.25
    not_clear_at: float = 0.20
    minimum_ballots: int = 10

    @model_validator(mode="after")
    def _dots_fit(self) -> Self:
        if self.method is not VoteMethod.DOTS:
            if self.dots or self.dots_on_one:
                raise ValueError("dots and dots_on_one are for the method dots. Take them out")
        elif not self.dots:
            raise ValueError("say in dots how many each person had")
        elif self.dots_on_one is not None and self.dots_on_one > self.dots:
            raise ValueError(f"nobody who has {self.dots} dots can put {self.dots_on_one} on one statement")
        return self

    @property
    def way(self) -> Way:
        return Way(self.method, self.dots, self.dots_on_one)


class ReportPart(Plain):
    first_published: date | None = None
    figures_frozen_at: datetime | None = None


class TablePart(Plain):
    number: Annotated[int, Field(ge=1)]
    seats: Annotated[int, Field(ge=1)]
    theme: str = ""


class EventFile(Plain):
    """event.toml, as the organiser would type it."""

    event: EventPart
    question: QuestionPart
    scope: ScopePart = ScopePart()
    sponsor: SponsorPart = SponsorPart()
    eligible: EligiblePart | None = None
    outside: OutsidePart | None = None
    registration: RegistrationPart | None = None
    crew: CrewPart
    replies: RepliesPart | None = None
    vote: VotePart = VotePart()
    report: ReportPart = ReportPart()
    table: list[TablePart] = []


class EventFolder(Plain):
    """Everything that a folder says about one event. A file that is not there is an empty tuple."""

    folder: Path
    about: EventFile
    registrations: tuple[RegistrationRow, ...] = ()
    survey_questions: tuple[str, ...] = ()
    survey: tuple[SurveyRow, ...] = ()
    insights: tuple[InsightRow, ...] = ()
    coding: tuple[CodingRow, ...] = ()
    likenesses: tuple[LikenessRow, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    statements: tuple[StatementRow, ...] = ()
    ratings: tuple[RatingRow, ...] = ()
    recommendations: tuple[RecommendationRow, ...] = ()
    commitments: tuple[CommitmentRow, ...] = ()
