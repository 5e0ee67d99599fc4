"""What was said and counts, and which of it is quoted.

The order and the choice of quotes follow from the rows alone, so the same data gives the same report: first what most
people answered, then what became a recommendation, then what came first; the room and outside in turn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.comments.queries import comments_of, reply_of
from hackathon.events.models import Event, Place
from hackathon.follow_up.models import Recommendation
from hackathon.follow_up.queries import insights_behind, outcomes_of, recommendations_of
from hackathon.insights.models import AuthorRole, Comment, HideReason, Insight
from hackathon.insights.queries import Manners, insights_of, manners_of, table_shown
from hackathon.maths.rates import Rate
from hackathon.maths.similarity import likeness
from hackathon.quotations.document import Contribution, Outcome, Quote, SurveyPart, ThemeMark, ThemeSpread
from hackathon.surveys.queries import PULL_QUOTE, answers_to, quoted, survey_questions_of
from hackathon.synthesis.queries import settled_themes
from hackathon.themes.models import Theme
from hackathon.themes.queries import themes_of

TAKEN_OUT = {
    "They could have hurt or identified somebody": (HideReason.PERSONAL, HideReason.UNKIND, HideReason.DISCLOSURE),
    "They came twice, or were about something else": (HideReason.DUPLICATE, HideReason.OFF_SCOPE),
}
"""Two classes and not five reasons: a number must not tell that somebody told of harm. Left out altogether, disclosures
could be worked out from the gaps between the numbers that are printed."""
QUOTES_IN_A_SPREAD = 5
QUOTES_ABOUT_A_STATEMENT = 4
READABLE_QUOTE = range(40, 221)
SAME_SUBJECT = 0.3
"""From this likeness on, a recommendation speaks of the same thing as a statement."""


@dataclass
class Said:
    """What was said at an event by a moment, each part fetched once."""

    session: Session
    event: Event
    as_of: datetime

    @cached_property
    def manners(self) -> Manners:
        return manners_of(self.session, self.event)

    @cached_property
    def themes(self) -> Sequence[Theme]:
        return themes_of(self.session, self.event)

    @cached_property
    def insights(self) -> list[Insight]:
        """What counts: visible, really said, and written before the figures were frozen."""
        shown = insights_of(self.session, self.event)
        return [i for i in shown if i.uncounted is None and i.captured_at <= self.as_of]

    @cached_property
    def comments(self) -> Mapping[int, list[Comment]]:
        """Comments and replies by the insight that they answer."""
        found: dict[int, list[Comment]] = {}
        for comment in comments_of(self.session, self.event):
            if comment.uncounted is None and comment.written_at <= self.as_of:
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

    def under(self, theme: Theme) -> list[Insight]:
        return [i for i in self.insights if (found := self.theme_by_insight.get(i.id)) and found.id == theme.id]

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

    def words_about(self, text: str) -> tuple[Quote, ...]:
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


def survey_of(session: Session, event: Event) -> tuple[SurveyPart, ...]:
    """Each question asked before the day, and what is quoted of its answers. Whoever gave a hidden one has answered."""
    parts = []
    for question in survey_questions_of(session, event):
        answers = answers_to(session, question)
        quotes = tuple(answer.text for answer in quoted(answers))
        parts.append(SurveyPart(question=question.text, answered=len(answers), quotes=quotes))
    return tuple(parts)


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
