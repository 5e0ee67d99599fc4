"""Brings a whole event in, all or nothing."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy.orm import Session

from hackathon.archive.document import OTHER, EventFolder, InsightRow, RegistrationRow
from hackathon.cards.models import Card, CardState
from hackathon.commitments.models import Commitment
from hackathon.core.clock import moment_at
from hackathon.events.models import Event, Stage
from hackathon.events.operations import add_member, create_event, free_code, record
from hackathon.events.queries import event_by_slug
from hackathon.follow_up.models import Recommendation, RecommendationSource
from hackathon.framing.models import DeclaredBase, OutsideCall, Promise
from hackathon.insights.models import (
    AuthorRole,
    Comment,
    Identity,
    Insight,
    LastNumber,
    ReplyPromise,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from hackathon.packs.document import PackOnDisk
from hackathon.packs.operations import freeze_pack
from hackathon.participants.models import Answer, Participant, Places, Registration, RegistrationState
from hackathon.staff.models import Role
from hackathon.staff.operations import find_or_add_account
from hackathon.synthesis.models import Coder, Coding, Likeness
from hackathon.tables.models import Seat, Table
from hackathon.themes.models import Theme, ThemeChoice
from hackathon.themes.operations import add_theme
from hackathon.votes.models import Ballot, Rating, Round, Statement

LOADER, ARCHIVE = "the loader", "the archive"
"""Who made the event, and who typed in its cards, as far as the log and the lists of cards know."""
CODERS = {"a": "First coder", "b": "Second coder"}
"""What the pair is called where the file has no names for them."""


def load_event(
    session: Session, found: EventFolder, pack: PackOnDisk, *, is_sample: bool = False
) -> tuple[Event, bool]:
    """Make the event that a folder describes, and say whether it is new. One that is there already stays as it is."""
    about = found.about
    if (held := event_by_slug(session, about.event.id)) is not None:
        return held, False
    organiser = find_or_add_account(session, email=about.crew.organiser, name=_name_in(about.crew.organiser))
    event = create_event(
        session,
        title=about.event.title,
        question=about.question.text,
        held_on=about.event.date,
        starts=about.event.starts,
        ends=about.event.ends,
        timezone=about.event.timezone,
        venue=about.event.venue,
        expected_people=about.registration.places if about.registration else max(1, len(found.registrations)),
        actor=LOADER,
        slug=about.event.id,
        tested_with=about.question.tested_with,
        scope_in=about.scope.inside,
        scope_out=about.scope.outside,
        online=about.event.online,
        language=about.event.language,
        contact_name=organiser.name,
        contact_email=organiser.email,
        stage=Stage.AFTER if found.insights else Stage.BEFORE,
        is_sample=is_sample,
        report_first_published=about.report.first_published,
        figures_frozen_at=about.report.figures_frozen_at,
        closes_after=None,  # nobody whose event is loaded was told of a day
    )
    freeze_pack(session, event, pack, actor=LOADER)
    themes = {
        theme.id: add_theme(session, event, key=theme.id, title=theme.title, prompt=theme.prompt, actor=LOADER)
        for theme in pack.manifest.themes
    }
    loading = _Loading(session, event, found, themes)
    loading.crew()
    loading.framing()
    loading.people()
    loading.survey()
    loading.insights()
    loading.synthesis()
    loading.vote()
    loading.follow_up()
    session.flush()
    record(session, event, "event.loaded", actor=LOADER, insights=len(found.insights))
    return event, True


@dataclass
class _Loading:
    """One event on its way in: what was made so far, by the names that files call it."""

    session: Session
    event: Event
    found: EventFolder
    themes: Mapping[str, Theme]
    tables: dict[int, Table] = field(default_factory=dict)
    participants: dict[str, Participant] = field(default_factory=dict)
    by_client_id: dict[str, Insight] = field(default_factory=dict)

    def crew(self) -> None:
        crew = self.found.about.crew
        roles = (
            (Role.ORGANISER, [crew.organiser]),
            (Role.FACILITATOR, crew.facilitators),
            (Role.COMMUNITY_MANAGER, crew.community_managers),
        )
        for role, addresses in roles:
            for email in addresses:
                account = find_or_add_account(self.session, email=email, name=_name_in(email))
                add_member(self.session, self.event, account, role, actor=LOADER)

    def framing(self) -> None:
        about = self.found.about
        sponsor, base, call = about.sponsor, about.eligible, about.outside
        self.session.add(
            Promise(
                event=self.event,
                sponsor_name=sponsor.name,
                sponsor_role=sponsor.role,
                words=sponsor.promise,
                made_on=sponsor.promise_made_on,
                owner_name=sponsor.follow_through_owner,
            )
        )
        if base is not None:
            self.session.add(DeclaredBase(event=self.event, **base.model_dump()))
        if call is not None:
            self.session.add(OutsideCall(event=self.event, **call.model_dump()))
        if (promised := about.replies) is not None:
            self.session.add(
                ReplyPromise(
                    event=self.event,
                    kind=promised.needing_reply,
                    within_hours=promised.promised_within_hours,
                    staffed=[[span.since.isoformat(), span.to.isoformat()] for span in promised.staffed],
                )
            )

    def people(self) -> None:
        about = self.found.about
        for part in about.table:
            self.tables[part.number] = Table(
                event=self.event,
                number=part.number,
                code=free_code(self.session),
                seats=part.seats,
                taken=0,
                theme=self.themes.get(part.theme),
            )
        self.session.add_all(self.tables.values())
        for row in self.found.registrations:
            self._register(row)
        confirmed = sum(
            row.status is RegistrationState.CONFIRMED and row.attending.value == "in_room"
            for row in self.found.registrations
        )
        if (rule := about.registration) is not None:
            self.session.add(
                Places(
                    event=self.event,
                    chairs=rule.places,
                    oversell=math.ceil(100 * rule.oversell_places / rule.places),
                    capacity=max(rule.places + rule.oversell_places, confirmed),
                    taken=confirmed,
                    cut_off=rule.cut_off,
                    cut_off_for=self.event.held_on,
                )
            )

    def _register(self, row: RegistrationRow) -> None:
        participant = self._known(
            row.email or f"no address: {row.name}",
            email=row.email or None,
            name=row.name,
            organisation=row.organisation,
            sector=row.sector,
            job_role=row.job_role,
        )
        opened = self.found.about.outside.survey_opened if self.found.about.outside else None
        registration = Registration(
            event=self.event,
            participant=participant,
            attending=row.attending.place,
            state=row.status,
            checked_in_at=row.checked_in_at,
            registered_at=moment_at(opened, self.event.starts, self.event.timezone) if opened else self.event.starts_at,
        )
        self.session.add(registration)
        for question, words in row.answers.items():
            self.session.add(Answer(registration=registration, question=question, words=words))
        for rank, key in enumerate(dict.fromkeys(row.choices), 1):
            self.session.add(ThemeChoice(participant=participant, theme=self.themes[key], rank=rank))
        if row.table is not None:
            table = self.tables[row.table]
            table.taken += 1
            self.session.add(
                Seat(table=table, participant=participant, taken_at=row.checked_in_at or self.event.starts_at)
            )

    def _known(self, key: str, *, email: str | None, **columns: str) -> Participant:
        """The participant behind an address, made when the address is new."""
        key = key.strip().casefold()
        if key not in self.participants:
            email_key = email.casefold() if email else None
            self.participants[key] = Participant(event=self.event, email=email, email_key=email_key, **columns)
            self.session.add(self.participants[key])
        return self.participants[key]

    def _author(self, email: str) -> Participant | None:
        if not email:
            return None
        return self._known(email, email=email, name=self.survey_names.get(email.casefold(), ""))

    @cached_property
    def survey_names(self) -> Mapping[str, str]:
        """What people who answered the survey are called: some of them wrote again on the day."""
        return {row.email.casefold(): row.name for row in self.found.survey if row.email}

    def survey(self) -> None:
        questions = [
            SurveyQuestion(event=self.event, number=number, text=text)
            for number, text in enumerate(self.found.survey_questions, 1)
        ]
        self.session.add_all(questions)
        for row in self.found.survey:
            response = SurveyResponse(
                event=self.event,
                respondent=row.respondent,
                email_key=row.email.casefold() or None,
                describes=row.describes,
                finished_at=row.finished_at,
            )
            self.session.add(response)
            for question, text in zip(questions, row.answers, strict=True):
                if text:
                    self.session.add(SurveyAnswer(response=response, question=question, text=text))

    def insights(self) -> None:
        arrived = itertools.accumulate((row.captured_at for row in self.found.insights), max)
        for (number, row), received_at in zip(enumerate(self.found.insights, 1), arrived, strict=True):
            self.by_client_id[row.client_id] = self._insight(number, row)
            self.by_client_id[row.client_id].received_at = received_at
        self.session.add_all(self.by_client_id.values())
        self._cards()
        self.session.add(LastNumber(event_id=self.event.id, number=len(self.found.insights)))
        managers = set(self.found.about.crew.community_managers)
        for comment in self.found.comments:
            manages = comment.author_role is AuthorRole.COMMUNITY_MANAGER
            self.session.add(
                Comment(
                    event=self.event,
                    insight=self.by_client_id[comment.client_id],
                    client_id=comment.comment_id,
                    text=comment.text,
                    place=comment.place,
                    author=None if manages else self._author(comment.author_email),
                    author_role=comment.author_role,
                    author_name=_name_in(comment.author_email) if comment.author_email in managers else "",
                    written_at=comment.written_at,
                )
            )

    def _insight(self, number: int, row: InsightRow) -> Insight:
        anonymous = row.identity is Identity.ANONYMOUS
        return Insight(
            event=self.event,
            number=number,
            client_id=row.client_id,
            text=row.text,
            kind=row.kind,
            phase=row.phase,
            place=row.place,
            table=self.tables.get(row.table or 0),
            theme=self.themes.get(row.theme),
            identity=row.identity,
            author=None if anonymous else self._author(row.author_email),
            author_name="" if anonymous else row.said_by,
            source=row.source,
            card_number=row.card.plain if row.card else None,
            captured_at=row.captured_at,
            uncounted=row.uncounted,
        )

    def _cards(self) -> None:
        """What came on numbered cards is typed in: a scribe sees which are missing, and enters none of them again."""
        for row in self.found.insights:
            if (number := row.card) is not None:
                insight = self.by_client_id[row.client_id]
                self.session.add(
                    Card(
                        event=self.event,
                        table=self.tables[number.table],
                        number=number.card,
                        state=CardState.TYPED,
                        insight=insight,
                        entered_by=ARCHIVE,
                        entered_at=insight.received_at,
                    )
                )

    def synthesis(self) -> None:
        if self.found.coding:
            pair = self.found.about.crew.theming_pair
            coders = [
                Coder(event=self.event, letter=letter, name=usual if named in (None, f"coder_{letter}") else named)
                for (letter, usual), named in itertools.zip_longest(CODERS.items(), pair[:2])
            ]
            self.session.add_all(coders)
            for row in self.found.coding:
                for coder, key in zip(coders, (row.coder_a, row.coder_b), strict=True):
                    if key:
                        self.session.add(self._coding(coder, row.client_id, key))
        for alike in self.found.likenesses:
            first, second = self.by_client_id[alike.id_a], self.by_client_id[alike.id_b]
            self.session.add(Likeness(first=first, second=second, grade=alike.grade))

    def _coding(self, coder: Coder, client_id: str, key: str) -> Coding:
        insight = self.by_client_id[client_id]
        theme = None if key == OTHER else self.themes[key]
        return Coding(coder=coder, insight=insight, theme=theme, coded_at=insight.received_at)

    def vote(self) -> None:
        if not self.found.statements:
            return
        cast = [row.cast_at for row in self.found.ratings if row.cast_at]
        self.session.add(
            Round(
                event=self.event,
                # A vote that was all on paper has no times of its own; it was held on the day.
                opened_at=min(cast, default=self.event.starts_at),
                closed_at=max(cast, default=self.event.ends_at),
                **self.found.about.vote.model_dump(),
            )
        )
        statements = {
            row.statement: Statement(event=self.event, number=row.statement, text=row.text)
            for row in self.found.statements
        }
        self.session.add_all(statements.values())
        ballots: dict[str, Ballot] = {}
        for row in self.found.ratings:
            if row.ballot not in ballots:
                ballots[row.ballot] = Ballot(
                    event=self.event, code=row.ballot, channel=row.channel, place=row.place, cast_at=row.cast_at
                )
            marked = {"mark": row.rating, "dots": row.dots or None, "rank": row.rank}
            self.session.add(Rating(ballot=ballots[row.ballot], statement=statements[row.statement], **marked))

    def follow_up(self) -> None:
        for row in self.found.recommendations:
            recommendation = Recommendation(
                event=self.event,
                number=row.number,
                text=row.text,
                because=row.because,
                owner_role=row.owner_role,
                first_step=row.first_step,
                horizon=row.horizon,
                decision=row.decision,
                reason=row.reason,
            )
            self.session.add(recommendation)
            for client_id in row.sources:
                insight = self.by_client_id[client_id]
                self.session.add(RecommendationSource(recommendation=recommendation, insight=insight))
        for pledge in self.found.commitments:
            self.session.add(
                Commitment(
                    event=self.event,
                    number=pledge.number,
                    text=pledge.text,
                    remind_on=pledge.remind_on,
                    kept=pledge.kept,
                    may_print=pledge.may_print == "yes",
                )
            )


def _name_in(email: str) -> str:
    """jo.castellan@example.org is Jo Castellan, until somebody says better."""
    return " ".join(part.capitalize() for part in email.partition("@")[0].replace("_", ".").split("."))
