"""The packs that ship."""

import pytest

from hackathon.core.errors import NotFound
from hackathon.packs.transfer import pack_on_disk, packs_on_disk

SHIPPED = ["change-model", "inclusion-and-system-leadership", "open-space-unconference"]


def test_three_packs_ship() -> None:
    assert [found.manifest.pack.id for found in packs_on_disk()] == SHIPPED


@pytest.mark.parametrize("name", ["../etc", "/etc", "change-model/../change-model", "", "."])
def test_attack_24_no_name_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(NotFound):
        pack_on_disk(name)
