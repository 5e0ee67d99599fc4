"""Beginning an event from a pack."""

import math
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import add_member, create_event
from hackathon.framing.operations import name_people
from hackathon.packs.document import PackOnDisk
from hackathon.packs.operations import freeze_pack
from hackathon.participants.operations import set_places
from hackathon.staff.models import Account, Role
from hackathon.tables.operations import MOST_TABLES, PEOPLE_AT_A_TABLE, lay_tables
from hackathon.themes.operations import add_theme

MOST_PEOPLE = MOST_TABLES * PEOPLE_AT_A_TABLE


def plan_event(
    session: Session,
    *,
    pack: PackOnDisk,
    title: str,
    held_on: date,
    starts: time,
    venue: str,
    expected_people: int,
    account: Account,
    sponsor_name: str = "",
) -> Event:
    """Begin an event as a draft: the pack brings the question, the scope, the themes and the length of the day.

    Tables are laid for everybody expected, and as many places can be given. Whoever plans it is its organiser. The
    sponsor may be named now; their promise is in their own words, so it is written later.
    """
    if pack.lacks:
        raise Refusal(f"This pack is not whole: it has no document of the kind {' or '.join(pack.lacks)}.", "pack")
    if expected_people > MOST_PEOPLE:
        raise Refusal(f"A room here holds {MOST_PEOPLE} people at most.", "expected_people")
    length = timedelta(minutes=pack.manifest.pack.duration_minutes)
    ends = datetime.combine(held_on, starts) + length
    if ends.date() != held_on:
        raise Refusal("With this pack the day would end after midnight. Start earlier.", "starts")
    question = pack.manifest.hack_question
    event = create_event(
        session,
        title=title,
        question=question.text,
        tested_with=question.tested_with,
        scope_in=list(question.in_scope),
        scope_out=list(question.out_of_scope),
        held_on=held_on,
        starts=starts,
        ends=ends.time(),
        venue=venue,
        expected_people=expected_people,
        contact_name=account.name,
        contact_email=account.email if account.is_reachable else "",
        actor=account.name,
    )
    add_member(session, event, account, Role.ORGANISER, actor=account.name)
    name_people(session, event, sponsor_name=sponsor_name, actor=account.name)
    freeze_pack(session, event, pack, actor=account.name)
    themes = [
        add_theme(session, event, key=theme.id, title=theme.title, prompt=theme.prompt, actor=account.name)
        for theme in pack.manifest.themes
    ]
    tables = math.ceil(expected_people / PEOPLE_AT_A_TABLE)
    lay_tables(session, event, number=tables, seats=PEOPLE_AT_A_TABLE, themes=themes, actor=account.name)
    set_places(session, event, chairs=expected_people, cut_off=None, actor=account.name)
    return event
