"""Sheets: what is printed is read back by a decoder and opens the page it promises."""

import subprocess
from pathlib import Path

import page as page_validation
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import run_next_job
from hackathon.core.db import transaction
from hackathon.events.models import Event, Stage
from hackathon.events.queries import published_in
from hackathon.factory import PAPERS
from hackathon.print_kit.queries import poster_of, series_poster_of, table_cards_of
from hackathon.print_kit.transfer import make_poster, make_series_poster, make_table_cards
from tests.applications import on_one_database
from tests.makers import make_event, make_series_of, make_table, make_theme
from tests.printed import sizes_in
from tests.visitor import StaffClient, Visitor

DPI = 300
MM = DPI / 25.4
ADDRESS = "https://hack.example.org"


@pytest.fixture
def event(session: Session) -> Event:
    with transaction() as session:
        event = make_event(session, code="K7PM")
        theme = make_theme(session, event, title="Words and names", prompt="Which word would you ban?", position=1)
        make_table(session, event, number=7, code="TB7Q", theme=theme)
        make_table(session, event, number=10, code="TB9Q", theme=None)
    return event


def pictures_of(pdf: bytes, tmp_path: Path) -> list[Image.Image]:
    (tmp_path / "sheet.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "sheet.pdf", "sheet"], cwd=tmp_path, check=True)
    return [Image.open(path) for path in sorted(tmp_path.glob("sheet-*.png"))]


def test_a_card_says_what_its_table_needs(session: Session, event: Event) -> None:
    cards = table_cards_of(session, event, address=ADDRESS)

    assert [(card.number, card.prompt, card.link, card.address, card.code) for card in cards] == [
        (7, "Which word would you ban?", "HTTPS://HACK.EXAMPLE.ORG/T/TB7Q", "hack.example.org", "TB7Q"),
        (10, event.question, "HTTPS://HACK.EXAMPLE.ORG/T/TB9Q", "hack.example.org", "TB9Q"),
    ]


def test_the_printed_code_is_read_back_and_opens_the_tables_page(
    client: Visitor, session: Session, event: Event, tmp_path: Path
) -> None:
    sheets = pictures_of(make_table_cards(session, event.id), tmp_path)

    assert len(sheets) == 2
    for sheet, code in zip(sheets, ("TB7Q", "TB9Q"), strict=True):
        found = zxingcpp.read_barcodes(sheet)
        assert [barcode.text for barcode in found] == [f"HTTPS://HACK.EXAMPLE.ORG/T/{code}"] * 2, "one on each face"
        for barcode in found:
            width = abs(barcode.position.top_right.x - barcode.position.top_left.x)
            assert width / MM >= 40, "a code on a tent is 40 mm or more"
            path = barcode.text.removeprefix("HTTPS://HACK.EXAMPLE.ORG")
            assert client.get(path).status_code == 200


@on_one_database
def test_the_number_on_a_card_is_120_points_or_more(session: Session, event: Event) -> None:
    assert max(sizes_in(make_table_cards(session, event.id))) >= 120


@on_one_database
def test_the_poster_leads_to_the_event(client: Visitor, session: Session, event: Event, tmp_path: Path) -> None:
    (sheet,) = pictures_of(make_poster(session, event.id), tmp_path)

    assert (round(sheet.width / MM), round(sheet.height / MM)) == (297, 420)
    assert [barcode.text for barcode in zxingcpp.read_barcodes(sheet)] == ["HTTPS://HACK.EXAMPLE.ORG/E/K7PM"]
    assert client.get("/E/K7PM").status_code == 200
    assert poster_of(event, address=ADDRESS).address == "hack.example.org/e/k7pm"


@on_one_database
def test_the_poster_of_a_series_leads_to_all_its_places(session: Session, event: Event, tmp_path: Path) -> None:
    series = make_series_of(session, event, *(make_event(session, venue=f"Town {number}") for number in range(5)))

    (sheet,) = pictures_of(make_series_poster(session, event.id), tmp_path)
    poster = series_poster_of(series, published_in(session, series), address=ADDRESS)

    assert [code.text for code in zxingcpp.read_barcodes(sheet)] == [f"{ADDRESS}/s/{series.code}".upper()]
    assert poster.facts.endswith("· and 3 more")


@on_one_database
@pytest.mark.parametrize("make", [make_table_cards, make_poster])
def test_sheets_are_accessible(session: Session, event: Event, tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "sheet.pdf"
    path.write_bytes(make(session, event.id))

    result = page_validation.validate_pdf(str(path), profile="ua1")

    assert result.is_compliant, [failure.message for failure in result.failures][:5]


def test_attack_10_codes_keep_the_configured_address(client: Visitor, session: Session, event: Event) -> None:
    forged = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Accept": "text/html"}
    response = client.get("/e/k7pm/tables.pdf", headers=forged)

    assert "evil" not in response.text
    assert all("HACK.EXAMPLE.ORG" in card.link for card in table_cards_of(session, event, address=ADDRESS))


def test_a_browser_waits_on_a_page_and_then_gets_the_file(app: Flask, client: Visitor, event: Event) -> None:
    asked = client.get("/e/k7pm/poster.pdf", headers={"Accept": "text/html"})

    assert (asked.status_code, asked.headers["Refresh"]) == (202, "2")
    assert run_next_job(PAPERS, app.extensions["settings"].papers)
    ready = client.get("/e/k7pm/poster.pdf", headers={"Accept": "text/html"})
    assert (ready.status_code, ready.mimetype, ready.data[:5]) == (200, "application/pdf", b"%PDF-")


def test_the_same_sheet_is_made_once_and_a_changed_one_anew(
    app: Flask, client: Visitor, session: Session, event: Event
) -> None:
    papers = app.extensions["settings"].papers
    client.get("/e/k7pm/poster.pdf", headers={"Accept": "text/html"})
    run_next_job(PAPERS, papers)
    client.get("/e/k7pm/poster.pdf", headers={"Accept": "text/html"})

    assert not run_next_job(PAPERS, papers)
    event.question = "What else?"
    session.commit()
    client.get("/e/k7pm/poster.pdf", headers={"Accept": "text/html"})
    assert run_next_job(PAPERS, papers)


def test_a_draft_has_no_sheets(client: Visitor, session: Session) -> None:
    make_event(session, code="DRFT", stage=Stage.DRAFT)
    session.commit()

    assert [client.get(f"/e/drft/{name}.pdf").status_code for name in ("tables", "poster", "write-up")] == [404] * 3


def test_the_desk_lists_what_can_be_printed(session: Session, event: Event, staff_client) -> None:  # type: ignore[no-untyped-def]
    words = staff_client(event=event).words("/desk/K7PM/paper")

    for sheet in ("Table cards as a PDF", "Poster as a PDF", "Pack as a PDF", "Write-up as a PDF"):
        assert sheet in words


def test_where_the_address_opens_nothing_elsewhere_the_page_names_the_line_to_set(
    app: Flask, session: Session, event: Event, staff_client: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = app.extensions["settings"].model_copy(update={"base_url": "http://127.0.0.1:8000"})
    monkeypatch.setitem(app.extensions, "settings", here)

    assert 'base_url = "https://' in staff_client(event=event).words("/desk/K7PM/paper")
