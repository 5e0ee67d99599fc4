"""A second look before words are sent in which somebody could be found: a question, never a refusal.

In the browser `static/js/personal.js` asks before anything is sent. Without JavaScript the first post is answered with
the page, the words still in it, and the question; the button "Send it as it is" sends them. What a phone's outbox has
kept is not asked about any more: whoever pressed the button has gone, and moderators see a mark beside the words.
"""

from typing import ClassVar

from flask import request

from hackathon.core.words import in_a_row
from hackathon.maths.personal import Detail, kinds_in
from hackathon.web.acts import comes_from_outbox
from hackathon.web.forms import HackForm

LONGEST_LOOK = 2_000
"""Longer words are refused by every operation, and to look through a megabyte of them would hold up a worker."""
SURE = "sure"
"""The name of the button that sends all the same."""


class SecondLook(HackForm):
    """A form that asks again. `looks_at` names the fields whose words others will read.

    The template calls `second_look(form)` inside the form, after the button that sends: Enter presses the first one.
    """

    looks_at: ClassVar[tuple[str, ...]] = ("text",)
    seen: tuple[Detail, ...] = ()

    def submitted(self) -> bool:
        if not super().submitted():
            return False
        if SURE not in request.form and not comes_from_outbox():
            self.seen = tuple(kinds_in("\n".join(str(self[name].data)[:LONGEST_LOOK] for name in self.looks_at)))
        return not self.seen


def may_hold(text: str) -> str:
    """What a moderator is told to look for: "a phone number and an email address", or nothing."""
    return in_a_row(kind.words for kind in kinds_in(text))
