"""Makes a market of any size from the published packages: other ids, other versions, and bytes that are really different.

``python tests/market/synthetic.py 1000 FOLDER`` writes a thousand archives and ``market.jsonl``, the list of them.
Every copy of a package has a name and a version of its own, and every source file ends in a line of its own, so that
neither a cache by content nor one by archive makes a copy free. The same number gives the same bytes.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from packages import CorpusError, archives

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))  # the scripts there are no package
from inputs import language

if TYPE_CHECKING:
    from collections.abc import Iterator

_ZIP_DAY = (2020, 1, 1, 0, 0, 0)
_MOST = 50_000_000
"""Bytes of a file that are copied; nothing in the list comes near it."""


def copies(count: int, folder: Path, of: int = 0) -> Iterator[dict[str, str]]:
    """Write archives into a folder, copies of ``of`` packages or of all, and yield the line of the list for each."""
    # By digest, so that the first of any number are a fair choice.
    packages = sorted(archives(), key=lambda one: one[0].sha256)[: of or None]
    for number in range(count):
        package, archive = packages[number % len(packages)]
        copy = number // len(packages)
        name, version = f"{package.name}-m{copy:04d}", f"{1 + copy % 7}.{copy % 31}.{number % 97}"
        make = _wheel if archive.suffix == ".whl" else _tarball
        target = make(archive, folder, (name, version), number)
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        yield {"name": name, "version": version, "digest": f"sha256:{digest}", "path": target.name}


def market(count: int, folder: Path, of: int = 0) -> Path:
    """Write a whole market into a folder, and return its list."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "market.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for line in copies(count, folder, of):
            stream.write(json.dumps(line) + "\n")
    return path


def _own(path: str, data: bytes, number: int) -> bytes:
    """Return a source file with a last line of its own, anything else as it is."""
    if not language(path):
        return data
    mark = "#" if path.endswith(".py") else "//"
    return (
        data.rstrip() + f"\n{mark} copy {number} {hashlib.sha256(f'{number} {path}'.encode()).hexdigest()}\n".encode()
    )


def _tarball(archive: Path, folder: Path, named: tuple[str, str], number: int) -> Path:
    name, version = named
    target = folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}-{version}.tgz"
    with (
        tarfile.open(archive) as source,
        gzip.GzipFile(target, "wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as made,
    ):
        for member in source:
            stream = source.extractfile(member) if member.isfile() and member.size < _MOST else None
            if stream is None:
                continue
            data = _own(member.name, stream.read(), number)
            if member.name.count("/") == 1 and member.name.endswith("/package.json"):
                data = json.dumps({**json.loads(data), "name": name, "version": version}, indent=2).encode()
            info = tarfile.TarInfo(member.name)
            info.size, info.mode = len(data), 0o644
            made.addfile(info, io.BytesIO(data))
    return target


def _wheel(archive: Path, folder: Path, named: tuple[str, str], number: int) -> Path:
    name, version = named
    plain = re.sub(r"[^A-Za-z0-9.]+", "_", name)
    target = folder / f"{plain}-{version}-py3-none-any.whl"
    record: list[str] = []
    with (
        zipfile.ZipFile(archive) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for entry in source.infolist():
            if entry.is_dir() or entry.filename.endswith(".dist-info/RECORD"):
                continue
            data = _own(entry.filename, source.read(entry), number)
            path = re.sub(r"^[^/]+\.dist-info/", f"{plain}-{version}.dist-info/", entry.filename)
            if path.endswith(".dist-info/METADATA"):
                data = re.sub(rb"(?m)^Name:.*$", f"Name: {name}".encode(), data, count=1)
                data = re.sub(rb"(?m)^Version:.*$", f"Version: {version}".encode(), data, count=1)
            made.writestr(zipfile.ZipInfo(path, _ZIP_DAY), data, zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(data)}\n")
        path = f"{plain}-{version}.dist-info/RECORD"
        made.writestr(zipfile.ZipInfo(path, _ZIP_DAY), "".join([*record, f"{path},,\n"]), zipfile.ZIP_DEFLATED)
    return target


def main() -> int:
    """Write a market."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("count", type=int, help="how many archives")
    parser.add_argument("folder", type=Path, help="where to write them")
    wanted = parser.parse_args()
    try:
        path = market(wanted.count, wanted.folder)
    except CorpusError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
