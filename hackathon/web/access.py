"""Doors: who may open an address. Every view names its door, and `tests/house` holds the list."""

import enum
import functools
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Protocol

from flask import abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.codes import fingerprint, long_token

STAFF_KEY = "staff_id"
PARTICIPANTS_KEY = "participants"
DEVICE_KEY = "device"
RECEIPTS_KEY = "receipts"
SERIAL = "serial"


class Door(enum.Enum):
    """Who may come in. Staff doors let in whoever holds one of the `roles` in the event that the address names."""

    ANYONE = "anyone"
    PARTICIPANT = "a registered participant of this event"
    SIGNED_IN = "any member of staff"
    STAFF = "staff of this event"
    FACILITATOR = "facilitators and organisers of this event"
    COMMUNITY_MANAGER = "community managers and organisers of this event"
    MODERATOR = "facilitators, community managers and organisers of this event"
    ACCESS_LEAD = "access leads of this event"
    CARE_LEAD = "care leads of this event"
    SCRIBE = "scribes, facilitators, community managers and organisers of this event"
    ORGANISER = "organisers of this event"

    @property
    def roles(self) -> frozenset[str]:
        """The roles that open it, by their values: the floor that knows roles lies above this one."""
        return ROLES_BEHIND.get(self, frozenset())


ROLES_BEHIND = {
    Door.STAFF: frozenset(
        {"organiser", "facilitator", "community_manager", "sponsor", "access_lead", "care_lead", "scribe"}
    ),
    Door.FACILITATOR: frozenset({"facilitator", "organiser"}),
    Door.COMMUNITY_MANAGER: frozenset({"community_manager", "organiser"}),
    Door.MODERATOR: frozenset({"facilitator", "community_manager", "organiser"}),
    Door.ACCESS_LEAD: frozenset({"access_lead"}),
    Door.CARE_LEAD: frozenset({"care_lead"}),
    Door.SCRIBE: frozenset({"scribe", "facilitator", "community_manager", "organiser"}),
    Door.ORGANISER: frozenset({"organiser"}),
}


class Doorkeeper(Protocol):
    """Says whether an account exists or, where a code is given, holds one of these roles in that event.

    The factory appoints one.
    """

    def __call__(self, staff_id: int, code: str | None, roles: frozenset[str]) -> bool: ...


View = Callable[..., ResponseReturnValue]


def open_to(door: Door) -> Callable[[View], View]:
    """Let only those through who may open this door; others learn nothing, not even that the event exists."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(**arguments: object) -> ResponseReturnValue:
            if door is Door.PARTICIPANT:
                return view(**arguments) if participant_token(str(arguments["code"])) else abort(404)
            if door is not Door.ANYONE:
                if (staff_id := signed_in_staff()) is None:
                    return redirect(url_for("staff.sign_in", next=request.path))
                code = arguments.get("code")
                if not _keeper()(staff_id, None if code is None else str(code), door.roles):
                    abort(404)
            return view(**arguments)

        guarded.door = door  # type: ignore[attr-defined]  # read by the list of doors - a function takes attributes
        return guarded

    return guard


def may_pass(door: Door, code: str) -> bool:
    """Whether the person before this page could open that staff door: pages use it to show or leave out a link."""
    staff_id = signed_in_staff()
    return staff_id is not None and _keeper()(staff_id, code, door.roles)


def _keeper() -> Doorkeeper:
    keeper: Doorkeeper = current_app.extensions["doorkeeper"]
    return keeper


def signed_in_staff() -> int | None:
    """The account that is signed in on this browser."""
    value = session.get(STAFF_KEY)
    return value if isinstance(value, int) else None


def my_name() -> str:
    """The name under which the log remembers whoever is signed in; the factory says where names are kept."""
    name: str = current_app.extensions["names"](signed_in_staff())
    return name


def sign_in_staff(staff_id: int) -> None:
    """Begin a new session for this account. What the browser held before is not carried into it."""
    kept = session.get(DEVICE_KEY), session.get(PARTICIPANTS_KEY)
    _begin_afresh()
    session[DEVICE_KEY], session[PARTICIPANTS_KEY] = kept
    session[STAFF_KEY] = staff_id


def sign_out_staff() -> None:
    session.pop(STAFF_KEY, None)


def participant_token(code: str) -> str | None:
    """The personal link's token that this browser holds for the event with this code."""
    return participant_tokens().get(code)


def participant_tokens(held: Mapping[str, Any] = session) -> dict[str, str]:
    """The personal links that were opened in this browser: their tokens, by the codes of their events."""
    links = held.get(PARTICIPANTS_KEY) or {}
    return {code: token for code, token in links.items() if isinstance(token, str)} if isinstance(links, dict) else {}


def remember_participant(code: str, token: str) -> None:
    """This browser is that person's, in that event. The numbers of what was sent from it stay on it."""
    held, staff_id = session.get(PARTICIPANTS_KEY) or {}, signed_in_staff()
    of_the_phone = {key: session[key] for key in (DEVICE_KEY, RECEIPTS_KEY) if session.get(key) is not None}
    if held.get(code, token) != token:
        # The phone has changed hands, and what was sent from it before is no business of whoever holds it now.
        of_the_phone.pop(RECEIPTS_KEY, None)
    _begin_afresh()
    session.update(of_the_phone)
    session[PARTICIPANTS_KEY] = {**held, code: token}
    if staff_id is not None:
        session[STAFF_KEY] = staff_id


def forget_everything() -> None:
    """This browser is nobody's any more, in any event: names, numbers, links and who is signed in."""
    _begin_afresh()


def device(held: MutableMapping[str, Any] = session) -> str:
    """What is kept of this phone: a keyed digest of a random number in its cookie, never the number itself."""
    if (number := held.get(DEVICE_KEY)) is None:
        number = held[DEVICE_KEY] = long_token()
        held["_permanent"] = True
    return fingerprint(str(current_app.config["SECRET_KEY"]), "device", str(number))


def _begin_afresh() -> None:
    """A cookie set before joining is not the session after it: a new one is signed with a new serial number."""
    session.clear()
    g.pop("csrf_token", None)
    session[SERIAL] = secrets.token_hex(8)
    session.permanent = True
