"""Many people who do the same thing at the same moment."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from hackathon.core.db import db

One = TypeVar("One")
Result = TypeVar("Result")


def crowd(app: Flask, people: Iterable[One], act: Callable[[One], Result]) -> list[Result]:
    """What each of them got, in their order. All of them wait for each other, and then act at once."""
    each = list(people)
    start = threading.Barrier(len(each))

    def alone(one: One) -> Result:
        with app.app_context():
            start.wait()
            try:
                return act(one)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(each)) as threads:
        return list(threads.map(alone, each))
