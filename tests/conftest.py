"""What every test may ask for: a database that is real, an application, and clients that read like strict visitors."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import flask_migrate
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from hackathon.core.config import ROOT, Settings
from hackathon.core.db import db
from hackathon.events.models import Event
from hackathon.factory import create_app
from hackathon.staff.models import Account, Role
from tests.applications import open_application
from tests.lacking import do_without
from tests.makers import make_account, make_member
from tests.postgres import Cluster, is_installed, postgres_cluster
from tests.visitor import StaffClient, Visitor

pytest_plugins = ["tests.running"]

# The same examples in every run, and no clock: a machine that is busy with other tests finds no fault of its own.
settings.register_profile("house", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

SECRET = "a key for tests only"
SLOW = ("journeys", "pages", "faults", "porch")
"""Folders whose tests start whole copies of the product, or a browser."""
ON_BOTH = ("core", "house")
DATABASES = ("sqlite", "postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no worker begins with it when the others have ended."""
    spared = {item for item in items if is_spared(item)}
    config.hook.pytest_deselected(items=[*spared])
    items[:] = [item for item in items if item not in spared]
    items.sort(key=lambda item: item.path.relative_to(ROOT / "tests").parts[0] not in SLOW)


def is_spared(item: pytest.Item) -> bool:
    """A test that looks at pages runs on one of the two databases: which one, its name decides, as if by lot.

    Operations, attacks and what crawls the house run on both.
    """
    if not isinstance(item, pytest.Function) or not {"client", "staff_client"} & {*item.fixturenames}:
        return False
    database = str(item.callspec.params.get("database_url", "")) if hasattr(item, "callspec") else ""
    if not database or "attack" in item.name or item.path.parent.name in ON_BOTH:
        return False
    if any("database_url" in mark.args[0] for mark in item.iter_markers("parametrize")):
        return False
    by_lot = crc32(item.nodeid.replace(database, "").encode()) % len(DATABASES)
    return database != DATABASES[by_lot]


def settings_for(folder: Path, database_url: str = "", **rest: object) -> Settings:
    """Settings of a copy that lives in this folder."""
    return Settings(
        **{  # type: ignore[arg-type]  # pydantic checks what it is given - mypy sees only object
            "data_dir": folder,
            "database_url": database_url,
            "secret_key": SECRET,
            "base_url": "https://hack.example.org",
            "organisation_name": "Stannerdale Community Health",
            "demo": False,
            **rest,
        }
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Every test makes an application of its own; templates are compiled once for all of them."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """The same for the functions that build addresses: they do not know whose they are, and are most of the work."""
    compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, *rule._trace, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema that the migrations make. Every test gets a copy."""
    folder = tmp_path_factory.mktemp("template")
    _migrated(create_app(settings_for(folder)))
    return folder / "hackathon.sqlite3"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster | None]:
    """A PostgreSQL server of our own, where there is one to start."""
    if not is_installed():
        yield None
        return
    with postgres_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster | None, tmp_path_factory: pytest.TempPathFactory) -> str | None:
    """The name of a PostgreSQL database with the schema that the migrations make."""
    if cluster is None:
        return None
    url = cluster.new_database()
    _migrated(create_app(settings_for(tmp_path_factory.mktemp("postgres"), url)))
    return url.rpartition("/")[2].partition("?")[0]


def _migrated(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


@contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[Flask]:
    """An application on a fresh SQLite database, for fixtures that serve a whole module."""
    shutil.copy(template, folder / "hackathon.sqlite3")
    with open_application(settings_for(folder)) as app:
        yield app


@pytest.fixture(params=DATABASES)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path, postgres_template: str | None
) -> Iterator[str]:
    """The address of an empty database with the schema. A test runs on both kinds, but for spared ones."""
    if request.param == "sqlite":
        shutil.copy(sqlite_template, tmp_path / "hackathon.sqlite3")
        yield ""
        return
    if postgres_template is None:
        do_without("PostgreSQL", "postgresql")
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.empty_database(like=postgres_template)
    yield url
    cluster.give_back(url)


@pytest.fixture
def app(tmp_path: Path, database_url: str, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application on a database of its own."""
    with open_application(settings_for(tmp_path, database_url)) as app:
        app.jinja_env.bytecode_cache = compiled_templates
        yield app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The application's own database session, for setting up and for looking."""
    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def client(app: Flask, session: Session) -> Visitor:
    """Somebody with a browser and no account."""
    return Visitor(app)


@pytest.fixture
def staff_client(app: Flask, session: Session) -> StaffClient:
    """Makes a browser in which somebody with this role in this event has signed in."""
    numbers = itertools.count(1)

    def make(role: Role = Role.ORGANISER, event: Event | None = None, account: Account | None = None) -> Visitor:
        account = account or make_account(session, email=f"{role.value}{next(numbers)}@example.org")
        if event is not None:
            make_member(session, event, account, role)
        session.commit()
        visitor = Visitor(app)
        visitor.sign_in(account.id)
        return visitor

    return make
