"""Letters laid out: as text, and as HTML that every mail program can show."""

from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from hackathon.letters.document import Words


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A letter as it is sent, and its body alone for a page that shows it."""

    subject: str
    text: str
    html: str
    body: Markup

    @property
    def length(self) -> int:
        """How many words there are to read. An address is none."""
        return sum(not word.startswith("http") and any(map(str.isalnum, word)) for word in self.text.split())


def lay_out(words: Words, *, organisation: str) -> LaidOut:
    """The letter in both forms, from the same words."""
    facts = {"words": words, "organisation": organisation}
    return LaidOut(
        subject=" ".join(words.subject.split()),
        text=render_template("letters/letter.txt", **facts),
        html=render_template("letters/letter.html", **facts),
        body=Markup(render_template("letters/body.html", **facts)),
    )
