"""What views ask of the settings: our own address, and whether letters leave."""

from flask import current_app


def our_address() -> str:
    """Where this site is reached, for letters and codes."""
    address: str = current_app.extensions["settings"].address
    return address


def sends_mail() -> bool:
    """Whether a mail server is set. Without one, letters wait in the outbox and reach nobody."""
    return bool(current_app.extensions["settings"].smtp_url)
