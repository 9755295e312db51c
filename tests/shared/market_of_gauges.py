"""Small markets on disk: folders and archives, each with one plugin that has one leak."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

from gauge import LEAK, MANIFEST


def files_of(number: int, code: str = LEAK) -> dict[str, str]:
    """Return the files of a plugin with one leak; each number has a content of its own."""
    manifest = {**MANIFEST, "id": f"org.saltmarsh.gauge{number}", "dependencies": {"org.saltmarsh.tides": "^1.0.0"}}
    return {"plugin.json": json.dumps(manifest), "plugin.js": f"// gauge {number}\n{code}"}


def write_folder(at: Path, files: dict[str, str]) -> Path:
    """Write a plugin as a folder."""
    for name, text in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_text(text)
    return at


def write_zip(at: Path, files: dict[str, str]) -> Path:
    """Write a plugin as a zip archive."""
    with zipfile.ZipFile(at, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return at


def write_tgz(at: Path, files: dict[str, str]) -> Path:
    """Write a plugin as npm packs it."""
    with tarfile.open(at, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return at


def make_market(at: Path, count: int) -> Path:
    """Write a market of so many plugins: folders, zip archives and packages of npm in turn."""
    at.mkdir()
    for number in range(count):
        files = files_of(number)
        if number % 3 == 0:
            write_folder(at / f"gauge{number:03}", files)
        elif number % 3 == 1:
            write_zip(at / f"gauge{number:03}.zip", files)
        else:
            write_tgz(at / f"gauge{number:03}.tgz", files)
    return at
