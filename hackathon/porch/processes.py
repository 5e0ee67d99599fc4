"""`python3 app.py`: the processes that make up a running product, and the words that greet whoever started it.

One process imports the house, once, and forks the others from itself. So a start costs one import instead of five, the
web workers share memory, and what dies is back in milliseconds. Nobody connects to the database before the fork.
"""

import gc
import http.client
import os
import socket
import sys
import time
from functools import partial
from importlib import import_module

from click import ClickException
from flask.cli import FlaskGroup
from gunicorn.app import wsgiapp

from hackathon.core.config import BadConfiguration, Settings, load_settings
from hackathon.porch.forks import fork
from hackathon.porch.supervisor import Supervisor

FRONT_DOOR = "app"
HUB = "hackathon.adapters.hub"
WORKER = "hackathon.porch.even_worker"
IMPORTED_ONCE = (FRONT_DOOR, HUB, WORKER)
MEMORY_FOLDER = "/dev/shm"
BACKLOG = 2048
GRACE = 3
LONGEST_WAIT = 60.0
LAST_WORD = "Ctrl-C stops it."


class Unready(Exception):
    """The product cannot start; the message says what to do."""


def run(_arguments: list[str]) -> int:
    """Serve until somebody says stop."""
    try:
        settings = load_settings()
        listener = listen(settings.host, settings.port)
        for module in IMPORTED_ONCE:
            import_module(module)
        links = prepare_database(settings)
    except (BadConfiguration, Unready) as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    gc.freeze()  # what is imported stays, and stays shared: the collector need not touch it in every process
    fork(partial(greet, settings, links))
    Supervisor(
        {
            "web server": partial(serve, listener, settings),
            "live hub": partial(tell_screens, listener, settings),
            "job process": partial(run_beside, listener, "jobs", "run"),
        }
    ).run()
    return 0


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else happens. It outlives the web server, so visitors wait out its restart."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as problem:
        why = str(problem.strerror).partition(" (while")[0]
        raise Unready(
            f"Port {port} on {host} cannot be used ({why}). Choose another one: "
            f"HACKATHON_PORT={port + 1 if 1024 <= port < 65535 else 8001} python3 app.py"
        ) from problem


def prepare_database(settings: Settings) -> str:
    """Bring the tables up to date and, in a demo, fill an empty database. Returns the addresses that were printed."""
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Unready(
            f"The folder {settings.folder} cannot be made ({problem.strerror}). Choose another one: "
            "HACKATHON_DATA_DIR=FOLDER python3 app.py"
        ) from problem
    reader, writer = os.pipe()
    pid = fork(partial(_prepare, settings.demo, writer))
    os.close(writer)
    with os.fdopen(reader) as said:
        links = said.read()
    if os.waitpid(pid, 0)[1]:
        raise Unready("The database could not be made ready; the lines above say why.")
    return links.strip()


def _prepare(demo: bool, printed: int) -> None:
    os.dup2(printed, sys.stdout.fileno())
    app = import_module(FRONT_DOOR).create_app()
    group = FlaskGroup(create_app=lambda: app)
    try:
        for words in (("db", "upgrade"), ("demo", "load") if demo else ("staff", "link")):
            group.main(words, standalone_mode=False)
    except ClickException as reason:
        reason.show()
        sys.exit(reason.exit_code)


def serve(listener: socket.socket, settings: Settings) -> None:
    """Answer browsers: gunicorn, started as from its command line."""
    sys.argv = [
        "gunicorn",
        f"--bind=fd://{listener.detach()}",
        f"--worker-class={WORKER}.EvenWorker",
        f"--workers={settings.workers}",
        f"--threads={settings.threads}",
        f"--graceful-timeout={GRACE}",
        "--keep-alive=5",
        "--log-level=warning",
        "--no-control-socket",
        "--forwarded-allow-ips=",  # the setting trusted_proxies alone decides which headers are believed
        f"{FRONT_DOOR}:create_app()",
    ]
    if os.access(MEMORY_FOLDER, os.W_OK):  # a worker's sign of life must not wait for a disk
        sys.argv.insert(1, f"--worker-tmp-dir={MEMORY_FOLDER}")
    wsgiapp.run()


def tell_screens(listener: socket.socket, settings: Settings) -> None:
    """The live hub. It makes no application, of which it would use nothing: so it stays small."""
    listener.close()
    import_module(HUB).run_hub(settings)


def run_beside(listener: socket.socket, *words: str) -> None:
    """One of the house's own commands, as `flask --app app …` would run it."""
    listener.close()
    FlaskGroup(create_app=import_module(FRONT_DOOR).create_app).main(words)


def greet(settings: Settings, links: str) -> None:
    """Wait for the first answer, then say where to go."""
    if _answers(settings, time.monotonic() + LONGEST_WAIT):
        print(f"\nThe hackathon is open: {settings.address}\n{links}\n{LAST_WORD}", flush=True)
    else:
        print(f"There is no answer after {LONGEST_WAIT:.0f} s; the lines above may say why.", file=sys.stderr)


def _answers(settings: Settings, deadline: float) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(reachable, settings.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return True
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    return False
