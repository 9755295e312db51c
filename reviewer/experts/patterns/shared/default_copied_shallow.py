"""PAT012: a copy of the defaults shares the lists inside with all other copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Call, Index, Literal, Member, Name, Object, strip
from reviewer.code.walk import behind, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_CHANGES: Final = frozenset(
    "push unshift splice pop shift sort reverse add delete set append extend insert remove update clear "
    "setdefault".split()
)


@module_check("PAT012")
def default_copied_shallow(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each copy of a constant for lists inside that somebody changes."""
    if module.is_test:
        return
    for made in module.some(Object, Call):
        source = _copied(made) if isinstance(made, Object | Call) else None
        if source is None or function_of(made) is None:
            continue
        written = set(made.keys) if isinstance(made, Object) else set()
        parts = sorted(_collections(module, source) - written)
        inner = next((name for name in parts if _changed(module, name) and not _copied_behind(made, name)), None)
        if inner is not None:
            yield Match(
                made,
                f"'{short(module.text_of(made))}' copies the outermost level alone, and '{inner}' in it is that of "
                f"'{source.id}' itself: what one adds to its own, all get.",
            )


def _copied_behind(made: Node, name: str) -> bool:
    """Tell whether the function makes a member of its own behind the copy: ``mine.rules = { ...mine.rules }``."""
    function = function_of(made)
    for assign in find(function.body, Assign) if function is not None else ():
        target, value = strip(assign.target), strip(assign.value) if assign.value is not None else None
        named = isinstance(target, Member) and target.name == name and behind(assign, made)
        if named and isinstance(value, Object | Array | Call):
            return True
    return False


def _copied(made: Object | Call) -> Name | None:
    """Return the constant of which a shallow copy is made."""
    found: Expr | None = None
    if isinstance(made, Object):
        found = strip(made.spreads[0]) if made.spreads else None
    elif made.name == "assign" and len(made.args) > 1:
        first = strip(made.args[0])
        found = strip(made.args[1]) if isinstance(first, Object) and not first.entries else None
    elif made.name in ("copy", "dict") and not made.new:
        found = strip(made.args[0]) if made.args else made.receiver
    return found if isinstance(found, Name) else None


def _collections(module: Module, source: Name) -> set[str]:
    """Return the members of a constant of the file that are lists or objects themselves."""
    bound = module.scopes.lookup(source.id, source)
    only = bound[0] if len(bound) == 1 else None
    made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    if not isinstance(made, Object) or not isinstance(only, Assign) or function_of(only) is not None:
        return set()
    return {
        str(key.value)
        for key, value in made.entries
        if isinstance(key, Literal) and isinstance(strip(value), Array | Object) and _is_open(strip(value))
    }


def _is_open(value: Expr) -> bool:
    return not isinstance(value, Array) or value.kind != "tuple"


def _changed(module: Module, name: str) -> bool:
    """Tell whether a member of this name is changed in place anywhere in the file."""
    for call in module.calls(_CHANGES):
        if call.receiver is not None and _names(call.receiver, name):
            return True
    return any(
        isinstance(target := strip(assign.target), Index | Member) and _names(target.object, name)
        for assign in module.all(Assign)
    )


def _names(expr: Expr, name: str) -> bool:
    """Tell whether an expression is the member of that name of a value that has a name."""
    held = strip(expr)
    if isinstance(held, Index) and isinstance(held.key, Literal):
        return held.key.value == name
    return isinstance(held, Member) and held.name == name
