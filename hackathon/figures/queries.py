"""Works out every published figure of an event from its rows, each in one place.

The same values feed the dashboard, the wall, `figures.json`, the write-up and its PDF. Which rows count, `counts` says:
insights and comments up to the moment at which the figures were frozen, and nothing that was taken off the pages.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.care.queries import count_without_answer, told_of_harm_to_nobody
from hackathon.commitments.models import Commitment, Kept
from hackathon.community.queries import queue_of
from hackathon.core.clock import now
from hackathon.counts.queries import Counted, in_room, kept_figures_of, person_of
from hackathon.events.models import Event, Place
from hackathon.figures.document import (
    BY_CHECK_IN,
    NOBODY_CHECKED_IN,
    Contributions,
    Counts,
    Figures,
    FollowThrough,
    Need,
    People,
    Replies,
    StatementFigures,
    Survey,
    TakingPart,
    Theming,
    VoiceBalance,
    Vote,
    Wait,
)
from hackathon.follow_up.models import Recommendation, RecommendationSource
from hackathon.insights.models import (
    AuthorRole,
    Insight,
    Kind,
    ReplyPromise,
    Source,
    Uncounted,
)
from hackathon.maths.agreement import agreed_pairs, cohens_kappa
from hackathon.maths.rates import Rate, minutes_within, most_active_tenth, nearest_rank
from hackathon.maths.standing import Standing
from hackathon.maths.suppression import suppressed
from hackathon.needs.queries import count_to_call_off, told_needs_to_nobody
from hackathon.participants.models import RegistrationState
from hackathon.results.queries import tallies_of
from hackathon.synthesis.models import Coder, Coding, Likeness
from hackathon.synthesis.queries import settled_themes
from hackathon.themes.queries import themes_of
from hackathon.votes.models import Ballot, Round
from hackathon.votes.queries import round_of, turnout_of


def figures_of(session: Session, event: Event) -> Figures:
    """Every published figure of this event, as of now or as of the moment at which they were frozen."""
    return figures_from(Counted(session, event, event.figures_frozen_at or now()))


def figures_from(rows: Counted) -> Figures:
    """The same from rows that somebody goes on counting with."""
    kept = kept_figures_of(rows.session, rows.event)
    said = counted_from(rows) if kept is None else {name: KEPT[name].validate_python(kept.said[name]) for name in KEPT}
    parts = {**said, "follow_through": _follow_through(rows)}
    return Figures(
        as_of=rows.as_of,
        frozen=rows.event.figures_frozen_at is not None,
        reasons=dict(_reasons(rows, **parts)),
        theme_titles={theme.key: theme.title for theme in themes_of(rows.session, rows.event)},
        **parts,
    )


def _reasons(
    rows: Counted,
    *,
    people: People,
    replies: Replies,
    theming: Theming,
    vote: Vote,
    follow_through: FollowThrough,
    **_rest: Any,
) -> Iterator[tuple[str, str]]:
    """Why this event does not have some of its figures, where it is not that the call was open."""
    if people.attended is None:
        yield from ((key, NOBODY_CHECKED_IN) for key in (*BY_CHECK_IN, "contributors"))
    if people.invited_outside == 0:
        yield "survey_response_rate", "nobody was invited"
    if replies.reply_rate is None:
        yield from ((key, "no promise was set") for key in ("reply_rate", "replied_at_all"))
    if theming.theming_coverage_coder_a is None:
        yield from (
            (key, "nobody has sorted") for key in ("theming_coverage_coder_a", "coder_agreement", "coder_kappa")
        )
    elif theming.coder_agreement is None:
        yield from ((key, "one person has sorted") for key in ("coder_agreement", "coder_kappa"))
    elif theming.coder_kappa is None:
        yield "coder_kappa", "both put everything under one theme, so chance would agree too"
    if vote.turnout is None:
        yield "turnout", _why_no_turnout(rows, vote, nobody_checked_in=people.attended is None)
    if follow_through.days_to_report is None:
        yield "days_to_report", "the report has no date"


def _why_no_turnout(rows: Counted, vote: Vote, *, nobody_checked_in: bool) -> str:
    if _held(rows) is None:
        return "no vote was held"
    if Place.ROOM.value in vote.turnout_by_place:
        return "nobody said how many may vote outside"
    return NOBODY_CHECKED_IN if nobody_checked_in else "nobody said how many may vote in the room"


def counted_from(rows: Counted) -> dict[str, Any]:
    """The parts of the figures that need an event's people to be worked out."""
    return {
        **counted_of_people(rows),
        "replies": replies_from([waits] if (waits := waits_of(rows)) else []),
        "theming": _theming(rows),
        "vote": _vote(rows),
    }


def counted_of_people(rows: Counted) -> dict[str, Any]:
    """The parts that are worked out from people and their words alone, of one event or of several together."""
    return {
        "people": _people(rows),
        "survey": _survey(rows),
        "taking_part": _taking_part(rows),
        "contributions": _contributions(rows),
    }


KEPT: Mapping[str, TypeAdapter[Any]] = {
    "people": TypeAdapter(People),
    "survey": TypeAdapter(Survey),
    "taking_part": TypeAdapter(TakingPart),
    "contributions": TypeAdapter(Contributions),
    "replies": TypeAdapter(Replies),
    "theming": TypeAdapter(Theming),
    "vote": TypeAdapter(Vote),
}
"""How those parts become plain values and figures again, once the people are gone. What came of it goes on."""


def needs_of(session: Session, event: Event, *, sees_care: bool = False, sees_access: bool = False) -> list[Need]:
    """What waits for the people who run this event, the most pressing first; for care and access leads, what waits for
    them alone.
    """
    rows = Counted(session, event, now())
    needs = [] if event.is_closed else list(_people_who_wait(rows, sees_care=sees_care))
    if sees_access and event.ends_at > rows.as_of and (idle := count_to_call_off(session, event)):
        needs.append(Need(f"{_counted(idle, 'booking')} to call off", "people"))
    settled = settled_themes(session, event)
    if unsorted := sum(settled.get(insight.id) is None for insight in rows.insights):
        needs.append(Need(f"{_counted(unsorted, 'insight')} under no theme", "theming"))
    undecided = session.scalar(
        select(func.count(Recommendation.id)).where(
            Recommendation.event_id == event.id,
            Recommendation.decision.is_(None),
            Recommendation.rehearsal.is_(False),
        )
    )
    if undecided:
        needs.append(Need(f"{_counted(undecided, 'recommendation')} without a decision", "recommendations"))
    return needs


def _people_who_wait(rows: Counted, *, sees_care: bool) -> Iterator[Need]:
    """What somebody is owed. Once their event is closed nobody can be answered any more."""
    session, event = rows.session, rows.event
    if told_of_harm_to_nobody(session, event):
        yield Need("Somebody told of harm, and no care lead is named to read it", "plan")
    if event.ends_at > rows.as_of and told_needs_to_nobody(session, event):
        yield Need("Somebody said what they need, and no access lead is named to read it", "plan")
    if sees_care and (told := count_without_answer(session, event)):
        yield Need(f"{_counted(told, 'disclosure')} of harm without your answer", "care")
    if event.is_on and not event.is_rehearsing and rows.nobody_checked_in:
        came = f"{_counted(rows.said_in_room, 'thought')} came from tables" if rows.said_in_room else "Ballots came in"
        yield Need(f"{came}, and nobody is checked in. Check people in, or type in the printed list", "arrivals")
    if (waits := queue_of(session, event, but=(Uncounted.REHEARSAL,))).number:
        late = f", {waits.late} late" if waits.late else ""
        yield Need(f"{_counted(waits.number, 'thing')} on the community desk{late}", "community")


def _counted(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _counts(values: Iterable[Any]) -> Counts:
    """How often each value comes, by its name, in the order of the names."""
    return dict(sorted(Counter(str(getattr(value, "value", value)) for value in values).items()))


def _people(rows: Counted) -> People:
    room = [r for r in rows.registrations if in_room(r)]
    confirmed = [r for r in room if r.state is RegistrationState.CONFIRMED]
    came = [r for r in confirmed if r.checked_in_at]
    states = Counter(r.state for r in rows.registrations)
    has_begun, knows = rows.as_of >= rows.event.doors_at, not rows.nobody_checked_in
    waited = sum(r.state is RegistrationState.WAITING and not r.checked_in_at for r in rows.registrations)
    sectors = _counts(r.sector or "not given" for r in room if r.checked_in_at)
    return People(
        eligible=rows.eligible,
        invited_outside=rows.invited,
        registered=len({person_of(r.email_key, r.id) for r in rows.registrations}),
        confirmed_in_room=len(confirmed),
        confirmed_remote=states[RegistrationState.CONFIRMED] - len(confirmed),
        cancelled=states[RegistrationState.CANCELLED],
        still_waiting=waited if knows else None,
        walk_ins=len(rows.present - {person_of(r.email_key, r.id) for r in came}) if knows else None,
        attended=len(rows.present) if knows else None,
        attendance_rate=Rate(len(came), len(confirmed)) if has_begun and knows else None,
        no_show_rate=Rate(len(confirmed) - len(came), len(confirmed)) if has_begun and knows else None,
        organisations=len({r.organisation for r in rows.registrations if r.organisation}),
        attended_by_sector=suppressed(sectors, rows.smallest_group) if knows else None,
    )


def _survey(rows: Counted) -> Survey:
    answers = Counter(number for _, numbers in rows.survey for number in numbers)
    people = {person for person, _ in rows.survey}
    return Survey(
        survey_responses=len(rows.survey),
        survey_response_rate=Rate(len(people), rows.invited) if rows.invited else None,
        survey_people_with_an_answer=len({person for person, numbers in rows.survey if numbers}),
        survey_answers={f"question_{number}": answers[number] for number in sorted(answers)},
    )


def _taking_part(rows: Counted) -> TakingPart:
    participants = rows.present | rows.contributors
    if rows.nobody_checked_in:
        where_unknown = {"room": None, "outside": None, "total": len(rows.contributors)}
        return TakingPart(
            participants=None, participation_rate=None, contributors=where_unknown, contribution_rate=None
        )
    return TakingPart(
        participants=_split(participants, rows.present),
        participation_rate=None if rows.eligible is None else Rate(len(participants), rows.eligible),
        contributors=_split(rows.contributors, rows.present),
        contribution_rate=Rate(len(rows.contributors), len(participants)),
    )


def _split(people: set[str], present: set[str]) -> Counts:
    return {"room": len(people & present), "outside": len(people - present), "total": len(people)}


def _contributions(rows: Counted) -> Contributions:
    insights, comments = rows.insights, rows.comments
    places = [i.place for i in insights] + [c.place for c in comments]
    total, outside, knows = len(places), places.count(Place.OUTSIDE), not rows.nobody_checked_in
    covered = rows.tables_with_people & {i.table_id for i in insights}
    survey_answers = sum(len(numbers) for _, numbers in rows.survey)
    people, tenth, most = most_active_tenth(Counter(rows.authors).values())
    return Contributions(
        contributions=total,
        contributions_by_place=_counts(places),
        insights_by_kind=_counts(i.kind for i in insights),
        insights_by_place=_counts(i.place for i in insights),
        insights_by_phase=_counts(i.phase for i in insights),
        insights_by_source=_counts(i.source for i in insights),
        insights_by_identity=_counts(i.identity for i in insights),
        insights_by_theme_at_capture=_counts(i.theme or "none" for i in insights),
        comments_by_participants=len(comments),
        replies_by_managers=len(rows.responses_to_insights) - len(comments),
        outside_share=Rate(outside, total),
        outside_share_with_survey=Rate(outside + survey_answers, total + survey_answers),
        outside_share_of_people=(
            Rate(len(rows.contributors - rows.present), len(rows.contributors)) if knows else None
        ),
        voice_balance=VoiceBalance(people=people, most_active_tenth=tenth, rate=Rate(most, len(rows.authors))),
        table_coverage=Rate(len(covered), len(rows.tables_with_people)) if knows else None,
        paper_share=Rate(sum(i.source is Source.PAPER for i in insights), total - outside),
    )


@dataclass(frozen=True, slots=True)
class Waits:
    """How long those waited who were promised an answer: of so many, so many that are over, and the minutes of those
    who got one, by the clock and in staffed hours."""

    promised: int
    due: int
    in_time: int
    clock: tuple[float, ...]
    staffed: tuple[float, ...]


def waits_of(rows: Counted) -> Waits | None:
    """The waits of one event; nothing where nothing was promised."""
    promise = rows.session.scalar(select(ReplyPromise).where(ReplyPromise.event_id == rows.event.id))
    if promise is None:
        return None
    first: dict[int, datetime] = {}
    for reply in rows.responses_to_insights:
        if reply.author_role is AuthorRole.COMMUNITY_MANAGER:
            first[reply.insight_id] = min(reply.written_at, first.get(reply.insight_id, reply.written_at))
    promised = [i for i in rows.insights if i.kind is promise.kind]
    # Who may still be answered in time at the moment at which the figures hold has been let down by nobody.
    over = rows.as_of - timedelta(hours=promise.within_hours)
    due = [i for i in promised if i.id in first or i.captured_at < over]
    waits = [(i.captured_at.timestamp(), first[i.id].timestamp()) for i in due if i.id in first]
    clock = tuple((end - start) / 60 for start, end in waits)
    duty = [(since.timestamp(), to.timestamp()) for since, to in promise.periods]
    return Waits(
        promised=len(promised),
        due=len(due),
        in_time=sum(wait <= promise.within_hours * 60 for wait in clock),
        clock=clock,
        staffed=tuple(minutes_within(start, end, duty) for start, end in waits),
    )


def replies_from(waits: Sequence[Waits]) -> Replies:
    """Whether those who waited were answered, in one event or in several: from all waits, not from their medians."""
    if not waits:
        return Replies(reply_rate=None, replied_at_all=None, minutes_to_first_reply=None)
    clock = [minutes for each in waits for minutes in each.clock]
    staffed = [minutes for each in waits for minutes in each.staffed]
    return Replies(
        reply_rate=Rate(sum(each.in_time for each in waits), sum(each.due for each in waits)),
        replied_at_all=Rate(len(clock), sum(each.promised for each in waits)),
        minutes_to_first_reply={"clock": _wait(clock), "staffed": _wait(staffed)} if clock else None,
    )


def _wait(minutes: Sequence[float]) -> Wait:
    return Wait(median=round(median(minutes), 1), ninetieth_percentile=round(nearest_rank(minutes, 0.9), 1))


def _theming(rows: Counted) -> Theming:
    counted = {i.id for i in rows.insights}
    codes: dict[str, dict[int, int | None]] = {}
    for letter, insight_id, theme_id in rows.session.execute(
        select(Coder.letter, Coding.insight_id, Coding.theme_id)
        .join(Coding.coder)
        .where(Coder.event_id == rows.event.id)
    ):
        if insight_id in counted:
            codes.setdefault(letter, {})[insight_id] = theme_id
    first, second = codes.get("a", {}), codes.get("b", {})
    pairs = [(first[insight_id], second[insight_id]) for insight_id in first if insight_id in second]
    kappa = cohens_kappa(pairs)
    alike = rows.session.execute(
        select(Likeness.grade, func.count())
        .join(Insight, Insight.id == Likeness.first_id)
        .where(Insight.event_id == rows.event.id)
        .group_by(Likeness.grade)
    )
    return Theming(
        theming_coverage_at_capture=Rate(sum(i.theme is not None for i in rows.insights), len(rows.insights)),
        theming_coverage_coder_a=Rate(sum(t is not None for t in first.values()), len(first)) if first else None,
        coder_agreement=Rate(agreed_pairs(pairs), len(pairs)) if pairs else None,
        coder_kappa=None if kappa is None else round(kappa, 4),
        known_alike_pairs_by_grade={str(grade): number for grade, number in sorted(tuple(row) for row in alike)},
    )


def _held(rows: Counted) -> Round | None:
    """The vote, once it was opened or ballots came in; practising is none."""
    held = round_of(rows.session, rows.event)
    if held is None or held.rehearsal:
        return None
    return held if held.opened_at is not None or turnout_of(rows.session, rows.event).total else None


def _vote(rows: Counted) -> Vote:
    held, turnout = _held(rows), turnout_of(rows.session, rows.event)
    in_time = [Ballot.event_id == rows.event.id, Ballot.late.is_(False)]
    ballots = rows.all(Ballot.channel, where=in_time) if held is not None else []
    by_place = {place.value: turnout.rate_in(place) for place in Place} if held is not None else {}
    tallies = tallies_of(rows.session, rows.event)
    standings = {tally.statement.number: tally.standing for tally in tallies}

    def those(standing: Standing) -> tuple[int, ...]:
        return tuple(number for number, found in standings.items() if found is standing)

    return Vote(
        turnout=turnout.rate if held is not None else None,
        turnout_by_place={place: rate for place, rate in by_place.items() if rate is not None},
        ballots_by_channel=_counts(ballot.channel for ballot in ballots),
        statements={
            str(tally.statement.number): StatementFigures(
                counts=dict(sorted((mark.value, n) for mark, n in tally.counts.items() if n)),
                support=tally.support,
                disagree=tally.disagree,
                not_clear=tally.not_clear,
                standing=tally.standing.value,
            )
            for tally in tallies
        },
        agreed=those(Standing.AGREED),
        contested=those(Standing.CONTESTED),
        not_clear=those(Standing.NOT_CLEAR),
        neither=those(Standing.NEITHER),
    )


def _follow_through(rows: Counted) -> FollowThrough:
    recommendations = rows.all(
        Recommendation.id,
        Recommendation.horizon,
        Recommendation.decision,
        where=[Recommendation.event_id == rows.event.id, Recommendation.rehearsal.is_(False)],
    )
    sources: Mapping[int, list[int]] = {r.id: [] for r in recommendations}
    for recommendation_id, insight_id in rows.session.execute(
        select(RecommendationSource.recommendation_id, RecommendationSource.insight_id)
        .join(RecommendationSource.recommendation)
        .where(Recommendation.event_id == rows.event.id, Recommendation.rehearsal.is_(False))
    ):
        sources[recommendation_id].append(insight_id)
    decided = [r for r in recommendations if r.decision is not None]
    forward = [r for r in decided if r.decision.takes_forward]
    ideas = {i.id for i in rows.insights if i.kind is Kind.IDEA}
    pledges = Counter(
        rows.session.scalars(
            select(Commitment.kept).where(Commitment.event_id == rows.event.id, Commitment.rehearsal.is_(False))
        )
    )
    made = pledges.total()
    published = rows.event.report_first_published
    return FollowThrough(
        recommendations_by_decision=_counts(r.decision for r in decided),
        recommendations_by_horizon=_counts(r.horizon for r in recommendations),
        recommendations_taken_forward=Rate(len(forward), len(recommendations)),
        ideas_decided_rate=Rate(len(ideas & _listed(decided, sources)), len(ideas)),
        ideas_taken_forward_rate=Rate(len(ideas & _listed(forward, sources)), len(ideas)),
        pledges_by_answer=_counts(pledges.elements()),
        pledge_kept_rate=Rate(pledges[Kept.KEPT], made),
        pledge_answered_rate=Rate(made - pledges[Kept.NO_ANSWER], made),
        days_to_report=(published - rows.event.held_on).days if published else None,
    )


def _listed(recommendations: Iterable[Any], sources: Mapping[int, list[int]]) -> set[int]:
    """The insights that these recommendations name as their sources."""
    return {insight_id for recommendation in recommendations for insight_id in sources[recommendation.id]}
