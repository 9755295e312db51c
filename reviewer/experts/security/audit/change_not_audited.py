"""SEC562: a change of what plugins may do is written down, and the one that belongs to it is not."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Call, Class, Delete, Function, Index, Member, Node, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words
from reviewer.experts.security.audit.trail import is_record, writes_at_exit
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FAMILIES: Final = (
    frozenset({"grant", "revoke"}),
    frozenset({"allow", "disallow", "forbid", "block", "unblock"}),
    frozenset({"approve", "reject", "withdraw"}),
    frozenset({"install", "uninstall", "update", "upgrade", "downgrade"}),
    frozenset({"enable", "disable"}),
    frozenset({"trust", "distrust", "untrust"}),
    frozenset({"ban", "unban"}),
    frozenset({"suspend", "resume", "reinstate"}),
    frozenset({"assign", "unassign"}),
    frozenset({"promote", "demote"}),
    frozenset({"publish", "unpublish", "yank"}),
    frozenset({"delegate", "undelegate"}),
)
"""Deeds of which a trail wants all or none."""
_TELLS: Final = frozenset({"emit", "publish", "fire", "notify", "dispatch", "announce", "send"})
"""First words of calls that tell others, of whom one may be the trail."""
_LOGS: Final = frozenset({"log", "logger", "logging", "console", "events", "history", "record", "records"})
_CHANGES: Final = frozenset(
    "add delete remove discard set update pop clear append push insert save write put store drop grant revoke allow "
    "approve reject install uninstall enable disable execute run splice setdefault assign unassign mark create".split()
)
"""First words of methods that change what is kept."""
_DEEPEST: Final = 3


@module_check("SEC562", words=AUDITS | {"audited"})
def change_not_audited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions of one owner for deeds of one family of which some leave a line and others none."""
    if module.is_test:
        return
    for deeds in _siblings(module):
        lines = [(one, line) for one in deeds if (line := written_in(one)) is not None]
        silent = [one for one in deeds if all(one is not written for written, _line in lines)] if lines else []
        for function in silent:
            changed, (other, line) = changes_kept(function), lines[0]
            if changed is None or other.name == function.name:
                continue
            yield Match(
                changed,
                f"'{other.name}' leaves a line in the audit trail and '{function.name}', which belongs to it, does "
                "not: nobody can tell afterwards who did it, and when.",
                related=((line, f"'{other.name}' is recorded here"),),
            )


def _siblings(module: Module) -> Iterator[Sequence[Function]]:
    """Yield the functions of one class, of one function around them, or of the file, that are deeds on one thing."""
    found: dict[tuple[int, tuple[str, ...], int], list[Function]] = defaultdict(list)
    for function in module.functions:
        said = words(function.name)
        if function.signature_only or function.private or not said:
            continue
        family = next((one for one in _FAMILIES if said[0] in one), None)
        if family is None:
            continue
        owner: Class | Function | None = function.owner if function.owner is not None else function.outer
        found[id(owner), said[1:], id(family)].append(function)
    yield from (one for one in found.values() if len(one) > 1)


def written_in(function: Function, depth: int = _DEEPEST) -> Node | None:
    """Return where a function, or one of the subject that it calls, leaves a line in a trail."""
    module = function.module
    about = next((one for one in function.decorators if path_words(one) & AUDITS), None)
    if about is not None:
        return about
    calls = list(find(function.body, Call))
    line = next((call for call in calls if is_record(module, call)), None)
    if line is not None or not depth:
        return line
    if writes_at_exit(module, function):
        return function
    for call in calls:
        target = callee(module, call)
        if target is None or target is function or target.signature_only:
            continue
        if written_in(target, depth - 1) is not None:
            return call
    return None


def changes_kept(function: Function) -> Node | None:
    """Return the first statement by which a function changes what is kept; None where it tells somebody of it."""
    calls = list(find(function.body, Call))
    if any(set(words(call.name)[:1]) & _TELLS or path_words(call.receiver) & _LOGS for call in calls):
        return None
    for node in find(function.body, Node):
        if isinstance(node, Assign) and isinstance(strip(node.target), Member | Index):
            return node
        if isinstance(node, Delete):
            return node
        if isinstance(node, Call) and node.receiver is not None and set(words(node.name)[:1]) & _CHANGES:
            return node
    return None
