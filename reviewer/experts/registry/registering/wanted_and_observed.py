"""REG082: one field says what a person wants and what the plugin does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import in_handler, use_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FIELDS: Final = frozenset({"status", "state", "enabled", "mode", "phase"})
_WISHES: Final = frozenset(
    "enable disable toggle pause resume install uninstall request want wanted desire desired switch user".split()
)
_WANTED: Final = frozenset({"wanted", "desired", "intended", "autostart", "wished"})
"""Words of a field that says by its name what somebody wants."""
_SIGHTS: Final = frozenset(
    "crash crashed fail failed failure error exit exited health heartbeat ready observe monitor watch poll "
    "probe died lost timeout disconnect disconnected".split()
)
_CRASHES: Final = frozenset("crash crashed died exited failed".split())
_EVENTS: Final = frozenset({"exit", "error", "crash", "close", "disconnect", "unhandledRejection", "messageerror"})
_STARTS: Final = frozenset(
    "start boot restore load reconcile restart resume launch activate startup init sync recover".split()
)
_OFF: Final = frozenset({"false", "0", "disabled", "off", "inactive", "stopped"})
"""What a field says where a plugin shall not run."""
_SETS: Final = regex(
    r"(?i)^\s*update\s+\w+\s+set\s+(?:[^;]{0,200},)?\s*(status|state|enabled|mode|phase)\s*=\s*('\w+'|\d|true|false|\?|:\w+|%s|\$\d)"
)
_ASKS: Final = regex(r"^\s*select\s[^;]{0,400}\swhere\s[^;]{0,200}?\b(status|state|enabled|mode|phase)\s*=")
_MOST_STATES: Final = 7
"""Values of a field that says what is wanted; with more it leads a machine from one step to the next."""
_LONGEST: Final = 2_000
"""Characters of a text that is looked at as a statement."""


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
    values: dict[str, set[str]] = {}
    for one in _settings(module):
        values.setdefault(one.field, set()).add(one.value)
        function = _named(one.node)
        name = set(words(function.name)) if function is not None else set()
        if name & _WISHES and in_handler(one.node) is not None:
            continue  # a wish that could not be met is taken back
        if _is_sight(one.node, name):
            seen.setdefault(one.field, []).append(one)
        elif name & _WISHES or {"set", one.field} <= name:
            wished.setdefault(one.field, []).append(one)
    for field, sights in sorted(seen.items()):
        if len(values[field]) > _MOST_STATES:
            continue
        wishes = {one.value for one in wished.get(field, ())}
        asked = _asked(module, field, wishes)
        other = next((one for one in sights if one.value not in wishes), None)
        sight = other or next((one for one in sights if one.value in _OFF), None)
        if sight is None or not wishes or (asked is None and not _is_crash(sight)):
            continue
        yield Match(
            sight.node,
            f"'{field}' says what was wanted ('{min(wishes)}') and here what happened ('{sight.value}'): afterwards "
            "nobody knows what was wanted, and the next start leaves the plugin out.",
            confidence=None if other is not None or _is_crash(sight) else Confidence.POSSIBLE,
            related=(
                (wished[field][0].node, "the wish is written here"),
                *(((asked, "and asked for here"),) if asked is not None else ()),
            ),
        )


@module_check("REG082", words=_WANTED)
def wish_overwritten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find fields that by their name say what somebody wants, and are written where something has failed."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        target, function = assign.target, _named(assign)
        if not isinstance(target, Member) or not set(words(target.name)) & _WANTED or function is None:
            continue
        name, said = set(words(function.name)), [one for one in _constants(assign.value) if one in _OFF]
        if not said or name & _WISHES or not _is_sight(assign, name) or _wished_there(module, function, target):
            continue
        yield Match(
            assign,
            f"'{target.name}' says what is wanted, and here it is overwritten by what happened ('{said[0]}'): "
            "afterwards nobody knows what was wanted, and the next start leaves the plugin out.",
        )


def _wished_there(module: Module, function: Function, target: Member) -> bool:
    """Tell whether a function writes the field elsewhere too: what it has entered itself it may take back."""
    whole = module.text_of(target)
    written = [one for one in find(function.body, Assign) if module.text_of(one.target) == whole]
    return any(in_handler(one) is None for one in written) and len(written) > 1


def _is_crash(sight: Setting) -> bool:
    """Tell whether a function that is told of a crash writes that a plugin is off into the field of the wish."""
    function = _named(sight.node)
    told = set(words(function.name)) if function is not None else set()
    return sight.field == "enabled" and sight.value in _OFF and bool(told & _CRASHES)


def _settings(module: Module) -> Iterator[Setting]:
    for assign in module.all(Assign):
        target = assign.target
        name = ""
        if isinstance(target, Member):
            name = target.name
        elif isinstance(target, Index) and isinstance(target.key, Literal):
            name = str(target.key.value)
        if name.strip("_#") in _FIELDS:
            for value in _constants(assign.value) or _as_told(module, assign.value, name.strip("_#")):
                yield Setting(assign, name.strip("_#"), value)
    for made in module.all(Object):
        if made.spreads:
            for field in sorted(_FIELDS):
                value = _constant(made.get(field))
                if value:
                    yield Setting(made, field, value)
    for text in module.all(Literal):
        hit = _SETS.search(text.value[:_LONGEST]) if isinstance(text.value, str) else None
        if hit is not None:
            said = hit.group(2).strip("'").lower()
            told = said[0] in "?:%$"  # what somebody is told to write there
            for value in ("0", "1") if told and hit.group(1).lower() == "enabled" else () if told else (said,):
                yield Setting(text, hit.group(1).lower(), value)


def _constants(value: Expr | None) -> list[str]:
    """Return what a field may be set to: one constant, or those of ``wanted ? "on" : "off"``."""
    value = strip(value) if value is not None else None
    given = [value.then, value.other] if isinstance(value, Conditional) else [value]
    return [found for one in given if (found := _constant(one))]


def _as_told(module: Module, value: Expr | None, field: str) -> list[str]:
    """Return both answers for a yes or no that a function was given: ``setEnabled(id, enabled)``."""
    value = strip(value) if value is not None else None
    if field != "enabled" or not isinstance(value, Name):
        return []
    given = any(isinstance(one, Param) for one in module.scopes.lookup(value.id, value))
    return ["true", "false"] if given else []


def _constant(value: Expr | None) -> str:
    """Return a text constant, yes or no, or the name of a member of an enumeration."""
    value = strip(value) if value is not None else None
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value.lower()
    if isinstance(value, Literal) and isinstance(value.value, bool):
        return str(value.value).lower()
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


def _asked(module: Module, field: str, wishes: set[str]) -> Node | None:
    """Return the comparison by which something is started because its state is the wanted one."""
    for text in module.all(Literal):
        asks = isinstance(text.value, str) and field in _ASKS.findall(text.value[:_LONGEST].lower())
        if asks and _starts(text):
            return text
    for read in module.all(Member):
        if read.name == field and wishes <= {"true", "false"} and use_of(read).how == "tested" and _starts(read):
            return read
    for test in module.all(Binary):
        if test.op not in ("==", "!="):
            continue
        named = isinstance(test.left, Member | Index) and field in module.text_of(test.left)
        if named and _constant(test.right) in wishes and _starts(test):
            return test
    return None


def _starts(node: Node) -> bool:
    function = _named(node)
    return function is not None and bool(set(words(function.name)) & _STARTS)
