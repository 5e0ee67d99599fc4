"""The figures of a series: added up by the definitions of one event, people once, and no guard got round."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.closing.operations import close_event
from hackathon.core.clock import now
from hackathon.events.models import Event, Place, Series, Stage
from hackathon.figures.document import DEFINITIONS, ON_THE_DAY, as_line
from hackathon.figures.queries import figures_of
from hackathon.framing.models import DeclaredBase
from hackathon.insights.models import AuthorRole, Comment, Identity, Insight, Kind, ReplyPromise
from hackathon.overall.document import NOT_OF_THE_WHOLE, ONCE, leaves, names_of
from hackathon.overall.queries import added, series_figures
from hackathon.participants.models import Participant, Registration
from hackathon.staff.models import Role
from tests.counted import statements_in
from tests.makers import (
    kept,
    make_event,
    make_insight,
    make_pack,
    make_participant,
    make_registration,
    make_series_of,
)
from tests.visitor import Visitor


@pytest.fixture
def towns(session: Session) -> Series:
    """Three places that are over: Asha came to two of them, and spoke in both."""
    events = [make_event(session, stage=Stage.AFTER, venue=venue) for venue in ("Ashmoor", "Brackwater", "Carrow")]
    for number, event in enumerate(events):
        kept(session, DeclaredBase(event=event, total=100, source="A list", declared_on=event.held_on, declared_by="P"))
        for name in ("asha", f"bela{number}", f"carl{number}")[0 if number < 2 else 1 :]:
            person = make_participant(session, event, email=f"{name}@example.org", organisation=f"Trust {number % 2}")
            here = None if name == "carl0" else now() - timedelta(hours=3)
            make_registration(session, event, person, checked_in_at=here)
            if name != "carl1":
                make_insight(session, event, author=person, identity=Identity.HIDDEN, kind=Kind.QUESTION)
    return make_series_of(session, *events)


def whole_of(session: Session, series: Series) -> dict[str, Any]:
    return dict(series_figures(session, series).whole)


def test_the_whole_equals_a_recount_from_the_rows(session: Session, towns: Series) -> None:
    whole = whole_of(session, towns)

    came = session.execute(
        select(Participant.email_key, Registration.checked_in_at).join(Registration.participant)
    ).all()
    here = {email for email, at in came if at is not None}
    authors = Counter(session.scalars(select(Participant.email_key).join(Insight, Insight.author_id == Participant.id)))
    assert whole["registered"] == len({email for email, _ in came}) == 7
    assert whole["attended"] == len(here) == 6
    assert whole["attendance_rate"] == {"n": 7, "of": 8, "text": "7 of 8 (88%)"}
    assert whole["contributions"] == authors.total() == 7
    assert whole["contributors"] == {"room": 5, "outside": 1, "total": 6}
    assert set(authors) - here == {"carl0@example.org"}
    assert whole["participants"]["total"] == len(here | set(authors)) == 7
    assert whole["participation_rate"] == {"n": 7, "of": 300, "text": "7 of 300 (2.3%)"}
    assert whole["organisations"] == 2
    assert whole["eligible"] == 300


def test_counts_are_added_and_rates_come_from_what_they_are_made_of(session: Session, towns: Series) -> None:
    found = series_figures(session, towns)
    places = [place.figures for place in found.places]

    for key in set(found.whole) - ONCE - set(found.reasons) - {"attended_by_sector", "minutes_to_first_reply"}:
        for way, value in leaves(found.whole[key]):
            if isinstance(value, int):
                assert value == sum(dict(leaves(place[key])).get(way, 0) for place in places), (key, way)


def test_what_cannot_be_added_says_why(session: Session, towns: Series) -> None:
    found = series_figures(session, towns)

    assert {key for key, value in found.whole.items() if value is None} == set(found.reasons)
    assert found.reasons["coder_kappa"] == NOT_OF_THE_WHOLE["coder_kappa"]
    assert found.reasons["invited_outside"] == "no place has it"


def close_one_of(session: Session) -> Event:
    """The second place, where somebody was who came to the first one too."""
    event = session.scalars(select(Event).order_by(Event.id)).all()[1]
    close_event(session, event, at=now(), papers=Path("none"), actor="a test")
    return event


def test_once_the_people_of_a_place_are_forgotten_the_whole_goes_on_from_the_figures_that_were_kept(
    session: Session, towns: Series
) -> None:
    answer_within_minutes(session, 1, 2, 30, 40, 50, 60, 70)
    before = whole_of(session, towns)

    event = close_one_of(session)

    found = series_figures(session, towns)
    unknown = {key: reason for key, reason in found.reasons.items() if event.venue in reason}
    assert set(unknown) == ONCE
    assert {key: value for key, value in found.whole.items() if key not in ONCE} == {
        key: value for key, value in before.items() if key not in ONCE
    }
    assert found.at_most == {
        "registered": before["registered"] + 1,
        "attended": before["attended"] + 1,
        "organisations": before["organisations"],
        "survey_people_with_an_answer": 0,
        "participants": before["participants"]["total"] + 1,
        "contributors": before["contributors"]["total"] + 1,
    }


def test_a_series_of_one_keeps_all_its_figures_when_it_is_closed(session: Session) -> None:
    event = make_event(session, stage=Stage.AFTER)
    make_registration(session, event, checked_in_at=now())
    series = make_series_of(session, event)
    before = whole_of(session, series)

    close_event(session, event, at=now(), papers=Path("none"), actor="a test")

    assert whole_of(session, series) == before
    assert before["attended"] == 1


def answer_within_minutes(session: Session, *minutes: int) -> None:
    """Each place promises answers; every question waits so long for one, those of the first place first."""
    asked: dict[int, list[Insight]] = {}
    for insight in session.scalars(select(Insight).order_by(Insight.id)):
        asked.setdefault(insight.event_id, []).append(insight)
    waits = iter(minutes)
    for event in session.scalars(select(Event).order_by(Event.id)):
        kept(session, ReplyPromise(event=event, kind=Kind.QUESTION, within_hours=24, written_for=event.held_on))
        for insight in asked[event.id]:
            insight.captured_at = now() - timedelta(hours=5)
            kept(
                session,
                Comment(
                    event=event,
                    insight=insight,
                    client_id=f"reply-{insight.id}",
                    text="Thank you.",
                    place=Place.OUTSIDE,
                    author_role=AuthorRole.COMMUNITY_MANAGER,
                    author_name="Kit",
                    written_at=insight.captured_at + timedelta(minutes=next(waits)),
                ),
            )


def test_a_median_comes_from_all_waits_and_not_from_medians(session: Session, towns: Series) -> None:
    answer_within_minutes(session, 1, 2, 30, 40, 50, 60, 70)

    assert whole_of(session, towns)["minutes_to_first_reply"]["clock"]["median"] == 40


def test_a_small_group_that_one_place_hides_cannot_be_found_by_taking_the_others_away(session: Session) -> None:
    events = [make_event(session, stage=Stage.AFTER) for _ in range(2)]
    for event, sectors in zip(events, ({"nhs": 9, "charity": 1, "council": 6}, {"nhs": 9, "charity": 10}), strict=True):
        make_pack(session, event, "inclusion-and-system-leadership")
        for sector, number in sectors.items():
            for _ in range(number):
                person = make_participant(session, event, sector=sector)
                make_registration(session, event, person, checked_in_at=now())
    found = series_figures(session, make_series_of(session, *events))

    first, second = (place.figures["attended_by_sector"] for place in found.places)
    assert first == {"charity": None, "council": None, "nhs": 9}
    assert second == {"charity": 10, "nhs": 9}
    assert found.whole["attended_by_sector"] == {"charity": None, "council": None, "nhs": 18}


def test_while_one_place_opens_up_the_whole_does_not_tell_its_counts(
    session: Session, towns: Series, client: Visitor, staff_client: Callable[..., Visitor]
) -> None:
    event = session.scalars(select(Event).order_by(Event.id)).all()[1]
    event.stage = Stage.DIVERGE
    other = session.scalars(select(Event).order_by(Event.id)).first()
    session.commit()
    theirs, mine = staff_client(Role.ORGANISER, other), staff_client(Role.SPONSOR, event)
    address = f"/s/{towns.code}/series-figures.json"

    for stranger in (client, theirs):
        told = json.loads(stranger.get(address).text)
        assert told["whole"]["contributions"] is None
        assert "opening up" in told["not_computable"]["contributions"]
        assert ["contributions" in place["figures"] for place in told["places"]] == [True, False, True]
        assert told["whole"]["attended"] == 6
    assert json.loads(mine.get(address).text)["whole"]["contributions"] == 7
    for seer, address in ((client, f"/s/{towns.code}/figures"), (theirs, f"/desk/s/{towns.code}/figures")):
        assert "hidden for now" in seer.words(address)


@pytest.mark.parametrize("is_closed", [False, True], ids=["all open", "one closed"])
def test_page_json_and_spreadsheet_say_the_same(
    session: Session, towns: Series, staff_client: Callable[..., Visitor], client: Visitor, is_closed: bool
) -> None:
    if is_closed:
        close_one_of(session)
    reader = staff_client(Role.SPONSOR, session.scalars(select(Event)).first())
    session.commit()

    told = json.loads(client.get(f"/s/{towns.code}/series-figures.json").text)
    sheet = list(csv.reader(io.StringIO(client.get(f"/s/{towns.code}/series-figures.csv").text.lstrip("\ufeff"))))
    pages = [client.soup(f"/s/{towns.code}/figures"), reader.soup(f"/desk/s/{towns.code}/figures")]

    columns = [*(place["figures"] for place in told["places"]), told["whole"]]
    assert sheet[0] == ["figure", *(place["code"] for place in told["places"]), "whole"]
    for number, column in enumerate(columns, start=1):
        written = {row[0]: row[number] for row in sheet[1:] if row[number]}
        assert written == {way: str(value) for way, value in leaves(column) if value not in (None, "")}
    for page, key in product(pages, DEFINITIONS):
        whole, *places = (cell.get_text(" ", strip=True) for cell in page.select(f"#figure-{key} td"))
        assert places == [printed(key, column) for column in columns[:-1]], key
        most, reason = told["at_most"].get(key), told["not_computable"].get(key)
        said = f"at most {most}" if most is not None else printed(key, told["whole"])
        assert whole.partition(" note ")[0] == said, key
        if reason:
            (mark,) = page.select(f"#figure-{key} .note-mark")
            (note,) = page.select(str(mark["href"]))
            assert note.get_text().endswith(f": {reason}.")


def printed(key: str, figures: dict[str, Any]) -> str:
    """A figure as the page has it: a dash, with words behind it, where nobody knows."""
    if figures[key] is None:
        return "not yet" if key in ON_THE_DAY else "– not known"
    return as_line(key, figures[key])


def test_the_page_begins_with_the_whole_and_then_each_place_and_marks_the_one_that_is_on(
    session: Session, towns: Series, staff_client: Callable[..., Visitor], client: Visitor
) -> None:
    event = session.scalars(select(Event).order_by(Event.id)).all()[1]
    event.stage = Stage.CONVERGE
    reader = staff_client(Role.ORGANISER, event)
    session.commit()

    page = reader.soup(f"/desk/s/{towns.code}/figures")

    rows = [" ".join(row.get_text(" ").split()) for row in page.select("table")[0].select("tbody tr")]
    assert rows[0].startswith("The whole 7 6 7 7")
    assert [row.partition(" 17 March")[0] for row in rows[1:]] == ["Ashmoor", "Brackwater Now", "Carrow"]
    assert len(page.select("details.definitions")) == len(page.select("table"))
    for address, seer in ((f"/s/{towns.code}", client), (f"/desk/s/{towns.code}", reader)):
        (row,) = seer.soup(address).select("li:has(.now-mark)")
        assert "Brackwater" in row.get_text()


def test_places_are_called_by_how_their_addresses_begin_where_no_two_begin_alike(session: Session) -> None:
    venues = ("The Mill, Carrow", "Town Hall, Ashmoor", "Town Hall, Brackwater")
    series = make_series_of(session, *(make_event(session, venue=venue) for venue in venues))

    assert names_of(series_figures(session, series).places) == ["The Mill", *venues[1:]]


def test_a_series_of_one_has_the_figures_of_its_event(session: Session) -> None:
    event, _ = load_folder(SAMPLE, is_sample=True)
    found = series_figures(session, make_series_of(session, event))

    figures = figures_of(session, event).as_json()
    assert {key: value for key, value in found.whole.items() if key not in found.reasons} == {
        key: value for key, value in figures.items() if key not in found.reasons
    }
    assert set(found.reasons) == set(NOT_OF_THE_WHOLE)


def test_each_place_more_costs_the_same_number_of_queries(session: Session) -> None:
    series = make_series_of(session, *(make_event(session, stage=Stage.AFTER) for _ in range(2)))
    asked = []
    for _ in range(4):
        session.expire_all()
        asked.append(statements_in(lambda: series_figures(session, series)))
        make_event(session, stage=Stage.AFTER, series=series)

    assert len({after - before for before, after in pairwise(asked)}) == 1


def test_nothing_added_is_nothing() -> None:
    assert added([]) is None


def test_strangers_do_not_see_the_page(session: Session, towns: Series, staff_client: Callable[..., Visitor]) -> None:
    session.commit()

    assert staff_client(Role.ORGANISER, make_event(session)).get(f"/desk/s/{towns.code}/figures").status_code == 404
