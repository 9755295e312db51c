"""PAT001: the function that makes the keys of a cache leaves out the tenant that its callers work for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Function, Member, Name, Node
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import missing
from reviewer.experts.patterns.vocabulary import CACHES, names_tenant, spelled
from reviewer.experts.patterns.whom import whom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset({"key", "keys", "fingerprint", "signature", "digest"})
_MOST: Final = 40
"""Calls that are looked at in one file."""


@module_check("PAT001", words={"key", "fingerprint"})
def key_function_without_tenant(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes keys for a cache, and at who calls it for whom."""
    if module.is_test:
        return
    for function in module.functions:
        if not _makes_keys(function) or _says_tenant(function):
            continue
        who = _served(inquiry, module, function)
        answer = next(returns_of(function), None)
        if who and answer is not None:
            yield Match(
                answer,
                f"The key says nothing of '{who}', for whom its callers work: the next one that asks the same is "
                "answered with what was kept for the first.",
            )


def _makes_keys(function: Function) -> bool:
    """Tell whether a function of a cache puts a key together of what it is handed."""
    owner = function.owner
    said = words(function.name)
    about = set(spelled(owner.name)) if owner is not None else set(said)
    return bool(said) and said[-1] in _MAKERS and bool(function.params) and bool(about & CACHES)


def _says_tenant(function: Function) -> bool:
    if any(names_tenant(param.name) or names_tenant(param.type) for param in function.params):
        return True
    return any(_names(node) for node in find(function.body, Node))


def _names(node: Node) -> str:
    """Return the name of a tenant that a node is, or an empty string."""
    name = node.id if isinstance(node, Name) else node.name if isinstance(node, Member) else ""
    return name if name and names_tenant(name) else ""


def _served(inquiry: Inquiry, module: Module, function: Function) -> str:
    """Return what a caller calls the tenant for which it works, where it does not hand it to the key; else nothing."""
    for other in inquiry.project.modules(naming={function.name}, tests=False):
        for call in list(other.calls((function.name,)))[:_MOST]:
            asker = function_of(call)
            if asker is None or not _reaches(other, call, module, function):
                continue
            if any(_names(node) for arg in (*call.args, *call.keywords.values()) for node in find(arg, Node)):
                return ""
            if any(memo.function is asker and whom(missing(other, memo)) for memo in memos(inquiry, other)):
                return ""  # it is told where the key is used
            who = next((name for node in find(asker.body, Node) if (name := _names(node))), "")
            if who:
                return who
    return ""


def _reaches(other: Module, call: Call, module: Module, function: Function) -> bool:
    found = callee(other, call)
    if found is not None:
        return found is function
    return other is module and function.owner is None
