"""Which verbs a check of permission names: to read, to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, ExprStatement, Index, Literal, Member, Object, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.core.regex import regex
from reviewer.experts.paths import path_words
from reviewer.experts.security.deciding.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.reaching.changing import READS, WRITES
from reviewer.experts.security.values.access import step
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_DEMANDS: Final = frozenset("demand demands require requires ensure enforce assert must need needs".split())
_PART: Final = regex(r"[a-z]+")


def asked_by(module: Module, test: Expr) -> Iterator[tuple[Node, set[str]]]:
    """Yield what a condition seeks or looks up among grants, with the verbs that it names."""
    yield from _sought_in_grants(module, test)
    yield from _looked_up_in_grants(test)
    for part in walk(test, into_functions=False):
        if not isinstance(part, Member) or part.name not in READS | WRITES:
            continue
        if not path_words(part.object) & PERMISSION and not leads_to_refusal(module, part):
            continue
        if not isinstance(part.parent, Call) or part.parent.callee is not part:
            yield part, {part.name}


def _sought_in_grants(module: Module, test: Expr) -> Iterator[tuple[Node, set[str]]]:
    """Yield ``"wiki.read" not in ctx.permissions`` with the verbs of the text that is sought."""
    for part in walk(test, into_functions=False):
        if isinstance(part, Binary) and part.op in ("in", "not in"):
            verbs = verbs_of(strip(part.left))
            if verbs and (path_words(part.right) & PERMISSION or leads_to_refusal(module, part)):
                yield part, verbs


def _looked_up_in_grants(test: Expr) -> Iterator[tuple[Node, set[str]]]:
    """Yield ``grants["pages"].get("read")`` with the verb under which the answer is looked up."""
    for part in walk(test, into_functions=False):
        found = step(part) if isinstance(part, Call | Index) else None
        if found is not None and found[1] in READS | WRITES and path_words(found[0]) & PERMISSION:
            yield part, {found[1]}


def verbs_of(arg: Expr) -> set[str]:
    """Return the verbs that an argument names: ``'storage.read'``, ``Permission.READ``."""
    if isinstance(arg, Literal) and isinstance(arg.value, str):
        if " " in arg.value.strip():
            return set()  # what an error tells, and no right
        return set(_PART.findall(arg.value.lower())) & (READS | WRITES)
    if isinstance(arg, Member) and arg.name[:1].isupper():
        return set(words(arg.name)) & (READS | WRITES)
    if isinstance(arg, Object):
        named = [arg.get(key) for key in ("action", "verb", "permission", "access")]
        return {verb for value in named if value is not None for verb in verbs_of(strip(value))}
    if isinstance(arg, Template):
        return {verb for item in arg.items if isinstance(item, Literal) for verb in verbs_of(item)}
    return set()


def demands(call: Call) -> bool:
    """Tell whether a call stands alone and demands something for somebody: ``desk.demand(who, "valves", "look")``."""
    alone = isinstance(call.parent, ExprStatement) and len(call.args) > 1
    return alone and not _DEMANDS.isdisjoint(words(call.name)[:1])
