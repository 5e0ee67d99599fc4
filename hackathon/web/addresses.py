"""Where a browser may be sent on to: only to a page of ours."""

from urllib.parse import urlsplit


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
