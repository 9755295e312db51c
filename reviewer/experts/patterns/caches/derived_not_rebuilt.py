"""PAT014: what was made of a list outlives a change of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, If, Literal, Member, Return, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_WORDS: Final = word_set(
    "compiled cached cache sorted ordered chain pipeline built plan index merged flat flattened resolved order memo "
    "effective table derived snapshot view lookup rendered"
)
"""Words of what is made of a collection and kept."""


@module_check("PAT014", words=_WORDS)
def derived_not_rebuilt(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each field that is made once of another for changes of that other which leave it."""
    if module.is_test:
        return
    for cls in module.classes:
        if cls.kind != "class":
            continue
        for derived, maker in _derived(cls):
            read = {m.name for m in find(maker.body, Member) if is_this_member(m) and m.name != derived}
            sources = [table for table in tables(module) if table.owner is cls and table.name in read]
            changes = [c for table in sources for c in _changes_of(table) if not _in_constructor(c)]
            careful = [change for change in changes if _resets(module, change, derived)]
            careless = [change for change in changes if not _resets(module, change, derived)]
            if not careful:
                continue  # nobody ever makes it anew: that is meant, or another flaw
            for change in careless[:1]:
                name = next(table.name for table in sources if any(c is change for c in _changes_of(table)))
                yield Match(
                    change,
                    f"'{name}' is changed here and '{derived}', which was made of it, stays: what was taken out or "
                    "put in has no effect until something else makes it anew.",
                    related=((careful[0], f"here '{derived}' is dropped"),),
                )


def _derived(cls: Class) -> Iterator[tuple[str, Function]]:
    """Yield (field, method) where a method gives back a field that is there, and else makes it."""
    for method in cls.methods:
        for test in find(method.body, If, into_functions=False):
            answer = test.body[-1] if test.body else None
            kept = strip(answer.value) if isinstance(answer, Return) and answer.value is not None else None
            if not is_this_member(kept) or not _asks(test.test, kept.name):
                continue
            makes = [a for a in find(method.body, Assign) if is_this_member(a.target) and a.target.name == kept.name]
            if any(a.value is not None and not isinstance(strip(a.value), Literal) for a in makes):
                yield kept.name, method
        for test in find(method.body, If, into_functions=False):
            for assign in find(test.body, Assign, into_functions=False):
                target = assign.target
                made = assign.value is not None and not isinstance(strip(assign.value), Literal)
                if is_this_member(target) and made and _asks(test.test, target.name) and _gives(method, target.name):
                    yield target.name, method


def _asks(test: Expr, field: str) -> bool:
    return any(is_this_member(node) and node.name == field for node in find(test, Member))


def _gives(method: Function, field: str) -> bool:
    return any(
        node.value is not None and is_this_member(strip(node.value)) and getattr(strip(node.value), "name", "") == field
        for node in find(method.body, Return, into_functions=False)
    )


def _changes_of(table: Table) -> list[Node]:
    """Return where a collection of a class is changed, in place or as a whole."""
    found: list[Node] = [access.node for access in table.of("write", "delete", "clear")]
    if table.owner is not None:
        found += table.owner.module.scopes.fields(table.owner).get(table.name, ())
    return sorted(found, key=lambda node: node.start)


def _in_constructor(change: Node) -> bool:
    function = function_of(change)
    while function is not None and function.owner is None and function.outer is not None:
        function = function.outer
    return function is None or function.kind == "constructor" or function.name == "__init__"


def _resets(module: Module, change: Node, derived: str) -> bool:
    """Tell whether the function of a change, one that it calls, or one around it that runs with it drops the field."""
    function = function_of(change)
    if function is None:
        return True
    if _drops(function, derived):
        return True
    for call in calls_in(function.body, into_functions=False):
        target = definition(module, call.callee)
        if isinstance(target, Function) and _drops(target, derived):
            return True
    callers = (
        [c for c in module.calls((function.name,)) if definition(module, c.callee) is function] if function.name else []
    )
    return bool(callers) and all(
        (around := function_of(call)) is not None and _drops(around, derived) for call in callers
    )


def _drops(function: Function, derived: str) -> bool:
    """Tell whether a function itself assigns, empties or deletes the derived field."""
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Assign) and is_this_member(node.target) and node.target.name == derived:
            return True
        if not isinstance(node, Call):
            continue
        emptied = node.name in ("clear", "delete", "pop")
        if emptied and is_this_member(node.receiver) and node.receiver.name == derived:
            return True
        if set(words(node.name)) & {"invalidate", "rebuild", "recompile", "reset", "dirty"}:
            return True
    return False
