"""API370: a value is called of a type that asks for members which it doesn't have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, lineage, named_type
from reviewer.code.syntax import Cast, Class, Expr
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BLANK: Final = frozenset({"unknown", "any"})
_SHAPES: Final = frozenset({"interface", "type"})


@module_check("API370", words={"as"})
def cast_lacks_members(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each cast by way of ``unknown`` or ``any`` for whether the value has what the type asks for."""
    if module.is_test or module.language != "typescript":
        return
    for cast in module.all(Cast):
        inner = cast.value
        if cast.kind != "as" or not isinstance(inner, Cast) or inner.type.strip() not in _BLANK:
            continue
        had, wanted = _shape(module, inner.value), named_type(module, cast.type)
        if had is None or wanted is None or had is wanted or wanted.kind not in _SHAPES:
            continue
        lacking = sorted(_required(wanted) - _members(had))
        if lacking:
            yield Match(
                cast,
                f"'{short(module.text_of(inner.value))}' is a {had.name}, which has no '{lacking[0]}', and it is only "
                f"called a {wanted.name} here: who reads '{lacking[0]}' gets undefined, and gets the members of "
                f"{had.name} that it was not to see.",
                related=((wanted, f"asks for '{lacking[0]}'"),),
            )


def _shape(module: Module, value: Expr) -> Class | None:
    declared = declared_type(module, value)
    found = named_type(module, declared) if declared else None
    return found if found is not None and found.kind in _SHAPES and not found.bases else None


def _members(shape: Class) -> set[str]:
    return {field.name for field in shape.fields} | {method.name for method in shape.methods}


def _required(shape: Class) -> set[str]:
    return {field.name for one in lineage(shape) for field in one.fields if not field.optional}
