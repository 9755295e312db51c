"""What tools put into a file: parts of other packages by the marks of a bundler, the helpers that a compiler writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.errors import UnreadableError
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.core.finding import Finding

_SCRIPTS: Final = (".js", ".cjs", ".mjs")
_PART: Final = regex(rb"^//\s?(?:#region\s+)?(\S+\.(?:[cm]?[jt]sx?|vue|svelte|json|css))\s*$")
"""The name of a part, as Rolldown and esbuild write it in front: ``//#region ../node_modules/vue/dist/vue.js``."""
_WEBPACK: Final = regex(rb"^/\*{3}/\s+\"?([^\"\s]+\.[cm]?[jt]sx?)\"?:?")
_END: Final = b"//#endregion"
_HELPER: Final = regex(rb"^var __\w{3,40} = \(this && this\.__\w{3,40}\) \|\| ")
"""How TypeScript begins a helper that it writes into a file, ``__awaiter``; all but the end is indented."""
_ELSEWHERE: Final = b"node_modules/"
_ASKS_ALL: Final = "SEC"
"""Rules on attacks: a mark is easily written, so what they find counts wherever it stands."""


def doubted_where_bundled(findings: list[Finding], read: Callable[[str], bytes]) -> list[Finding]:
    """Return the findings, those in what tools put there as merely possible: nobody mends them here."""
    parts: dict[str, frozenset[int]] = {}

    def bundled(finding: Finding) -> bool:
        path = finding.location.path
        if not path.endswith(_SCRIPTS) or finding.rule.startswith(_ASKS_ALL):
            return False
        if path not in parts:
            parts[path] = _lines_of_others(path, read)
        return finding.location.line in parts[path]

    return [replace(one, confidence=Confidence.POSSIBLE) if bundled(one) else one for one in findings]


def _lines_of_others(path: str, read: Callable[[str], bytes]) -> frozenset[int]:
    """Return the lines of a script that a bundler says are of other packages, or that a compiler wrote by itself."""
    try:
        text = read(path)
    except UnreadableError:
        return frozenset()
    if _ELSEWHERE not in text and b"= (this && this.__" not in text:
        return frozenset()
    lines: set[int] = set()
    foreign = helper = False
    for number, line in enumerate(text.split(b"\n"), 1):
        helper = helper or _HELPER.search(line) is not None
        if helper:
            lines.add(number)
            helper = not (line.startswith(b"}") and line.rstrip().endswith(b";"))
        elif line.startswith((b"//", b"/***/")):
            found = _PART.search(line) or _WEBPACK.search(line)
            if found is not None:
                foreign = _ELSEWHERE in found.group(1).replace(b"\\", b"/")
            elif line.startswith(_END):
                foreign = False
        if foreign:
            lines.add(number)
    return frozenset(lines)
