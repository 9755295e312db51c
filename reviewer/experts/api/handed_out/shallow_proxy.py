"""API182: a proxy refuses every change of the outermost object, and gives out the inner ones as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import (
    Array,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Throw,
    is_nothing,
    strip,
)
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_FLAT: Final = regex(
    r"^(?:Readonly<)?(?:Record|Map|Set|Array|ReadonlyArray|ReadonlySet)<(?:\s*\w+\s*,)?\s*(?:string|number|boolean|bigint)\s*>"
    r"|^(?:readonly )?(?:string|number|boolean)\[\]"
)
"""Types in which nothing lies that could be changed."""


@module_check("API182", words={"proxy"})
def shallow_proxy(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each proxy whose ``set`` refuses for what its ``get`` gives of the object below."""
    if module.is_test or inquiry.subject.kind == "plugin" or module.language == "python":
        return
    for call in module.calls(("Proxy",)):
        traps = _traps(module, call)
        refusing = traps.get("set") if traps is not None else None
        if traps is None or refusing is None or not _refuses(module, refusing):
            continue
        got = traps.get("get")
        if got is not None and not _gives_as_it_is(module, got):
            continue
        held = strip(call.args[0])
        if _is_flat(module, held):
            continue
        nested = _is_nested(module, held)
        yield Match(
            got if got is not None and got.line != call.line else call,
            f"The proxy over '{short(module.text_of(held))}' refuses a change of the outermost object alone: what lies "
            "in it is given out as it is, and whoever gets it changes the host's own.",
            fix="Give out a proxy of what lies within as well, or a frozen copy of all.",
            confidence=None if nested else Confidence.POSSIBLE,
        )


def _traps(module: Module, call: Call) -> Object | None:
    """Return the traps of a proxy where they are written out."""
    told = module.scopes.origin(call.args[1]) if len(call.args) == 2 else None
    return told if isinstance(told, Object) and not told.spreads else None


def _function(module: Module, value: Expr) -> Function | None:
    made = strip(value)
    if isinstance(made, Function):
        return made
    named = definition(module, made) if isinstance(made, Name | Member) else None
    return named if isinstance(named, Function) else None


def _refuses(module: Module, trap: Expr) -> bool:
    """Tell whether a trap always refuses: it throws, or says no, and puts nothing anywhere."""
    function = _function(module, trap)
    if function is None:
        return False
    answers = [one.value for one in returns_of(function)]
    says_no = bool(answers) and all(
        one is not None and isinstance(said := strip(one), Literal) and said.value is False for one in answers
    )
    throws = any(isinstance(one, Throw) for one in function.body)
    return says_no or (throws and not any(one is not None and not is_nothing(one) for one in answers))


def _gives_as_it_is(module: Module, trap: Expr) -> bool:
    """Tell whether a trap answers with the member of the object below and nothing that is made of it."""
    function = _function(module, trap)
    answers = [one for one in returns_of(function) if one.value is not None] if function is not None else []
    return bool(answers) and all(_is_plain(one) for one in answers)


def _is_plain(answer: Return) -> bool:
    value = strip(answer.value) if answer.value is not None else None
    if isinstance(value, Call) and value.name == "get" and isinstance(value.receiver, Name):
        return value.receiver.id == "Reflect"
    return isinstance(value, Index) and isinstance(strip(value.key), Name)


def _is_flat(module: Module, held: Expr) -> bool:
    """Tell whether nothing that could be changed lies in an object, by its type or as it is written out."""
    declared = declared_type(module, held).strip()
    if _FLAT.search(declared) or (declared.isidentifier() and _FLAT.search(alias_text(module, declared).strip())):
        return True
    made = module.scopes.origin(held)
    if not isinstance(made, Object) or made.spreads:
        return False
    return all(isinstance(strip(value), Literal | Function) for _key, value in made.entries)


def _is_nested(module: Module, held: Expr) -> bool:
    """Tell whether something that can be changed lies in an object, as it is written out or used in the file."""
    for one in (held, *_handed(module, held)):
        made = module.scopes.origin(one)
        if isinstance(made, Object) and any(isinstance(strip(value), Object | Array) for _key, value in made.entries):
            return True
        name = one.name if isinstance(one, Member) else one.id if isinstance(one, Name) else ""
        for inner in module.all(Member) if name else ():
            below = strip(inner.object)
            named = below.name if isinstance(below, Member) else below.id if isinstance(below, Name) else ""
            if named == name and isinstance(inner.parent, Index | Member) and inner.parent.object is inner:
                called = isinstance(inner.parent.parent, Call) and inner.parent.parent.callee is inner.parent
                if not called or isinstance(inner.parent, Index):
                    return True
    return False


def _handed(module: Module, held: Expr) -> list[Expr]:
    """Return what the callers of a maker of proxies hand over for the object below."""
    origin = module.scopes.origin(held)
    maker = function_of(origin) if isinstance(origin, Param) else None
    if maker is None or not isinstance(origin, Param) or not maker.name:
        return []
    place = maker.params.index(origin)
    return [strip(call.args[place]) for call in module.calls((maker.name,)) if len(call.args) > place]
