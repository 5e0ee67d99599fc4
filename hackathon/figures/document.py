"""The figures of an event as plain values, each with the one definition that every page prints.

The names of the fields are the keys of `figures.json`. A figure that the data cannot settle is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from hackathon.commitments.models import Kept
from hackathon.events.models import Stage
from hackathon.follow_up.models import HORIZON_WORDS, Decision
from hackathon.maths.rates import Rate

NOT_COMPUTABLE = "not computable (open call)"
NOT_KNOWN = "not known: {}"
NOBODY_CHECKED_IN = "nobody was checked in"
NOT_YET = "not counted yet: the day has not come"
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class People:
    """Who could come, who registered, who came."""

    eligible: int | None
    invited_outside: int | None
    registered: int
    confirmed_in_room: int
    confirmed_remote: int
    cancelled: int
    still_waiting: int | None
    walk_ins: int | None
    attended: int | None
    attendance_rate: Rate | None
    no_show_rate: Rate | None
    organisations: int
    attended_by_sector: Mapping[str, int | None] | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What came in before the day."""

    survey_responses: int
    survey_response_rate: Rate | None
    survey_people_with_an_answer: int
    survey_answers: Counts


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Distinct people, in the room and outside it."""

    participants: Counts | None
    participation_rate: Rate | None
    contributors: Mapping[str, int | None]
    contribution_rate: Rate | None


@dataclass(frozen=True, slots=True)
class VoiceBalance:
    """How much of all that was said came from the most active tenth."""

    people: int
    most_active_tenth: int
    rate: Rate

    def as_json(self) -> dict[str, Any]:
        return {"people": self.people, "most_active_tenth": self.most_active_tenth} | self.rate.as_json()


@dataclass(frozen=True, slots=True)
class Contributions:
    """What was said on the day and after it."""

    contributions: int
    contributions_by_place: Counts
    insights_by_kind: Counts
    insights_by_place: Counts
    insights_by_phase: Counts
    insights_by_source: Counts
    insights_by_identity: Counts
    insights_by_theme_at_capture: Counts
    comments_by_participants: int
    replies_by_managers: int
    outside_share: Rate
    outside_share_with_survey: Rate
    outside_share_of_people: Rate | None
    voice_balance: VoiceBalance
    table_coverage: Rate | None
    paper_share: Rate


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes until the first reply."""

    median: float
    ninetieth_percentile: float

    def as_json(self) -> dict[str, Any]:
        return {"median": self.median, "ninetieth_percentile": self.ninetieth_percentile}


@dataclass(frozen=True, slots=True)
class Replies:
    """Whether those who were promised an answer got one."""

    reply_rate: Rate | None
    replied_at_all: Rate | None
    minutes_to_first_reply: Mapping[str, Wait] | None


@dataclass(frozen=True, slots=True)
class Theming:
    """How far the words have been put under themes, and how far two people agree on it."""

    theming_coverage_at_capture: Rate
    theming_coverage_coder_a: Rate | None
    coder_agreement: Rate | None
    coder_kappa: float | None
    known_alike_pairs_by_grade: Counts


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """How one statement was rated, and how it stands."""

    counts: Counts
    support: Rate
    disagree: Rate
    not_clear: Rate
    standing: str

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "support": self.support.as_json(),
            "disagree": self.disagree.as_json(),
            "not_clear": self.not_clear.as_json(),
            "standing": self.standing,
        }


@dataclass(frozen=True, slots=True)
class Vote:
    """The rating of statements. Nothing of it is known before the round is closed, but for the turnout."""

    turnout: Rate | None
    turnout_by_place: Mapping[str, Rate]
    ballots_by_channel: Counts
    statements: Mapping[str, StatementFigures]
    agreed: tuple[int, ...]
    contested: tuple[int, ...]
    not_clear: tuple[int, ...]
    neither: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """What became of it."""

    recommendations_by_decision: Counts
    recommendations_by_horizon: Counts
    recommendations_taken_forward: Rate
    ideas_decided_rate: Rate
    ideas_taken_forward_rate: Rate
    pledges_by_answer: Counts
    pledge_kept_rate: Rate
    pledge_answered_rate: Rate
    days_to_report: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Every published number of one event, as of one moment; `reasons` say why it does not have some of them.

    `theme_titles` are what people call the themes, by their keys in figures.json.
    """

    as_of: datetime
    frozen: bool
    reasons: Mapping[str, str]
    theme_titles: Mapping[str, str]
    people: People
    survey: Survey
    taking_part: TakingPart
    contributions: Contributions
    replies: Replies
    theming: Theming
    vote: Vote
    follow_through: FollowThrough

    def values(self, *, counted: bool = True) -> dict[str, Any]:
        """Every figure by its key, in the order of an event's life.

        Where words shall not be `counted`, what says how much came, from whom and about what is left out.
        """
        said = (self.taking_part, self.contributions, self.replies, self.theming)
        parts = (self.people, self.survey, *(said if counted else ()), self.vote, self.follow_through)
        return {field.name: getattr(part, field.name) for part in parts for field in fields(part)}

    def as_json(self, *, counted: bool = True) -> dict[str, Any]:
        """The keys and shapes of figures.json."""
        return {key: plain(value) for key, value in self.values(counted=counted).items()}


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for the people who run the event, and the desk page on which they see to it."""

    words: str
    page: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is called, and what exactly it counts."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as pages print it, with its definition one tap away."""

    key: str
    label: str
    text: str
    definition: str


BY_THEME = "insights_by_theme_at_capture"
PLACES = {"room": "in the room", "outside": "from outside", "total": "together"}
PARTS: Mapping[str, Mapping[str, str]] = {
    "participants": PLACES,
    "contributors": PLACES,
    "contributions_by_place": PLACES,
    "insights_by_place": PLACES,
    "turnout_by_place": PLACES,
    "insights_by_kind": {"insight": "noticed", "idea": "ideas", "question": "questions"},
    "insights_by_phase": {stage.value: stage.words.lower() for stage in Stage},
    "insights_by_source": {
        "phone": "on a phone",
        "web": "from outside",
        "scribe": "through a scribe",
        "paper": "on paper",
    },
    "insights_by_identity": {"named": "named", "hidden": "name hidden", "anonymous": "anonymous"},
    BY_THEME: {"none": "no theme"},
    "ballots_by_channel": {"electronic": "on a phone", "paper": "on paper"},
    "recommendations_by_decision": {decision.value: f"“{decision.words}”" for decision in Decision},
    "recommendations_by_horizon": {str(number): f"“{words}”" for number, words in HORIZON_WORDS.items()},
    "pledges_by_answer": {kept.value: kept.words.lower() for kept in Kept},
}
"""The parts of a figure in plain words, by their keys in figures.json."""


def shown(figures: Figures, *keys: str) -> tuple[Shown, ...]:
    """These figures in words, in this order."""
    everything = figures.as_json()
    themes = {key: f"“{title}”" for key, title in figures.theme_titles.items()}
    parts = {**PARTS, BY_THEME: {**themes, **PARTS[BY_THEME]}}
    return tuple(
        Shown(
            key=key,
            label=DEFINITIONS[key].label,
            text=as_line(key, everything[key], figures.reasons.get(key, ""), parts),
            definition=DEFINITIONS[key].words,
        )
        for key in keys
    )


SAID_KEYS = frozenset(field.name for part in (TakingPart, Contributions, Replies, Theming) for field in fields(part))
"""What says how much came, from whom and about what: only staff see it while an event opens up."""
ON_THE_DAY = frozenset({"attendance_rate", "no_show_rate"})
"""What nobody can say before the day has begun: until then everybody would be missing."""
BY_CHECK_IN = ON_THE_DAY | {
    "still_waiting",
    "walk_ins",
    "attended",
    "attended_by_sector",
    "participants",
    "participation_rate",
    "contribution_rate",
    "outside_share_of_people",
    "table_coverage",
}
"""What nobody knows where words came from the room and nobody was checked in."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Who could come, who came": tuple(People.__slots__),
    "Before the day": tuple(Survey.__slots__),
    "Who took part": tuple(TakingPart.__slots__),
    "What was said": tuple(Contributions.__slots__),
    "Who was answered": tuple(Replies.__slots__),
    "How far it is sorted": tuple(Theming.__slots__),
    "What was rated": tuple(Vote.__slots__),
    "What came of it": tuple(FollowThrough.__slots__),
}
"""The figures under plain headings, in the order of an event's life."""


def grouped(figures: Figures) -> dict[str, tuple[Shown, ...]]:
    """Every figure that reads as one line, under its heading."""
    return {heading: shown(figures, *(key for key in keys if key in DEFINITIONS)) for heading, keys in GROUPS.items()}


def all_shown(figures: Figures) -> tuple[Shown, ...]:
    """Every figure that reads as one line."""
    return shown(figures, *DEFINITIONS)


def plain(value: Any) -> Any:
    """A figure as JSON has it."""
    if hasattr(value, "as_json"):
        return value.as_json()
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return list(value) if isinstance(value, tuple) else value


def as_line(key: str, value: Any, why: str = "", parts: Mapping[str, Mapping[str, str]] = PARTS) -> str:
    """A figure, as figures.json has it, in one line of words; `why` is the reason where it is not known."""
    if value is None and key in ON_THE_DAY and not why:
        return NOT_YET
    return _text(value, parts.get(key, {}), why)


def _text(value: Any, parts: Mapping[str, str], why: str = "") -> str:
    """One line: a number, or each part of it with its words, in the order of `parts`; at the end those not known."""
    if value is None:
        return NOT_KNOWN.format(why) if why else NOT_COMPUTABLE
    if isinstance(value, dict):
        if "text" in value:
            return str(value["text"])
        in_order = [key for key in parts if key in value] + [key for key in value if key not in parts]
        named = [(parts.get(key) or key.replace("_", " "), value[key]) for key in in_order]
        known = ", ".join(f"{words} {_text(entry, {})}" for words, entry in named if entry is not None) or "none"
        unknown = " and ".join(words for words, entry in named if entry is None)
        return f"{known}; {unknown} {NOT_KNOWN.format(why)}" if unknown and why else known
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


DEFINITIONS: Mapping[str, Definition] = {
    "eligible": Definition("Could take part", "The number that the organiser declared, with its source and date."),
    "invited_outside": Definition(
        "Invited outside",
        "Addresses to which an invitation was sent, less those that bounced: as the organiser wrote down for people"
        " outside, with source and day; without that, everybody on the lists of invitations.",
    ),
    "registered": Definition("Registered", "Distinct people who ever registered. A person is one address."),
    "confirmed_in_room": Definition(
        "Confirmed for the room", "Registrations for the room that were confirmed when doors opened."
    ),
    "confirmed_remote": Definition(
        "Confirmed from outside", "Registrations to take part from outside that were confirmed."
    ),
    "cancelled": Definition(
        "Cancelled",
        "Registrations cancelled before the doors opened, those included of people who moved to another place of the"
        " series. They are not no-shows.",
    ),
    "still_waiting": Definition("Still waiting", "On the waiting list, and not let in on the day."),
    "walk_ins": Definition(
        "Walk-ins", "People checked in without a confirmed place. They are in neither of the two rates."
    ),
    "attended": Definition("In the room", "Distinct people checked in, walk-ins included."),
    "attendance_rate": Definition(
        "Attendance",
        "Confirmed for the room and checked in, of all confirmed for the room. Counted once the day begins.",
    ),
    "no_show_rate": Definition(
        "No-shows",
        "Confirmed for the room and not checked in, of all confirmed for the room. Counted once the day begins.",
    ),
    "organisations": Definition("Organisations", "Distinct organisations named in registrations."),
    "survey_responses": Definition(
        "Survey responses", "Filled-in surveys before the day, empty ones and second ones included."
    ),
    "survey_response_rate": Definition(
        "Survey response", "Distinct people who sent a survey, of those invited outside."
    ),
    "survey_people_with_an_answer": Definition(
        "Answered in the survey", "Distinct people who answered at least one question."
    ),
    "survey_answers": Definition("Survey answers", "Answers that are not blank, question by question."),
    "participants": Definition(
        "Participants", "Distinct people who checked in or contributed; in the room means checked in."
    ),
    "participation_rate": Definition(
        "Participation", "Distinct participants, of the declared number who could take part."
    ),
    "contributors": Definition(
        "Contributors",
        "Distinct people who sent an insight, an idea, a question, a comment or a survey answer. Anonymous"
        " contributions add nobody, so this is an estimate on the low side.",
    ),
    "contribution_rate": Definition("Contribution", "Contributors, of participants."),
    "contributions": Definition(
        "Contributions",
        "Insights, ideas, questions and participants' comments. Votes, survey answers and managers' replies are on"
        " lines of their own.",
    ),
    "contributions_by_place": Definition(
        "Contributions by place", "Where each was written: in the room, or outside it."
    ),
    "insights_by_kind": Definition("By kind", "Insights, ideas and questions, as their authors marked them."),
    "insights_by_phase": Definition("By stage", "The stage of the event in which each was written."),
    "insights_by_source": Definition("By way in", "Phone, scribe, paper card or web."),
    "insights_by_identity": Definition("By name", "Named, name hidden, or anonymous, as their authors chose."),
    "insights_by_theme_at_capture": Definition("By theme chosen", "The theme that the contributor chose, if any."),
    "comments_by_participants": Definition("Comments", "Responses by people taking part."),
    "replies_by_managers": Definition("Replies", "Responses by community managers. Never counted as contributions."),
    "outside_share": Definition("Outside share", "Contributions written outside the room, of all contributions."),
    "outside_share_with_survey": Definition(
        "Outside share with the survey", "The same, with each survey answer counted as one contribution from outside."
    ),
    "outside_share_of_people": Definition(
        "Outside share of people", "Contributors who were not in the room, of all contributors."
    ),
    "voice_balance": Definition(
        "Voice balance",
        "Contributions by the most active tenth (rounded up) of those whose author is known, of all of those.",
    ),
    "table_coverage": Definition(
        "Table coverage", "Tables with at least one insight, of tables with at least one person."
    ),
    "paper_share": Definition("Paper share", "Contributions typed in from cards, of all contributions in the room."),
    "reply_rate": Definition(
        "Replies in time",
        "Promised an answer, and answered by a manager within the promised hours, of all whose hours were over at the"
        " moment of the figures or who were answered before. The hours run by the clock on the wall, at night too; the"
        " community desk counts only hours in which somebody is on duty.",
    ),
    "replied_at_all": Definition(
        "Replied at all", "Promised an answer, and answered however late, of all that were promised one."
    ),
    "theming_coverage_at_capture": Definition(
        "Under a theme at capture", "Insights whose contributor chose a theme, of all insights."
    ),
    "theming_coverage_coder_a": Definition(
        "Under a theme by the first coder",
        "Insights that the first coder put under a theme, of all that the first coder looked at.",
    ),
    "coder_agreement": Definition(
        "Coder agreement",
        "Insights that both coders put under the same theme (or under none), of all that both looked at.",
    ),
    "coder_kappa": Definition(
        "Cohen's kappa", "Agreement beyond chance: 1 is complete, 0 is what chance would give (Cohen 1960)."
    ),
    "turnout": Definition(
        "Turnout",
        "Distinct ballots that came in time, of the people entitled to vote. Where nobody said how many may vote in"
        " the room, the people checked in or the ballots printed for it are taken, whichever are more. Outside it is"
        " not computable unless somebody said how many.",
    ),
    "turnout_by_place": Definition("Turnout by place", "The same, in the room and outside."),
    "ballots_by_channel": Definition("Ballots", "Ballots that came in time, on a phone and on paper."),
    "agreed": Definition(
        "Agreed statements",
        "Support at or above, and disagreement at or below, the shares printed with the rule, with enough ballots.",
    ),
    "contested": Definition(
        "Contested statements", "Both sides at or above the share printed with the rule, with enough ballots."
    ),
    "not_clear": Definition(
        "Statements not clear",
        "“Not clear to me” at or above the share printed with the rule. This comes before the other two.",
    ),
    "neither": Definition(
        "Neither", "Statements that enough people answered, and that are neither agreed, contested nor unclear."
    ),
    "recommendations_by_decision": Definition("Decisions", "Recommendations by what was decided."),
    "recommendations_by_horizon": Definition(
        "Horizons", "Recommendations by horizon: 1 quick wins, 2 and 3 into plans, 4 to try out."
    ),
    "recommendations_taken_forward": Definition(
        "Recommendations taken forward", "Decided do, plan or test, of all recommendations."
    ),
    "ideas_decided_rate": Definition("Ideas decided", "Ideas that a decided recommendation lists, of all ideas."),
    "ideas_taken_forward_rate": Definition(
        "Ideas taken forward", "Ideas listed by a recommendation that was decided do, plan or test, of all ideas."
    ),
    "pledges_by_answer": Definition(
        "Commitments by answer", "What people answered when asked whether they kept theirs."
    ),
    "pledge_kept_rate": Definition("Commitments kept", "Kept, of all made. Read it beside how many answered."),
    "pledge_answered_rate": Definition(
        "Commitments answered for", "People who answered when asked, of all commitments made."
    ),
    "days_to_report": Definition(
        "Days to the report", "From the day itself to the day the write-up was first published."
    ),
}
