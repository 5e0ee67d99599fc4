"""Who waits for whom in a web worker."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from hackathon.web import in_turn
from hackathon.web.in_turn import PagesInTurn, stand_aside

SOON, AT_ONCE = 5.0, 0.1


class Request:
    """One that is under way until it may end; it may stand aside meanwhile."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = Event(), Event()
        self.environ: dict[str, Any] = {}


Ask = Callable[[str], Request]


@pytest.fixture
def ask() -> Iterator[Ask]:
    def answer(environ: dict[str, Any], _start_response: object) -> Iterable[bytes]:
        request: Request = environ["request"]
        request.environ = environ
        request.has_begun.set()
        assert request.may_end.wait(SOON)
        return []

    pages, requests = PagesInTurn(answer), list[Request]()
    with ThreadPoolExecutor() as threads:

        def ask(method: str) -> Request:
            requests.append(request := Request())
            threads.submit(pages, {"REQUEST_METHOD": method, "request": request}, None)
            return request

        yield ask
        for request in requests:
            request.may_end.set()


def test_pages_wait_for_each_other_and_what_is_sent_waits_for_none(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_turn, "PATIENCE", SOON)
    first = ask("GET")
    assert first.has_begun.wait(SOON)

    second, sent = ask("GET"), ask("POST")

    assert sent.has_begun.wait(SOON)
    assert not second.has_begun.wait(AT_ONCE)
    first.may_end.set()
    assert second.has_begun.wait(SOON)


def test_a_page_that_waits_for_something_else_lets_the_next_one_go_ahead(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_turn, "PATIENCE", SOON)
    first = ask("GET")
    assert first.has_begun.wait(SOON)

    stand_aside(first.environ)

    assert ask("HEAD").has_begun.wait(AT_ONCE)
    assert not ask("GET").has_begun.wait(AT_ONCE)
    first.may_end.set()
    assert not ask("GET").has_begun.wait(AT_ONCE)


def test_a_page_that_takes_long_holds_nobody_up_for_long(ask: Ask) -> None:
    assert ask("GET").has_begun.wait(SOON)

    assert ask("GET").has_begun.wait(SOON)
