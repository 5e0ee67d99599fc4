"""Short codes that people type and long tokens that they do not."""

import base64
import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What can be read aloud from paper without a mistake: no 0 or O, no 1, I or L."""


def short_code(length: int = 4) -> str:
    """A code to print on a card and type on a phone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def ticket_code() -> str:
    """What stands on a ticket: too long to guess, short enough to read out at the door when no camera works."""
    return short_code(8)


def may_be_code(typed: str) -> bool:
    """Whether it is worth asking the database: PostgreSQL does not take every character, and no code has others."""
    return typed.isascii() and typed.isalnum()


def long_token() -> str:
    """A secret for an address: 160 bits in lower case, because paths here are not case-sensitive."""
    return base64.b32encode(secrets.token_bytes(20)).decode().lower()


def six_digits() -> str:
    """A code to paste from a mail."""
    return f"{secrets.randbelow(1_000_000):06}"


def fingerprint(secret: str, *parts: str) -> str:
    """A keyed digest (HMAC-SHA256, 32 hex digits): it recognises a thing again without keeping the thing."""
    return hmac.digest(secret.encode(), "\0".join(parts).encode(), "sha256").hex()[:32]
