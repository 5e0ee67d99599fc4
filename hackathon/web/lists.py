"""Long lists, the newest first, that do not move under the hand: what has come since is announced, then shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flask import request, url_for

from hackathon.web.addresses import number_in_address
from hackathon.web.fields import one_line

A_PAGE = 50
LONGEST_SEARCH = 100


class Numbered(Protocol):
    @property
    def number(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)
Found = TypeVar("Found", bound=Numbered, covariant=True)


class Finds(Protocol[Found]):
    """The rows below a number, the newest first, so many at most."""

    def __call__(self, *, before: int | None, limit: int) -> Sequence[Found]: ...


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list. `still` is the address that shows these rows again, `latest` the one with the newest."""

    rows: Sequence[Row]
    still: str
    latest: str
    older: str | None
    is_first: bool
    new: int


def page_of(find: Finds[Row], count_newer: Callable[[int], int], **here: str | None) -> Page[Row]:
    """The page that this address asks for: below `before`, up to `upto`, or the newest. `here` says of which list."""

    def address(**place: int | None) -> str:
        return url_for(str(request.endpoint), **{**(request.view_args or {}), **here, **place})

    before, upto = number_in_address("before"), number_in_address("upto")
    rows = find(before=before if upto is None else upto + 1, limit=A_PAGE + 1)
    shown, more = rows[:A_PAGE], rows[A_PAGE:]
    if upto is None:
        upto = shown[0].number if shown else 0
    is_first = before is None
    return Page(
        rows=shown,
        still=address(upto=upto) if is_first else address(before=before),
        latest=address(),
        older=address(before=shown[-1].number) if more else None,
        is_first=is_first,
        new=count_newer(upto) if is_first else 0,
    )


def search_in_address() -> str:
    """The words that somebody looks for in a list."""
    return one_line(request.args.get("q", ""))[:LONGEST_SEARCH]
