"""Where a browser may be sent on to (attack 13)."""

import pytest

from hackathon.web.addresses import local_address


@pytest.mark.parametrize("address", ["/desk", "/desk/ABCD/plan?tab=2#here", "/"])
def test_a_path_of_ours_is_followed(address: str) -> None:
    assert local_address(address, "/desk") == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "desk",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        " /desk",
        "https://evil.test",
        "javascript:alert(1)",
        "data:text/html,hello",
    ],
)
def test_anything_else_is_not(address: str | None) -> None:
    assert local_address(address, "/home") == "/home"
