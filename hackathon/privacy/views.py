"""One's own copy, erasing oneself, and the desk's page on what is kept until when."""

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import forget_files
from hackathon.core.clock import now
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound
from hackathon.events.queries import event_by_code, published_event
from hackathon.participants.messages import send_places
from hackathon.participants.models import Participant
from hackathon.participants.queries import moved_between, participant_in, questions_of, registration_of
from hackathon.privacy.document import FOR_TAKING_PART, place_in_words
from hackathon.privacy.forms import EraseForm
from hackathon.privacy.operations import erase_person
from hackathon.privacy.queries import (
    certificate_by_reference,
    certificates_of,
    check_log,
    own_copy,
    retention_of,
)
from hackathon.web.access import Door, forget_everything, open_to, participant_token
from hackathon.web.pages import desk_nav
from hackathon.web.settings import our_address

bp = Blueprint("privacy", __name__)


@bp.get("/e/<code:code>/me/copy")
@open_to(Door.PARTICIPANT)
def copy(code: str) -> ResponseReturnValue:
    """Everything that is kept under my name."""
    session = reading()
    participant = _me(session, code)
    event, copy = participant.event, own_copy(session, participant)
    answers = copy["place"]["answers"] if copy["place"] else {}
    return render_template(
        "privacy/copy.html",
        event=event,
        copy=copy,
        place=place_in_words(copy, event.timezone) if copy["place"] else [],
        answers=[(q.label, answers[q.key].capitalize()) for q in questions_of(session, event) if q.key in answers],
        kept=FOR_TAKING_PART,
    )


@bp.get("/e/<code:code>/me/copy.json")
@open_to(Door.PARTICIPANT)
def copy_file(code: str) -> Response:
    """The same as a file to take along."""
    answer = jsonify(own_copy(reading(), _me(reading(), code)))
    answer.headers["Content-Disposition"] = "attachment; filename=my-copy.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.route("/e/<code:code>/me/erase", methods=["GET", "POST"])
@open_to(Door.PARTICIPANT)
def erase(code: str) -> ResponseReturnValue:
    """Erase me, with one question before it and a certificate after it."""
    participant = _me(reading(), code)
    form = EraseForm.from_request()
    if form.submitted():
        with transaction() as session:
            person = _me(session, code)
            erased = erase_person(session, person, at=now(), **form.values)
            forget_files(session, erased.certificate.event_id, current_app.extensions["settings"].papers)
            send_places(session, erased.lucky, address=our_address())
            reference = erased.certificate.reference
        forget_everything()
        return redirect(url_for(".certificate", code=code, reference=reference))
    registration = registration_of(reading(), participant)
    return render_template(
        "privacy/erase.html",
        event=participant.event,
        form=form,
        moved=moved_between(reading(), registration) if registration else [],
    )


@bp.get("/e/<code:code>/erased/<reference>")
@open_to(Door.ANYONE)
def certificate(code: str, reference: str) -> ResponseReturnValue:
    """The proof that somebody was erased, for whoever holds its reference. It does not say who."""
    event = published_event(reading(), code)
    if (found := certificate_by_reference(reading(), event, reference)) is None:
        raise NotFound
    return render_template("privacy/certificate.html", event=event, certificate=found)


@bp.get("/desk/<code:code>/plan/privacy")
@open_to(Door.ORGANISER)
def desk(code: str) -> ResponseReturnValue:
    """The data map, what was deleted when its day came, who asked to be erased, and whether the log is whole."""
    session = reading()
    event = event_by_code(session, code)
    return render_template(
        "privacy/desk.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        kept=FOR_TAKING_PART,
        retention=retention_of(session, event),
        certificates=certificates_of(session, event),
        log=check_log(session, event) if "check" in request.args else None,
    )


def _me(session: Session, code: str) -> Participant:
    return participant_in(session, published_event(session, code), participant_token(code))
