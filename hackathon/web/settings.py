"""What views ask of the settings: our own address, and whether letters leave."""

from flask import current_app

from hackathon.core.config import COMMAND_LINE, Settings

LETTERS_WAIT = (
    "The letter is written and waits: no mail server is set. Whoever runs this site reads it with"
    f" “{COMMAND_LINE} mail show ADDRESS”."
)


def our_settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def our_address() -> str:
    """Where this site is reached, for letters and codes."""
    return our_settings().address


def sends_mail() -> bool:
    """Whether a mail server is set. Without one, letters wait in the outbox and reach nobody."""
    return bool(our_settings().smtp_url)


def how_it_goes(words: str) -> str:
    """What is said of a letter that was just written: these words where letters leave, or else what it waits for."""
    return words if sends_mail() else LETTERS_WAIT
