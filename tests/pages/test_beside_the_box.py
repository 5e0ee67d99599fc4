"""While somebody types, and when they press Send: what is suggested, what is asked once more, what is left alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hackathon.porch.copies import Copy

NUMBER = "Ask Sample Sue in bay four, 07700 900123"
AGAIN = "every purple kettle whistles, telephones too"
A_WHILE = 1500


@pytest.fixture
def box(running: Copy, browser: Browser) -> Iterator[Page]:
    """The box at table 1, on a phone of its own."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(running.links["Table 1"])
        yield page


def said_to_be_sent(page: Page) -> Locator:
    """What the phone's outbox says, or the page where there is none."""
    return page.get_by_text("Sent, number").or_(page.get_by_text("Sent. Number")).first


def test_what_others_have_said_appears_and_can_be_opened_or_left_out(box: Page) -> None:
    words, suggestion = box.get_by_label("Your thought"), box.locator("[data-alike-number]")
    words.fill("Purple kettles whistle loudest whenever everybody telephones")
    box.get_by_role("button", name="Send this thought").click()
    expect(said_to_be_sent(box)).to_be_visible()

    words.press_sequentially(AGAIN)
    expect(suggestion.locator("mark").first).to_have_text("Purple")
    expect(box.get_by_text("Others have said something like this. It stands below the button.")).to_have_count(1)
    assert words.input_value() == AGAIN

    suggestion.get_by_role("link").first.click()
    box.wait_for_url("**/insights/*")
    box.go_back()
    expect(words).to_have_value(AGAIN)

    words.press_sequentially(" purple")
    expect(suggestion.first).to_be_visible()
    while suggestion.count():
        suggestion.get_by_role("button").first.click()
    words.press_sequentially(" kettles")
    box.wait_for_timeout(A_WHILE)
    expect(suggestion).to_have_count(0)


def test_words_that_were_sent_do_not_come_back_because_a_suggestion_was_opened(box: Page) -> None:
    words, suggestion = box.get_by_label("Your thought"), box.locator("[data-alike-number]")
    words.fill("Marble staircases echo whenever somebody whispers")
    box.get_by_role("button", name="Send this thought").click()
    expect(said_to_be_sent(box)).to_be_visible()
    words.press_sequentially("marble staircases echo, whispers")
    suggestion.get_by_role("link").first.click(modifiers=["ControlOrMeta"])

    box.get_by_role("button", name="Send this thought").click()
    expect(words).to_have_value("")
    expect(box.get_by_text("Sent, number")).to_have_count(2)
    box.reload()

    expect(words).to_have_value("")


def test_nothing_is_asked_without_a_network_nor_ever_a_number(box: Page) -> None:
    asked: list[str] = []
    box.on("request", lambda request: asked.append(request.url))
    words = box.get_by_label("Your thought")

    with box.expect_request("**/alike*"):
        words.fill("Ring 07700 900123 about the night staff noticeboard")
    box.context.set_offline(True)
    words.fill("Ring 07700 900123 about the night staff noticeboard, everybody")
    box.wait_for_timeout(A_WHILE)

    queries = [url.partition("words=")[2] for url in asked if "alike" in url]
    assert queries == ["about%20night%20noticeboard%20ring%20staff"]


def test_words_by_which_somebody_could_be_found_are_asked_about_in_place(box: Page) -> None:
    sent: list[str] = []
    box.on("request", lambda request: sent.append(request.method))
    words, send = box.get_by_label("Your thought"), box.get_by_role("button", name="Send this thought")
    question = box.get_by_role("group", name="This looks as if it holds a phone number. Send it all the same?")
    words.fill(NUMBER)

    send.click()
    expect(question).to_be_focused()
    box.get_by_role("link", name="Change it").click()
    expect(question).to_be_hidden()
    expect(words).to_be_focused()
    assert "POST" not in sent

    send.click()
    box.get_by_role("button", name="Send it as it is").click()
    expect(said_to_be_sent(box)).to_be_visible()


def test_without_a_script_the_server_asks_with_the_words_kept(running: Copy, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(running.links["Table 1"])
        words, send = page.get_by_label("Your thought"), page.get_by_role("button", name="Send this thought")
        question, sent = page.get_by_text("This looks as if it holds a phone number"), page.locator(".sent")
        words.fill(NUMBER)
        send.click()
        expect(question).to_be_visible()
        expect(words).to_have_value(NUMBER)

        words.fill("Ask in bay four")
        send.click()
        expect(sent).to_be_visible()

        words.fill(NUMBER)
        send.click()
        expect(sent).to_have_count(0)
        page.get_by_role("button", name="Send it as it is").click()
        expect(sent).to_be_visible()
