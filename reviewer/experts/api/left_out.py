"""Which members a text calls such that may be left out: in the words of a docstring or of a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import ExprStatement, Literal
from reviewer.core.regex import regex
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location

_HAVE: Final = r"(?:define|offer|provide|implement|have|has|export|bring|add)s?"
_SAYS_AFTER: Final = regex(
    rf"(?i)\bmay (?:also )?{_HAVE}\b|\bcan also {_HAVE}\b|\bnot (?:every|all)\b|\bmay (?:lack|leave out|omit|skip)\b"
    rf"|\bsome (?:\w+ ){{1,2}}(?:also )?(?:can|{_HAVE})\b|\bonly (?:\w+ ){{1,6}}{_HAVE}\b"
    rf"|\b(?:that|which|with) (?:[\w-]+ ){{1,6}}also {_HAVE}\b"
)
"""Words that stand before what may be missing: ``a page may also export `print(paper)```."""
_SAYS_BEFORE: Final = regex(
    r"(?i)\b(?:may|can) be (?:left out|missing|absent|omitted)\b|\bleaves? (?:it|this|that|them) out\b"
    r"|\bdo(?:es)? without\b|\b(?:is|are) optional\b|\bthe (?:others|rest) (?:lack|have none|do not|don't)\b"
    rf"|\b(?:need not|don't need to|needn't) (?:be there|{_HAVE})\b"
)
"""Words that stand behind it, in the same clause or the next: ``cameras do without``."""
NAMED: Final = r"[`'\"]{1,2}(?:(?:async )?def )?(?:\w+\.)?(\w+)(?:\([^)`]{0,80}\)(?: ?-> ?[^`\n]{1,40})?)?[`'\"]{1,2}"
"""How a text names a member: in quotes or backticks, with its parameters or without."""
_QUOTED: Final = regex(NAMED)
_MARKED: Final = regex(r"[{,]\s{0,4}(\w{3,40})\?\s{0,2}(?:\(|:\s{0,2}(?:\(|Function\b|async\b|\w+ ?=>))")
"""A member in a list of members that a comment spells: ``{ start(stage), encore?(minutes) }``."""
_CLAUSE: Final = regex(r"(?:[^.;]|\.\w){1,600}")
_COMMENT: Final = regex(rb"/\*(?:[^*]|\*(?!/)){1,4000}\*/|(?:^[ \t]*//[^\n]{0,300}\n){1,20}", 8)
_EDGES: Final = regex(r"(?m)^[ \t]*(?:/?\*+/?|//)[ \t]?")


def left_out(text: str) -> list[str]:
    """Return the names that a text says may be left out, each in quotes or backticks."""
    found: list[str] = []
    before: list[str] = []
    for clause in _CLAUSE.findall(" ".join(text.split())):
        names = [(hit.start(), hit.group(1)) for hit in _QUOTED.finditer(clause)]
        for hit in _SAYS_AFTER.finditer(clause):
            found += [name for at, name in names if at >= hit.end()][:1]
        for hit in _SAYS_BEFORE.finditer(clause):
            found += [name for at, name in names if at < hit.start()][-1:]
        if len(before) == 1 and not names and (_SAYS_AFTER.search(clause) or _SAYS_BEFORE.search(clause)):
            found += before  # the clause before has named it
        before = [name for _at, name in names]
    return found


def left_out_in_file(module: Module) -> dict[str, Location]:
    """Return the members that comments of a file, or its docstring, say a plugin may leave out, with the place."""
    return module.once("api.left_out", lambda: dict(_in_file(module)))


def _in_file(module: Module) -> Iterator[tuple[str, Location]]:
    if module.language == "python":
        first = module.body[0] if module.body else None
        value = first.value if isinstance(first, ExprStatement) else None
        if isinstance(value, Literal) and isinstance(value.value, str):
            for name in left_out(value.value):
                yield name, locate_bytes(module, value.raw.start_byte, value.raw.end_byte)
        return
    for hit in _COMMENT.finditer(module.source):
        text = _EDGES.sub("", hit.group().decode("utf-8", "replace"))
        names = left_out(text) + [str(name) for name in _MARKED.findall(text)]
        for name in names:
            yield name, locate_bytes(module, hit.start(), hit.end())
