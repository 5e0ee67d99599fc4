"""What the next page says of what a button was pressed for."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash
from sqlalchemy.orm import Session

from hackathon.core.db import transaction
from hackathon.core.errors import Refusal


@contextmanager
def trying() -> Iterator[Session]:
    """Do in one transaction what somebody asks for by a button; where a rule says no, the next page says why.

    What is to be said when it is done stands last in the block.
    """
    try:
        with transaction() as session:
            yield session
    except Refusal as refusal:
        flash(refusal.message, "problem")


def offer_undo(words: str, url: str) -> None:
    """Say what was done, with a button beside it on the next page that takes it back."""
    flash([words, url], "undo")  # type: ignore[arg-type]  # the cookie carries any JSON - Flask types the usual
