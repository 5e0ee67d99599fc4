"""Every setting of the product, with its default. `config.example.toml` says the same with a sentence each."""

import os
import secrets
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "HACKATHON_"
COMMAND_LINE = ".venv/bin/flask --app app"
"""How our commands begin where somebody types them, in the product's own folder."""
Port = Annotated[int, Field(ge=1, le=65535)]


class BadConfiguration(Exception):
    """A setting cannot be used; the message names it and says what to do."""


class Settings(BaseModel):
    """What the operator decides. Read once at the start; nothing in it changes while a process runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: Port = 8000
    base_url: str = ""
    database_url: str = ""
    data_dir: Path = Path("var")
    secret_key: str = ""
    smtp_url: str = ""
    mail_from: str = "Hackathon <hackathon@localhost>"
    organisation_name: str = "Our organisation"
    brand_colour: str = "#0b5d57"
    logo_file: str = ""
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    threads: Annotated[int, Field(ge=1, le=256)] = 32
    demo: bool = True

    @property
    def address(self) -> str:
        """Where people reach the product: mailed links and printed codes are made from this, never from a request."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def folder(self) -> Path:
        """The data folder, made absolute from the place where the product lives."""
        return self.data_dir if self.data_dir.is_absolute() else ROOT / self.data_dir

    @property
    def database(self) -> str:
        """The database's address; without one, an SQLite file in the data folder. PostgreSQL goes through psycopg 3."""
        if not self.database_url:
            return f"sqlite:///{self.folder / 'hackathon.sqlite3'}"
        scheme, separator, rest = self.database_url.partition("://")
        driver = "postgresql+psycopg" if scheme in ("postgres", "postgresql") else scheme
        return driver + separator + rest

    @property
    def hub_socket(self) -> Path:
        """Where web workers hand a reader's connection over to the live hub."""
        return self.folder / "hub.sock"

    @property
    def papers(self) -> Path:
        """Where rendered PDFs are kept."""
        return self.folder / "papers"

    def secret(self) -> str:
        """The key that signs cookies and codes: as set, or made once and kept in the data folder."""
        if self.secret_key:
            return self.secret_key
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / "secret.key"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
        return path.read_text().strip()


def load_settings(path: Path | None = None) -> Settings:
    """Read `config.toml`, then let the environment (`HACKATHON_PORT` and so on) have the last word."""
    path = path or ROOT / "config.toml"
    values: dict[str, Any] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BadConfiguration(
                f"{path.name} cannot be read: {error}. Compare it with config.example.toml."
            ) from error
    for name in Settings.model_fields:
        if (value := os.environ.get(PREFIX + name.upper())) is not None:
            values[name] = value
    try:
        return Settings(**values)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadConfiguration(
            f"A setting cannot be used ({problems}). config.example.toml explains each one."
        ) from error
