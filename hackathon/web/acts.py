"""What every act of a participant shares: a thought, a comment, a rating, a commitment, a seat.

A phone keeps an act before it sends it, under an id of its own making, and sends it until it has an answer: that is
`static/js/outbox.js`. Without JavaScript the same form is posted by the browser, and the same id protects a reload.
So an act is written like this:

- Its form is an `ActForm`. The template gives `<form method="post" action="…">` the attributes of `act("Your thought")`
  and, inside it, `act_fields(form)`; where the phone says what became of it, `act_status()`. All three are macros of
  `templates/components/act.html`. The words name the act in "Your thought: saved on this phone, sending".
- Its operation takes `client_id`, and whatever is sent again under it is answered with the receipt that was given
  first: by a column of its own (insights, comments), or by `earlier_act` and `keep_act` of `events.operations`.
- `form.written_at` is when the button was pressed. What was written in a stage that has closed is late, and counted
  (`events.queries.stage_at`).
- Its view ends alike for the outbox and for a browser:

      if form.submitted():
          try:
              with transaction() as session:
                  receipt = …
          except Refusal as refusal:
              form.refuse(refusal)
          else:
              return answer(receipt, otherwise=url_for(…))
      return refuse(form) or render_template(…)

The outbox takes a 2xx with `words` for "it is there", and a 404, 405, 409, 410, 413 or 422 with a `message` for a no,
after which it keeps what was written, to be mended. A 400 makes it fetch a fresh token; everything else is "try again
later".
"""

from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any, Required, Self, TypedDict
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, current_app, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from wtforms import HiddenField

from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.web.access import RECEIPTS_KEY, Door, device, open_to
from hackathon.web.fields import Waited
from hackathon.web.forms import HackForm
from hackathon.web.limits import Limit, may_spend, spend

bp = Blueprint("acts", __name__)

NOT_THERE = "There is nothing at this address any more: its code may have been withdrawn."
TOO_LONG = "This is too long to send. Shorten it."
OVER = "This event is closed, and takes nothing more."
NOT_TAKEN = "The server did not take this."
WRITES_AS = "writes_as"
NEXT_IDS = "next_ids"
MOST_EVENTS = 12
COUNTED = "hackathon.counted"


def receipts_on_phone(held: Mapping[str, Any] = cookie) -> dict[str, list[int]]:
    """The receipt numbers that this phone holds, by the codes of their events; the newest of both come first."""
    return dict(held.get(RECEIPTS_KEY) or ())


def numbers_on_phone(code: str) -> list[int]:
    """Those of the event with this code."""
    return receipts_on_phone().get(code, [])


def writes_as() -> tuple[str, str]:
    """How this phone last chose to show a name, and the name; both are empty before it has chosen."""
    identity, name = cookie.get(WRITES_AS) or ("", "")
    return identity, name


def next_id(code: str, held: MutableMapping[str, Any] = cookie) -> str:
    """The id under which this phone sends its next thought in the event. It changes only when a receipt has come.

    So whoever goes back after an answer was lost, to a page that is loaded afresh, and sends the same words again,
    sends them under the same id.
    """
    waiting = waiting_ids(held)
    if code not in waiting:
        waiting = {code: long_token(), **waiting}
        # Pairs, because the cookie sorts a mapping by its names; and few, because a browser drops one above 4 KB.
        held[NEXT_IDS] = list(waiting.items())[:MOST_EVENTS]
    return waiting[code]


def waiting_ids(held: Mapping[str, Any] = cookie) -> dict[str, str]:
    """The ids that are not used up, by the codes of their events, the newest first."""
    return dict(held.get(NEXT_IDS) or ())


FROM_A_PHONE = Limit("acts from one phone", burst=60, every=timedelta(seconds=5))
FROM_AN_ADDRESS = Limit("acts from one address", burst=6000, every=timedelta(seconds=0.05))
"""A hospital's 1,500 people share one address, and send and rate within seconds."""


class Receipt(TypedDict, total=False):
    """The answer to an act that was taken: the same however often it is sent.

    `words` are what the phone says. `href`, with the words of its `link`, leads to what became of it.
    """

    words: Required[str]
    number: int
    late: bool
    href: str
    link: str


class ActForm(HackForm):
    """A form whose answers a phone may have kept for a while.

    `client_id` goes out with the page for browsers without JavaScript; the outbox puts its own in its place.
    """

    client_id = HiddenField()
    waited = Waited(default=timedelta())

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        # What the outbox sends has shown its token before any view, and no page goes back that could carry a new one.
        return cls(meta={"csrf": not comes_from_outbox()}, **start)

    @property
    def written_at(self) -> datetime:
        """When the button was pressed."""
        return now() - self.waited.data

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "waited"}

    def under(self, client_id: str) -> Self:
        """The id under which the page that is shown will send."""
        self.client_id.data = client_id
        return self


def slow_a_flood() -> None:
    """Let an act pass, or say when to try again. It is asked once the act has the right shape."""
    if COUNTED not in request.environ:
        spend(FROM_AN_ADDRESS, request.remote_addr or "")
        spend(FROM_A_PHONE, device())


def count_act(environ: WSGIEnvironment, phone: str) -> bool:
    """Count one more act, before its shape is known, and say whether it may pass. It is not counted again."""
    may_pass = may_spend(FROM_AN_ADDRESS, environ.get("REMOTE_ADDR", "")) and may_spend(FROM_A_PHONE, phone)
    if may_pass:
        environ[COUNTED] = True
    return may_pass


def comes_from_outbox() -> bool:
    """Whether the phone's outbox asks, which wants JSON, and not a person who looks at a page."""
    return request.accept_mimetypes.best == "application/json"


def answer(receipt: Mapping[str, object], *, otherwise: str | Callable[[], str]) -> ResponseReturnValue:
    """The receipt for the outbox; for a browser the page on which it stands."""
    if comes_from_outbox():
        return dict(receipt)
    return redirect(otherwise if isinstance(otherwise, str) else otherwise(), 303)


def refuse(form: HackForm) -> ResponseReturnValue | None:
    """The first mistake, in words, for the outbox; nothing for a browser, which is shown its page with all of them."""
    if not comes_from_outbox():
        return None
    for name, errors in form.errors.items():
        if errors:
            return {"message": str(errors[0]), "field": name}, 422
    return None


def refuse_in_words(status: int) -> ResponseReturnValue:
    """What a page for an error says to people, said to the outbox."""
    words = {404: NOT_THERE, 410: OVER, 413: TOO_LONG}.get(status, NOT_TAKEN)
    return {"message": words, "field": None}, status


@bp.get("/token")
@open_to(Door.ANYONE)
def token() -> ResponseReturnValue:
    """A fresh token against forged requests, for an outbox whose page or cookie is old."""
    return {"token": generate_csrf()}


@bp.get("/sw.js")
@open_to(Door.ANYONE)
def service_worker() -> ResponseReturnValue:
    """What opens a few pages without a signal. It stands at the root, because it may look after nothing above it."""
    return current_app.send_static_file("js/sw.js")
