"""The browser sees the same details in a text as the server does."""

import json
from pathlib import Path

from playwright.sync_api import Browser

from hackathon.porch.copies import Copy

EXAMPLES: list[tuple[str, list[list[str]]]] = json.loads(
    (Path(__file__).parents[1] / "maths" / "personal.json").read_text(encoding="utf-8")
)
LOOK = """
async (texts) => {
  const { detailsIn } = await import("/static/js/personal.js")
  const words = (text) => (each) => [each.detail.replace("-", "_"), text.slice(each.start, each.end)]
  return texts.map((text) => detailsIn(text).map(words(text)))
}
"""


def test_the_browser_answers_the_table_of_examples_as_the_server_does(running: Copy, browser: Browser) -> None:
    with browser.new_page() as page:
        page.goto(f"{running.address}/privacy")
        found = page.evaluate(LOOK, [text for text, _ in EXAMPLES])

    assert dict(zip([text for text, _ in EXAMPLES], found, strict=True)) == dict(EXAMPLES)
