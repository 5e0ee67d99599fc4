"""What somebody asked for is done once more where another change came between, which it could not see coming.

Locks are taken in one order, so that this hardly happens; but phones that are committed together hold what each of them
changes, in the order in which they came. PostgreSQL then ends one of the two. Nothing of it was written, and the other
is done by the time it begins again; PostgreSQL asks its users to be prepared for that (its manual, 13.3.4). Where it
was a row that another change removed, the second time finds none, and says so.
"""

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from hackathon.core.db import db, has_vanished, have_crossed

View = Callable[..., Any]


def do_once_more(app: Flask) -> None:
    """Let every view of the application try twice."""
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _twice(view)


def _twice(view: View) -> View:
    @functools.wraps(view)
    def answer(**arguments: object) -> Any:
        try:
            return view(**arguments)
        except SQLAlchemyError as problem:
            came_between = have_crossed(problem) or has_vanished(problem)
            if not came_between or request.files:  # a file that was sent has been read to its end
                raise
        db.session.rollback()
        return view(**arguments)

    return answer
