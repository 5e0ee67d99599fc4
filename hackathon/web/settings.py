"""What views ask of the settings: our own address, and whether letters leave."""

from flask import current_app

from hackathon.core.config import Settings


def our_settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def our_address() -> str:
    """Where this site is reached, for letters and codes."""
    return our_settings().address


def sends_mail() -> bool:
    """Whether a mail server is set. Without one, letters wait in the outbox and reach nobody."""
    return bool(our_settings().smtp_url)
