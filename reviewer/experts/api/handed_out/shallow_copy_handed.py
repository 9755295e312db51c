"""API182: what a plugin is handed is a copy of the outermost level alone, and the entries in it are the host's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elements import element_type, value_type
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Call, Class, Expr, Literal, Name, Object, Spread, strip
from reviewer.code.text.ideas import FACES
from reviewer.code.walk import class_of, function_of
from reviewer.experts.api.handed_out.live_table_handed import contexts
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_FREEZES: Final = frozenset({"freeze", "seal", "MappingProxyType"})
_COPIES: Final = frozenset({"slice", "copy", "list", "dict", "Map", "Set", "from", "concat"})


@module_check("API182", words=FACES | {"activate", "start"})
def shallow_copy_handed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each copy in a context for entries that can be changed, and that the host goes on using."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for _made, values in contexts(module):
        for value in values:
            held = _copied(strip(value))
            if held is not None and _is_of_host(module, held) and _has_open_entries(module, held):
                yield Match(
                    value,
                    f"'{short(module.text_of(value))}' copies or freezes the outermost level alone: what lies in it "
                    f"is that of '{module.text_of(held)}' itself, and what a plugin changes there is changed for all.",
                )


def _copied(value: Expr, depth: int = 3) -> Expr | None:
    """Return what a value is a shallow copy or a frozen face of."""
    if isinstance(value, Array):
        only = value.items[0] if len(value.items) == 1 else None
        return strip(only.value) if isinstance(only, Spread) else None
    if isinstance(value, Object):
        return strip(value.spreads[0]) if len(value.entries) == len(value.spreads) == 1 else None
    if not isinstance(value, Call):
        return None
    if value.name in _FREEZES and len(value.args) == 1:
        inner = strip(value.args[0])
        return (_copied(inner, depth - 1) if depth else None) or (inner if value.name == "MappingProxyType" else None)
    if value.name in _COPIES and len(value.args) == 1 and (value.receiver is None or value.name == "from"):
        return strip(value.args[0])
    return strip(value.receiver) if value.name in ("slice", "copy") and value.receiver and not value.args else None


def _is_of_host(module: Module, held: Expr) -> bool:
    """Tell whether something is a field of the object that makes contexts, or a variable around the one that does."""
    if is_this_member(held):
        return True
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    return any(isinstance(one, Assign) and function_of(one) is not function_of(held) for one in bound)


def _has_open_entries(module: Module, held: Expr) -> bool:
    """Tell whether what a collection holds can be changed: by the type of its entries, or as it is written out."""
    declared = declared_type(module, held)
    inner = value_type(declared) or element_type(declared)
    shape = named_type(module, inner) if inner and not declared.startswith("Readonly") else None
    if isinstance(shape, Class) and module.language == "typescript":
        return bool(shape.fields) and not any(one.readonly for one in shape.fields)
    made = module.scopes.origin(held)
    cls = class_of(held)
    if is_this_member(held) and cls is not None:
        values = module.scopes.field_values(cls, held.name)
        made = strip(values[0]) if len(values) == 1 else None
    return isinstance(made, Object) and any(
        isinstance(key, Literal) and isinstance(one := strip(value), Object | Array) and bool(one.children())
        for key, value in made.entries
    )
