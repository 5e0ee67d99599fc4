"""The smallest web application with a stream, for gunicorn to serve."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from hackathon.adapters.live import hand_over
from hackathon.core.config import load_settings

settings = load_settings()


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path.startswith("/stream/"):
        after = environ.get("HTTP_LAST_EVENT_ID")
        if hand_over(environ, settings.hub_socket, int(path.rpartition("/")[2]), int(after) if after else None):
            start_response("200 OK", [])
            return [b"nobody reads this"]
        start_response("503 Service Unavailable", [("Retry-After", "2"), ("Content-Length", "0")])
        return []
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]
