"""REG001: a new state is the old one with an entry laid over whatever stood under its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, Case, Expr, Function, Index, Literal, Member, Name, Node, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.registry.entering import key_is_given
from reviewer.experts.registry.own_lists import is_own_list
from reviewer.experts.registry.vocabulary import PASSING, REGISTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENTERED: Final = REGISTERS | frozenset(
    "registered added put installed defined published enrolled provided contributed inserted announced submitted "
    "declared admitted mounted attached plugged".split()
)
"""Words of a step that enters something new, as functions and as actions spell it."""
_TESTS: Final = frozenset({"has", "hasOwn", "hasOwnProperty", "some", "find", "includes", "get"})


@module_check("REG001", words=_ENTERED)
def overwrites_in_copy(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every copy of a table with one more entry, in a step that enters something."""
    if module.is_test:
        return
    for node in module.some(Object, Binary, Call):
        table, key = _laid_over(module, node)
        if table is None or key is None or set(last_words(table)) & PASSING:
            continue
        step = _step(node)
        if step is None or _looks(module, step, table):
            continue
        yield Match(
            key,
            f"'{short(module.text_of(key))}' is laid over what '{short(module.text_of(table))}' may hold under this "
            "key: a second registration of the same id replaces the first one silently.",
        )


def _laid_over(module: Module, node: Node) -> tuple[Expr | None, Expr | None]:
    """Return the table that is copied and the given key of the one entry that is added.

    ``{...table, [key]: entry}``, ``table | {key: entry}``, and a call that lays the second over the first.
    """
    if isinstance(node, Object) and len(node.entries) == 2 and node.entries[0][0] is None:
        return _added(module, node.entries[0][1], node.entries[1])
    if isinstance(node, Binary):
        added = strip(node.right) if node.op == "|" else None
        if isinstance(added, Object) and len(added.entries) == 1:
            return _added(module, node.left, added.entries[0])
    if isinstance(node, Call) and len(node.args) > 1 and _lays_over(module, node):
        added = strip(node.args[-1])
        if isinstance(added, Object) and len(added.entries) == 1:
            return _added(module, node.args[-2], added.entries[0])
    return None, None


def _added(module: Module, table: Expr, entry: tuple[Expr | None, Expr]) -> tuple[Expr | None, Expr | None]:
    """Return table and key where a thing is entered under a key that is a member of something, or given."""
    table, (key, value) = strip(table), entry
    if not isinstance(table, Name | Member) or key is None or isinstance(key, Literal) or isinstance(value, Literal):
        return None, None
    named = strip(key)
    if is_own_list(module, key, value):
        return None, None
    given = isinstance(named, Member) or (isinstance(named, Name) and key_is_given(module, named))
    if given and isinstance(strip(value), Name | Member | Object | Call):
        return table, key
    return None, None


def _lays_over(module: Module, call: Call) -> bool:
    """Tell whether a call makes one object of several: ``Object.assign({}, table, more)``, or a function around it."""
    if module.resolve(call.callee) == "Object.assign":
        return not isinstance(call.args[0], Name | Member) or len(call.args) > 2
    made = definition(module, call.callee) if isinstance(call.callee, Name) else None
    return isinstance(made, Function) and any(
        made.module.resolve(inner.callee) == "Object.assign" for inner in calls_in(made.body)
    )


def _step(node: Node) -> Node | None:
    """Return the arm of a switch, or the function, that by its name enters something."""
    for around in ancestors(node):
        if isinstance(around, Case) and around.tests:
            said = {
                word
                for test in around.tests
                for part in walk(test)
                for word in words(str(part.value) if isinstance(part, Literal) else getattr(part, "name", ""))
            }
            return around if said & _ENTERED else None
        if isinstance(around, Function) and around.name:
            name = words(around.name)
            return around if name and (name[0] in _ENTERED or name[-1] in _ENTERED) else None
    return None


def _looks(module: Module, step: Node, table: Expr) -> bool:
    """Tell whether the step asks what stands under the key."""
    text = module.text_of(table)
    for part in walk(step):
        if isinstance(part, Index) and module.text_of(part.object) == text:
            return True
        if isinstance(part, Binary) and part.op in ("in", "not in") and module.text_of(part.right) == text:
            return True
        if isinstance(part, Call) and (
            (part.name in _TESTS and text in module.text_of(part)) or _asks(module, part, table)
        ):
            return True
    return False


def _asks(module: Module, call: Call, table: Expr) -> bool:
    """Tell whether a call is of a function that looks into the table, whatever that has been told to do then."""
    asked = definition(module, call.callee) if isinstance(call.callee, Name) else None
    return isinstance(asked, Function) and any(
        isinstance(part, Index) and last_words(part.object) == last_words(table) for part in walk(asked.body)
    )
