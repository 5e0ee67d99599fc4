"""What organisers decide about letters, and what readers answer to them."""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, address_key
from hackathon.addressees.document import Audience
from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.rows import put
from hackathon.dates.document import CALENDAR, Kind
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.letters.document import check_opening
from hackathon.mailings.models import LetterPlan
from hackathon.mailings.queries import obstacle_to, plan_of, still_to_write
from hackathon.participants.models import Participant, Registration
from hackathon.participants.operations import ENDS_WITH_A_PLACE

MOST_WORDS_OF_OPENING = 40
FOR_WHO_COMES = [
    kind.letter_kind
    for kind in CALENDAR
    if kind.audience in (Audience.COMING, Audience.WAITING, Audience.TOLD_OTHERWISE)
]
"""The letters that are of no use to anybody without a place."""


def word_opening(session: Session, event: Event, *, kind: Kind, opening: str, actor: str) -> LetterPlan:
    """Begin a letter with an organiser's own words; without any it begins as usual."""
    if (words := len(opening.split())) > MOST_WORDS_OF_OPENING:
        raise Refusal(f"This has {words} words. Begin with {MOST_WORDS_OF_OPENING} or fewer.", "opening")
    check_opening(opening)
    plan = _plan(session, event, kind)
    plan.opening = opening
    session.flush()
    record(session, event, "letter.worded", actor=actor, letter=kind.key)
    return plan


def let_go_by_itself(session: Session, event: Event, *, kind: Kind, automatic: bool, actor: str) -> LetterPlan:
    """Say whether a letter goes by itself on its day. A letter that somebody must read first never does."""
    if automatic and (kind.read_first or kind.days is None or not kind.is_ours):
        raise Refusal("This letter is read by somebody before it goes: send it by hand.")
    plan = _plan(session, event, kind)
    plan.automatic = automatic
    session.flush()
    record(session, event, "letter.automatic" if automatic else "letter.by_hand", actor=actor, letter=kind.key)
    return plan


def ask_to_send(
    session: Session, event: Event, *, kind: Kind, people: int, opening: str | None = None, actor: str
) -> LetterPlan:
    """Have a letter sent now to everybody who has not had it. `people` is the number that the organiser saw, `opening`
    the first words that they read, where they read any."""
    if obstacle := obstacle_to(session, event, kind, at=now()):
        raise Refusal(obstacle)
    plan = _plan(session, event, kind)
    if opening is not None and opening.split() != plan.opening.split():
        raise Refusal("Somebody has just changed how this letter begins. Read it again, then send it.")
    if (number := len(still_to_write(session, event, kind))) != people:
        raise Refusal(f"The number has changed, to {number}. Look again, then send it.")
    if not number:
        raise Refusal("There is nobody to write to who has not had it.")
    plan.asked_at = now()
    session.flush()
    record(session, event, "letter.asked_for", actor=actor, letter=kind.key, people=number)
    return plan


def finish_sending(session: Session, plan: LetterPlan, *, actor: str) -> None:
    """Everybody has been written to: whoever joins later gets the letter when somebody asks for it again."""
    plan.asked_at = None
    session.flush()
    record(session, plan.event, "letter.sent_to_all", actor=actor, letter=plan.kind)


def try_again(session: Session, event: Event, *, letter_id: int, actor: str) -> None:
    """The address is right after all: write to it as to any other from now on."""
    letter = session.get(Letter, letter_id)
    if letter is None or letter.event_id != event.id:
        raise NotFound
    same_address = (Letter.event_id == event.id, Letter.address_key == letter.address_key)
    session.execute(update(Letter).where(*same_address).values(returned_at=None, returned_code=None))
    session.flush()
    record(session, event, "letter.address_trusted", actor=actor)


def assure_coming(session: Session, registration: Registration, *, actor: str) -> Registration:
    """Somebody who was reminded is still coming. Saying so twice changes nothing more."""
    if registration.has_ended:
        raise Refusal("Your place is given up. Register again if you would like to come.")
    if registration.assured_at is None or registration.assured_at < now() - timedelta(minutes=1):
        registration.assured_at = now()
        session.flush()
        record(session, registration.event, "person.assured", actor=actor, subject_id=registration.id)
    return registration


def drop_letters_on_their_way(session: Session, participant: Participant, *, actor: str) -> None:
    """Whoever gives a place up is not asked any more whether they are still coming, and not sent to the door: what has
    not left yet stays here. Should they register again, it is written anew."""
    key = address_key(participant.event_id, participant.email or "")
    on_its_way = (Letter.event_id == participant.event_id, Letter.address_key == key, Letter.sent_at.is_(None))
    session.execute(delete(Letter).where(*on_its_way, Letter.kind.in_(FOR_WHO_COMES)))


ENDS_WITH_A_PLACE.append(drop_letters_on_their_way)


def _plan(session: Session, event: Event, kind: Kind) -> LetterPlan:
    """The plan of one letter, made when somebody first decides about it. Two at once decide one after the other."""
    row = {"event_id": event.id, "kind": kind.key, "opening": "", "automatic": False, "asked_at": None}
    put(session, LetterPlan, [row], key=("event_id", "kind"))
    plan = plan_of(session, event, kind, lock=True)
    if plan is None:
        raise NotFound
    return plan
