"""REG082: one field says what a person wants and what the plugin does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import in_handler
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Literal, Member, Node, Object, strip
from reviewer.code.walk import ancestors, function_of
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FIELDS: Final = frozenset({"status", "state", "enabled", "mode", "phase"})
_WISHES: Final = frozenset(
    "enable disable toggle pause resume install uninstall request want desire switch user".split()
)
_SIGHTS: Final = frozenset(
    "crash crashed fail failed failure error exit exited health heartbeat ready observe monitor watch poll "
    "probe died lost timeout disconnect disconnected".split()
)
_EVENTS: Final = frozenset({"exit", "error", "crash", "close", "disconnect", "unhandledRejection", "messageerror"})
_STARTS: Final = frozenset(
    "start boot restore load reconcile restart resume launch activate startup init sync recover".split()
)


class Setting(Struct, frozen=True):
    """One write of a status: where, the field, and the constant that it is set to."""

    node: Node
    field: str
    value: str


@module_check("REG082", words={"status", "state", "enabled"})
def wanted_and_observed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find states that a wish and an observation both write, and that decide what is started."""
    if module.is_test:
        return
    wished: dict[str, list[Setting]] = {}
    seen: dict[str, list[Setting]] = {}
    for one in _settings(module):
        function = _named(one.node)
        name = set(words(function.name)) if function is not None else set()
        if _is_sight(one.node, name):
            seen.setdefault(one.field, []).append(one)
        elif name & _WISHES:
            wished.setdefault(one.field, []).append(one)
    for field, sights in sorted(seen.items()):
        wishes = {one.value for one in wished.get(field, ())}
        asked = _asked(module, field, wishes)
        sight = next((one for one in sights if one.value not in wishes), None)
        if not wishes or asked is None or sight is None:
            continue
        yield Match(
            sight.node,
            f"'{field}' says what was wanted ('{min(wishes)}') and here what happened ('{sight.value}'): afterwards "
            "nobody knows what was wanted, and the next start leaves the plugin out.",
            related=((wished[field][0].node, "the wish is written here"), (asked, "and asked for here")),
        )


def _settings(module: Module) -> Iterator[Setting]:
    for assign in module.all(Assign):
        target = assign.target
        name = ""
        if isinstance(target, Member):
            name = target.name
        elif isinstance(target, Index) and isinstance(target.key, Literal):
            name = str(target.key.value)
        value = _constant(assign.value)
        if name.strip("_#") in _FIELDS and value:
            yield Setting(assign, name.strip("_#"), value)
    for made in module.all(Object):
        if made.spreads:
            for field in sorted(_FIELDS):
                value = _constant(made.get(field))
                if value:
                    yield Setting(made, field, value)


def _constant(value: Expr | None) -> str:
    """Return a text constant or the name of a member of an enumeration."""
    value = strip(value) if value is not None else None
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value.lower()
    if isinstance(value, Member) and value.name[:1].isupper():
        return value.name.lower()
    return ""


def _named(node: Node) -> Function | None:
    function = function_of(node)
    while function is not None and not function.name and function.outer is not None:
        function = function.outer
    return function


def _is_sight(node: Node, name: set[str]) -> bool:
    """Tell whether a write follows from what happened: in a handler, in a listener, or in a function named so."""
    if name & _SIGHTS or in_handler(node) is not None:
        return True
    for around in ancestors(node):
        if isinstance(around, Call) and around.name in ("on", "once", "addEventListener", "catch"):
            first = around.args[0] if around.args else None
            return around.name == "catch" or (isinstance(first, Literal) and first.value in _EVENTS)
    return False


def _asked(module: Module, field: str, wishes: set[str]) -> Binary | None:
    """Return the comparison by which something is started because its state is the wanted one."""
    for test in module.all(Binary):
        if test.op not in ("==", "!="):
            continue
        named = isinstance(test.left, Member | Index) and field in module.text_of(test.left)
        function = _named(test)
        if named and _constant(test.right) in wishes and function is not None and set(words(function.name)) & _STARTS:
            return test
    return None
