"""Packs on disk."""

import tomllib
from pathlib import Path

from hackathon.core.config import ROOT
from hackathon.core.errors import NotFound
from hackathon.packs.document import MANIFEST, Manifest, PackOnDisk

PACKS = ROOT / "hack_packs"


def pack_folders(folder: Path = PACKS) -> list[Path]:
    """The packs in a folder; or the folder itself, when it is a pack."""
    if (folder / MANIFEST).is_file():
        return [folder]
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def packs_on_disk() -> list[PackOnDisk]:
    return [_read(folder) for folder in pack_folders()]


def pack_on_disk(name: str) -> PackOnDisk:
    """The pack with this name. It is looked for among the names that are there, so no name leads out of the folder."""
    for folder in pack_folders():
        if folder.name == name:
            return _read(folder)
    raise NotFound


def _read(folder: Path) -> PackOnDisk:
    manifest = Manifest.model_validate(tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    texts = {document.id: (folder / document.file).read_text(encoding="utf-8") for document in manifest.documents}
    return PackOnDisk(manifest, texts)
