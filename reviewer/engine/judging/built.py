"""One cause once, also where a compiler has copied it: what a built file repeats is told at its source."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.errors import UnreadableError
from reviewer.core.location import Related

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from reviewer.core.finding import Finding

_BUILT: Final = frozenset("dist build out lib es esm cjs umd".split())
"""Folders that compilers write into."""
_VARIANTS: Final = frozenset("cjs commonjs esm es module node umd".split())
"""Folders below them, one for each kind of module."""
_SOURCES: Final = ("src/", "source/", "")
"""Where the source of a built file stands, beside the folder of what was built."""
_SCRIPTS: Final = (".js", ".cjs", ".mjs")
_TYPED: Final = (".ts", ".tsx", ".mts", ".cts")
_WRITTEN: Final = (*_TYPED, ".jsx", *_SCRIPTS)
_MARKS: Final = (b"__esModule", b"sourceMappingURL=", b"_interopRequire")
"""What compilers leave in a script, and people don't write."""


def told_at_source(findings: list[Finding], files: Collection[str], read: Callable[[str], bytes]) -> list[Finding]:
    """Fold the findings of built files into those of the same rule in their sources, as related places.

    ``files`` are all paths of the subject, ``read`` gives the bytes of one. A built file that has more findings
    of a rule than its source keeps the rest: what ships may hold what the source does not.
    """
    by_file: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.location.path, finding.rule].append(finding)
    known = frozenset(files)
    sources = {path: _source_of(path, known, read) or _other_build(path, known) for path in {p for p, _ in by_file}}
    repeated: dict[int, list[Finding]] = defaultdict(list)
    silent: set[int] = set()
    for (path, rule), copies in sorted(by_file.items(), key=lambda item: item[0]):
        for original, copy in zip(by_file.get((sources[path], rule), ()), copies, strict=False):
            repeated[id(original)].append(copy)
            silent.add(id(copy))
    return [_with_copies(one, repeated[id(one)]) for one in findings if id(one) not in silent]


def _with_copies(finding: Finding, copies: list[Finding]) -> Finding:
    if not copies:
        return finding
    places = tuple(Related(copy.location, "the same in what was built of it") for copy in copies)
    return replace(finding, related=(*finding.related, *places))


def _source_of(path: str, files: frozenset[str], read: Callable[[str], bytes]) -> str:
    """Return the file that a built script was made of, or an empty string."""
    if not path.endswith(_SCRIPTS):
        return ""
    for candidate in _candidates(path):
        if candidate in files and candidate != path and (candidate.endswith(_TYPED) or _marked(path, candidate, read)):
            return candidate
    return ""


def _other_build(path: str, files: frozenset[str]) -> str:
    """Return the file that holds the same for another kind of module, the first where there are several, or nothing."""
    if not path.endswith(_SCRIPTS):
        return ""
    names = path.rsplit(".", 1)[0].split("/")
    at = next((place for place, name in enumerate(names[:-1]) if name in _BUILT), None)
    if at is None:
        return ""
    before, rest = "".join(f"{name}/" for name in names[:at]), names[at + 1 :]
    own = {names[at]} | (_VARIANTS if names[at] in _VARIANTS else frozenset())
    deeper = {"", *(f"{name}/" for name in _VARIANTS)} if len(rest) > 1 and rest[0] in _VARIANTS else {""}
    stem = "/".join(rest[1:] if deeper != {""} else rest)
    builds = {f"{before}{folder}/{kind}{stem}{suffix}" for folder in own for kind in deeper for suffix in _SCRIPTS}
    first = min(builds & files, default=path)
    return first if first != path else ""


def _candidates(path: str) -> Iterator[str]:
    """Yield where the source of a script may stand, the likeliest first."""
    names = path.rsplit(".", 1)[0].split("/")
    at = next((place for place, name in enumerate(names[:-1]) if name in _BUILT), None)
    if at is None:
        return
    before, rest = names[:at], names[at + 1 :]
    if len(rest) > 1 and rest[0] in _VARIANTS:
        rest = rest[1:]
    base = "".join(f"{name}/" for name in before)
    for folder in _SOURCES:
        for suffix in _WRITTEN:
            yield f"{base}{folder}{'/'.join(rest)}{suffix}"


def _marked(built: str, source: str, read: Callable[[str], bytes]) -> bool:
    """Tell whether a script is what a compiler made of another one: only the first has a compiler's marks."""
    try:
        text, other = read(built), read(source)
    except UnreadableError:
        return False
    return any(mark in text for mark in _MARKS) and not any(mark in other for mark in _MARKS)
