"""Gathers what a write-up says, from every room, into plain values."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.commitments.queries import commitments_of
from hackathon.core.clock import local, short_date, spoken_date, spoken_time
from hackathon.counts.queries import contributions_by_quarter_hour
from hackathon.events.models import Activity, Event
from hackathon.figures.document import Figures, all_shown, shown
from hackathon.figures.queries import figures_of
from hackathon.findings.queries import counted, findings, method, missing, rule_words, standfirst
from hackathon.follow_up.models import DECISION_WORDS, HORIZON_WORDS, Recommendation
from hackathon.framing.queries import base_of, outside_call_of, promise_of, tried_on
from hackathon.invitations.queries import lists_of, source_of
from hackathon.maths.standing import Standing
from hackathon.maths.suppression import suppressed
from hackathon.packs.document import Manifest
from hackathon.packs.queries import manifest_of, scope_of
from hackathon.quotations.queries import Said, survey_of
from hackathon.results.document import VoteOutcome
from hackathon.results.queries import Tally, outcome_of, tallies_of, untold_of
from hackathon.seeds.queries import seeds_of
from hackathon.votes.models import VoteMethod
from hackathon.votes.queries import round_of
from hackathon.write_ups.document import BlockLine, Commitments, NextStep, RecommendationPart, StatementPart, WriteUp

ALWAYS_FIRST = ("cover", "one-page", "decided")
"""Whoever reads two pages after the cover knows what was found, what was decided, and who sees to it."""
SECTIONS = (
    "what-this-is",
    "question",
    "who-took-part",
    "how-we-worked",
    "themes",
    "agreed-and-contested",
    "recommendations",
    "horizons",
    "commitments",
    "next",
    "all-contributions",
    "definitions",
)
"""What a write-up can hold after them, in this order unless the pack says otherwise."""

HEADLINES = ("participation_rate", "outside_share_of_people", "turnout", "recommendations_taken_forward")
PEOPLE = (
    "eligible",
    "registered",
    "confirmed_in_room",
    "attendance_rate",
    "walk_ins",
    "attended",
    "organisations",
    "survey_response_rate",
    "participants",
    "participation_rate",
    "contributors",
    "outside_share_of_people",
    "contributions",
    "outside_share",
    "voice_balance",
    "table_coverage",
)


def write_up_of(session: Session, event: Event, *, address: str) -> WriteUp:
    """The whole report of this event, as of now or as of the moment at which its figures were frozen.

    `address` is where the report can be read as a web page.
    """
    figures, promise = figures_of(session, event), promise_of(session, event)
    said = Said(session, event, as_of=figures.as_of)
    gathered = _Gathered(session, event, figures, said)
    scope_in, scope_out = scope_of(event, gathered.manifest)
    return WriteUp(
        title=event.title,
        question=event.question,
        status=_status(event),
        is_sample=event.is_sample,
        language=event.language,
        when=f"{spoken_date(event.held_on)}, {spoken_time(event.starts)} to {spoken_time(event.ends)}",
        place=event.venue + (", and online" if event.online else ""),
        address=address,
        contact=event.contact_email,
        as_of=figures.as_of,
        as_of_words=_moment_words(event, figures),
        sections=gathered.sections,
        standfirst=standfirst(figures),
        findings=tuple(gathered.findings()),
        headlines=shown(figures, *HEADLINES),
        scope_in=scope_in,
        scope_out=scope_out,
        tested_with=tried_on(session, event),
        promise=promise.words if promise else "",
        sponsor=", ".join(part for part in (promise.sponsor_name, promise.sponsor_role) if part) if promise else "",
        promised_on=short_date(promise.made_on) if promise and promise.made_on else "",
        owner=promise.owner_name if promise else "",
        survey=survey_of(session, event),
        base_words=" ".join(_bases(session, event, figures)),
        funnel=_funnel(figures),
        people=shown(figures, *PEOPLE),
        sectors=tuple(suppressed(figures.people.attended_by_sector or {}).items()),
        missing=missing(figures),
        run_sheet=gathered.run_sheet(),
        over_time=(over_time := gathered.over_time()),
        at_other_times=figures.contributions.contributions - sum(room + outside for _, room, outside in over_time),
        method=tuple(method(figures)),
        themes=tuple(map(said.spread, said.themes)),
        statements=gathered.statements(),
        rule=gathered.rule(),
        untold=untold_of(session, event, gathered.tallies),
        chosen=gathered.chosen,
        turnout=turnout.text if (turnout := figures.vote.turnout) else "",
        recommendations=tuple(map(gathered.recommendation, said.recommendations)),
        decisions=_decisions(said.recommendations),
        commitments=gathered.commitments(),
        next_steps=tuple(gathered.next_steps()),
        contributions=tuple(map(said.contribution, said.insights)),
        seeds=tuple(seed.text for seed in seeds_of(session, event) if seed.is_shown),
        removed=said.removed(),
        definitions=all_shown(figures),
    )


def _bases(session: Session, event: Event, figures: Figures) -> Iterable[str]:
    """Against how many people the rates are read, each number with its source and its day."""
    if (base := base_of(session, event)) is not None:
        declared = f"declared on {short_date(base.declared_on)} by {base.declared_by}"
        yield f"{base.total} people could take part. {base.source}, {declared}."
    invited, call = figures.people.invited_outside, outside_call_of(session, event)
    if call is not None and call.source and call.declared_on:
        yield f"{_people(invited or 0)} invited outside. {call.source}, as of {short_date(call.declared_on)}."
    elif call is None and invited is not None:
        source = source_of(lists_of(session, event))
        yield f"{_people(invited)} invited. {source[:1].upper()}{source[1:]}."


def _people(number: int) -> str:
    return "1 person was" if number == 1 else f"{number} people were"


@dataclass
class _Gathered:
    """What several parts of a write-up need, each fetched once."""

    session: Session
    event: Event
    figures: Figures
    said: Said

    @cached_property
    def manifest(self) -> Manifest:
        return manifest_of(self.session, self.event)

    @property
    def sections(self) -> tuple[str, ...]:
        """The pack's sections in its order, after those that come first. What this release has not is left out."""
        return (*ALWAYS_FIRST, *(name for name in self.manifest.report.sections if name in SECTIONS))

    @cached_property
    def tallies(self) -> list[Tally]:
        return tallies_of(self.session, self.event)

    @cached_property
    def chosen(self) -> VoteOutcome | None:
        return outcome_of(self.session, self.event)

    def findings(self) -> Iterable[str]:
        under = [(theme.title, len(self.said.under(theme))) for theme in self.said.themes]
        return findings(
            self.figures, under=under, said=len(self.said.insights), tallies=self.tallies, chosen=self.chosen
        )

    def run_sheet(self) -> tuple[BlockLine, ...]:
        return tuple(
            BlockLine(
                starts=spoken_time(timed.starts),
                title=timed.block.title,
                minutes=timed.block.minutes,
                method=timed.block.method.replace("-", " "),
            )
            for timed in self.manifest.run_sheet(self.event.starts)
        )

    def over_time(self) -> tuple[tuple[str, int, int], ...]:
        return tuple(
            (spoken_time(local(moment, self.event.timezone)), room, outside)
            for moment, room, outside in contributions_by_quarter_hour(self.session, self.event)
        )

    def statements(self) -> tuple[StatementPart, ...]:
        return tuple(
            StatementPart(
                number=tally.statement.number,
                text=tally.statement.text,
                standing=tally.standing.value,
                standing_words=tally.standing.words,
                support=tally.support,
                disagree=tally.disagree,
                not_clear=tally.not_clear,
                marks={mark.value: number for mark, number in tally.counts.items()},
                words=self.said.words_about(tally.statement.text) if tally.standing is not Standing.AGREED else (),
            )
            for tally in self.tallies
        )

    def rule(self) -> str:
        """By which rule statements stand, once the vote is over: before that nothing is said of how it went."""
        held = round_of(self.session, self.event)
        if held is None or not held.is_closed or held.rehearsal or held.method is not VoteMethod.RATE:
            return ""
        return rule_words(held.rule)

    def recommendation(self, recommendation: Recommendation) -> RecommendationPart:
        decision = recommendation.decision
        return RecommendationPart(
            number=recommendation.number,
            text=recommendation.text,
            because=recommendation.because,
            owner=recommendation.owner_role or "nobody yet",
            first_step=recommendation.first_step,
            horizon=recommendation.horizon,
            horizon_words=HORIZON_WORDS[recommendation.horizon],
            decision=decision.value if decision else "",
            decision_words=decision.words if decision else "Not decided yet",
            reason=recommendation.reason,
            sources=tuple(insight.number for insight in self.said.sources.get(recommendation.id, [])),
        )

    def commitments(self) -> Commitments:
        found = [made for made in commitments_of(self.session, self.event) if not made.rehearsal]
        follow = self.figures.follow_through
        return Commitments(
            made=len(found),
            kept=follow.pledge_kept_rate,
            answered=follow.pledge_answered_rate,
            printed=tuple(commitment.text for commitment in found if commitment.may_print),
        )

    def next_steps(self) -> Iterable[NextStep]:
        promised = self.event.held_on + timedelta(days=self.manifest.report.promise_days)
        published = self.event.report_first_published
        if published:
            yield NextStep(short_date(published), "This report came out for the first time.", self.event.contact_name)
        else:
            yield NextStep(short_date(promised), "This report comes out.", self.event.contact_name)
        undecided = sum(recommendation.decision is None for recommendation in self.said.recommendations)
        promise = promise_of(self.session, self.event)
        owner = promise.owner_name if promise else ""
        if undecided:
            yield NextStep("Next", f"A decision, with a reason, on {counted(undecided, 'recommendation')}.", owner)
        if self.event.is_capturing:
            count = "they are no longer in these figures" if self.figures.frozen else "they count"
            yield NextStep("Any time", f"The same address takes your later thoughts; {count}.", "You")
        yield NextStep("12 weeks on", "What was done, what was not, and why, on the event's page.", owner)


def _status(event: Event) -> str:
    if event.report_first_published is None:
        return "Draft"
    return f"First published on {short_date(event.report_first_published)}"


def _moment_words(event: Event, figures: Figures) -> str:
    moment = local(figures.as_of, event.timezone)
    verb = "frozen" if figures.frozen else "counted"
    return f"Figures {verb} on {short_date(moment.date())} at {spoken_time(moment)}"


def _funnel(figures: Figures) -> tuple[tuple[str, int | None], ...]:
    people, part = figures.people, figures.taking_part
    return (
        ("Could take part", people.eligible),
        ("Invited outside", people.invited_outside),
        ("Registered", people.registered),
        ("Confirmed for the room", people.confirmed_in_room),
        ("Came to the room", people.attended),
        ("Took part", part.participants["total"] if part.participants else None),
        ("Contributed", part.contributors["total"]),
    )


def _decisions(recommendations: Iterable[Recommendation]) -> tuple[tuple[str, int], ...]:
    numbers = Counter(recommendation.decision for recommendation in recommendations)
    found = [(words, numbers[decision]) for decision, words in DECISION_WORDS.items() if numbers[decision]]
    return (*found, *([("Not decided yet", numbers[None])] if numbers[None] else []))


def newest_change(session: Session, event: Event) -> tuple[str, ...]:
    """What tells one state of an event from another: a report made for the same state need not be made again."""
    last = session.scalar(select(func.max(Activity.id)).where(Activity.event_id == event.id))
    return str(event.id), str(last), str(event.figures_frozen_at), str(event.report_first_published)
