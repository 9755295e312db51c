"""API440: a text that says yes or no is asked whether it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Spread,
    Unary,
    strip,
)
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SAYS: Final = frozenset("0 1 true false yes no on off enabled disabled y n".split())
"""Texts that stand for yes or no."""
_NO: Final = frozenset("0 false no off disabled n".split())
_MADE_TRUTH: Final = frozenset({"bool", "Boolean"})
_LOOKS_UP: Final = frozenset({"get", "getenv"})
_MERGES: Final = frozenset({"Object.assign", "dict", "ChainMap", "collections.ChainMap"})
_DEEPEST: Final = 4


@module_check(
    "API440", words={"bool", "boolean", "environ", "getenv", "env", "config", "settings", "options", "assign"}
)
def truth_of_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is made a truth, or tested as one, for texts whose default spells yes or no."""
    if module.is_test:
        return
    for place, value in _truths(module):
        said = _spelled(module, value)
        if said:
            other = said if said in _NO else next(no for no in ("false", "0") if no != said)
            yield Match(
                place,
                f"'{short(module.text_of(value))}' is a text such as \"{said}\", and every text but the empty one is "
                f'a yes: "{other}" switches nothing off.',
            )


def _truths(module: Module) -> Iterator[tuple[Node, Expr]]:
    """Yield what a module makes a truth, with the place: ``bool(x)``, ``!!x``, ``if (x)``."""
    for call in module.calls(_MADE_TRUTH):
        if call.receiver is None and len(call.args) == 1:
            yield call, strip(call.args[0])
    for twice in module.all(Unary):
        inner = strip(twice.operand) if twice.op == "not" else None
        if isinstance(inner, Unary) and inner.op == "not" and module.language != "python":
            yield twice, strip(inner.operand)
    for branch in module.some(If, Conditional):
        test = strip(branch.test) if isinstance(branch, If | Conditional) else None
        if isinstance(test, Unary) and test.op == "not":
            test = strip(test.operand)
        if isinstance(test, Call) or (isinstance(test, Binary) and test.op == "??"):
            yield test, test


def _spelled(module: Module, value: Expr, depth: int = 0) -> str:
    """Return the yes or no that a text has where nothing else was said; nothing where it is no such text."""
    value = strip(value)
    if depth > _DEEPEST:
        return ""
    if isinstance(value, Call):
        default = value.arg(1) if value.name in _LOOKS_UP and len(value.args) == 2 else None
        said = _said(default)
        return "" if said and _names_a_part(module, value) else said
    if isinstance(value, Binary) and value.op in ("??", "or"):
        return _said(value.right)
    if isinstance(value, Conditional):
        return _said(value.then) or _said(value.other)
    if isinstance(value, Member | Index):
        return _of_member(module, value, depth)
    if isinstance(value, Name):
        origin = module.scopes.origin(value)
        if isinstance(origin, Expr) and origin is not value and not isinstance(origin, Literal):
            return _spelled(module, origin, depth + 1)
    return ""


def _names_a_part(module: Module, call: Call) -> bool:
    """Tell whether a text names what is asked for in a section: ``get("proxy", "enabled")`` beside ``"type"``."""
    section, key = (_text(strip(one)) for one in call.args)
    for other in module.calls(_LOOKS_UP):
        if other is call or len(other.args) != len(call.args):
            continue
        if _text(strip(other.args[0])) != section and not _of_section(module, other, call):
            continue
        if _text(strip(other.args[1])) not in ("", key):
            return True
    return False


def _of_section(module: Module, other: Call, call: Call) -> bool:
    """Tell whether the same settings are asked for a key of another section: ``get("download", "max_speed")``."""
    same = other.receiver is not None and call.receiver is not None
    key = _text(strip(other.args[1]))
    return (
        same
        and module.text_of(other.receiver or other) == module.text_of(call.receiver or call)
        and "_" in key
        and bool(_text(strip(other.args[0])))
    )


def _of_member(module: Module, value: Member | Index, depth: int) -> str:
    """Return what the defaults of a merged object spell for a member: ``{ ...defaults, ...given }.quiet``."""
    key = value.name if isinstance(value, Member) else _text(strip(value.key))
    holder = module.scopes.origin(value.object)
    if not key or not isinstance(holder, Expr):
        return ""
    if isinstance(holder, Call):
        if module.resolve(holder.callee) not in _MERGES:
            return ""
        layers = list(holder.args)
    elif isinstance(holder, Object) and any(one is None for one, _given in holder.entries):
        layers = [given for one, given in holder.entries if one is None]
    else:
        return ""
    for layer in layers:
        made: object = strip(layer.value) if isinstance(layer, Spread) else strip(layer)
        if isinstance(made, Name):
            made = module.scopes.origin(made)
        if isinstance(made, Call) and made.name in ("freeze", "MappingProxyType") and made.args:
            made = strip(made.args[0])
        if isinstance(made, Object) and depth < _DEEPEST:
            said = _said(made.get(key))
            if said:
                return said
    return ""


def _said(default: Expr | None) -> str:
    text = _text(strip(default)) if default is not None else ""
    return text if text.lower() in _SAYS else ""


def _text(expr: Expr) -> str:
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else ""
