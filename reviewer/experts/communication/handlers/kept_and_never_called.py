"""COM452: a function that was taken with a handler, for when things go wrong or end, is kept and never called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_LATER: Final = frozenset(
    "rescue recover recovery cleanup dispose teardown undo rollback revert compensate fallback finally failed failure "
    "abort release ensure unwind".split()
)
"""Words of a function that is for the way out, and seldom of anything that is no function."""


@module_check("COM452", words=_LATER | {"error", "fail", "catch", "callable"})
def kept_and_never_called(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each entry of handlers for a second function that came with it, and for who calls that."""
    if module.is_test:
        return
    for table in tables(module):
        for access in table.of("write"):
            function = access.function
            held = dict(_handed_in(module, access)) if function is not None else {}
            called = next((call for name in held for call in _calls_of(module, name)), None) if len(held) > 1 else None
            if called is None or function is None:
                continue
            for name, param in held.items():
                if _is_for_later(name, param) and not _read(inquiry, module, name, function):
                    place = _begun(module, called)
                    yield Match(
                        place,
                        f"'{name}' is taken in with what is run here, kept in '{table.name}', and never called: when "
                        "this fails, those who handed it in are not told, and what they have begun stays as it is.",
                        related=((access.node, "kept here"),),
                    )
                    break
            break


def _handed_in(module: Module, access: Access) -> Iterator[tuple[str, Param]]:
    """Yield the members of an entry that the function which enters it was handed: ``{ stage, rescue }``."""
    value = strip(access.value) if access.value is not None else None
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    fields: list[tuple[str, Expr]] = []
    if isinstance(made, Object):
        fields = [(str(key.value), held) for key, held in made.entries if isinstance(key, Literal)]
    elif isinstance(made, Call):
        fields = list(given_fields(module, made))
    for name, held in fields:
        given = strip(held)
        bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
        if len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is access.function:
            yield name, bound[0]


def _calls_of(module: Module, name: str) -> Iterator[Call]:
    """Yield the calls of a member of entries, also of one that was taken out of its entry first."""
    for call in module.calls((name,)):
        callee = strip(call.callee)
        if isinstance(callee, Member):
            yield call
        elif isinstance(callee, Name):
            bound = module.scopes.lookup(callee.id, callee)
            made = bound[0].value if len(bound) == 1 and isinstance(bound[0], Assign) else None
            if isinstance(made, Member | Index):
                yield call


def _is_for_later(name: str, param: Param) -> bool:
    """Tell whether a member is a function for the way out, by its name and what its type says."""
    said = set(words(name))
    typed = "=>" in param.type or "Callable" in param.type
    return bool(said & _LATER) or (typed and words(name)[:1] == ("on",)) or (typed and bool(said & {"error", "fail"}))


def _read(inquiry: Inquiry, module: Module, name: str, enters: Function) -> bool:
    """Tell whether anything but the function that enters looks at a member of this name, or at entries as a whole."""
    for other in (module, *inquiry.project.modules(naming={name}, tests=False)):
        for node in other.some(Member, Name, Literal, Spread):
            if isinstance(node, Member):
                said = node.name
            elif isinstance(node, Name):
                said = node.id
            else:
                said = str(node.value) if isinstance(node, Literal) else ""
            if said == name and not (other is module and inside(node, enters)) and not _only_declared(node):
                return True
        if any(
            name in param.fields for function in other.functions if function is not enters for param in function.params
        ):
            return True
    return False


def _only_declared(node: object) -> bool:
    """Tell whether a text is the key of a record that somebody writes."""
    return isinstance(node, Literal) and isinstance(node.parent, Object)


def _begun(module: Module, called: Call) -> Call:
    """Return where the run is begun that the call belongs to: the one call from outside of a function of the file."""
    holder = function_of(called)
    while holder is not None and not holder.name:
        holder = holder.outer
    if holder is None or (holder.owner is not None and not holder.private):
        return called
    outer = [call for call in module.calls((holder.name,)) if not inside(call, holder)]
    own = any(inside(call, holder) for call in find(holder.body, Call) if call.name == holder.name)
    return outer[0] if len(outer) == 1 and own else called
