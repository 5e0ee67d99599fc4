"""What is kept of a page, what is put in, and how it is packed."""

import gzip
from typing import Any

import pytest
from flask import Flask

from hackathon.web.access import Door
from hackathon.web.kept_ready import MOST_PAGES, KeptPage, Shelf, takes_gzip, without_its_own

HELD: dict[str, Any] = {"csrf_token": "raw", "device": "number-of-this-phone", "next_ids": [["K7PM", "next"]]}
TOKEN = b'<input id="x" name="csrf_token" type="hidden" value="signed">'
NEXT = b'<input name="client_id" type="hidden" value="next">'
OTHER = b'<input name="client_id" type="hidden" value="other">'
KEPT = KeptPage((b"one ", b" two ", b""), ("csrf_token", "K7PM"))


def test_what_a_phone_alone_has_is_taken_out() -> None:
    kept = without_its_own(b"<p>Words</p>" + TOKEN + NEXT + OTHER + b"<p>More</p>", HELD)

    assert kept is not None
    assert kept.places == ("csrf_token", "K7PM", "")
    assert b"|".join(kept.pieces) == (
        b'<p>Words</p><input id="x" name="csrf_token" type="hidden" value="|">'
        b'<input name="client_id" type="hidden" value="|"><input name="client_id" type="hidden" value="|"><p>More</p>'
    )


@pytest.mark.parametrize("left", [b"raw", b"number-of-this-phone", b"next", b"signed"])
def test_a_page_that_says_more_of_a_phone_is_not_kept(left: bytes) -> None:
    assert without_its_own(TOKEN + NEXT + b'<a href="/' + left + b'">', HELD) is None


@pytest.mark.parametrize("own", [(b"token", b"id"), (b"", b"x" * 300)])
def test_a_page_is_packed_as_one_stream(own: tuple[bytes, bytes]) -> None:
    whole = KEPT.whole(own)

    assert whole == b"one " + own[0] + b" two " + own[1]
    assert gzip.decompress(KEPT.compressed(own)) == whole


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [("gzip, deflate, br", True), ("br,gzip", True), ("", False), ("gzip;q=0, br", False), ("x-gzip", False)],
)
def test_a_browser_is_sent_what_it_takes(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


def test_a_shelf_holds_few_pages_and_none_of_an_old_edition() -> None:
    editions = iter([1, 2, None])
    shelf = Shelf(lambda: next(editions))
    for number in range(MOST_PAGES + 1):
        shelf.keep(f"/{number}", 1, KEPT)

    assert [address in shelf for address in ("/0", "/1")] == [False, True]
    assert [shelf.find("/1") for _look in range(3)] == [KEPT, None, None]


def test_only_pages_that_are_open_to_anyone_are_kept(app: Flask) -> None:
    kept = [view for view in app.view_functions.values() if getattr(view, "is_kept", False)]

    assert kept
    assert {getattr(view, "door", None) for view in kept} == {Door.ANYONE}
