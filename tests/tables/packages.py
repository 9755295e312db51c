"""Brings every published version of an npm package, through npm itself, and reads one file of each."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
from pathlib import Path

_AT_ONCE = 20
"""Versions that one call of npm brings."""


def published(name: str) -> list[str]:
    """Return the versions of a package that are no prereleases, oldest first."""
    said = subprocess.run(
        ["npm", "view", name, "versions", "--json"], check=True, capture_output=True, text=True
    ).stdout
    versions = [one for one in json.loads(said) if re.fullmatch(r"\d+\.\d+\.\d+", one)]
    return sorted(versions, key=numbers)


def texts(name: str, versions: list[str], member: str, cache: Path) -> list[tuple[str, str]]:
    """Return (version, text) of one file of each version; a version without that file is left out."""
    cache.mkdir(parents=True, exist_ok=True)
    stem = name.removeprefix("@").replace("/", "-")
    missing = [one for one in versions if not (cache / f"{stem}-{one}.tgz").is_file()]
    for start in range(0, len(missing), _AT_ONCE):
        wanted = [f"{name}@{one}" for one in missing[start : start + _AT_ONCE]]
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", str(cache), *wanted], check=True)
    found = []
    for version in versions:
        with tarfile.open(cache / f"{stem}-{version}.tgz") as archive:
            inside = next((one for one in archive.getnames() if one.split("/", 1)[-1] == member), "")
            held = archive.extractfile(inside) if inside else None
            if held is not None:
                found.append((version, held.read().decode("utf-8")))
    return found


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare."""
    return tuple(int(part) for part in version.split("."))
