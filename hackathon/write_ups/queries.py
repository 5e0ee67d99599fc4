"""Gathers what a write-up says, from every room, into plain values.

The order and the choice of quotes follow from the rows alone, so the same data gives the same report: first what most
people answered, then what became a recommendation, then what came first; the room and outside in turn.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.comments.queries import comments_of, reply_of
from hackathon.core.clock import local, short_date, spoken_date, spoken_time
from hackathon.counts.queries import contributions_by_quarter_hour
from hackathon.events.models import Activity, Event, Place
from hackathon.figures.document import Figures, all_shown, shown
from hackathon.figures.queries import figures_of
from hackathon.follow_up.models import DECISION_WORDS, HORIZON_WORDS, Recommendation
from hackathon.follow_up.queries import commitments_of, insights_behind, outcomes_of, recommendations_of
from hackathon.framing.queries import base_of, promise_of
from hackathon.insights.models import AuthorRole, Comment, HideReason, Insight, SurveyAnswer, SurveyQuestion
from hackathon.insights.queries import Manners, insights_of, manners_of, table_shown
from hackathon.maths.rates import Rate
from hackathon.maths.similarity import likeness
from hackathon.maths.standing import Standing
from hackathon.maths.suppression import suppressed
from hackathon.packs.document import Manifest
from hackathon.packs.queries import manifest_of
from hackathon.results.document import VoteOutcome
from hackathon.results.queries import Tally, outcome_of, tallies_of, untold_of
from hackathon.seeds.queries import seeds_of
from hackathon.synthesis.queries import settled_themes
from hackathon.themes.models import Theme
from hackathon.themes.queries import themes_of
from hackathon.votes.models import VoteMethod
from hackathon.votes.queries import round_of
from hackathon.write_ups.document import (
    BlockLine,
    Commitments,
    Contribution,
    NextStep,
    Outcome,
    Quote,
    RecommendationPart,
    StatementPart,
    SurveyPart,
    ThemeMark,
    ThemeSpread,
    WriteUp,
)

SECTIONS = (
    "cover",
    "one-page",
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
"""What a write-up can hold, in this order unless the pack says otherwise."""

TAKEN_OUT = {
    "They could have hurt or identified somebody": (HideReason.PERSONAL, HideReason.UNKIND, HideReason.DISCLOSURE),
    "They came twice, or were about something else": (HideReason.DUPLICATE, HideReason.OFF_SCOPE),
}
"""Two classes and not five reasons: a number must not tell that somebody told of harm. Left out altogether, disclosures
could be worked out from the gaps between the numbers that are printed."""
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
QUOTES_IN_A_SPREAD = 5
QUOTES_ABOUT_A_STATEMENT = 4
SURVEY_QUOTES = 4
READABLE_QUOTE = range(40, 221)
PULL_QUOTE = range(45, 141)
SAME_SUBJECT = 0.3
"""From this likeness on, a recommendation speaks of the same thing as a statement."""


def write_up_of(session: Session, event: Event, *, address: str) -> WriteUp:
    """The whole report of this event, as of now or as of the moment at which its figures were frozen.

    `address` is where the report can be read as a web page.
    """
    gathered = _Gathered(session, event, figures_of(session, event))
    figures, promise, base = gathered.figures, promise_of(session, event), base_of(session, event)
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
        standfirst=_standfirst(figures),
        findings=tuple(gathered.findings()),
        headlines=shown(figures, *HEADLINES),
        scope_in=tuple(event.scope_in),
        scope_out=tuple(event.scope_out),
        tested_with=event.tested_with,
        promise=promise.words if promise else "",
        sponsor=", ".join(part for part in (promise.sponsor_name, promise.sponsor_role) if part) if promise else "",
        promised_on=short_date(promise.made_on) if promise and promise.made_on else "",
        owner=promise.owner_name if promise else "",
        survey=gathered.survey(),
        base_words=f"{base.total} people could take part. {base.source}, declared on {short_date(base.declared_on)}"
        f" by {base.declared_by}."
        if base
        else "",
        funnel=_funnel(figures),
        people=shown(figures, *PEOPLE),
        sectors=tuple(suppressed(figures.people.attended_by_sector).items()),
        missing=_missing(figures),
        run_sheet=gathered.run_sheet(),
        over_time=gathered.over_time(),
        method=tuple(gathered.method()),
        themes=tuple(gathered.spread(theme) for theme in gathered.themes),
        statements=gathered.statements(),
        rule=gathered.rule(),
        untold=untold_of(session, event, gathered.tallies),
        chosen=gathered.chosen,
        turnout=turnout.text if (turnout := figures.vote.turnout) else "",
        recommendations=tuple(map(gathered.recommendation, gathered.recommendations)),
        decisions=_decisions(gathered.recommendations),
        commitments=gathered.commitments(),
        next_steps=tuple(gathered.next_steps()),
        contributions=tuple(map(gathered.contribution, gathered.insights)),
        seeds=tuple(seed.text for seed in seeds_of(session, event) if seed.is_shown),
        removed=gathered.removed(),
        definitions=all_shown(figures),
    )


@dataclass
class _Gathered:
    """What several parts of a write-up need, each fetched once."""

    session: Session
    event: Event
    figures: Figures

    @cached_property
    def manifest(self) -> Manifest:
        return manifest_of(self.session, self.event)

    @cached_property
    def manners(self) -> Manners:
        return manners_of(self.session, self.event)

    @property
    def sections(self) -> tuple[str, ...]:
        """The pack's sections in its order, after the cover and its one page. What this release has not is left out."""
        wanted = [name for name in self.manifest.report.sections if name in SECTIONS and name != "cover"]
        return ("cover", "one-page", *wanted)

    @cached_property
    def themes(self) -> Sequence[Theme]:
        return themes_of(self.session, self.event)

    @cached_property
    def insights(self) -> list[Insight]:
        """What counts: visible, really said, and written before the figures were frozen."""
        shown = insights_of(self.session, self.event)
        return [i for i in shown if i.uncounted is None and i.captured_at <= self.figures.as_of]

    @cached_property
    def comments(self) -> Mapping[int, list[Comment]]:
        """Comments and replies by the insight that they answer."""
        found: dict[int, list[Comment]] = {}
        for comment in comments_of(self.session, self.event):
            if comment.uncounted is None and comment.written_at <= self.figures.as_of:
                found.setdefault(comment.insight_id, []).append(comment)
        return found

    @cached_property
    def theme_by_insight(self) -> Mapping[int, Theme | None]:
        return settled_themes(self.session, self.event)

    @cached_property
    def recommendations(self) -> Sequence[Recommendation]:
        return [each for each in recommendations_of(self.session, self.event) if not each.rehearsal]

    @cached_property
    def sources(self) -> Mapping[int, list[Insight]]:
        """The insights behind each recommendation, as far as they count: nobody said what was there to begin with."""
        counted = {insight.id for insight in self.insights}
        behind = insights_behind(self.session, self.event)
        return {key: [i for i in insights if i.id in counted] for key, insights in behind.items()}

    @cached_property
    def outcomes(self) -> Mapping[int, list[Recommendation]]:
        outcomes = outcomes_of(self.session, self.event)
        return {key: [each for each in found if not each.rehearsal] for key, found in outcomes.items()}

    @cached_property
    def tallies(self) -> list[Tally]:
        return tallies_of(self.session, self.event)

    @cached_property
    def chosen(self) -> VoteOutcome | None:
        return outcome_of(self.session, self.event)

    def under(self, theme: Theme) -> list[Insight]:
        return [i for i in self.insights if (found := self.theme_by_insight.get(i.id)) and found.id == theme.id]

    def findings(self) -> Iterable[str]:
        """Five sentences at most, each a figure in words: the report records, it does not interpret."""
        if self.themes and self.insights:
            largest = max(self.themes, key=lambda theme: len(self.under(theme)))
            share = Rate(len(self.under(largest)), len(self.insights))
            yield f"Most was said about “{largest.title}”: {share.text} insights."
        by_standing = {standing: self._numbered(standing) for standing in Standing}
        if agreed := by_standing[Standing.AGREED]:
            best = max(agreed, key=lambda tally: tally.support.share)
            yield (
                f"{len(agreed)} of {len(self.tallies)} statements were agreed. The widest support, {best.support.text},"
                f" is for: {best.statement.text}"
            )
        if contested := by_standing[Standing.CONTESTED]:
            divided = "; ".join(
                f"“{tally.statement.text.rstrip('.')}” ({tally.support.text} for, {tally.disagree.text} against)"
                for tally in contested
            )
            yield f"{_counted(len(contested), 'statement')} divided people: {divided}."
        if unclear := by_standing[Standing.NOT_CLEAR]:
            unsure = "; ".join(
                f"“{tally.statement.text.rstrip('.')}” ({tally.not_clear.text} said so)" for tally in unclear
            )
            yield f"{_counted(len(unclear), 'statement')} not clear to many: {unsure}."
        if self.chosen is not None:
            yield f"{self.chosen.message}."
        forward = self.figures.follow_through.recommendations_taken_forward
        if forward.of:
            ideas = self.figures.follow_through.ideas_taken_forward_rate
            with_them = f", and with them {ideas.text} ideas" if ideas.n else ""
            yield f"{forward.text} recommendations are taken forward{with_them}."

    def _numbered(self, standing: Standing) -> list[Tally]:
        return [tally for tally in self.tallies if tally.standing is standing]

    def survey(self) -> tuple[SurveyPart, ...]:
        parts = []
        questions = select(SurveyQuestion).where(SurveyQuestion.event_id == self.event.id)
        for question in self.session.scalars(questions.order_by(SurveyQuestion.number)).all():
            answers = self.session.scalars(
                select(SurveyAnswer.text).where(SurveyAnswer.question_id == question.id).order_by(SurveyAnswer.id)
            ).all()
            fitting = [text for text in answers if len(text) in PULL_QUOTE]
            step = max(1, len(fitting) // SURVEY_QUOTES)
            quotes = tuple(fitting[::step][:SURVEY_QUOTES])
            parts.append(SurveyPart(question=question.text, answered=len(answers), quotes=quotes))
        return tuple(parts)

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

    def method(self) -> Iterable[str]:
        theming = self.figures.theming
        if theming.coder_agreement is not None:
            kappa = f" (Cohen's kappa {theming.coder_kappa:.2f})" if theming.coder_kappa is not None else ""
            yield (
                "Two people put the insights under themes, each without seeing what the other did. They agreed on"
                f" {theming.coder_agreement.text}{kappa}. Where they differ, the first one's theme stands here."
            )
        elif theming.theming_coverage_coder_a is not None:
            yield f"One person put the insights under themes: {theming.theming_coverage_coder_a.text} found a place."
        else:
            yield "Insights stand under the theme that their contributors chose."
        if self.figures.contributions.paper_share.n:
            share = self.figures.contributions.paper_share.text
            yield f"Paper counts as much as a phone: {share} contributions in the room came on cards."
        replies = self.figures.replies
        if replies.reply_rate is not None:
            yield (
                f"Community managers promised to answer: {replies.reply_rate.text} were answered within the promised"
                " hours, by the clock on the wall."
            )

    def spread(self, theme: Theme) -> ThemeSpread:
        """Two facing pages of one theme."""
        insights = self.under(theme)
        ranked = sorted((i for i in insights if len(i.text) in READABLE_QUOTE), key=self._weight)
        pull = next((i for i in ranked if len(i.text) in PULL_QUOTE), None)
        chosen = _in_turn([i for i in ranked if i is not pull])[:QUOTES_IN_A_SPREAD]
        differing = [
            comment
            for insight in [*([pull] if pull else []), *chosen]
            for comment in self.comments.get(insight.id, [])
            if comment.author_role is AuthorRole.PARTICIPANT and len(comment.text) in range(30, 160)
        ]
        under = {i.id for i in insights}
        linked = [
            (r.number, r.text)
            for r in self.recommendations
            if 2 * sum(s.id in under for s in self.sources.get(r.id, [])) > len(self.sources.get(r.id, []))
        ]
        return ThemeSpread(
            theme=_mark(theme),
            meaning=theme.prompt,
            share=Rate(len(insights), len(self.insights)),
            room=sum(i.place is Place.ROOM for i in insights),
            outside=sum(i.place is Place.OUTSIDE for i in insights),
            pull=self.quote(pull) if pull else None,
            quotes=tuple(map(self.quote, sorted(chosen, key=lambda i: i.number))),
            differing=tuple(_comment_quote(c) for c in differing[:2]),
            recommendations=tuple(linked),
        )

    def _weight(self, insight: Insight) -> tuple[int, int, int]:
        """Most answered first, then what became a recommendation, then what came first."""
        return -len(self.comments.get(insight.id, [])), -len(self.outcomes.get(insight.id, [])), insight.number

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
                words=self._words_about(tally.statement.text) if tally.standing is not Standing.AGREED else (),
            )
            for tally in self.tallies
        )

    def _words_about(self, text: str) -> tuple[Quote, ...]:
        """What people wrote about a statement's subject: the insights behind the recommendation that is most like it,
        and what others answered to them, which is where disagreement stands in its own words."""
        scores = likeness(text, [recommendation.text for recommendation in self.recommendations])
        if not scores or max(scores) < SAME_SUBJECT:
            return ()
        insights = self.sources.get(self.recommendations[scores.index(max(scores))].id, [])
        replies = [
            _comment_quote(comment)
            for insight in insights
            for comment in self.comments.get(insight.id, [])
            if comment.author_role is AuthorRole.PARTICIPANT
        ]
        half = QUOTES_ABOUT_A_STATEMENT // 2
        return (*map(self.quote, insights[:half]), *replies[: QUOTES_ABOUT_A_STATEMENT - half])

    def rule(self) -> str:
        """By which rule statements stand, once the vote is over: before that nothing is said of how it went."""
        held = round_of(self.session, self.event)
        if held is None or not held.is_closed or held.rehearsal or held.method is not VoteMethod.RATE:
            return ""
        rule = held.rule
        return (
            f"Agreed: support of {rule.agreed_at:.0%} or more and disagreement of {rule.agreed_max_disagree:.0%} or"
            f" less. Contested: {rule.contested_each_side:.0%} or more on each side. Both take"
            f" {rule.minimum_ballots} ballots or more on that statement, and leave out “not clear to me”. Not clear:"
            f" {rule.not_clear_at:.0%} or more said so; this comes before the other two."
        )

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
            sources=tuple(insight.number for insight in self.sources.get(recommendation.id, [])),
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
        undecided = sum(recommendation.decision is None for recommendation in self.recommendations)
        promise = promise_of(self.session, self.event)
        owner = promise.owner_name if promise else ""
        if undecided:
            yield NextStep("Next", f"A decision, with a reason, on {_counted(undecided, 'recommendation')}.", owner)
        yield NextStep("Any time", "Your later thoughts still count: the same address takes them.", "You")
        yield NextStep("12 weeks on", "What was done, what was not, and why, on the event's page.", owner)

    def contribution(self, insight: Insight) -> Contribution:
        theme = self.theme_by_insight.get(insight.id)
        return Contribution(
            quote=self.quote(insight),
            kind=insight.kind.value,
            stage=insight.phase.words,
            theme=_mark(theme) if theme else None,
            outcomes=tuple(
                Outcome(r.number, r.decision.words if r.decision else "not decided yet")
                for r in self.outcomes.get(insight.id, [])
            ),
            comments=tuple(map(_comment_quote, self.comments.get(insight.id, []))),
        )

    def quote(self, insight: Insight) -> Quote:
        return Quote(
            number=insight.number,
            text=insight.text,
            place=insight.place.value,
            place_words=self._place_words(insight),
            said_by=insight.said_by,
        )

    def _place_words(self, insight: Insight) -> str:
        table = table_shown(insight, self.manners)
        return f"In the room, table {table.number}" if table and insight.place is Place.ROOM else insight.place.words

    def removed(self) -> tuple[tuple[str, int], ...]:
        """How much was taken out, in classes that tell of no single disclosure; each is printed where it has some."""
        rows = self.session.execute(
            select(Insight.hidden_reason, func.count().label("number"))
            .where(Insight.event_id == self.event.id, Insight.hidden_at.is_not(None), Insight.uncounted.is_(None))
            .group_by(Insight.hidden_reason)
        )
        numbers = {row.hidden_reason: row.number for row in rows}
        classes = [(words, sum(numbers.get(each, 0) for each in reasons)) for words, reasons in TAKEN_OUT.items()]
        return tuple((words, number) for words, number in classes if number)


def _status(event: Event) -> str:
    if event.report_first_published is None:
        return "Draft"
    return f"First published on {short_date(event.report_first_published)}"


def _moment_words(event: Event, figures: Figures) -> str:
    moment = local(figures.as_of, event.timezone)
    verb = "frozen" if figures.frozen else "counted"
    return f"Figures {verb} on {short_date(moment.date())} at {spoken_time(moment)}"


def _standfirst(figures: Figures) -> str:
    people = figures.taking_part.participants
    if not people["total"]:
        return "Nobody has taken part yet."
    return (
        f"{_counted(people['total'], 'person', 'people')} took part: {people['room']} in the room and"
        f" {people['outside']} from outside. They made {_counted(figures.contributions.contributions, 'contribution')}."
    )


def _funnel(figures: Figures) -> tuple[tuple[str, int | None], ...]:
    people, part = figures.people, figures.taking_part
    return (
        ("Could take part", people.eligible),
        ("Invited outside", people.invited_outside),
        ("Registered", people.registered),
        ("Confirmed for the room", people.confirmed_in_room),
        ("Came to the room", people.attended),
        ("Took part", part.participants["total"]),
        ("Contributed", part.contributors["total"]),
    )


def _missing(figures: Figures) -> str:
    people, part = figures.people, figures.taking_part
    parts = []
    if part.participation_rate:
        absent = part.participation_rate.of - part.participation_rate.n
        parts.append(f"{_counted(absent, 'person', 'people')} who could have taken part did not.")
    if people.no_show_rate.n:
        parts.append(f"{people.no_show_rate.text} with a confirmed place did not come.")
    if people.still_waiting:
        parts.append(f"{_counted(people.still_waiting, 'person', 'people')} waited for a place in vain.")
    return " ".join(parts)


def _decisions(recommendations: Iterable[Recommendation]) -> tuple[tuple[str, int], ...]:
    numbers = Counter(recommendation.decision for recommendation in recommendations)
    found = [(words, numbers[decision]) for decision, words in DECISION_WORDS.items() if numbers[decision]]
    return (*found, *([("Not decided yet", numbers[None])] if numbers[None] else []))


def _in_turn(insights: Iterable[Insight]) -> list[Insight]:
    """Room and outside in turn for as long as there are both, so that neither crowds the other out."""
    insights = list(insights)
    queues = [[i for i in insights if i.place is place] for place in Place]
    taken: list[Insight] = []
    while any(queues):
        taken += [queue.pop(0) for queue in queues if queue]
    return taken


def _mark(theme: Theme) -> ThemeMark:
    return ThemeMark(key=theme.key, letter=theme.letter, title=theme.title, shape=theme.shape, tone=theme.tone)


def _comment_quote(comment: Comment) -> Quote:
    reply = reply_of(comment)
    return Quote(
        number=comment.insight.number,
        text=reply.text,
        place=reply.place,
        place_words=reply.place_words,
        said_by=reply.said_by,
    )


def _counted(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def newest_change(session: Session, event: Event) -> tuple[str, ...]:
    """What tells one state of an event from another: a report made for the same state need not be made again."""
    last = session.scalar(select(func.max(Activity.id)).where(Activity.event_id == event.id))
    return str(event.id), str(last), str(event.figures_frozen_at), str(event.report_first_published)
