"""Reading a list before it is taken, and what became of everybody on one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from hackathon.adapters.mail import Letter, checked_address
from hackathon.core.clock import now, short_date
from hackathon.core.errors import NotFound, Refusal
from hackathon.equality.queries import equality_rule
from hackathon.events.models import Event
from hackathon.invitations.document import Column, Counted, Groups, Look, Person, Standing, counted
from hackathon.invitations.models import InvitationList, Invitee, ListDraft
from hackathon.maths.suppression import SMALLEST_SHOWN, suppressed
from hackathon.participants.models import Participant, Registration

INVITING = ("letters.invitation", "letters.invitation-again")
"""How the outbox calls the letters that carry somebody's own link."""
REST = timedelta(hours=20)
"""So long nobody is reminded who was written to: never twice a day, on whichever side of midnight."""
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_GROUP = 80, 254, 120
NOBODY_SAID = "Not said"
GROUPED_BY = {"team": "Teams", "sector": "Sectors", "region": "Regions"}
IN_ONE_QUESTION = 500


def draft_by_id(session: Session, event: Event, draft_id: int, *, lock: bool = False) -> ListDraft:
    draft = session.get(ListDraft, draft_id, with_for_update=lock or None)
    if draft is None or draft.event_id != event.id:
        raise NotFound
    return draft


def list_by_id(session: Session, event: Event, list_id: int) -> InvitationList:
    found = session.get(InvitationList, list_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return found


def lists_of(session: Session, event: Event) -> Sequence[InvitationList]:
    lists = select(InvitationList).where(InvitationList.event_id == event.id)
    return session.scalars(lists.order_by(InvitationList.id)).all()


def list_leaning_on(session: Session, taken: InvitationList) -> InvitationList | None:
    """A later list that has fewer people of its own than were on it: the others stayed with earlier ones."""
    own = select(func.count()).where(Invitee.list_id == InvitationList.id).scalar_subquery()
    later = select(InvitationList).where(InvitationList.event_id == taken.event_id, InvitationList.id > taken.id)
    return session.scalar(later.where(InvitationList.people > own).order_by(InvitationList.id.desc()).limit(1))


def invitee_by_token(session: Session, token: str, *, lock: bool = False) -> Invitee:
    """Who an invitation's own link belongs to, as long as there is something to come to."""
    wanted = select(Invitee).where(Invitee.token == token).options(joinedload(Invitee.event), joinedload(Invitee.list))
    if lock:
        wanted = wanted.with_for_update(of=Invitee).execution_options(populate_existing=True)
    invitee = session.scalar(wanted)
    if invitee is None or not invitee.event.is_published:
        raise NotFound
    return invitee


def invitations_to(session: Session, participant: Participant) -> Sequence[Invitee]:
    """Somebody on the lists of an event: by the link they used, or by their address."""
    theirs = Invitee.participant_id == participant.id
    if participant.email_key:
        theirs |= Invitee.email_key == participant.email_key
    found = select(Invitee).where(Invitee.event_id == participant.event_id, theirs)
    return session.scalars(found.options(joinedload(Invitee.list))).all()


def look_at(session: Session, draft: ListDraft, columns: Sequence[Column]) -> Look:
    """What the rows say when their columns are read like this: each person once, in the order of the file."""
    people: dict[str, Person] = {}
    problems = list(_wrong_with_columns(columns))
    twice = 0
    for number, cells in draft.rows if not problems else ():
        person = _person(number, cells, columns)
        if wrong := list(_wrong_with(person)):
            problems += wrong
        elif person.key in people:
            twice += 1
        else:
            people[person.key] = person
    keys = list(people)
    return Look(
        rows=len(draft.rows),
        twice=twice,
        people=tuple(people.values()),
        problems=tuple(problems),
        invited_before=_known(session, Invitee, draft, keys),
        registered_before=_known(session, Participant, draft, keys, exists().where(_of_person(Participant.id))),
    )


def _wrong_with_columns(columns: Sequence[Column]) -> Iterator[str]:
    if Column.ADDRESS not in columns:
        yield "No column holds the email addresses."
    for column in (Column.ADDRESS, Column.TEAM, Column.SECTOR, Column.REGION):
        if columns.count(column) > 1:
            yield f"Two columns hold the {column.value}. Only a name may stand in several."


def _person(number: int, cells: list[str], columns: Sequence[Column]) -> Person:
    said = {
        column: " ".join(cell for cell, each in zip(cells, columns, strict=True) if each is column and cell)
        for column in Column
    }
    return Person(
        row=number,
        name=said[Column.NAME],
        email=said[Column.ADDRESS],
        team=said[Column.TEAM],
        sector=said[Column.SECTOR],
        region=said[Column.REGION],
    )


def _wrong_with(person: Person) -> Iterator[str]:
    if not person.email:
        yield f"Row {person.row}: there is no email address."
    elif not _is_address(person.email):
        yield f"Row {person.row}: “{person.email[:80]}” is no email address."
    if len(person.name) > LONGEST_NAME:
        yield f"Row {person.row}: the name has more than {LONGEST_NAME} characters."
    if max(map(len, (person.team, person.sector, person.region))) > LONGEST_GROUP:
        yield f"Row {person.row}: a team, sector or region has more than {LONGEST_GROUP} characters."


def _is_address(typed: str) -> bool:
    try:
        checked_address(typed)
    except Refusal:
        return False
    return len(typed) <= LONGEST_ADDRESS


def _known(
    session: Session, table: type[Invitee | Participant], draft: ListDraft, keys: list[str], *wanted: Any
) -> int:
    """How many of these addresses stand there already, asked for a few hundred at a time."""
    return sum(
        session.scalar(
            select(func.count())
            .select_from(table)
            .where(
                table.event_id == draft.event_id, table.email_key.in_(keys[start : start + IN_ONE_QUESTION]), *wanted
            )
        )
        or 0
        for start in range(0, len(keys), IN_ONE_QUESTION)
    )


def _of_person(participant_id: Any) -> ColumnElement[bool]:
    holds: ColumnElement[bool] = Registration.participant_id == participant_id
    return holds


def _has_registered() -> ColumnElement[bool]:
    """By their own link under whichever address, or without it under the one that is on the list."""
    same_address = and_(Participant.event_id == Invitee.event_id, Participant.email_key == Invitee.email_key)
    return or_(
        exists().where(_of_person(Invitee.participant_id)),
        exists().where(same_address, _of_person(Participant.id)),
    )


def standings_of(session: Session, event: Event) -> list[Standing]:
    """How far it has got with everybody on a list, from their letters and their answers."""
    letters = _letters_by_address(event)
    rows = session.execute(
        select(
            Invitee.list_id,
            Invitee.name,
            Invitee.email,
            Invitee.token,
            Invitee.team,
            Invitee.sector,
            Invitee.region,
            or_(letters.c.sent_at.is_not(None), InvitationList.invited_on.is_not(None)),
            letters.c.returned_at.is_not(None),
            Invitee.opened_at.is_not(None),
            Invitee.declined_at.is_not(None),
            _has_registered(),
        )
        .join(Invitee.list)
        .outerjoin(letters, letters.c.address_key == Invitee.address_key)
        .where(Invitee.event_id == event.id)
        .order_by(Invitee.id)
    )
    return [Standing(*tuple(row)) for row in rows]


def count_invited(session: Session, event: Event) -> int | None:
    """Everybody on a list who was invited, less those whose letter came back; None where nobody is on a list."""
    letters = _letters_by_address(event)
    was_sent = or_(letters.c.sent_at.is_not(None), InvitationList.invited_on.is_not(None))
    listed, invited = session.execute(
        select(func.count(), func.count().filter(was_sent, letters.c.returned_at.is_(None)))
        .select_from(Invitee)
        .join(Invitee.list)
        .outerjoin(letters, letters.c.address_key == Invitee.address_key)
        .where(Invitee.event_id == event.id)
    ).one()
    return invited if listed else None


def _letters_by_address(event: Event) -> Subquery:
    """When the invitation left for each address, and whether anything came back from it."""
    return (
        select(
            Letter.address_key,
            func.max(case((Letter.kind.in_(INVITING), Letter.sent_at))).label("sent_at"),
            func.max(Letter.returned_at).label("returned_at"),
        )
        .where(Letter.event_id == event.id)
        .group_by(Letter.address_key)
        .subquery()
    )


def counts_by_list(
    session: Session, event: Event, standings: Sequence[Standing]
) -> list[tuple[InvitationList, Counted]]:
    """Each list with what became of the people on it; whoever is on two counts with the first."""
    return [
        (each, counted(each.source, (one for one in standings if one.list_id == each.id), source=source_of([each])))
        for each in lists_of(session, event)
    ]


def source_of(lists: Sequence[InvitationList]) -> str:
    """Where the base of a rate comes from: its sources, each with its day."""
    return "; ".join(f"{each.source}, {short_date(each.declared_on)}" for each in lists)


def counts_by_group(session: Session, event: Event, standings: Sequence[Standing]) -> list[Groups]:
    """What became of teams, sectors and regions, as far as the lists name any. Groups that are so small that a count
    would say who it was are shown without counts, and one more where a single one could be subtracted."""
    rule = equality_rule(session, event)
    smallest = rule.suppress_below if rule else SMALLEST_SHOWN
    return [
        _grouped(by, title, standings, smallest)
        for by, title in GROUPED_BY.items()
        if any(getattr(one, by) for one in standings)
    ]


def _grouped(by: str, title: str, standings: Sequence[Standing], smallest: int) -> Groups:
    members: dict[str, list[Standing]] = {}
    for one in standings:
        members.setdefault(getattr(one, by) or NOBODY_SAID, []).append(one)
    shown = suppressed({name: len(people) for name, people in members.items()}, smallest)
    return Groups(
        title,
        [
            (name, None if shown[name] is None else counted(name, people))
            for name, people in sorted(members.items(), key=lambda group: (-len(group[1]), group[0].casefold()))
        ],
    )


def unanswered(session: Session, event: Event) -> Sequence[Invitee]:
    """Everybody on a list who has neither registered nor said no."""
    waiting = select(Invitee).where(
        Invitee.event_id == event.id,
        Invitee.email_key.is_not(None),
        Invitee.declined_at.is_(None),
        ~_has_registered(),
    )
    return session.scalars(waiting.order_by(Invitee.id)).all()


def to_remind(session: Session, event: Event) -> Sequence[Invitee]:
    """Those of them who were invited, whose address has sent nothing back, and who were not written to today."""
    letters = select(Letter.address_key).where(Letter.event_id == event.id)
    written = letters.where(Letter.kind.in_(INVITING))
    had, lately = (set(session.scalars(each)) for each in (written, written.where(Letter.made_at > now() - REST)))
    left_alone = lately | set(session.scalars(letters.where(Letter.returned_at.is_not(None))))
    return [
        invitee
        for invitee in unanswered(session, event)
        if invitee.address_key not in left_alone and (invitee.address_key in had or invitee.list.invited_on is not None)
    ]
