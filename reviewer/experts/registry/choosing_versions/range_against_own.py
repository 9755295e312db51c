"""REG180: the range of a dependency is held against the version of the one that depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, If, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_COMPARES: Final = frozenset({"satisfies", "contains", "inRange", "in_range", "matches", "fits", "accepts", "allows"})
_FINDS: Final = frozenset({"get", "find", "lookup", "resolve", "byId", "by_id", "require", "fetch", "load"})
_HOSTS: Final = word_set("host app core runtime engine engines api kernel platform process server studio editor")
_RANGES: Final = word_set(
    "range ranges spec specifier constraint wanted required requirement dependencies requires dep"
)


@module_check("REG180", words={"satisfies", "contains", "specifier", "inrange", "range", "fits"})
def range_against_own(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of a version with a range next to a dependency that was looked up."""
    if module.is_test:
        return
    compared: list[Call | Binary] = [*module.calls(_COMPARES), *_memberships(module)]
    for call in compared:
        version = _version(call)
        function = function_of(call)
        if version is None or function is None:
            continue
        holder = _root(version)
        if holder is None or set(words(holder.id)) & _HOSTS or not _handed(module, holder):
            continue
        found = _looked_up(function, holder, call)
        if found and _about_a_range(call, version, found) and not _asks_version(function, found):
            yield Match(
                call,
                f"The range is held against '{short(module.text_of(version))}', the version of the dependent itself: "
                f"'{found}' is what was found for the dependency, and nobody looks at its version.",
                fix=f"Compare '{found}.{version.name}' with the range.",
            )


def _memberships(module: Module) -> list[Binary]:
    """Return the tests of Python that ask whether a version lies in a range: ``version in SpecifierSet(spec)``."""
    return [
        node
        for node in module.all(Binary)
        if node.op in ("in", "not in") and module.language == "python" and "version" in path_words(strip(node.left))
    ]


def _root(version: Member) -> Name | None:
    """Return the name that a version is a member of, at any depth: ``plugin`` of ``plugin.manifest.version``."""
    inner: Expr = version
    while isinstance(inner, Member):
        inner = strip(inner.object)
    return inner if isinstance(inner, Name) and inner.id != "this" else None


def _version(call: Call | Binary) -> Member | None:
    """Return the member that a range is compared with."""
    for argument in call.args if isinstance(call, Call) else (call.left,):
        value = strip(argument)
        inner = strip(value.args[0]) if isinstance(value, Call) and len(value.args) == 1 else value
        if isinstance(inner, Member) and words(inner.name)[-1:] == ("version",):
            return inner
    return None


def _handed(module: Module, holder: Name) -> bool:
    bound = module.scopes.lookup(holder.id, holder)
    return bool(bound) and all(isinstance(one, Param | For) for one in bound)


def _looked_up(function: Function, holder: Name, compared: Node) -> str:
    """Return the name of what was sought under the id of the dependency, and found missing or not."""
    for assign in find(function.body, Assign, into_functions=False):
        made = strip(assign.value) if assign.value is not None else None
        sought = (isinstance(made, Call) and made.name in _FINDS and made.args) or isinstance(made, Index)
        if not sought or made is None or not isinstance(assign.target, Name) or assign.target.id == holder.id:
            continue
        if any(isinstance(node, Name) and node.id == holder.id for node in walk(made)):
            continue
        tests = find(function.body, If, into_functions=False)
        if any(_refuses_without(test, assign.target.id, compared) for test in tests):
            return assign.target.id
    return ""


def _refuses_without(test: If, name: str, compared: Node) -> bool:
    """Tell whether a test leaves where nothing was found, or compares only where something was."""
    named = any(isinstance(node, Name) and node.id == name for node in walk(test.test))
    parted = exits(test.body) or any(inside(compared, other) for other in test.orelse)
    return named and parted and not any(isinstance(node, Call) for node in walk(test.test))


def _about_a_range(call: Call | Binary, version: Member, found: str) -> bool:
    """Tell whether the other side is the range that somebody wants, and not one that the found thing has."""
    sides = (call.receiver, *call.args) if isinstance(call, Call) else (call.right,)
    others = [one for one in sides if one is not None and not _holds(one, version)]
    if any(isinstance(node, Name) and node.id == found for other in others for node in walk(other)):
        return False
    return any(path_words(other) & _RANGES or _made_of_range(other) for other in others)


def _made_of_range(expr: Expr) -> bool:
    return any(isinstance(node, Name | Member) and path_words(node) & _RANGES for node in walk(expr))


def _holds(expr: Expr, part: Node) -> bool:
    return any(node is part for node in walk(expr))


def _asks_version(function: Function, found: str) -> bool:
    return any(
        words(member.name)[-1:] == ("version",)
        and _root(member) is not None
        and words(getattr(_root(member), "id", "")) == words(found)
        for member in find(function.body, Member)
    )
