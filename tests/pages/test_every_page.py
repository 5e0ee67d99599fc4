"""Every page, for everybody: axe finds nothing, nothing is asked of third parties, nothing sticks out at the side or is
cut off with large letters, and the keyboard alone reaches all. Each page is opened once for all of it."""

import pytest
from playwright.sync_api import Browser

from tests.pages.keyboard import tabbed_through
from tests.pages.looking import (
    LARGE_TEXT,
    NARROWEST,
    PHONE,
    as_size,
    cut_off,
    opened,
    set_text,
    sizes_for,
    sticking_out,
    violations,
    watched,
    with_large_text,
)
from tests.tour import AFTER_AN_ACT, EXCUSED, NOT_THERE, Stop, Tour, addresses, stops


def test_every_address_is_visited_or_excused() -> None:
    seen = {stop.rule for stop in stops()}

    assert set(addresses()) <= seen | set(EXCUSED) | set(AFTER_AN_ACT)
    assert set(EXCUSED) | set(AFTER_AN_ACT) | {rule for rule, _ in NOT_THERE} <= set(addresses())


@pytest.mark.parametrize("stop", list(stops()), ids=lambda stop: stop.name)
def test_page(tour: Tour, stop: Stop) -> None:
    with opened(tour, stop) as (page, wrong):
        for size in sizes_for(stop):
            page.set_viewport_size(as_size(size))
            wrong += [f"{size[0]} px: {line}" for line in violations(page)]
        if not stop.is_wall:
            page.set_viewport_size(as_size(PHONE))
            wrong += tabbed_through(page)
            wrong += with_large_text(page)
            wrong += [f"{NARROWEST[0]} px: {line}" for line in sticking_out(page)]

        assert wrong == []


BAD_PAGE = """<!doctype html><html lang="en"><title>Bad</title>
<body style="margin: 0"><main><h1>Bad</h1><p style="color: #bbb">Pale words</p><div style="width: 20rem">Wide</div>
<img src="http://elsewhere.example.org/picture.png"></main></body></html>"""


def test_a_bad_page_is_caught(browser: Browser) -> None:
    """The control: pale words and a picture without words, a third party, a box that is too wide."""
    context = browser.new_context(viewport=as_size(NARROWEST))
    context.route("**/*", lambda route: route.fulfill(body=BAD_PAGE, content_type="text/html"))
    with watched(context, "http://bad.example.org") as (page, wrong):
        page.goto("http://bad.example.org/")
        found = {line.split()[1] for line in violations(page)}
        narrow = sticking_out(page)
        set_text(page, LARGE_TEXT)
        large = sticking_out(page)
    context.close()

    assert {"color-contrast", "image-alt"} <= found
    assert "asked another host: http://elsewhere.example.org/picture.png" in wrong
    assert (narrow, large) == ([], ["div. reaches 640 of 320"])


def test_an_inline_script_is_caught(tour: Tour, browser: Browser) -> None:
    """The control of the policy: a page of ours that somebody put a script into complains."""
    context = browser.new_context()
    context.route(
        "**/privacy",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace("</main>", "<script>1</script></main>")
        ),
    )
    with watched(context, tour.copy.address) as (page, wrong):
        page.goto(f"{tour.copy.address}/privacy")
    context.close()

    assert [line for line in wrong if "Content Security Policy" in line] != []


TRAP = """<!doctype html><html lang="en"><title>Bad</title><style>a:focus { outline: none }</style>
<main><a href="#one">One</a><button id="trap">Trap</button><button>Never</button>
<p style="overflow: hidden; height: 10px">Words that are cut off by their own box</p></main>"""


def test_a_trap_a_hidden_focus_and_cut_words_are_caught(browser: Browser) -> None:
    """The control."""
    with browser.new_page() as page:
        page.set_content(TRAP)
        page.evaluate(
            "() => trap.addEventListener('keydown', (event) => event.key === 'Tab' && event.preventDefault())"
        )

        assert tabbed_through(page) == ["not reached: button Never", "focus not seen: a One"]
        assert [line[:10] for line in cut_off(page)] == ["cut off: p"]
