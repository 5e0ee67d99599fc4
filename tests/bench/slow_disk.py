"""A slow disk where there is none: the flushes of processes that are started meanwhile take 3 ms longer."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

SOURCE = Path(__file__).with_suffix(".c")


def compiler() -> str | None:
    """The C compiler of this machine, if there is one."""
    return shutil.which("cc")


@contextmanager
def slow_disk() -> Iterator[None]:
    """Needs the compiler. Processes keep it for as long as they live, so it may end as soon as they have started."""
    with TemporaryDirectory() as folder:
        library = Path(folder) / "slow_disk.so"
        subprocess.run([str(compiler()), "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True)
        os.environ["LD_PRELOAD"] = str(library)
        try:
            yield
        finally:
            del os.environ["LD_PRELOAD"]
