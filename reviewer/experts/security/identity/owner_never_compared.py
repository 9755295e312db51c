"""SEC085: the owner of a thing is fetched, and only asked whether there is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, If, Index, Literal, Name, Node, Unary, strip
from reviewer.code.text.ideas import HOLDERS, OWNERS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import constant_text, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_OWNERS: Final = "|".join((*sorted(OWNERS - {"author"}), *sorted(f"{who}_id" for who in OWNERS), "created_by"))
_SELECTS: Final = regex(rf"^\s*select\s+(?:\w+\.)?(?:{_OWNERS})\s+from\b", re.IGNORECASE)
_CHANGES: Final = regex(r"^\s*(?:insert|update|delete|replace)\b", re.IGNORECASE)
_NAMES: Final = HOLDERS | {"publisher", "maintainer"}
_AUTHORISES: Final = word_set("authorize authorise authorized authorised owns own ownership entitled")
"""Words of a function that says whether somebody may."""
_LOOKUPS: Final = frozenset({"get", "find", "fetch", "load", "lookup", "owner", "owner_of", "ownerOf", "publisher_of"})
_ASKERS: Final = word_set("user publisher caller account actor principal member requester author uploader who by")
_VERBS: Final = word_set(
    "insert update delete remove save add put set publish append write upsert replace withdraw yank release transfer"
)


@module_check("SEC085", words=OWNERS)
def owner_never_compared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each owner that a function fetches before a change for what becomes of it."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        function = function_of(assign)
        if function is not None and (named := _taken_apart(function, assign)) is not None:
            yield Match(
                assign,
                f"'{function.name}' takes '{named}' out of what is asked for, and all that is asked is whether "
                "there is one: whoever asks is never held against it.",
            )
            continue
        if function is None or not isinstance(assign.target, Name) or assign.value is None:
            continue
        if not _fetches_owner(module, assign.target, assign.value) or not _asked_by(function):
            continue
        change = _change_behind(module, function, assign)
        if change is not None and _only_asked_for(function, assign):
            yield Match(
                assign,
                f"The owner is fetched, and all that is asked is whether there is one: '{change.name}' in line "
                f"{change.line} is done for anybody.",
                related=((change, "changed here"),),
            )


def _taken_apart(function: Function, assign: Assign) -> str | None:
    """Return the owner that a function which authorises takes out of a name, and only asks whether it is there."""
    made = strip(assign.value) if assign.value is not None else None
    call = strip(made.object) if isinstance(made, Index) else made
    name = assign.target
    if not isinstance(call, Call) or not call.args or _AUTHORISES.isdisjoint(words(function.name)):
        return None
    if not isinstance(name, Name) or not set(words(name.id)) & _NAMES:
        return None
    uses = _uses(function, name)
    return name.id if uses and all(map(_asks_for_it, uses)) else None


def _uses(function: Function, name: Name) -> list[Name]:
    return [one for one in find(function.body, Name) if one.id == name.id and one is not name]


def _fetches_owner(module: Module, target: Name, value: Expr) -> bool:
    """Tell whether a value is the row of an owner, or the owner as a look-up gives it."""
    call = strip(value)
    if not isinstance(call, Call):
        return False
    for node in find(value, Call):
        if any(_SELECTS.match(constant_text(strip(arg))) for arg in node.args):
            return True
    return bool(set(words(target.id)) & _NAMES) and call.name in _LOOKUPS and bool(call.args)


def _asked_by(function: Function) -> bool:
    return any(set(words(param.name)) & _ASKERS for param in function.params)


def _change_behind(module: Module, function: Function, fetched: Assign) -> Call | None:
    """Return the first change that the function makes behind the fetch."""
    for call in calls_in(function.body, into_functions=False):
        if call.start <= fetched.start or call.receiver is None:
            continue
        stated = any(_CHANGES.match(constant_text(strip(arg))) for arg in call.args[:1])
        if stated or set(words(call.name)[:1]) & _VERBS:
            return call
    return None


def _only_asked_for(function: Function, fetched: Assign) -> bool:
    """Tell whether every use of what was fetched asks only whether it is there."""
    name = fetched.target.id if isinstance(fetched.target, Name) else ""
    uses = [one for one in find(function.body, Name) if one.id == name and one is not fetched.target]
    return bool(uses) and all(_asks_for_it(one) for one in uses)


def _asks_for_it(name: Name) -> bool:
    inner: Node = name
    for around in ancestors(name):
        if isinstance(around, Binary) and around.op in ("==", "!="):
            other = around.right if inner is around.left else around.left
            return isinstance(other, Literal) and other.value is None
        if isinstance(around, Unary | Binary):
            inner = around
            continue
        return isinstance(around, If | Conditional) and around.test is inner
    return False
