"""A test client that reads every page as a strict visitor would, and fills in forms as a browser does."""

import functools
import itertools
import re
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask, g, has_app_context
from werkzeug.test import TestResponse

from hackathon.web.access import STAFF_KEY

HIDDEN_TYPES = {"hidden", "submit", "button", "image"}


class Visitor:
    """Somebody with a browser. Every HTML page that comes back is checked before the test sees it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def sign_in(self, account_id: int) -> None:
        """Put a staff account into this browser, without the mail."""
        with self.client.session_transaction() as cookie:
            cookie[STAFF_KEY] = account_id

    def hold(self, **values: Any) -> None:
        """Put values into this browser's session cookie."""
        with self.client.session_transaction() as cookie:
            cookie.update(values)

    def get(self, url: str, **options: Any) -> TestResponse:
        return self._send(url, method="GET", **options)

    def post(self, url: str, **options: Any) -> TestResponse:
        """A bare POST, as an attacker or a script sends it: no token is added."""
        return self._send(url, method="POST", **options)

    def post_form(
        self, url: str, data: dict[str, Any] | None = None, *, page: str | None = None, **options: Any
    ) -> TestResponse:
        """Open the page that holds the form (by default the same address), then send the form with its token."""
        token = self.token_on(page or url)
        return self._send(url, method="POST", data={**(data or {}), "csrf_token": token}, **options)

    def token_on(self, page: str) -> str:
        field = self.soup(page).find("input", attrs={"name": "csrf_token"})
        assert field is not None, f"{page} holds no form with a token"
        return str(field["value"])

    def soup(self, url: str) -> BeautifulSoup:
        response = self.get(url, follow_redirects=True)
        assert response.status_code == 200, f"{url} answered {response.status_code}"
        return BeautifulSoup(response.text, "html.parser")

    def words(self, url: str) -> str:
        """What a page says, without its markup."""
        return words_of(self.get(url, follow_redirects=True))

    def _send(self, url: str, **options: Any) -> TestResponse:
        # The test's application context outlives a request, so what one browser left in it would meet the next one.
        if has_app_context():
            g.pop("csrf_token", None)
        return self._checked(self.client.open(url, **options))

    def _checked(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.data and response.status_code not in (301, 302, 303):
            check_page(response.text)
        return response


StaffClient = Callable[..., Visitor]
"""Makes a browser in which somebody of a role is signed in: what `staff_client` gives to a test."""


def words_of(response: TestResponse) -> str:
    """The words of an HTML answer's main part, with single spaces."""
    soup = BeautifulSoup(response.text, "html.parser")
    return " ".join((soup.main or soup).get_text(" ").split())


@functools.lru_cache(maxsize=256)
def check_page(html: str) -> None:
    """What must hold for every page, and for every fragment as far as it goes. The same page is not read twice."""
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.find_all(style=True), "a page carries a style attribute"
    assert not soup.find_all("style"), "a page carries an inline style sheet"
    assert not [s for s in soup.find_all("script") if not s.get("src")], "a page carries an inline script"
    assert not [t for t in soup.find_all(True) if any(a.startswith("on") for a in t.attrs)], "a page carries a handler"
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"ids come twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    for tag in soup.find_all(src=True) + soup.find_all("link", href=True):
        address = str(tag.get("src") or tag.get("href"))
        assert address.startswith(("/", "data:")), f"a page asks a third party: {address}"
        assert not address.startswith("//"), f"a page asks a third party: {address}"
    if soup.html is None:
        return
    assert soup.html.get("lang"), "a page has no language"
    assert soup.title is not None, "a page has no title"
    assert soup.title.get_text(strip=True), "a page has an empty title"
    assert len(soup.find_all("h1")) == 1, "a page has one h1"
    _check_fields(soup)
    _check_headings(soup)


def _check_fields(soup: BeautifulSoup) -> None:
    labelled = {str(label["for"]) for label in soup.find_all("label") if label.get("for")}
    for field in soup.find_all(["input", "textarea", "select"]):
        if field.get("type") in HIDDEN_TYPES:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled
        assert named, f"a field has no label: {field.get('name')}"


def _check_headings(soup: BeautifulSoup) -> None:
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1, f"a heading skips from h{before} to h{after}"
