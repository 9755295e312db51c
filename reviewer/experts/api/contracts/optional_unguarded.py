"""API008: a member that a plugin may leave out is used as if it were always there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.elsewhere import handed_call
from reviewer.code.reach.links import lineage, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Class,
    Comprehension,
    Conditional,
    Expr,
    Field,
    For,
    Function,
    If,
    Import,
    Imported,
    Member,
    Name,
    Object,
    Unary,
    While,
    is_nothing,
    strip,
)
from reviewer.code.walk import ancestors, class_of, inside
from reviewer.core.location import Location
from reviewer.core.scale import Confidence
from reviewer.experts.api.contracts.asked_elsewhere import ASKS, Asked, asked_elsewhere, is_plugin_like, sources
from reviewer.experts.api.left_out import left_out_in_file
from reviewer.experts.api.optional_members import (
    CALLABLE,
    contract_words,
    optional_members,
    said_in_words,
    typedef_optional,
)
from reviewer.experts.api.presence import (
    asked_later,
    asserted,
    cast_to_function,
    is_guarded,
    said_required,
    said_there,
    whole_use,
)
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.values import member_type, value_class
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_OWN: Final = frozenset({"this", "self", "super", "cls"})
_TAKES_OUT: Final = frozenset("get pop shift at find values next".split())
_GENERIC: Final = frozenset(
    "get set has call apply bind then catch finally toString length name id keys values".split()
)
"""Names that say too little to tell a member by."""


@module_check("API008")
def optional_unguarded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at uses of members whose absence the contract allows, or the host expects elsewhere."""
    if module.is_test:
        return
    elsewhere = asked_elsewhere(module)
    told: set[tuple[str, int]] = set()
    for use in module.all(Member):
        base = strip(use.object)
        if (isinstance(base, Name) and base.id in _OWN) or not _needs_it(module, use) or _put_on(module, use):
            continue
        said = _said_optional(inquiry, module, use) or _shown_optional(module, use, elsewhere)
        if said is None or is_guarded(module, use) or (use.name, use.line) in told:
            continue
        told.add((use.name, use.line))
        yield _match(use, *said)


def _put_on(module: Module, use: Member) -> bool:
    """Tell whether the file itself puts the member on what it makes: ``{ setHeader: (connection, key) => … }``."""
    if module.language == "python" or use.name in _GENERIC:
        return False
    return any(
        isinstance(made.get(use.name), Function) and isinstance(made.parent, Assign | Object | Field)
        for made in module.all(Object)
    )


def _match(use: Member, home: Module, said: Node | Location, how: str, confidence: Confidence | None = None) -> Match:
    above = whole_use(use)
    what = "called" if above is not use else "used"
    return Match(
        above,
        f"'{use.name}' {how}, and it is {what} here without asking whether it is there: with a plugin that lacks it "
        "this fails.",
        related=((said if isinstance(said, Location) else locate(home, said), "here it may be missing"),),
        confidence=confidence,
    )


def _needs_it(module: Module, use: Member) -> bool:
    """Tell whether a use fails, or hands nothing on to be called, where the member is missing."""
    node: Node = use
    while isinstance(node.parent, Cast):
        node = node.parent
    parent = node.parent
    if isinstance(parent, Call) and parent.callee is node:
        return not parent.optional and not use.optional
    if isinstance(parent, Member):
        return not parent.optional and (asserted(use) or parent.name in ("call", "apply", "bind"))
    if isinstance(parent, If | While | Conditional | Binary | Unary | Assign):
        if not isinstance(parent, Assign) or parent.target is node:
            return False
        if (cast_to_function(use) or said_required(use) or said_there(use)) and not asked_later(module, parent):
            return True
        return asserted(use)
    if isinstance(parent, Call) and parent.name not in ASKS:
        return asserted(use) or module.language == "python"
    return asserted(use)


def _said_optional(inquiry: Inquiry, module: Module, use: Member) -> tuple[Module, Node | Location, str] | None:
    cls = _class_with(module, use)
    if cls is not None:
        declared = optional_members(cls).get(use.name)
        if declared is not None and _is_called(use, declared):
            return cls.module, declared, f"is an optional member of '{cls.name or 'its type'}'"
        return None
    if module.language == "python" and use.name not in _GENERIC:
        known = contract_words(inquiry).get(use.name)
        taker = use.parent  # ``self._limited(aid.migrate, version)`` hands on what is to be called
        first = isinstance(taker, Call) and taker.args[:1] == [use]
        runs = first or isinstance(whole_use(use), Call) or _is_handed(use)
        if known is not None and runs and not _is_imported(module, use.object):
            return known[0], known[1], f"is an optional member of '{known[1].name}'"
    if use.name not in _GENERIC and isinstance(whole_use(use), Call) and is_plugin_like(module, use.object):
        if use.name in typedef_optional(module):
            return module, typedef_optional(module)[use.name], "is an optional property of its type"
        if use.name in left_out_in_file(module):
            return module, left_out_in_file(module)[use.name], "may be left out by what is said of plugins"
        for cls in module.classes if module.language == "python" else ():
            if use.name in said_in_words(cls) and not _speaks_of_itself(module, cls, use):
                return module, cls, f"is called optional by '{cls.name}'"
    if asserted(use) and isinstance(whole_use(use), Call):
        return module, use, "is asserted with '!'"
    return None


def _speaks_of_itself(module: Module, cls: Class, use: Member) -> bool:
    """Tell whether a class speaks of what it does itself: a plugin that is derived from it can't lack it.

    A host that hands on to each of its plugins what it is told has a method of the same name, too.
    """
    if all(method.name != use.name or method.signature_only for method in cls.methods):
        return False
    one = strip(use.object)
    bound = module.scopes.lookup(one.id, one) if isinstance(one, Name) else []
    return not any(isinstance(binding, For | Comprehension) for binding in bound)


def _class_with(module: Module, use: Member) -> Class | None:
    """Return the class of what a member is taken of, where it has the member.

    ``for (const { plugin } of running.values())`` gives the class of the entries, whose field it is.
    """
    cls = value_class(module, use.object)
    if cls is None or _has(cls, use.name):
        return cls
    inner = strip(use.object)
    held = member_type(cls, inner.id) if isinstance(inner, Name) else ""
    found = named_type(cls.module, held) if held else None
    return found if found is not None and _has(found, use.name) else None


def _has(cls: Class, name: str) -> bool:
    if name in optional_members(cls):
        return True
    return any(method.name == name for one in lineage(cls) for method in one.methods) or bool(member_type(cls, name))


def _is_called(use: Member, declared: Node) -> bool:
    """Tell whether it is a function that is used: data that may be missing is a matter of its own."""
    if isinstance(declared, Function | Class) or isinstance(whole_use(use), Call) or _is_handed(use):
        return True
    told = said_there(use) or cast_to_function(use)
    return told and isinstance(declared, Field) and bool(CALLABLE.search(declared.type))


def _is_imported(module: Module, expr: Expr) -> bool:
    """Tell whether a name is that of a module, or of what a module gives."""
    expr = strip(expr)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    return any(isinstance(one, Imported | Import) for one in bound)


def _is_own(module: Module, expr: Expr) -> bool:
    """Tell whether an object was made here, or is the runtime's: who made it knows what it has.

    ``const stop = new AbortController()``, ``this.line = createInterface()``, ``Array``.
    """
    expr = strip(expr)
    if isinstance(expr, Name):
        bound = module.scopes.lookup(expr.id, expr)
        values = [strip(one.value) for one in bound if isinstance(one, Assign) and one.value is not None]
        return not bound or any(isinstance(one, Call) and one.new for one in values)
    cls = class_of(expr) if is_this_member(expr) else None
    if cls is None or not isinstance(expr, Member):
        return False
    given = [one for one in map(strip, module.scopes.field_values(cls, expr.name)) if not is_nothing(one)]
    return bool(given) and all(isinstance(one, Call) and one.name not in _TAKES_OUT for one in given)


def _is_handed(use: Member) -> bool:
    """Tell whether a member is handed to what calls it: ``pool.submit(app.weekly, session)``."""
    handed = handed_call(use.parent) if isinstance(use.parent, Call) and use.parent.callee is not use else None
    return handed is not None and handed.callee is use


def _shown_optional(
    module: Module, use: Member, elsewhere: dict[str, list[Asked]]
) -> tuple[Module, Node, str, Confidence | None] | None:
    """Tell whether another place of the file asks for the member first, so that the host knows it may be missing."""
    if use.name in _GENERIC or not isinstance(whole_use(use), Call) or _class_with(module, use) is not None:
        return None
    if any(one.method(use.name) is not None for cls in module.classes for one in lineage(cls)):
        return None  # the class from which plugins are derived has it
    like = is_plugin_like(module, use.object)
    for asked in elsewhere.get(use.name, ()):
        if _asked_before_call(module, use, asked.test):
            return None
        same = asked.sources & sources(module, use.object)
        if ((asked.of_plugin and like) or same) and not _is_own(module, use.object):
            weight = None if like or _is_of_table(same) else Confidence.POSSIBLE
            return module, asked.test, "is asked for before it is called elsewhere", weight
    return None


def _is_of_table(named: frozenset[str]) -> bool:
    """Tell whether two objects are known to be out of one table of a host: ``this.widgets``."""
    return any("." in one for one in named)


def _asked_before_call(module: Module, use: Member, test: Node) -> bool:
    """Tell whether the function of a use is only run where a place that asks has found the member."""
    for function in ancestors(use):
        calls = list(callers(function)) if isinstance(function, Function) else []
        if calls and all(any(inside(test, one.test) for one in conditions(call)) for call in calls):
            return True
    return False
