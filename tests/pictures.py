"""A picture of every page on a phone and on a desk, of the wall as a projector shows it, and of every printed sheet."""

import html
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from hackathon.porch.copies import running_copy
from tests.chromium import open_browser
from tests.journeys.postbox import Postbox, mail_server, words_of
from tests.running import signed_in
from tests.tour import Stop, Tour, Where, Who, begin, stops

PHONE = (390, 844)
DESKTOP = (1280, 900)
PROJECTOR = (1920, 1080)
PAPERS = {
    "write-up": (Where.SAMPLE, "/e/<code:code>/write-up.pdf"),
    "write-up-large": (Where.SAMPLE, "/e/<code:code>/write-up-large.pdf"),
    "table-cards": (Where.SAMPLE, "/e/<code:code>/tables.pdf"),
    "poster": (Where.SAMPLE, "/e/<code:code>/poster.pdf"),
    "poster-of-a-series": (Where.ON_THE_DAY, "/s/<code:series_code>/poster.pdf"),
    "pack": (Where.SAMPLE, "/e/<code:code>/pack.pdf"),
    "cards": (Where.ON_THE_DAY, "/desk/<code:code>/paper/cards.pdf?cards=1-1-8"),
    "cards-large": (Where.ON_THE_DAY, "/desk/<code:code>/paper/cards.pdf?cards=1-1-3&large=yes"),
    "ballots": (Where.ON_THE_DAY, "/desk/<code:code>/paper/ballots-1.pdf"),
    "ballots-large": (Where.ON_THE_DAY, "/desk/<code:code>/paper/ballots-2.pdf"),
    "tally-sheet": (Where.ON_THE_DAY, "/desk/<code:code>/paper/tally-sheet.pdf"),
    "badges": (Where.SAMPLE, "/desk/<code:code>/paper/badges.pdf?start=3&blanks=4"),
    "badges-a6": (Where.SAMPLE, "/desk/<code:code>/paper/badges.pdf?size=a6&wifi=Guest+kettle42"),
    "register": (Where.SAMPLE, "/desk/<code:code>/paper/register.pdf"),
    "door-sign": (Where.SAMPLE, "/desk/<code:code>/paper/door-sign.pdf"),
    "meals": (Where.ON_THE_DAY, "/desk/<code:code>/food.pdf"),
    "meals-by-name": (Where.ON_THE_DAY, "/desk/<code:code>/food-by-name.pdf"),
    "photographs": (Where.SAMPLE, "/desk/<code:code>/photos.pdf"),
    "seats": (Where.SAMPLE, "/desk/<code:code>/paper/seats.pdf"),
    "seats-by-name": (Where.SAMPLE, "/desk/<code:code>/paper/seats-by-name.pdf"),
    "signs": (Where.ON_THE_DAY, "/desk/<code:code>/paper/signs.pdf"),
    "run-sheet": (Where.ON_THE_DAY, "/desk/<code:code>/paper/run-sheet.pdf"),
    "large-print": (Where.SAMPLE, "/e/<code:code>/large-print.pdf"),
    "deletion-certificate": (Where.CLOSED, "/e/<code:code>/closed.pdf"),
    "everything": (Where.SAMPLE, "/desk/<code:code>/paper/everything.pdf"),
}
LETTERS = ("report", "heard", "decision", "you-said", "digest", "missed-you")
LONGEST_PRINT = 120_000
DOTS_PER_INCH = "60"
SETTLE = {True: 1200, False: 200}
"""Milliseconds for fonts, and for the wall, which moves, to let its newest words come to rest."""


def make(folder: Path) -> None:
    """Make them all from a copy with the sample event, with an `index.html` that shows them side by side."""
    with (
        mail_server() as (postbox, smtp_url),
        running_copy(demo=True, smtp_url=smtp_url) as copy,
        open_browser() as browser,
    ):
        tour = begin(copy, browser, signed_in(browser, copy))
        pictures = {"Pages": list(_pages(tour, folder))}
        for name, (where, rule) in PAPERS.items():
            pictures[f"Paper: {name}"] = list(_sheets(tour, name, tour.path(rule, where), folder))
        pictures["Letters as they arrive"] = list(_letters(tour, postbox, folder))
    (folder / "index.html").write_text(_index(pictures), encoding="utf-8")


def _pages(tour: Tour, folder: Path) -> Iterator[Path]:
    for stop in stops():
        page = tour.browsers[stop.who].new_page()
        for width, height in (PROJECTOR,) if stop.is_wall else (PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": height})
            yield _picture(page, tour, stop, folder / f"{stop.name}-{width}.png")
        page.close()


def _picture(page: Page, tour: Tour, stop: Stop, file: Path) -> Path:
    page.goto(tour.address(stop))
    page.wait_for_timeout(SETTLE[stop.is_wall])
    page.screenshot(path=file, full_page=not stop.is_wall)
    return file


def _sheets(tour: Tour, name: str, path: str, folder: Path) -> Iterator[Path]:
    pdf = folder / f"paper-{name}.pdf"
    ask = tour.browsers[Who.STAFF].request
    answer = ask.get(tour.copy.address + path, headers={"Accept": "application/pdf"}, timeout=LONGEST_PRINT)
    pdf.write_bytes(answer.body())
    subprocess.run(["pdftoppm", "-r", DOTS_PER_INCH, "-png", pdf, folder / f"paper-{name}"], check=True)
    yield from sorted(folder.glob(f"paper-{name}-*.png"))


def _letters(tour: Tour, postbox: Postbox, folder: Path) -> Iterator[Path]:
    """What comes through the mail server: its HTML part as a mail program shows it, and beside it what is only text."""
    desk, inbox = tour.browsers[Who.STAFF].new_page(), tour.browsers[Who.VISITOR].new_page()
    for name in LETTERS:
        desk.goto(tour.copy.address + tour.path("/desk/<code:code>/letters/", Where.SAMPLE) + name)
        desk.get_by_role("button", name="Send me a copy").click()
        subject = f"Copy: {desk.locator('.preview__subject').inner_text().removeprefix('Subject ')}"
        letter = postbox.letter_about(subject)
        (folder / f"letter-{name}.txt").write_text(words_of(letter, "plain"), encoding="utf-8")
        inbox.set_content(words_of(letter, "html"))
        for width, height in (PHONE, DESKTOP):
            inbox.set_viewport_size({"width": width, "height": height})
            inbox.screenshot(path=folder / f"letter-{name}-{width}.png", full_page=True)
            yield folder / f"letter-{name}-{width}.png"


def _index(pictures: dict[str, list[Path]]) -> str:
    sections = []
    for title, files in pictures.items():
        rows = defaultdict(list)
        for file in files:
            rows[file.stem.rpartition("-")[0]].append(file)
        sections.append(f"<h2>{html.escape(title)}</h2>" + "".join(_row(name, row) for name, row in rows.items()))
    return PAGE.format("".join(sections))


def _row(name: str, files: list[Path]) -> str:
    shown = "".join(f'<a href="{f.name}"><img src="{f.name}" alt="{f.stem}" loading="lazy"></a>' for f in files)
    return f"<section><h3>{html.escape(name)}</h3><div>{shown}</div></section>"


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page and every sheet</title>
<style>
  body {{ margin: 2rem; background: #ddd; font: 16px system-ui }}
  section {{ display: inline-block; vertical-align: top; margin: 0 1rem 1.5rem 0; max-width: 100% }}
  h3 {{ margin: 0 0 .3rem; font-size: .9rem }}
  div {{ display: flex; flex-wrap: wrap; gap: .5rem; align-items: start }}
  img {{ height: 26rem; max-width: 40rem; object-fit: cover; object-position: top; background: #fff }}
</style>
<h1>Every page and every sheet</h1>{}</html>
"""
