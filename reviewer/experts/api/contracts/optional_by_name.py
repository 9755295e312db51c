"""API008: a member is called by a name that is worked out, and one of the names is of an optional member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Conditional,
    For,
    Function,
    If,
    Index,
    Literal,
    Name,
    Param,
    Unary,
    While,
    strip,
)
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import find, function_of
from reviewer.experts.api.contracts.asked_elsewhere import is_plugin_like
from reviewer.experts.api.left_out import left_out_in_file
from reviewer.experts.api.optional_members import contract_words, optional_members, typedef_optional
from reviewer.experts.api.presence import asked_later, asserted, cast_to_function, whole_use
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.values import member_type, value_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_MOST: Final = 20
"""Calls that are looked at for the names which they hand over."""
_ABSENT: Final = frozenset({"AttributeError", "TypeError"})


@module_check("API008")
def optional_by_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each member that is taken by a name which the code has in a variable, and called."""
    if module.is_test:
        return
    for use in module.some(Index, Call):
        taken = _taken(module, use)
        if taken is None or not isinstance(use, Index | Call):
            continue
        held, key = taken
        if not _needs_it(module, use) or _is_guarded(module, use, key):
            continue
        optional = _optional(inquiry, module, held)
        name = next((one for one in sorted(_names(module, key)) if one in optional), "") if optional else ""
        if name:
            yield Match(
                whole_use(use),
                f"'{short(module.text_of(use))}' may be '{name}', an optional member, and it is called here without "
                "asking whether it is there: with a plugin that lacks it this fails.",
            )


def _taken(module: Module, use: Node) -> tuple[Expr, Expr] | None:
    """Return the object and the name of ``adapter[hook]`` and ``getattr(lamp, hook)``."""
    if isinstance(use, Index) and module.language != "python":
        return (use.object, strip(use.key)) if isinstance(strip(use.key), Name) and not use.optional else None
    if isinstance(use, Call) and use.name == "getattr" and use.receiver is None and len(use.args) == 2:
        return (use.args[0], strip(use.args[1])) if isinstance(strip(use.args[1]), Name) else None
    return None


def _optional(inquiry: Inquiry, module: Module, held: Expr) -> set[str]:
    """Return the names of the members that what is asked may lack."""
    cls = value_class(module, held)
    if cls is not None:
        inner = strip(held)  # for (const [, { plant }] of beds): the class is that of the entries
        declared = member_type(cls, inner.id) if isinstance(inner, Name) else ""
        part = named_type(cls.module, declared) if declared else None
        return set(optional_members(part if part is not None else cls))
    if not is_plugin_like(module, held):
        return set()
    said = {*typedef_optional(module), *left_out_in_file(module)}
    return said | set(contract_words(inquiry)) if module.language == "python" else said


def _names(module: Module, key: Expr) -> frozenset[str]:
    """Return the texts that a name may hold: by its type, by a loop over texts, or by what all callers hand over."""
    declared = declared_type(module, key)
    known = texts_of_type(module, declared) if declared else frozenset()
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if known or only is None:
        return known
    if isinstance(only, For) and only.iterable is not None:
        listed = module.scopes.origin(only.iterable)
        items = getattr(listed, "items", ())
        return frozenset(str(one.value) for one in items if isinstance(one, Literal) and isinstance(one.value, str))
    function = only.parent if isinstance(only, Param) else None
    if not isinstance(function, Function) or not isinstance(only, Param) or only not in function.params:
        return frozenset()
    place = function.params.index(only)
    sites = call_sites(module, function)
    given = [call.arg(place, only.name) for _, call in sites][:_MOST] if sites is not None else []
    texts = [strip(one) for one in given if one is not None]
    return frozenset(str(one.value) for one in texts if isinstance(one, Literal) and isinstance(one.value, str))


def _needs_it(module: Module, use: Expr) -> bool:
    """Tell whether a member is called at once, or kept as what is called later without being asked for."""
    above = whole_use(use)
    if isinstance(above, Call) and above is not use:
        return not above.optional
    node: Node = use
    while isinstance(node.parent, Cast):
        node = node.parent
    kept = node.parent
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name) or asked_later(module, kept):
        return False
    if asserted(use) or cast_to_function(use):
        return True
    return any(_calls(call, kept.target.id) for call in _calls_in(use))


def _calls_in(use: Expr) -> Iterator[Call]:
    function = function_of(use)
    return find(function.body, Call) if function is not None else iter(())


def _calls(call: Call, name: str) -> bool:
    callee = strip(call.callee)
    return isinstance(callee, Name) and callee.id == name


def _is_guarded(module: Module, use: Expr, key: Expr) -> bool:
    """Tell whether the function asks elsewhere whether the member is there, or expects that it is not."""
    function = function_of(use)
    if function is None:
        return True
    own, name = _plain(module, use), module.text_of(key)
    for one in find(function, type(use)):
        if one is not use and _plain(module, one) == own and _is_test(one):
            return True
    for test in find(function, Binary):
        if test.op in ("in", "not in") and module.text_of(test.left) == name:
            return True
    for call in find(function, Call):
        asks = call.name in ("hasattr", "hasOwn", "has", "Reflect.has") and any(
            module.text_of(arg) == name for arg in call.args
        )
        if asks:
            return True
    around = guarding_try(use)
    kinds = {module.text_of(kind) for handler in around.handlers for kind in handler.types} if around else set()
    return bool(kinds & _ABSENT)


def _plain(module: Module, use: Expr) -> str:
    return module.text_of(use).replace("?.", "").replace("!", "")


def _is_test(one: Node) -> bool:
    node: Node = one
    while isinstance(node.parent, Cast):
        node = node.parent
    around = node.parent
    if isinstance(around, Call) and around.callee is node:
        return around.optional
    return isinstance(around, If | While | Conditional | Binary | Unary)
