"""A series: its public page, and the desk on which its places are planned."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Series
from hackathon.events.operations import take_turns_in_series
from hackathon.events.queries import event_by_code, events_in, series_by_code
from hackathon.series.document import PlaceLine
from hackathon.series.forms import AnotherPlaceForm, JoinForm, NewSeriesForm, SeriesForm
from hackathon.series.operations import (
    add_to_series,
    describe_series,
    make_series,
    plan_another_place,
    take_out,
)
from hackathon.series.queries import may_join, organised_by, place_lines, promise_in, series_for, series_of
from hackathon.staff.models import Account
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, my_name, open_to, signed_in_staff
from hackathon.web.saying import trying

bp = Blueprint("series", __name__)


@bp.get("/s/<code:series_code>")
@open_to(Door.ANYONE)
def series(series_code: str) -> ResponseReturnValue:
    """One question, and every place in which it is asked."""
    session = reading()
    series = series_by_code(session, series_code)
    if not (lines := place_lines(session, series)):
        raise NotFound
    return render_template(
        "series/series.html",
        series=series,
        lines=lines,
        promise=promise_in(session, [line.event for line in lines]),
    )


@bp.route("/desk/series/new", methods=["GET", "POST"])
@open_to(Door.SIGNED_IN)
def new() -> ResponseReturnValue:
    """Begin a series with one of my events."""
    events = {event.code: event for event in may_join(reading(), _account(reading()))}
    first = events.get(request.args.get("first", ""))
    form = NewSeriesForm.from_request(first=first and first.code, question=first and first.question)
    form.first.offer({code: event.title for code, event in events.items()})
    if form.submitted():
        try:
            with transaction() as session:
                first = _mine_to_join(session, form.first.data)
                series = make_series(session, actor=my_name(), **{**form.values, "first": first})
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".desk", series_code=series.code))
    return render_template("series/new.html", form=form, events=events)


@bp.get("/desk/s/<code:series_code>")
@open_to(Door.SIGNED_IN)
def desk(series_code: str) -> ResponseReturnValue:
    """The places of a series: of each, what I may open. Organisers of one of them change the series."""
    session = reading()
    account = _account(session)
    series, events, may_change = series_for(session, series_code, account)
    form = JoinForm.from_request()
    form.event.offer({event.code: event.title for event in may_join(session, account)})
    return render_template(
        "series/desk.html",
        series=series,
        events=events,
        organised={event.id for event in organised_by(session, account)},
        number=len(events_in(session, series)),
        may_change=may_change,
        form=form,
    )


@bp.post("/desk/s/<code:series_code>/add")
@open_to(Door.SIGNED_IN)
def add(series_code: str) -> ResponseReturnValue:
    with trying() as session:
        series = _series_to_change(session, series_code)
        event = _mine_to_join(session, request.form.get("event", ""))
        add_to_series(session, series, event=event, actor=my_name())
        flash(f"{event.title} asks the question of this series from now on.", "good")
    return redirect(url_for(".desk", series_code=series_code))


@bp.post("/desk/s/<code:series_code>/<code:event_code>/take-out")
@open_to(Door.SIGNED_IN)
def leave(series_code: str, event_code: str) -> ResponseReturnValue:
    try:
        with transaction() as session:
            series = _series_to_change(session, series_code)
            event = _my_place(session, series, event_code)
            take_out(session, series, event=event, actor=my_name())
            is_over = not events_in(session, series)
    except Refusal as refusal:
        flash(refusal.message, "problem")
        is_over = False
    else:
        flash(f"{event.title} stands by itself again. It keeps the question.", "good")
    return redirect(url_for("desk.events") if is_over else url_for(".desk", series_code=series_code))


@bp.route("/desk/s/<code:series_code>/question", methods=["GET", "POST"])
@open_to(Door.SIGNED_IN)
def details(series_code: str) -> ResponseReturnValue:
    """What the series is called and asks: changed here, it changes in every place."""
    series = _series_to_change(reading(), series_code)
    form = SeriesForm.from_request(obj=series)
    if form.submitted():
        try:
            with transaction() as session:
                series = _series_to_change(session, series_code)
                take_turns_in_series(session, *events_in(session, series))
                session.refresh(series)
                form.stay_on(obj=series)
                describe_series(session, series, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Saved, in every place.", "good")
            return redirect(url_for(".desk", series_code=series_code))
    return render_template("series/details.html", series=series, form=form, number=len(events_in(reading(), series)))


@bp.route("/desk/s/<code:series_code>/<code:event_code>/another", methods=["GET", "POST"])
@open_to(Door.SIGNED_IN)
def another(series_code: str, event_code: str) -> ResponseReturnValue:
    """Another place, planned like one that stands."""
    series = _series_to_change(reading(), series_code)
    source = _my_place(reading(), series, event_code)
    form = AnotherPlaceForm.from_request(title=source.title)
    if form.submitted():
        try:
            with transaction() as session:
                source = _my_place(session, _series_to_change(session, series_code), event_code)
                event = plan_another_place(session, source, account=_account(session), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Another place is planned, as a draft. Look through its plan, and publish it.", "good")
            return redirect(url_for("desk.plan", code=event.code))
    return render_template("series/another.html", series=series, source=source, form=form)


@bp.app_template_global()
def my_series() -> list[Series]:
    """The series whose desk whoever is signed in may open."""
    return list(series_of(reading(), _account(reading())))


@bp.app_template_global()
def place_lines_of(series: Series) -> list[PlaceLine]:
    """How places stand in each event of a series, for pages of the rooms below."""
    return place_lines(reading(), series)


@bp.app_template_global()
def other_places(event: Event) -> list[PlaceLine]:
    """The other places of an event's series. Rooms below this one know of them by this word alone."""
    lines = place_lines(reading(), event.series) if event.series is not None else []
    return [line for line in lines if line.event.id != event.id]


def _account(session: Session) -> Account:
    return account_by_id(session, signed_in_staff())


def _series_to_change(session: Session, series_code: str) -> Series:
    """The series, for organisers of one of its events; for anybody else it is not there."""
    series, _, may_change = series_for(session, series_code, _account(session))
    if not may_change:
        raise NotFound
    return series


def _my_place(session: Session, series: Series, event_code: str) -> Event:
    """One of its events, for its own organisers."""
    event = event_by_code(session, event_code)
    if event.series_id != series.id or event not in organised_by(session, _account(session)):
        raise NotFound
    return event


def _mine_to_join(session: Session, event_code: str) -> Event:
    """One of my events that is in no series."""
    event = event_by_code(session, event_code)
    if event not in may_join(session, _account(session)):
        raise NotFound
    return event
