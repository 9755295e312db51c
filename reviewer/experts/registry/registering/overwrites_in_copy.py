"""REG001: a new state is the old one with an entry laid over whatever stood under its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Case, Expr, Function, Index, Literal, Member, Name, Node, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
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
    for node in module.all(Object):
        table, key = _laid_over(node)
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


def _laid_over(node: Object) -> tuple[Expr | None, Expr | None]:
    """Return the table that is copied and the given key of the one entry that is added."""
    if len(node.entries) != 2 or node.entries[0][0] is not None:
        return None, None
    table = strip(node.entries[0][1])
    key, value = node.entries[1]
    if not isinstance(table, Name | Member) or key is None or isinstance(key, Literal) or isinstance(value, Literal):
        return None, None
    named = strip(key)
    if isinstance(named, Member) and isinstance(strip(value), Name | Member | Object | Call):
        return table, key
    return None, None


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
        if isinstance(part, Call) and part.name in _TESTS and text in module.text_of(part):
            return True
    return False
