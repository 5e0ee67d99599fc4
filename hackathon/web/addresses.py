"""What an address that a browser sends may say: which page of ours comes next, which number or table is meant."""

import re
from urllib.parse import urlsplit

from flask import request

from hackathon.core.codes import may_be_code

MOST_DIGITS = 18
DIGITS_OF_A_RECEIPT = 9
_SIGN_OF_A_NUMBER = re.compile(r"(?:#|№|\bno\.?|\bnumber\b)(?=\s*\d)", re.IGNORECASE)


def local_address(address: str | None, otherwise: str) -> str:
    """The address when it is a path of this site; otherwise the other one.

    Browsers read a backslash as a slash and skip tabs and line ends, so an address that holds any of them is not used.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    if "\\" in address or any(ord(letter) <= 32 or ord(letter) == 127 for letter in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def number_of_ours(typed: str) -> int:
    """A number in an address or a form, small enough for every database; anything else is none of ours."""
    if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS:
        return int(typed)
    raise ValueError(typed)


def number_in_address(name: str) -> int | None:
    """The receipt number that the address of this page carries under a name, if it is one."""
    return receipt_typed(request.args.get(name, ""))


def receipt_typed(text: str) -> int | None:
    """The number of a receipt as people type it: 3, #3, No. 3."""
    digits = without_signs(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_OF_A_RECEIPT else None


def without_signs(text: str) -> str:
    """Numbers without what people write before them: # and No."""
    return _SIGN_OF_A_NUMBER.sub(" ", text).strip()


def table_in_address() -> str | None:
    """The code of the table from which somebody came, which an address carries along from page to page."""
    typed = request.args.get("table", "")
    return typed if may_be_code(typed) else None
