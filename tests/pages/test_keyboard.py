"""Every page by the keyboard alone, and with letters of twice the size: all is reached and seen, nothing is cut off."""

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.looking import NARROWEST, PHONE, as_size, opened, set_text, sticking_out
from tests.tour import Stop, Tour, stops

TWICE = 32

# What Tab must reach: of a group of radio buttons one. How each looks is noted before, and again when it has the focus.
BEGIN = """
() => {
  document.activeElement?.blur()
  const words = (e) => e.getAttribute("aria-label") || e.innerText || e.name || ""
  const name = (e) => `${e.localName} ${words(e).trim().slice(0, 40)}`
  const marks = (e) => {
    const label = ["radio", "checkbox"].includes(e.type) && e.labels?.[0]
    const look = (style) => [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.color]
    return JSON.stringify([look(getComputedStyle(e)), label ? look(getComputedStyle(label, "::before")) : ""])
  }
  const groups = new Set()
  const once = (e) => {
    if (e.type !== "radio") return true
    const group = `${e.form?.action} ${e.name}`
    return !groups.has(group) && groups.add(group)
  }
  const all = "a[href], button, input, select, textarea, summary, [tabindex]"
  const due = [...document.querySelectorAll(all)]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden")
    .filter((e) => e.checkVisibility({ visibilityProperty: true }))
    .filter(once)
  const before = new Map(due.map((e) => [e, marks(e)]))
  const reached = new Set()
  const unseen = new Set()
  document.addEventListener("focusin", ({ target }) => {
    reached.add(target.type === "radio" ? `${target.form?.action} ${target.name}` : target)
    if (before.has(target) && before.get(target) === marks(target)) unseen.add(target)
  })
  const got = (e) => reached.has(e.type === "radio" ? `${e.form?.action} ${e.name}` : e)
  window.tabbed = () => [
    ...due.filter((e) => e.isConnected && !got(e)).map((e) => `not reached: ${name(e)}`),
    ...[...unseen].map((e) => `focus not seen: ${name(e)}`),
  ]
  return due.length
}
"""
CUT_OFF = """
() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((e) => {
    const style = getComputedStyle(e)
    const hides = [style.overflowX, style.overflowY].some((way) => ["hidden", "clip"].includes(way))
    const box = e.getBoundingClientRect()
    return hides && box.width > 2 && box.height > 2 && e.innerText?.trim()
      && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2)
  })
  .map((e) => `cut off: ${e.localName}.${[...e.classList].join(".")} ${e.innerText.trim().slice(0, 40)}`)
"""


def tabbed_through(page: Page) -> list[str]:
    """What the Tab key did not reach, or reached without a sign of it."""
    for _ in range(page.evaluate(BEGIN) + 3):
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate("() => window.tabbed()")
    return found


def with_large_letters(page: Page) -> list[str]:
    """What does not fit on a phone whose owner reads letters of twice the size."""
    set_text(page, TWICE)
    wrong = []
    for size in (PHONE, NARROWEST):
        page.set_viewport_size(as_size(size))
        wrong += [f"{size[0]} px: {line}" for line in sticking_out(page) + page.evaluate(CUT_OFF)]
    set_text(page, TWICE // 2)
    return wrong


@pytest.mark.parametrize("stop", [stop for stop in stops() if not stop.is_wall], ids=lambda stop: stop.name)
def test_by_keyboard_and_with_large_letters(tour: Tour, stop: Stop) -> None:
    with opened(tour, stop) as (page, _):
        wrong = tabbed_through(page) + with_large_letters(page)

    assert wrong == []


BAD_PAGE = """<!doctype html><html lang="en"><title>Bad</title><style>a:focus { outline: none }</style>
<main><a href="#one">One</a><button id="trap">Trap</button><button>Never</button>
<p style="overflow: hidden; height: 10px">Words that are cut off by their own box</p></main>"""


def test_a_trap_a_hidden_focus_and_cut_words_are_caught(browser: Browser) -> None:
    """The control."""
    with browser.new_page() as page:
        page.set_content(BAD_PAGE)
        page.evaluate(
            "() => trap.addEventListener('keydown', (event) => event.key === 'Tab' && event.preventDefault())"
        )

        assert tabbed_through(page) == ["not reached: button Never", "focus not seen: a One"]
        assert [line[:10] for line in page.evaluate(CUT_OFF)] == ["cut off: p"]
