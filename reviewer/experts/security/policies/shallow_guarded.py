"""SEC014: what decides is frozen or copied on the surface only, and the sets inside it are handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of
from reviewer.code.reach.links import named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, If, Member, Name, Object, Param, strip
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.entries import membership

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SURFACE: Final = frozenset({"freeze", "MappingProxyType", "dict", "Map", "copy", "assign", "seal"})
"""Calls that keep a record, and not what is inside it, from being changed."""
_INSIDE: Final = regex(
    r"(?:dict|Dict|Mapping|defaultdict|Map|Record)\s*[\[<][^,]{1,60},\s*"
    r"(?:set|Set|list|List|dict|Dict|Map|Array|Record|\w+\[\])"
)
"""A type of records that hold collections which can be changed."""
_CHANGING: Final = regex(r"^(?:Set|Map|Array|Record|set|list|dict|List|Dict)\b|^[\w.]+\[\]$")


@module_check("SEC014", words={"freeze", "proxy", "dict", "copy", "map", "assign", "seal"})
def shallow_guarded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record of rights that is given out frozen, or as a copy, for what lies inside it."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for cls in module.classes:
        yield from _of_class(module, cls)
    for call in module.calls(("freeze", "MappingProxyType")):
        found = _of_closure(module, call)
        if found is not None:
            yield _told(module, call, found)


def _told(module: Module, call: Expr, inside: Expr) -> Match:
    return Match(
        call,
        f"'{short(module.text_of(call))}' keeps the surface from being changed; the collections inside it, in which "
        "rights are looked up, are the host's own, and whoever holds it adds to them.",
        related=((inside, "rights are looked up here"),),
    )


def _of_class(module: Module, cls: Class) -> Iterator[Match]:
    """Look at the members of a class that give a field away, with a thin cover around it."""
    looked: dict[str, Expr] = {}
    for method in cls.methods:
        if not is_decision(method) and not any(_is_refusal(one) for one in find(method.body, If)):
            continue
        for part in find(method.body, Expr):
            whole, _sought = membership(part)
            for field in find(whole, Member) if whole is not None else ():
                if is_this_member(field):
                    looked.setdefault(field.name, part)
    for method in cls.methods if looked else ():
        for answer in returns_of(method):
            call = strip(answer.value) if answer.value is not None else None
            held = _covered(call) if isinstance(call, Call | Object) else None
            if call is None or held is None or not is_this_member(held) or held.name not in looked:
                continue
            if not method.params and _holds_collections(module, cls, held.name):
                yield _told(module, call, looked[held.name])


def _covered(call: Call | Object) -> Expr | None:
    """Return what is frozen or copied on the surface: ``MappingProxyType(self._rights)``, ``{ ...this.#rights }``."""
    if isinstance(call, Object):
        return strip(call.entries[0][1]) if len(call.entries) == 1 and call.entries[0][0] is None else None
    if call.name not in _SURFACE:
        return None
    held = call.args[-1] if call.args else call.receiver if call.name == "copy" else None
    held = strip(held) if held is not None else None
    return _covered(held) if isinstance(held, Object) else held


def _holds_collections(module: Module, cls: Class, field: str) -> bool:
    """Tell whether the declared type of a field, or of what it was given, is one of records of collections."""
    declared = [one.type for one in cls.fields if one.name == field]
    makers = (one for one in cls.methods if one.kind == "constructor")
    declared += [param.type for maker in makers for param in maker.params if param.name == field]
    for assign in module.scopes.fields(cls).get(field, ()):
        made = module.scopes.origin(assign.value) if assign.value is not None else None
        declared += [made.type] if isinstance(made, Param) else []
    return any(_INSIDE.search(one) is not None for one in declared if one)


def _of_closure(module: Module, call: Call) -> Expr | None:
    """Return where rights are looked up in a member of what was handed in, frozen and given out again."""
    given = module.scopes.origin(call.args[0]) if call.args else None
    maker = function_of(call)
    kept = call.parent
    if not isinstance(given, Param) or maker is None or given.parent is not maker:
        return None
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name) or not _gives_out(maker, kept.target.id):
        return None
    shape = named_type(module, given.type) if given.type else None
    open_ = {one.name for one in shape.fields if _CHANGING.search(one.type.strip())} if shape is not None else set()
    names = {kept.target.id, given.name}
    for test in find(maker.body, If):
        for part in find(test.test, Expr) if _is_refusal(test) else ():
            whole, _sought = membership(part)
            held = strip(whole) if whole is not None else None
            if isinstance(held, Member) and held.name in open_ and getattr(strip(held.object), "id", "") in names:
                return part
    return None


def _gives_out(maker: Function, name: str) -> bool:
    """Tell whether a function answers with a record of which a member is what this name holds."""
    for answer in returns_of(maker):
        made = strip(answer.value) if answer.value is not None else None
        values = [strip(value) for _key, value in made.entries] if isinstance(made, Object) else []
        if any(isinstance(value, Name) and value.id == name for value in values):
            return True
    return False


def _is_refusal(test: If) -> bool:
    return exits(test.body)
