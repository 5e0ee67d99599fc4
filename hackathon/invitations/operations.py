"""Taking lists in, and what people do behind the link of their invitation."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hackathon.adapters.lists import ReadList
from hackathon.adapters.mail import address_key
from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.core.rows import put
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.framing.models import DeclaredBase
from hackathon.framing.operations import declare_base
from hackathon.invitations.document import Column
from hackathon.invitations.models import InvitationList, Invitee, ListDraft
from hackathon.invitations.queries import invitations_to, list_leaning_on, look_at, standings_of
from hackathon.participants.models import Participant

DRAFT_KEPT, NAMES_KEPT = timedelta(days=1), timedelta(weeks=6)
USED = "This invitation has been used. Whoever used it has a letter with their own link."


def keep_draft(session: Session, event: Event, *, file: ReadList, name: str) -> ListDraft:
    """Keep what stood in a file for whoever looks at it next, and not longer than a day."""
    if not file.rows:
        raise Refusal("There is nobody on this list.", "file")
    draft = ListDraft(
        event=event,
        file_name=name,
        read_as=file.read_as,
        heads=file.heads,
        rows=[[number, cells] for number, cells in file.rows],
    )
    session.add(draft)
    session.flush()
    return draft


def drop_draft(session: Session, draft: ListDraft) -> None:
    """Throw a file away that was not taken."""
    session.delete(draft)
    session.flush()


def take_list(
    session: Session,
    draft: ListDraft,
    *,
    columns: Sequence[Column],
    source: str,
    declared_by: str,
    declared_on: date,
    invited_on: date | None,
    actor: str,
) -> InvitationList:
    """Take everybody on a list, or nobody. Whoever is on an earlier list stays with that one."""
    look = look_at(session, draft, columns)
    if look.problems:
        raise Refusal(f"Nothing is taken yet: {len(look.problems)} things in the list are to be put right first.")
    event = draft.event
    taken = InvitationList(
        event=event,
        source=source,
        declared_by=declared_by,
        declared_on=declared_on,
        invited_on=invited_on,
        people=len(look.people),
    )
    session.add(taken)
    session.flush()
    rows = [
        {
            "event_id": event.id,
            "list_id": taken.id,
            "name": person.name,
            "email": person.email,
            "email_key": person.key,
            "address_key": address_key(event.id, person.email),
            "team": person.team,
            "sector": person.sector,
            "region": person.region,
            "token": long_token(),
        }
        for person in look.people
    ]
    put(session, Invitee, rows, key=("event_id", "email_key"))
    session.delete(draft)
    session.flush()
    record(session, event, "list.taken", actor=actor, subject_id=taken.id, people=taken.people)
    return taken


def give_list_back(session: Session, taken: InvitationList, *, actor: str) -> None:
    """Take a list out again, as long as nobody on it has been written to or has answered, and no later list counts on
    its people."""
    if any(
        one.was_sent or one.has_answered or one.opened
        for one in standings_of(session, taken.event)
        if one.list_id == taken.id
    ):
        raise Refusal("Somebody on this list has been invited or has answered, so it stays.")
    if (leaning := list_leaning_on(session, taken)) is not None:
        raise Refusal(
            f"{leaning.source} was taken later, and people on it who were known stayed with an earlier list. Take that"
            " one out first, and bring it in again afterwards."
        )
    record(session, taken.event, "list.given_back", actor=actor, subject_id=taken.id, people=taken.people)
    session.delete(taken)
    session.flush()


def take_list_as_base(session: Session, taken: InvitationList, *, room: int, actor: str) -> DeclaredBase:
    """Read every rate against this list: so many of its people in the room, all others outside."""
    if room > taken.people:
        raise Refusal(f"There are {taken.people:,} people on this list. Write that number or fewer.", "room")
    return declare_base(
        session,
        taken.event,
        room=room,
        outside=taken.people - room,
        source=taken.source,
        declared_by=taken.declared_by,
        declared_on=taken.declared_on,
        actor=actor,
    )


def open_invitation(session: Session, invitee: Invitee) -> None:
    """Somebody pressed a button behind their link: the first time counts."""
    invitee.opened_at = invitee.opened_at or now()
    session.flush()


def decline_invitation(session: Session, invitee: Invitee) -> None:
    """No, thank you: no reminder goes to them any more. Registering all the same stays open to them."""
    open_invitation(session, invitee)
    if invitee.declined_at is None:
        invitee.declined_at = now()
        session.flush()
        record(session, invitee.event, "invitation.declined", actor="someone", subject_id=invitee.id)


def spend_invitation(session: Session, invitee: Invitee, participant: Participant) -> None:
    """Use a link up. Look and take are one statement: of two at the same moment one wins.

    What the list says about somebody goes to them where they have not said it themselves.
    """
    spent = session.scalar(
        update(Invitee)
        .where(Invitee.id == invitee.id, Invitee.spent_at.is_(None))
        .values(
            spent_at=now(),
            opened_at=func.coalesce(Invitee.opened_at, now()),
            declined_at=None,
            participant_id=participant.id,
        )
        .returning(Invitee.id)
        .execution_options(synchronize_session=False)
    )
    if spent is None:
        raise Refusal(USED)
    for part in ("team", "sector", "region"):
        if not getattr(participant, part):
            setattr(participant, part, getattr(invitee, part))
    session.flush()
    session.refresh(invitee)


def forget_invitations(session: Session, participant: Participant) -> int:
    """Erase somebody from the lists of an event. How many rows went is returned."""
    found = invitations_to(session, participant)
    for invitee in found:
        session.delete(invitee)
    session.flush()
    return len(found)


def delete_due_lists(session: Session, *, at: datetime) -> None:
    """Let files go that nobody took within a day, and names and addresses some weeks after the event."""
    session.execute(delete(ListDraft).where(ListDraft.uploaded_at < at - DRAFT_KEPT))
    over = select(Event.id).where(Event.held_on < (at - NAMES_KEPT).date())
    due = (Invitee.event_id.in_(over), Invitee.email_key.is_not(None))
    same = select(Participant.id).where(
        Participant.event_id == Invitee.event_id, Participant.email_key == Invitee.email_key
    )
    session.execute(
        update(Invitee)
        .where(*due)
        .values(
            participant_id=func.coalesce(Invitee.participant_id, same.scalar_subquery()),
            name="",
            email="",
            email_key=None,
        )
        .execution_options(synchronize_session=False)
    )
