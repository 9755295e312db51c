"""Fetches the corpus into its cache with the registries' own clients, and verifies every digest.

``python tests/corpus/fetch.py`` goes on where it stopped; ``--pin REGISTRY NAME VERSION`` prints the
entry for a further plugin. Nothing of a package is built, installed or run: npm packs the published tarball
with scripts off, pip takes wheels alone, because an sdist runs its own code to say what it is, and apt-get
downloads without installing. Debian's archive keeps no old versions: one that is gone counts as not delivered,
its test is skipped and says so, and a newer one is pinned with ``--pin`` after its findings were read.

Exit codes: 0 everything is in the cache, 1 other bytes than the pinned ones or a wrong list, 3 a registry or
its client did not deliver.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import LIST, REGISTRIES, CorpusError, Pinned, cache_folder, digest, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_TOGETHER = 25
"""Packages that one call of a client brings."""


class NotDeliveredError(CorpusError):
    """A registry, or the client for it, did not deliver: being offline is the usual reason."""


def npm_pack(name: str, version: str, into: Path) -> list[str]:
    """Return the command that brings a published npm tarball, byte for byte."""
    npm = shutil.which("npm")
    if npm is None:
        raise NotDeliveredError("npm is not on the PATH: install Node.js, which brings it")
    return [npm, "pack", f"{name}@{version}", "--ignore-scripts", "--silent", "--pack-destination", str(into)]


def pip_download(name: str, version: str, into: Path) -> list[str]:
    """Return the command that brings a published wheel without its dependencies."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        raise NotDeliveredError(f"{sys.executable} has no pip: run this with an interpreter that has it")
    # Nothing of it runs here, so it need not run on this Python.
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--dest", str(into)]
    return [*pip, "download", *options, f"{name}=={version}"]


def apt_download(name: str, version: str, _into: Path) -> list[str]:
    """Return the command that brings a package of Debian's archive into the folder where it is started."""
    apt = shutil.which("apt-get")
    if apt is None:
        raise NotDeliveredError("apt-get is not on the PATH: packages of Debian are fetched on Debian alone")
    return [apt, "download", "-qq", f"{name}={version}"]


CLIENTS: dict[str, Callable[[str, str, Path], list[str]]] = {
    "debian": apt_download,
    "npm": npm_pack,
    "pypi": pip_download,
}


def download(registry: str, name: str, version: str, into: Path) -> Path:
    """Download one archive into an empty folder and return it; raises `NotDeliveredError`."""
    command = CLIENTS[registry](name, version, into)
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, cwd=into)
    files = sorted(path for path in into.iterdir() if path.is_file())
    if done.returncode != 0 or len(files) != 1:
        said = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise NotDeliveredError(f"{registry} did not bring {name} {version}: {' / '.join(said) or 'it said nothing'}")
    return files[0]


def fetch(package: Pinned, cache: Path) -> bool:
    """Bring one package into the cache unless it is there; tell whether it was downloaded.

    Raises `NotDeliveredError` when the registry does not bring it, and `CorpusError` when it brings other
    bytes than the pinned ones; such bytes never reach the cache.
    """
    target = package.archive(cache)
    if target.is_file() and digest(target) == package.sha256:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".download-") as folder:
        found = download(package.registry, package.name, package.version, Path(folder))
        have = digest(found)
        if have != package.sha256:
            raise CorpusError(
                f"{package.key}: the archive is not the pinned one.\n"
                f"  expected sha256 {package.sha256}\n"
                f"  found    sha256 {have}  ({found.name}, {found.stat().st_size} bytes)\n"
                "  Either the registry serves other bytes under this version, or the list is wrong;"
                " read the archive before pinning it again."
            )
        found.replace(target)
    return True


def fetch_together(packages: Sequence[Pinned], cache: Path) -> set[str]:
    """Bring what is missing of one registry by a few calls of its client: each costs more than the bytes.

    Returns the keys of those that came. Only what has the pinned digest reaches the cache, and nothing is said of what
    is not delivered: `fetch` asks for it again.
    """
    came: set[str] = set()
    missing = [
        one for one in packages if not (one.archive(cache).is_file() and digest(one.archive(cache)) == one.sha256)
    ]
    for start in range(0, len(missing), _TOGETHER):
        some = missing[start : start + _TOGETHER]
        with tempfile.TemporaryDirectory(dir=cache, prefix=".download-") as folder:
            words = CLIENTS[some[0].registry](some[0].name, some[0].version, Path(folder))
            spec = next(word for word in words if word.startswith(some[0].name) and word.endswith(some[0].version))
            joint = spec.removeprefix(some[0].name).removesuffix(some[0].version)
            words += [f"{one.name}{joint}{one.version}" for one in some[1:]]
            subprocess.run(words, capture_output=True, check=False, cwd=folder)
            for one in some:
                found = Path(folder) / one.file
                if found.is_file() and digest(found) == one.sha256:
                    one.archive(cache).parent.mkdir(parents=True, exist_ok=True)
                    found.replace(one.archive(cache))
                    came.add(one.key)
    return came


def entry(registry: str, name: str, version: str) -> str:
    """Download one archive and return the beginning of its entry for the list; raises `CorpusError`."""
    if registry not in CLIENTS:
        raise CorpusError(f"{registry!r} is no registry of the corpus: {' or '.join(REGISTRIES)}")
    with tempfile.TemporaryDirectory() as folder:
        found = download(registry, name, version, Path(folder))
        values = (registry, name, version, found.name, digest(found))
    keys = ("registry", "name", "version", "file", "sha256")
    return "\n".join(["[[package]]", *(f'{key} = "{value}"' for key, value in zip(keys, values, strict=True))])


def fetch_all(packages: Sequence[Pinned], cache: Path) -> list[CorpusError]:
    """Bring all packages, saying one line for each, and return what went wrong."""
    problems: list[CorpusError] = []
    came: set[str] = set()
    for registry in CLIENTS:
        with contextlib.suppress(NotDeliveredError):  # said for each package below
            came |= fetch_together([package for package in packages if package.registry == registry], cache)
    for number, package in enumerate(packages, 1):
        try:
            how = "fetched" if fetch(package, cache) or package.key in came else "in the cache"
        except CorpusError as error:
            problems.append(error)
            how = "FAILED"
        sys.stderr.write(f"{number:>3}/{len(packages)} {package.key}: {how}\n")
    return problems


def main() -> int:
    """Fetch the corpus, or print the entry of a further plugin."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pin", nargs=3, metavar=("REGISTRY", "NAME", "VERSION"), help="print an entry for the list")
    parser.add_argument("--list", type=Path, default=LIST, help="the list to fetch (default: corpus.toml)")
    wanted = parser.parse_args()
    try:
        if wanted.pin:
            sys.stdout.write(entry(*wanted.pin) + "\n")
            return 0
        return fetch_list(load(wanted.list))
    except CorpusError as error:
        return tell([error])


def fetch_list(packages: Sequence[Pinned]) -> int:
    """Bring the packages of a list into the cache, and return the exit code."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes ask at once, and one brings it for all
        return tell(fetch_all(packages, cache))


def tell(problems: Sequence[CorpusError]) -> int:
    """Say what went wrong, and return the exit code for it."""
    for problem in problems:
        sys.stderr.write(f"error: {problem}\n")
    if all(isinstance(problem, NotDeliveredError) for problem in problems):
        return 3 if problems else 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
