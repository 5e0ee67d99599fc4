"""Uses a limit up, so that a test sees what comes after without asking hundreds of times."""

from flask import Flask

from hackathon.web.limits import Buckets, Limit


def spend_all(app: Flask, limit: Limit, key: str = "127.0.0.1") -> int:
    """How many times more this may be asked; from now on it may not."""
    buckets: Buckets = app.extensions["limits"][limit.name]
    times = 0
    while not buckets.wait(key):
        times += 1
    return times
