"""What tests need beside Python. On CI it must be there; elsewhere they do without it and say so."""

import os
from typing import NoReturn

import pytest


def do_without(what: str, package: str) -> NoReturn:
    """Leave a test out because this machine lacks something; on CI that is a failure."""
    sentence = f"{what} is not installed here: apt-get install {package}"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
