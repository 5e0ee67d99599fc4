"""What is left to plan."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hackathon.core.clock import short_date
from hackathon.duty.queries import reply_promise_of
from hackathon.equality.queries import asks_about_equality
from hackathon.events.models import Event, Stage
from hackathon.events.queries import members_of
from hackathon.framing.models import Promise
from hackathon.framing.queries import base_of, outside_call_of, promise_of, tried_on
from hackathon.handouts.queries import inserts_of
from hackathon.moderation.queries import care_leads_of
from hackathon.needs.queries import asks_for_nobody
from hackathon.packs.queries import frozen_pack_of
from hackathon.participants.queries import places_of, questions_asked
from hackathon.tables.queries import rooms_of, tables_of
from hackathon.themes.queries import question_unlike_themes, themes_of

ENOUGH_TESTERS = 5
THE_DAY = "The day and after"


class Need(enum.Enum):
    """How a task of the plan stands."""

    DONE = "done"
    TODO = "todo"
    NEEDED = "needed"
    LATER = "later"
    OVER = "over"

    @property
    def words(self) -> str:
        return NEED_WORDS[self]


OPEN = (Need.TODO, Need.NEEDED)


NEED_WORDS = {
    Need.DONE: "Done",
    Need.TODO: "Still to do",
    Need.NEEDED: "Needed before publishing",
    Need.LATER: "Later",
    Need.OVER: "Over",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the plan; `page` is the view where it is done."""

    title: str
    hint: str
    page: str
    need: Need


def first_tasks(session: Session, event: Event) -> list[Task]:
    """What an organiser looks at before anybody is asked for their time."""
    tables, rooms = tables_of(session, event), rooms_of(session, event)
    places, asked = places_of(session, event), len(questions_asked(session, event))
    seats = sum(table.seats for table in tables)
    laid = f"{len(tables)} {'table' if len(tables) == 1 else 'tables'}, {seats} {'seat' if seats == 1 else 'seats'}"
    there = [laid, *(room.name for room in rooms)]
    return [
        _question(event, tried_on(session, event)),
        Task("The room", ", ".join(there), "tables.desk", _done_if(bool(tables))),
        Task(
            "Registration",
            f"{places.capacity} places, then a waiting list" if places else "No limit to places",
            "participants.places",
            _done_if(places is not None),
        ),
        Task(
            "The privacy notice",
            f"{asked} question{'' if asked == 1 else 's'} asked",
            "handouts.notice",
            Need.DONE if frozen_pack_of(session, event) else Need.TODO,
        ),
    ]


def count_open(session: Session, event: Event) -> int:
    """How many steps of the plan are still to do."""
    tasks = [*first_tasks(session, event), *(task for tasks in tasks_of(session, event).values() for task in tasks)]
    return sum(task.need in OPEN for task in tasks)


def _question(event: Event, tried: int) -> Task:
    """Trying ends with publishing: what was not tried by then cannot be any more."""
    if tried >= ENOUGH_TESTERS:
        hint, need = f"Tried on {tried} people", Need.DONE
    elif not event.is_published:
        hint, need = f"Tried on {tried} of {ENOUGH_TESTERS} people", Need.TODO
    elif tried:
        hint, need = f"It was published when it had been tried on {tried} of {ENOUGH_TESTERS} people", Need.OVER
    else:
        hint, need = "It was published without being tried", Need.OVER
    return Task("The question", hint, "framing.question", need)


def tasks_of(session: Session, event: Event) -> dict[str, list[Task]]:
    """What else there is to plan, under the headings of the plan."""
    return {
        "The promise, and who could come": list(_promise_and_base(session, event)),
        "People and pack": list(_people_and_pack(session, event)),
        THE_DAY: list(_day(event)),
    }


def _promise_and_base(session: Session, event: Event) -> Iterator[Task]:
    promise, base = promise_of(session, event), base_of(session, event)
    call = outside_call_of(session, event)
    yield Task(
        "Title, date and place",
        f"{short_date(event.held_on)}, {event.venue or 'online'}",
        "events.details",
        _done_if(bool(event.contact_email)),
    )
    yield Task(
        "The sponsor’s promise, and who sees it through",
        f"Follow-through owner: {promise.owner_name if promise and promise.owner_name else 'nobody yet'}",
        "framing.promise",
        _need_of(promise),
    )
    yield Task(
        "How many people could take part",
        f"{base.total:,} people" if base else "Those expected in the room, unless you say otherwise",
        "framing.base",
        _done_if(base is not None),
    )
    yield Task(
        "The invitation to people outside",
        f"{call.invited:,} invited" if call else "How many were invited, and when their survey was open",
        "framing.outside",
        _done_if(call is not None),
    )


def _need_of(promise: Promise | None) -> Need:
    """Publishing waits for names. The sponsor's words are owed too, but take their time."""
    if promise is None or not (promise.owner_name and promise.sponsor_name):
        return Need.NEEDED
    return _done_if(bool(promise.words))


def _people_and_pack(session: Session, event: Event) -> Iterator[Task]:
    themes, members = themes_of(session, event), members_of(session, event)
    helpers = len({member.account_id for member in members})
    pack = frozen_pack_of(session, event)
    unread = asks_for_nobody(session, event)
    so_far = f"{helpers} people so far" if helpers > 1 else "Only one person so far"
    yield Task(
        "Who helps",
        f"{so_far}. No access lead is named, so nobody reads access needs yet" if unread else so_far,
        "events.people",
        _done_if(helpers > 1 and not unread),
    )
    yield from _care(session, event)
    unfit = question_unlike_themes(session, event)
    yield Task(
        "Themes",
        "They came with the pack’s question: look at them once with yours"
        if unfit
        else ", ".join(theme.title for theme in themes),
        "themes.themes",
        _done_if(bool(themes) and not unfit),
    )
    asked = len(questions_asked(session, event))
    yield Task(
        "What people are asked when they register",
        f"{asked} question{'' if asked == 1 else 's'}, each with why, for whom and until when",
        "questions.questions",
        Need.DONE,
    )
    if asks_about_equality(session, event):
        yield Task("Who is reached", "A form without names, counted from the day on", "equality.counts", Need.LATER)
    yield Task(
        "Your own words in the pack",
        f"{pack.manifest['pack']['title']}, version {pack.version}" if pack else "No pack yet",
        "handouts.desk",
        _done_if(any(inserts_of(session, event).values())),
    )
    yield Task(
        "What is kept, until when",
        "What is known of people, when it goes, and proof that it went",
        "privacy.desk",
        Need.LATER,
    )


def _care(session: Session, event: Event) -> Iterator[Task]:
    promise, leads = reply_promise_of(session, event), care_leads_of(session, event)
    when = "Before they are shown" if event.is_read_first else "After they are shown"
    named = ", ".join(lead.name for lead in leads)
    yield Task(
        "Who reads the words, and when",
        f"{when}. The care lead, who alone reads what tells of harm: {named or 'nobody yet'}",
        "moderation.moderation",
        _done_if(bool(leads)),
    )
    yield Task(
        "The promise to answer",
        f"Within {promise.within_hours} hours in which somebody is on duty" if promise else "Nothing yet",
        "duty.replies",
        _done_if(promise is not None),
    )


def _day(event: Event) -> Iterator[Task]:
    yield Task(
        "Where the event is now",
        event.stage.words,
        "stages.stage",
        Need.LATER if event.stage is Stage.DRAFT else _done_if(event.stage is Stage.AFTER),
    )
    published = event.report_first_published
    yield Task(
        "Figures and report",
        f"Report first published on {short_date(published)}"
        if published
        else "Freeze the figures, so that they stay, and date the report",
        "events.report",
        Need.DONE if published else Need.LATER,
    )
    on = event.closes_on
    yield Task(
        "Closing the event",
        "Closed: its people are forgotten"
        if event.is_closed
        else f"On {short_date(on)}, when its people are forgotten"
        if on
        else "No day is set on which its people are forgotten",
        "closing.plan",
        Need.DONE if event.is_closed else Need.LATER,
    )


def _done_if(done: bool) -> Need:
    return Need.DONE if done else Need.TODO
