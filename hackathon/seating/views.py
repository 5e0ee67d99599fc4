"""The desk's pages of seats: who sits where, a plan to take or leave, and moving by hand."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import Job, JobState
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code
from hackathon.maths.seating import Balance
from hackathon.participants.models import Registration
from hackathon.participants.queries import people_here
from hackathon.seating.document import Proposal, balance_in_words, company_in_words, without_mixing, words_for_staff
from hackathon.seating.forms import MoveForm, PlanForm, SwapForm
from hackathon.seating.models import Moving, SeatingRun
from hackathon.seating.operations import ask_for_plan, drop_plan, mix_tables, move_person, swap_people, undo_run
from hackathon.seating.queries import balance_now, last_run, run_by_id, sittings_of, waiting_run
from hackathon.seating.transfer import forget_plans, read_plan
from hackathon.tables.operations import fix_seat
from hackathon.tables.queries import people_to_seat, person_to_seat, person_words, seat_of, seats_of, tables_of
from hackathon.web.access import Door, may_pass, my_name, open_to
from hackathon.web.pages import desk_nav
from hackathon.web.papers import made_for_page
from hackathon.web.saying import offer_undo
from hackathon.wishes.queries import wishes_about

bp = Blueprint("seating", __name__)

PLAN = "seat-plan"


@bp.get("/desk/<code:code>/seats")
@open_to(Door.FACILITATOR)
def seats(code: str) -> ResponseReturnValue:
    """Who sits where, what it comes to, and who stands."""
    session = reading()
    event = event_by_code(session, code)
    sittings, tables = sittings_of(session, event), tables_of(session, event)
    mixed = last_run(session, event, by_the_mixer=True)
    return _page(
        "seating/seats.html",
        event,
        tables=tables,
        company=company_in_words(tables, {table.id: table.taken for table in tables if table.taken}),
        sittings=sittings,
        balance=balance_in_words(balance_now(session, event)),
        mixed=mixed,
        without=_without(mixed) if mixed else None,
        last=last_run(session, event),
        waiting=waiting_run(session, event),
        say=_reasons_in_words(code, session, event),
    )


@bp.route("/desk/<code:code>/seats/mix", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def mix(code: str) -> ResponseReturnValue:
    """Ask for a plan. It is only a proposal."""
    session = reading()
    event = event_by_code(session, code)
    form = PlanForm.from_request(moving=Moving.EXPECTED if people_here(session, event) else Moving.EVERYBODY)
    if form.submitted():
        try:
            with transaction() as session:
                ask_for_plan(session, event_by_code(session, code), actor=_staff(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".proposal", code=code))
    return _page("seating/mix.html", event, form=form)


@bp.get("/desk/<code:code>/seats/proposal")
@open_to(Door.FACILITATOR)
def proposal(code: str) -> ResponseReturnValue:
    """The plan that waits: what it costs and brings, and who would move."""
    session = reading()
    event = event_by_code(session, code)
    if (run := waiting_run(session, event)) is None:
        return redirect(url_for(".seats", code=code))
    job = _job_of(run)
    if job.state is JobState.FAILED:
        flash(job.error or "", "problem")
        return redirect(url_for(".mix", code=code))
    if job.state is not JobState.DONE:
        return _page("seating/wait.html", event), 202, {"Refresh": "2"}
    plan, session = _plan(job), reading()
    people = {each.participant_id: each for each in people_to_seat(session, event)}
    tables = {table.id: table for table in tables_of(session, event)}
    before = {seat.participant_id: seat.table_id for seat in seats_of(session, event)}
    return _page(
        "seating/proposal.html",
        event,
        run=waiting_run(session, event),
        plan=plan,
        balance=balance_in_words(plan.mixed),
        without=without_mixing(plan.mixed, plan.without),
        people=people,
        names={person: person_words(each) for person, each in people.items()},
        tables=tables,
        company=company_in_words(list(tables.values()), plan.people_at(before)),
        say=_reasons_in_words(code, session, event),
    )


@bp.post("/desk/<code:code>/seats/proposal/take")
@open_to(Door.FACILITATOR)
def take(code: str) -> ResponseReturnValue:
    """Seat people as the plan has it that was on the page."""
    session = reading()
    run = waiting_run(session, event_by_code(session, code))
    if run is None or run.key != request.form.get("plan") or (job := _job_of(run)).state is not JobState.DONE:
        flash("Somebody has taken this plan or asked for another one. Look at it first.", "problem")
        return redirect(url_for(".proposal", code=code))
    run_id, plan = run.id, _plan(job)

    def do(session: Session, event: Event) -> None:
        left = len(mix_tables(session, run_by_id(session, event, run_id), plan, actor=_staff()))
        still = f" {left} had moved or found no chair meanwhile: look at their seats." if left else ""
        offer_undo(f"People are seated as planned.{still}", url_for(".undo", code=code, run=run_id))

    answer = _change(code, do)
    _forget_files(code)
    return answer


@bp.post("/desk/<code:code>/seats/proposal/drop")
@open_to(Door.FACILITATOR)
def drop(code: str) -> ResponseReturnValue:
    answer = _change(code, drop_plan)
    _forget_files(code)
    return answer


@bp.post("/desk/<code:code>/seats/undo/<int(max=999999999):run>")
@open_to(Door.FACILITATOR)
def undo(code: str, run: int) -> ResponseReturnValue:
    """Back to how people sat before a change: at once, or hours later."""

    def do(session: Session, event: Event) -> None:
        left = len(undo_run(session, run_by_id(session, event, run), actor=_staff()))
        still = f" {left} found no chair there any more." if left else ""
        flash(f"The change is taken back.{still}", "good")

    return _change(code, do)


@bp.get("/desk/<code:code>/seats/<int(max=999999999):person>")
@open_to(Door.FACILITATOR)
def person(code: str, person: int) -> ResponseReturnValue:
    """One person's seat: why it is theirs, and how to change it."""
    session = reading()
    event = event_by_code(session, code)
    registration = person_to_seat(session, event, person)
    seat = seat_of(session, registration.participant)
    sitting = next(
        each
        for table in sittings_of(session, event).values()
        for each in table
        if each.registration.participant_id == person
    )
    return _page(
        "seating/person.html",
        event,
        registration=registration,
        seat=seat,
        reasons=_reasons_in_words(code, session, event)(sitting.reasons),
        move=_move_form(session, event, registration),
        swap=_swap_form(session, event, registration),
        wishes=wishes_about(session, registration.participant),
    )


@bp.post("/desk/<code:code>/seats/<int(max=999999999):person>/move")
@open_to(Door.FACILITATOR)
def move(code: str, person: int) -> ResponseReturnValue:
    def do(session: Session, event: Event) -> None:
        registration = person_to_seat(session, event, person)
        form = _move_form(session, event, registration)
        run = move_person(session, registration, actor=_staff(), **form.values)
        table = seat_of(session, registration.participant)
        words = f"{registration.participant.name} sits at table {table.table.number if table else ''} and stays there."
        offer_undo(words, url_for(".undo", code=code, run=run.id))

    return _change(code, do, otherwise=url_for(".person", code=code, person=person))


@bp.post("/desk/<code:code>/seats/<int(max=999999999):person>/swap")
@open_to(Door.FACILITATOR)
def swap(code: str, person: int) -> ResponseReturnValue:
    def do(session: Session, event: Event) -> None:
        registration = person_to_seat(session, event, person)
        form = _swap_form(session, event, registration)
        run = swap_people(session, registration, actor=_staff(), **form.values)
        other = form.values["other"].participant.name
        words = f"{registration.participant.name} and {other} have changed places and stay there."
        offer_undo(words, url_for(".undo", code=code, run=run.id))

    return _change(code, do, otherwise=url_for(".person", code=code, person=person))


@bp.post("/desk/<code:code>/seats/<int(max=999999999):person>/keep")
@open_to(Door.FACILITATOR)
def keep(code: str, person: int) -> ResponseReturnValue:
    """Keep somebody where they sit, or let them be moved again."""
    fixed = request.form.get("keep") == "yes"

    def do(session: Session, event: Event) -> None:
        registration = person_to_seat(session, event, person)
        if (seat := seat_of(session, registration.participant)) is not None:
            fix_seat(session, seat, fixed=fixed, actor=_staff())

    _change(code, do)
    return redirect(url_for(".person", code=code, person=person))


def _page(template: str, event: Event, **values: object) -> str:
    return render_template(template, event=event, desk_nav=desk_nav(event, "seats"), **values)


def _change(code: str, do: Callable[[Session, Event], object], *, otherwise: str | None = None) -> ResponseReturnValue:
    """Do it and go on to the seats; where a rule says no, say so and go back."""
    try:
        with transaction() as session:
            do(session, event_by_code(session, code))
    except Refusal as refusal:
        flash(refusal.message, "problem")
        return redirect(otherwise or url_for(".seats", code=code))
    return redirect(url_for(".seats", code=code))


def _reasons_in_words(code: str, session: Session, event: Event) -> Callable[..., list[tuple[str, bool]]]:
    names = {each.participant_id: each.participant.name for each in people_to_seat(session, event)}
    sees_needs = may_pass(Door.ACCESS_LEAD, code)
    return lambda reasons: list(words_for_staff(reasons, names, sees_needs=sees_needs))


def _without(run: SeatingRun) -> str:
    return without_mixing(Balance(**run.figures["mixed"]), Balance(**run.figures["without"]))


def _job_of(run: SeatingRun) -> Job:
    return made_for_page(PLAN, run.key, run.event_id)


def _plan(job: Job) -> Proposal:
    return read_plan(job, current_app.extensions["settings"].papers)


def _forget_files(code: str) -> None:
    """Once nobody waits for a plan any more. Where it could not be taken, the page makes it anew."""
    session = reading()
    forget_plans(session, PLAN, event_by_code(session, code).id, current_app.extensions["settings"].papers)


def _move_form(session: Session, event: Event, registration: Registration) -> MoveForm:
    seat = seat_of(session, registration.participant)
    here = seat.table_id if seat else None
    return MoveForm.among([each for each in tables_of(session, event) if not each.is_full and each.id != here])


def _swap_form(session: Session, event: Event, registration: Registration) -> SwapForm:
    others = [each for each in people_to_seat(session, event) if each.id != registration.id]
    return SwapForm.among(sorted(others, key=lambda each: person_words(each).casefold()))


def _staff() -> str:
    return my_name()
