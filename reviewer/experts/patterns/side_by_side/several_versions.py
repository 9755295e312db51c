"""Whether a subject keeps several versions of one plugin at a time: by its tables, or by what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Array, Assign, Call, Index, Member, Name, Template
from reviewer.code.tables import tables
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.data.patterns import found as said_in
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.vocabulary import FIRM_CACHES, VERSIONS, last_spelled, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_OF_VERSION: Final = regex(
    rb"[\[({`,+@]\s{0,40}[\w.$]{0,60}(?i:version|semver|ver|major)[\"'`]?\]?\)?(?![\w$])(?!\s{0,9}[=:])"
)
"""What the text of a file has that may make a key of a version."""
_NOT_RUNNING: Final = FIRM_CACHES | word_set("downloads downloaded packages digests files archives reports warned seen")
_SIDE_BY_SIDE: Final = (
    r"(?i)side[- ]by[- ]side|coexist|concurrent versions|"
    r"(several|multiple|many|two|both|different)( major| minor)? versions[^.\n]{0,60}("
    r"\brun|live|loaded|active|at the same time|at once|concurrent|together|in parallel)|"
    r"\b(two|both|several|old and new) majors?\b[^.\n]{0,80}(\brun|live|loaded|active|mounted|open|same time|at once)|"
    r"\bv?\d+(\.(x|\d+))+ and v?\d+(\.(x|\d+))+ [^.\n]{0,80}\b(both|open|run|loaded|mounted|active|same time|together)"
)


def keeps_several_versions(inquiry: Inquiry) -> bool:
    """Tell whether the subject keeps several versions of one plugin at a time."""
    return inquiry.project.once("patterns.several_versions", lambda: any(_SEVERAL.of(inquiry.project)))


def _may_keep_several(text: bytes) -> bool:
    return _OF_VERSION.search(text) is not None or _says_several(text)


def _says_several(text: bytes) -> bool:
    return said_in(_SIDE_BY_SIDE, text[:20_000].decode("utf-8", "replace"))


def _keeps_several(module: Module) -> bool:
    if _says_several(module.source):
        return True
    for table in tables(module):
        if (
            table.kind == "map"
            and not set(spelled(table.name)) & _NOT_RUNNING
            and _keyed_by_version(module, table.of("write"))
        ):
            return True
    return any(_puts_under_version(node) for node in module.some(Call, Assign))


_SEVERAL: Final = Standing("patterns.versions", _keeps_several, VERSIONS, showing=_may_keep_several)


def _puts_under_version(node: Node) -> bool:
    """Tell whether something is put under a version, such as in a table of those of one plugin."""
    if isinstance(node, Call):
        key = node.args[0] if node.name in ("set", "setdefault") and node.args else None
    else:
        key = node.target.key if isinstance(node, Assign) and isinstance(node.target, Index) else None
    return key is not None and bool(last_spelled(key) & {"version", "ver", "major"})


def _keyed_by_version(module: Module, writes: list[Access]) -> bool:
    for access in writes:
        if access.key is None:
            continue
        made = feeds(module, access.key)
        names = [set(spelled(name)) for feed in made for name in (feed.local, *feed.path)]
        text = module.scopes.origin(access.key) if isinstance(access.key, Name) else access.key
        names += [set(spelled(part.name)) for part in find(text, Member)] if isinstance(text, Template | Array) else []
        if any(words & {"version", "ver", "semver", "major"} for words in names):
            return True
    return False
