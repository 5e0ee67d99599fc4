"""Which rows count, and how many there are by place, table, theme and time.

Screens ask for these often; every published figure is worked out from the same rows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, ColumnExpressionArgument, case, func, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.counts.document import LiveCounts
from hackathon.counts.models import KeptFigures
from hackathon.events.models import Event, Place
from hackathon.framing.models import DeclaredBase
from hackathon.framing.queries import outside_call_of
from hackathon.insights.models import (
    AuthorRole,
    Comment,
    Insight,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from hackathon.insights.queries import manners_of
from hackathon.invitations.queries import count_invited
from hackathon.participants.models import Participant, Registration
from hackathon.rehearsal.models import SeatBefore
from hackathon.synthesis.models import Coding
from hackathon.synthesis.queries import SETTLED_THEME, is_leading
from hackathon.tables.models import Seat, Table
from hackathon.themes.models import Theme
from hackathon.themes.queries import themes_of
from hackathon.votes.queries import round_of, turnout_of


def live_counts(session: Session, event: Event) -> LiveCounts:
    """Contributions by place and people checked in, counted as in every figure, for screens that ask often."""
    as_of = event.figures_frozen_at or now()
    by_place: Counter[Place] = Counter()
    for statement in (
        select(Insight.place, func.count()).where(*counted_insights(event, as_of)).group_by(Insight.place),
        select(Comment.place, func.count())
        .join(Comment.insight)
        .where(*counted_comments(event, as_of))
        .where(Comment.author_role == AuthorRole.PARTICIPANT)
        .group_by(Comment.place),
    ):
        for place, number in session.execute(statement):
            by_place[place] += number
    return LiveCounts(
        room=by_place[Place.ROOM], outside=by_place[Place.OUTSIDE], people_here=_people_here(session, event)
    )


def kept_figures_of(session: Session, event: Event) -> KeptFigures | None:
    """What was counted before the event was closed; nothing while its people are there to be counted."""
    if not event.is_closed:
        return None
    return session.scalar(select(KeptFigures).where(KeptFigures.event_id == event.id))


def _people_here(session: Session, event: Event) -> int:
    if (kept := kept_figures_of(session, event)) is not None:
        return int(kept.said["people"]["attended"] or 0)
    here = select(func.count(Registration.id)).where(
        Registration.event_id == event.id,
        Registration.attending == Place.ROOM,
        came_in(event).is_not(None),
    )
    return session.scalar(here) or 0


def contributions_by_quarter_hour(session: Session, event: Event) -> list[tuple[datetime, int, int]]:
    """Contributions on the day itself: the start of each quarter of an hour (UTC), in the room, outside."""
    as_of = event.figures_frozen_at or now()
    written = [
        *session.execute(select(Insight.captured_at, Insight.place).where(*counted_insights(event, as_of))),
        *session.execute(
            select(Comment.written_at, Comment.place)
            .join(Comment.insight)
            .where(*counted_comments(event, as_of), Comment.author_role == AuthorRole.PARTICIPANT)
        ),
    ]
    first, last = event.starts_at - timedelta(minutes=30), event.ends_at + timedelta(minutes=60)
    slots: Counter[tuple[datetime, Place]] = Counter()
    for at, place in written:
        if first <= at < last:
            slots[at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0), place] += 1
    if not slots:
        return []
    moment, end = min(at for at, _ in slots), max(at for at, _ in slots)
    series = []
    while moment <= end:
        series.append((moment, slots[moment, Place.ROOM], slots[moment, Place.OUTSIDE]))
        moment += timedelta(minutes=15)
    return series


def insights_by_table(session: Session, event: Event) -> list[tuple[Table, int]]:
    """The tables with the number of insights that count from each.

    Those at which too few sit for the pack are left out, and where it is one alone, so is the one with the fewest
    insights: its number could be worked out from the sum.
    """
    as_of = event.figures_frozen_at or now()
    numbers = dict(
        session.execute(
            select(Insight.table_id, func.count()).where(*counted_insights(event, as_of)).group_by(Insight.table_id)
        ).all()
    )
    tables = session.scalars(select(Table).where(Table.event_id == event.id).order_by(Table.number)).all()
    manners = manners_of(session, event)
    shown = [(table, numbers.get(table.id, 0)) for table in tables if manners.shows(table)]
    if len(tables) - len(shown) == 1 and shown:
        shown.remove(min(shown, key=lambda pair: (pair[1], pair[0].number)))
    return shown


def insights_by_theme(session: Session, event: Event) -> list[tuple[Theme | None, int, int]]:
    """Every theme with the insights that count under it, in the room and outside; at the end those under none."""
    as_of = event.figures_frozen_at or now()
    rows = session.execute(
        select(SETTLED_THEME, Insight.place, func.count(Insight.id))
        .outerjoin(Coding, is_leading(event))
        .where(*counted_insights(event, as_of))
        .group_by(SETTLED_THEME, Insight.place)
    )
    numbers = Counter({(theme_id, place): number for theme_id, place, number in rows})
    themes = [(theme, theme.id) for theme in themes_of(session, event)]
    return [
        (theme, numbers[theme_id, Place.ROOM], numbers[theme_id, Place.OUTSIDE])
        for theme, theme_id in (*themes, (None, None))
    ]


def counted_insights(event: Event, as_of: datetime) -> tuple[ColumnExpressionArgument[bool], ...]:
    """Insights that are shown and were really said, up to a moment."""
    return Insight.event_id == event.id, Insight.is_shown, Insight.uncounted.is_(None), Insight.captured_at <= as_of


def came_in(event: Event) -> ColumnElement[datetime | None]:
    """When somebody came through the door. Whoever is checked in to practise has not come."""
    came: ColumnElement[datetime | None] = Registration.checked_in_at.expression
    return came if event.rehearsal_since is None else case((came < event.rehearsal_since, came))


def counted_comments(event: Event, as_of: datetime) -> tuple[ColumnExpressionArgument[bool], ...]:
    """Comments of an insight that was taken off the pages go with it; the query joins Comment.insight."""
    return (
        Comment.event_id == event.id,
        Comment.written_at <= as_of,
        Comment.is_shown,
        Comment.uncounted.is_(None),
        Insight.is_shown,
    )


@dataclass
class Counted:
    """The rows that several figures share, each fetched once and only the columns that count."""

    session: Session
    event: Event
    as_of: datetime

    def all(self, *columns: Any, where: Iterable[ColumnElement[bool]]) -> Sequence[Any]:
        return self.session.execute(select(*columns).where(*where)).all()

    @cached_property
    def registrations(self) -> Sequence[Any]:
        return self.session.execute(
            select(
                Registration.attending,
                Registration.state,
                came_in(self.event).label("checked_in_at"),
                Participant.id,
                Participant.email_key,
                Participant.organisation,
                Participant.sector,
            )
            .join(Registration.participant)
            .where(Registration.event_id == self.event.id)
        ).all()

    @cached_property
    def insights(self) -> Sequence[Any]:
        return self.session.execute(
            select(
                Insight.id,
                Insight.kind,
                Insight.phase,
                Insight.place,
                Insight.source,
                Insight.identity,
                Insight.table_id,
                Insight.device,
                Insight.captured_at,
                Insight.author_id,
                Participant.email_key,
                Theme.key.label("theme"),
            )
            .outerjoin(Insight.author)
            .outerjoin(Insight.theme)
            .where(*counted_insights(self.event, self.as_of))
            .order_by(Insight.number)
        ).all()

    @cached_property
    def responses_to_insights(self) -> Sequence[Any]:
        return self.session.execute(
            select(
                Comment.insight_id,
                Comment.place,
                Comment.author_role,
                Comment.written_at,
                Comment.author_id,
                Participant.email_key,
            )
            .join(Comment.insight)
            .outerjoin(Comment.author)
            .where(*counted_comments(self.event, self.as_of))
        ).all()

    @cached_property
    def comments(self) -> Sequence[Any]:
        return [c for c in self.responses_to_insights if c.author_role is AuthorRole.PARTICIPANT]

    @cached_property
    def survey(self) -> list[tuple[str, list[int]]]:
        """Each response: the person, and the numbers of the questions it answered."""
        answered: dict[int, list[int]] = {}
        for response_id, number in self.session.execute(
            select(SurveyAnswer.response_id, SurveyQuestion.number)
            .join(SurveyAnswer.question)
            .where(SurveyQuestion.event_id == self.event.id)
        ):
            answered.setdefault(response_id, []).append(number)
        responses = self.session.scalars(select(SurveyResponse).where(SurveyResponse.event_id == self.event.id))
        return [(response.person, answered.get(response.id, [])) for response in responses]

    @cached_property
    def tables_with_people(self) -> set[int]:
        """The tables at which somebody sat who had come."""
        seats = SeatBefore if self.event.is_rehearsing else Seat
        return set(
            self.session.scalars(
                select(seats.table_id)
                .join(Registration, Registration.participant_id == seats.participant_id)
                .where(Registration.event_id == self.event.id, came_in(self.event).is_not(None))
            )
        )

    @cached_property
    def smallest_group(self) -> int:
        """Whoever looks at figures may know these people: the number below which the pack shows no table holds here."""
        return manners_of(self.session, self.event).hide_table_below

    @cached_property
    def present(self) -> set[str]:
        return {person_of(r.email_key, r.id) for r in self.registrations if in_room(r) and r.checked_in_at}

    @cached_property
    def said_in_room(self) -> int:
        """Contributions written in the room."""
        return sum(said.place is Place.ROOM for said in (*self.insights, *self.comments))

    @cached_property
    def nobody_checked_in(self) -> bool:
        """Words or ballots came from the room, so people were there; who, and how many, nobody wrote down."""
        return not self.present and bool(self.said_in_room or self._ballots_from_room())

    def _ballots_from_room(self) -> int:
        held = round_of(self.session, self.event)
        return 0 if held is None or held.rehearsal else turnout_of(self.session, self.event).ballots[Place.ROOM]

    @cached_property
    def authors(self) -> list[str]:
        """The known author of each contribution; a phone without a name counts as one person."""
        known = [person_of(i.email_key, i.author_id) or i.device for i in self.insights]
        known += [person_of(c.email_key, c.author_id) for c in self.comments]
        return [author for author in known if author]

    @cached_property
    def contributors(self) -> set[str]:
        return set(self.authors) | {person for person, answers in self.survey if answers}

    @cached_property
    def eligible(self) -> int | None:
        return self.session.scalar(select(DeclaredBase.total).where(DeclaredBase.event_id == self.event.id))

    @cached_property
    def invited(self) -> int | None:
        """What the organiser wrote down of people outside; without it, those on the lists of invitations."""
        call = outside_call_of(self.session, self.event)
        return count_invited(self.session, self.event) if call is None else call.invited - call.bounced


class CountedTogether(Counted):
    """The rows of several events as if they were one: somebody with one address is one person in all of them."""

    def __init__(self, parts: Sequence[Counted]) -> None:
        super().__init__(parts[0].session, parts[0].event, max(part.as_of for part in parts))
        self.parts = parts

    @cached_property
    def registrations(self) -> Sequence[Any]:
        return [row for part in self.parts for row in part.registrations]

    @cached_property
    def insights(self) -> Sequence[Any]:
        return [row for part in self.parts for row in part.insights]

    @cached_property
    def responses_to_insights(self) -> Sequence[Any]:
        return [row for part in self.parts for row in part.responses_to_insights]

    @cached_property
    def survey(self) -> list[tuple[str, list[int]]]:
        return [response for part in self.parts for response in part.survey]

    @cached_property
    def tables_with_people(self) -> set[int]:
        return {table for part in self.parts for table in part.tables_with_people}

    @cached_property
    def nobody_checked_in(self) -> bool:
        return any(part.nobody_checked_in for part in self.parts)

    @cached_property
    def smallest_group(self) -> int:
        return max(part.smallest_group for part in self.parts)

    @cached_property
    def eligible(self) -> int | None:
        return added_where_all_say([part.eligible for part in self.parts])

    @cached_property
    def invited(self) -> int | None:
        return added_where_all_say([part.invited for part in self.parts])


def added_where_all_say(numbers: Iterable[int | None]) -> int | None:
    """The sum, unless one of them is not known."""
    known = list(numbers)
    return None if None in known else sum(number for number in known if number is not None)


def person_of(email_key: str | None, participant_id: int | None) -> str:
    """Who somebody is, however often they appear: their address, or their one row where they gave none."""
    return email_key or (f"participant {participant_id}" if participant_id else "")


def in_room(registration: Any) -> bool:
    return registration.attending is Place.ROOM
