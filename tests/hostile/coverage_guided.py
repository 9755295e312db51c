"""A fuzzer that follows coverage: one target a run, for as long as one likes; what it finds is kept as a file.

    pip install atheris && python tests/hostile/coverage_guided.py source --corpus /tmp/fuzz -max_total_time=3600

Targets: ``source`` (JavaScript, TypeScript, Python through every check), ``manifest`` (each format of data),
``archive`` and ``rule``. Options after the target go to the fuzzer; a finding is anything but an answer or an
error that people are meant to see.
"""

from __future__ import annotations

import argparse
import importlib
import io
import pkgutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import atheris

if TYPE_CHECKING:
    from collections.abc import Callable

with atheris.instrument_imports(include=["reviewer"]):
    from reviewer import code, experts, resources, subject
    from reviewer.core.errors import ReviewerError
    from reviewer.engine.looking.watch import Unwatched
    from reviewer.engine.plan import Plan, jobs_of
    from reviewer.engine.request import Request
    from reviewer.engine.root_review import review_root
    from reviewer.library.mistakes import Mistakes
    from reviewer.library.rule_file import read_rule

    for package in (experts, code, subject):  # what a review imports only when it needs it
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"
SOURCES: Final = ("index.js", "index.ts", "index.tsx", "index.py")
MANIFESTS: Final = ("plugin.json", "plugin.yaml", "plugin.toml", "plugin.xml", "setup.cfg", "METADATA", "package.json")
ARCHIVES: Final = ("p.zip", "p.tgz", "p.whl", "p.crx")
PLAIN: Final = (
    b'{"id": "com.example.p", "name": "P", "version": "1.0.0", "main": "index.js", "permissions": ["storage"]}'
)


def reviewed(path: Path) -> None:
    """Review a path as a stranger's; raises where a check failed."""
    (job,) = jobs_of(Plan((str(path),), Request(strictness="auditor", untrusted=True), use_cache=False, survey=True))
    try:
        result = review_root(job, Unwatched())
    except ReviewerError:
        return
    failed = [problem for one in result.reviewed for problem in one.review.errors if "failed" in problem.message]
    if failed:
        raise AssertionError(failed)


def source(data: bytes, folder: Path) -> None:
    """Review a plugin of one source file; the first byte chooses the language."""
    (folder / "plugin.json").write_bytes(PLAIN)
    (folder / SOURCES[data[0] % len(SOURCES)]).write_bytes(data[1:])
    reviewed(folder)


def manifest(data: bytes, folder: Path) -> None:
    """Review a plugin of a manifest alone; the first byte chooses its name."""
    (folder / MANIFESTS[data[0] % len(MANIFESTS)]).write_bytes(data[1:])
    reviewed(folder)


def archive(data: bytes, folder: Path) -> None:
    """Review an archive; the first byte chooses its kind."""
    place = folder / ARCHIVES[data[0] % len(ARCHIVES)]
    place.write_bytes(data[1:])
    reviewed(place)


def rule(data: bytes, _folder: Path) -> None:
    """Read a rule file: a rule, or a list of mistakes."""
    mistakes = Mistakes()
    found = read_rule("skills/security/rules/SEC001-fuzz.md", data.decode("utf-8", "replace"), mistakes)
    if found is None and not len(mistakes):
        raise AssertionError("no rule, and no word why")


TARGETS: Final[dict[str, Callable[[bytes, Path], None]]] = {
    "source": source,
    "manifest": manifest,
    "archive": archive,
    "rule": rule,
}


def seeds(target: str) -> list[bytes]:
    """Return inputs to begin with, from what ships."""
    if target == "rule":
        return [path.read_bytes() for path in sorted(resources.skills().glob("*/rules/*.md"))]
    if target == "archive":
        return [packed(name) for name in (".zip", ".tar.gz", ".whl")]
    names = SOURCES if target == "source" else MANIFESTS
    kinds = {Path(name).suffix: number for number, name in enumerate(names)}
    files = (path for path in sorted(EXAMPLES.rglob("*")) if path.is_file())
    found = (path for path in files if path.suffix in kinds and path.stat().st_size < 12_000)
    return [bytes([kinds[path.suffix]]) + path.read_bytes() for path in found]


def packed(suffix: str) -> bytes:
    """Return an example as an archive, behind the byte that chooses its kind."""
    buffer = io.BytesIO()
    if suffix == ".tar.gz":
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            tar.add(EXAMPLES / "good-py", "package")
        return b"\x01" + buffer.getvalue()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted((EXAMPLES / "good-ts").rglob("*.*s*")):
            bundle.write(path, path.relative_to(EXAMPLES))
    return (b"\x02" if suffix == ".whl" else b"\x00") + buffer.getvalue()


def main() -> None:
    """Fuzz a target until the fuzzer's own options end it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--corpus", type=Path, required=True, help="folder for inputs that reached new code")
    given, options = parser.parse_known_args()
    corpus = given.corpus / given.target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(given.target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    run = TARGETS[given.target]

    def once(data: bytes) -> None:
        if data:
            with tempfile.TemporaryDirectory() as folder:
                run(data, Path(folder))

    usual = ["-max_len=16000", "-timeout=20", "-rss_limit_mb=3000", f"-artifact_prefix={given.corpus}/{given.target}-"]
    atheris.Setup([sys.argv[0], *usual, *options, str(corpus)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
