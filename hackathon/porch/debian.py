"""Packages of Debian and its kin: which are missing, and how to get them."""

from __future__ import annotations

import os
import shutil
import subprocess


def missing(packages: list[str]) -> list[str]:
    """Those of the packages that are not installed. A system without dpkg is taken at its word: nothing is missing."""
    if not shutil.which("dpkg-query"):
        return []
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,  # it complains about every package that it has never heard of
    )
    installed = {line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]


def command(packages: list[str]) -> str:
    """What a person types to install the packages."""
    return f"sudo apt-get update && sudo apt-get install --yes {' '.join(packages)}"


def install(packages: list[str]) -> bool:
    """Install the packages where that can be done without asking anybody; say whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update"], ["install", "--yes", "--no-install-recommends", *packages])
    return all(
        subprocess.run(["apt-get", "-qq", *step], env=quietly, capture_output=True, check=False).returncode == 0
        for step in steps
    )
