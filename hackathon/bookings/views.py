"""Registering, one's own link, saying things anew, and the buttons behind the links of a letter."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.bookings.forms import ChangeForm, GroupForm, InvitedForm, RegisterForm, SeriesForm
from hackathon.bookings.operations import (
    change_registration,
    register_group,
    register_in_series,
    register_invited,
    take_offer,
)
from hackathon.bookings.queries import asked_everywhere
from hackathon.core.clock import short_date
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.equality.queries import asks_about_equality
from hackathon.events.models import Stage
from hackathon.events.operations import SOMEONE
from hackathon.events.queries import published_event, published_in, published_series
from hackathon.invitations.queries import invitee_by_token
from hackathon.participants.messages import send_place, send_places
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import Welcome, give_up_place, register
from hackathon.participants.queries import (
    answers_of_registration,
    companions_of,
    participant_by_token,
    participant_in,
    places_of,
    questions_asked,
    registration_behind,
    registration_of,
)
from hackathon.web.access import Door, forget_everything, open_to, participant_token, remember_participant
from hackathon.web.limits import slow_registering
from hackathon.web.settings import our_settings

bp = Blueprint("bookings", __name__)

GAVE_PLACE_UP = "Your place is given up. Thank you for telling us: somebody else can have it."
LEFT_THE_LINE = "You do not wait any more. Thank you for telling us."
NEW_LINK = "new link"


@bp.route("/e/<code:code>/register", methods=["GET", "POST"], endpoint="register")
@open_to(Door.ANYONE)
def register_here(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    form = RegisterForm.asking(questions_asked(session, event))
    if form.submitted():
        slow_registering(event.id, form.email.data)
        try:
            with transaction() as session:
                welcome = register(session, event, **form.values)
                send_place(session, welcome.registration, address=our_settings().address)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _welcomed(code, welcome)
    return render_template("bookings/register.html", event=event, form=form, places=places_of(session, event))


@bp.route("/s/<code:series_code>/register", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def register_somewhere(series_code: str) -> ResponseReturnValue:
    """The same for all places of a series on one page, where the place is asked first."""
    session = reading()
    series = published_series(session, series_code)
    places = {event.code: event for event in published_in(session, series) if event.stage is not Stage.AFTER}
    if not places:
        return redirect(url_for("series.series", series_code=series.code))
    form = SeriesForm.asking(asked_everywhere(session, [*places.values()]), dated=False, place=request.args.get("at"))
    form.place.offer(
        {code: f"{event.venue or event.title}, {short_date(event.held_on)}" for code, event in places.items()}
    )
    if form.submitted():
        slow_registering(places[form.place.data].id, form.email.data)
        try:
            with transaction() as session:
                series, there = published_series(session, series_code), published_event(session, form.place.data)
                welcome = register_in_series(session, series, **{**form.values, "place": there})
                send_place(session, welcome.registration, address=our_settings().address)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _welcomed(there.code, welcome)
    return render_template("bookings/register_somewhere.html", series=series, form=form)


@bp.route("/i/<token>/register", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def invited(token: str) -> ResponseReturnValue:
    """The same by the link of an invitation: it fills in what the list says, and is good for one."""
    session = reading()
    invitee = invitee_by_token(session, token)
    if invitee.spent_at is not None:
        return redirect(url_for("invitations.invitation", token=token))
    event = invitee.event
    form = InvitedForm.asking(questions_asked(session, event), name=invitee.name, email=invitee.email)
    if form.submitted():
        slow_registering(event.id, form.email.data)
        try:
            with transaction() as session:
                welcome = register_invited(session, invitee_by_token(session, token), **form.values)
                send_place(session, welcome.registration, address=our_settings().address)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _welcomed(event.code, welcome)
    return render_template("bookings/register.html", event=event, form=form, places=places_of(reading(), event))


@bp.get("/e/<code:code>/registered")
@open_to(Door.ANYONE)
def registered(code: str) -> ResponseReturnValue:
    """The same words for everybody, so that nobody learns who is registered already."""
    event = published_event(reading(), code)
    links = get_flashed_messages(category_filter=[NEW_LINK])
    return render_template(
        "bookings/registered.html",
        asks_about_equality=asks_about_equality(reading(), event),
        event=event,
        places=places_of(reading(), event),
        link=links[0] if links else None,
        address=our_settings().address,
        sends_mail=bool(our_settings().smtp_url),
    )


@bp.get("/p/<token>")
@open_to(Door.ANYONE)
def personal_link(token: str) -> ResponseReturnValue:
    """Open one's own page. A mail scanner that follows the link changes nothing but its own cookie."""
    participant = participant_by_token(reading(), token)
    if not participant.event.is_published:
        raise NotFound
    remember_participant(participant.event.code, participant.token)
    return redirect(url_for("tables.me", code=participant.event.code))


@bp.post("/e/<code:code>/forget")
@open_to(Door.PARTICIPANT)
def forget(code: str) -> ResponseReturnValue:
    """This is not my phone: leave nothing of me on it, whichever event it was for."""
    forget_everything()
    flash("This phone has forgotten you. Your place and your words stay. Your own link opens them again.", "good")
    return redirect(url_for("lobby.home", code=code))


@bp.route("/e/<code:code>/register/group", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def register_others(code: str) -> ResponseReturnValue:
    """Several people by one form. Each gets a letter with a link of their own; none of the links is shown here."""
    event = published_event(reading(), code)
    form = GroupForm.from_request()
    if form.submitted():
        people = form.values["people"]
        for person in people:
            slow_registering(event.id, person.email)
        try:
            with transaction() as session:
                welcomes = register_group(session, published_event(session, code), **form.values)
                send_places(session, [welcome.registration for welcome in welcomes], address=our_settings().address)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".registered", code=code))
    places = places_of(reading(), event)
    return render_template("bookings/register_others.html", event=event, form=form, places=places)


@bp.route("/e/<code:code>/me/change", methods=["GET", "POST"])
@open_to(Door.PARTICIPANT)
def change(code: str) -> ResponseReturnValue:
    """Say anew what I said when I registered."""
    session = reading()
    event = published_event(session, code)
    registration = registration_of(session, participant_in(session, event, participant_token(code)))
    if registration is None:
        return redirect(url_for(".register", code=code))
    companion = next((each.participant.name for each in companions_of(session, registration)), "")
    form = ChangeForm.asking(
        questions_asked(session, event),
        answers_of_registration(session, registration),
        obj=registration.participant,
        attending=registration.attending,
        companion=companion,
    )
    if form.submitted():
        try:
            with transaction() as session:
                person = participant_in(session, published_event(session, code), participant_token(code))
                changed = change_registration(session, _registration_of(session, person), **form.values)
                send_places(session, changed, address=our_settings().address)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Kept as you wrote it.", "good")
            return redirect(url_for("tables.me", code=code))
    return render_template("bookings/change.html", event=event, form=form)


@bp.get('/p/<token>/<any(take, "give-up"):act>')
@open_to(Door.ANYONE)
def ask(token: str, act: str) -> ResponseReturnValue:
    """What a link in a letter opens: one button. Mail scanners open links, so opening it changes nothing."""
    registration = registration_behind(reading(), token)
    return render_template("bookings/ask.html", event=registration.event, registration=registration, act=act)


@bp.post("/p/<token>/take")
@open_to(Door.ANYONE)
def take(token: str) -> ResponseReturnValue:
    """Take the place that is kept for me."""
    try:
        with transaction() as session:
            changed = take_offer(session, registration_behind(session, token), actor=SOMEONE)
            send_places(session, changed, address=our_settings().address)
    except Refusal as refusal:
        return _to_own_page(token, refusal.message, "problem")
    return _to_own_page(token, "The place is yours.", "good")


@bp.post("/p/<token>/give-up")
@open_to(Door.ANYONE)
def give_up(token: str) -> ResponseReturnValue:
    """Give my place up, from the letter and without signing in."""
    try:
        with transaction() as session:
            registration = registration_behind(session, token)
            told = LEFT_THE_LINE if registration.state is RegistrationState.WAITING else GAVE_PLACE_UP
            changed = give_up_place(session, registration, actor=SOMEONE)
            send_places(session, changed, address=our_settings().address)
    except Refusal as refusal:
        return _to_own_page(token, refusal.message, "problem")
    return _to_own_page(token, told, "good")


def _welcomed(code: str, welcome: Welcome) -> ResponseReturnValue:
    """Without a mail server the link must be shown, but only to whoever has just made it their own."""
    if welcome.is_new and not our_settings().smtp_url:
        flash(url_for(".personal_link", token=welcome.registration.participant.token), NEW_LINK)
    return redirect(url_for(".registered", code=code))


def _to_own_page(token: str, words: str, tone: str) -> ResponseReturnValue:
    """To the page of whoever holds the link, with a word about what was done; this browser is theirs from now on."""
    participant = participant_by_token(reading(), token)
    remember_participant(participant.event.code, participant.token)
    flash(words, tone)
    return redirect(url_for("tables.me", code=participant.event.code))


def _registration_of(session: Session, participant: Participant) -> Registration:
    if (registration := registration_of(session, participant)) is None:
        raise NotFound
    return registration
