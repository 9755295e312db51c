"""API370: a value is called of a type that asks for members which it doesn't have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, knows_all_bases, lineage, named_type
from reviewer.code.syntax import Assign, Call, Cast, Class, Expr, Index, Literal, Member, Name, Object, Spread, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.api.optional_members import optional_members
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BLANK: Final = frozenset({"unknown", "any"})
_SHAPES: Final = frozenset({"interface", "type"})
_HEAD: Final = 120
"""Letters in which the first line of a class stands."""
_SEALS: Final = frozenset({"freeze", "seal"})


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


@module_check("API370", words={"as", "cast"})
def object_lacks_members(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object that is written out and called of a type for the members that the type asks for."""
    if module.is_test or module.language == "javascript":
        return
    for cast in module.all(Cast):
        if cast.kind not in ("as", "cast") or cast.type.strip() in _BLANK:
            continue
        made = _written_out(module, cast.value)
        wanted = named_type(module, cast.type) if made is not None else None
        if made is None or wanted is None or not _promises(wanted, made):
            continue
        lacking = sorted(_required(wanted) - _named(made) - _given_later(cast, made))
        if lacking and lacking != sorted(_required(wanted)):
            reads = "reads undefined there" if module.language == "typescript" else "fails there"
            yield Match(
                made if made.line == cast.line else cast,
                f"The object has no '{lacking[0]}', which '{wanted.name}' promises, and the cast hides it: whoever was "
                f"given a {wanted.name} {reads}.",
                related=(
                    (wanted, f"promises '{lacking[0]}'"),
                    *(() if made.line == cast.line else ((made, "made here"),)),
                ),
                fix="Give the object its type where it is made, so that the checker of types asks for every member.",
            )


def _promises(wanted: Class, made: Object | Call) -> bool:
    """Tell whether a type says what an object of this kind has: an interface, or a ``TypedDict`` of a dict."""
    bases = {last_name(base) for base in wanted.bases}
    if wanted.module.language == "python" and isinstance(made, Object):
        partly = "total" in wanted.module.text_of(wanted)[:_HEAD] or any(
            "Required" in one.type for one in wanted.fields
        )
        return bases == {"TypedDict"} and not partly
    return wanted.kind in _SHAPES and (bases == {"Protocol"} or knows_all_bases(wanted))


def _named(made: Object | Call) -> set[str]:
    return set(made.keys) if isinstance(made, Object) else set(made.keywords)


def _written_out(module: Module, value: Expr) -> Object | Call | None:
    """Return the object that a value is, where all of its members stand in one place.

    ``Object.freeze({ id })``, ``SimpleNamespace(id=id)``.
    """
    value = strip(value)
    for _ in range(3):
        if isinstance(value, Call) and value.name in _SEALS and len(value.args) == 1:
            value = strip(value.args[0])
        elif isinstance(value, Name):
            made = module.scopes.origin(value)
            if not isinstance(made, Expr) or made is value:
                return None
            value = strip(made)
    if isinstance(value, Call) and value.name == "SimpleNamespace":
        return value if value.keywords and not value.args else None
    if not isinstance(value, Object) or not value.entries:
        return None
    plain = all(isinstance(key, Literal) and not isinstance(entry, Spread) for key, entry in value.entries)
    return value if plain else None


def _given_later(cast: Cast, made: Expr) -> set[str]:
    """Return the members that the function around gives an object, or what it is called, behind the brackets."""
    function = function_of(cast) or function_of(made)
    body = function.body if function is not None else []
    given = [one.target for one in find(body, Assign)]
    named = {str(one.key.value) for one in given if isinstance(one, Index) and isinstance(one.key, Literal)}
    return named | {one.name for one in given if isinstance(one, Member)}


def _shape(module: Module, value: Expr) -> Class | None:
    declared = declared_type(module, value)
    found = named_type(module, declared) if declared else None
    return found if found is not None and found.kind in _SHAPES and not found.bases else None


def _members(shape: Class) -> set[str]:
    return {field.name for field in shape.fields} | {method.name for method in shape.methods}


def _required(shape: Class) -> set[str]:
    named = {field.name for one in lineage(shape) for field in one.fields if not field.optional}
    named |= {method.name for one in lineage(shape) for method in one.methods}
    return named - set(optional_members(shape))
