"""SEC014: an object keeps a copy of what was granted, decides from it, and shows it to whoever holds the object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Binary, Call, Class, Comprehension, Expr, If, Object, Return, Unary, strip
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.handing.handed import handed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Assign
    from reviewer.experts.check import Inquiry

_OPEN: Final = frozenset({"set", "list", "dict", "copy", "defaultdict", "deepcopy"})
"""Calls that make a collection which can be added to."""


@module_check("SEC014", words=FACES)
def own_copy_decides(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the open fields of each object that plugins hold for those by which its methods refuse."""
    if module.is_test or module.language != "python" or inquiry.subject.kind != "host":
        return
    given = {id(thing.node) for thing in handed(inquiry, module)}
    for cls in module.classes:
        if id(cls) not in given and not FACES & set(words(cls.name)[-1:]):
            continue
        deciding = refused_by(cls)
        for name, assigns in module.scopes.fields(cls).items():
            kept = next((one for one in assigns if is_own_copy(one)), None)
            if kept is None or name.startswith("_") or name not in deciding:
                continue
            yield Match(
                kept,
                f"'{name}' is a copy, and the very one by which '{cls.name}' refuses: whoever holds the object adds "
                "what was never granted.",
            )


def is_own_copy(given: Assign) -> bool:
    """Tell whether a field gets a collection that was made for it, and that can be added to."""
    made = strip(given.value) if given.value is not None else None
    if isinstance(made, Call):
        return made.name in _OPEN
    return isinstance(made, Array | Object | Comprehension)


def refused_by(cls: Class) -> frozenset[str]:
    """Return the fields by which methods refuse: ``if right not in self.rights: raise``, also by a method asked so."""
    found: set[str] = set()
    for test in find(cls, If):
        denied = strip(test.test)
        if not refuses(test.body):
            continue
        if isinstance(denied, Binary) and denied.op == "not in":
            found.update(_field(denied.right))
        asked = strip(denied.operand) if isinstance(denied, Unary) and denied.op in ("not", "!") else None
        if isinstance(asked, Binary) and asked.op == "in":
            found.update(_field(asked.right))
        if isinstance(asked, Call) and is_this_member(asked.callee):
            found.update(_answers_by(cls, asked.name))
    return frozenset(found)


def _answers_by(cls: Class, name: str) -> Iterator[str]:
    """Yield the fields that a method looks into for its answer: ``return right in self.rights``."""
    asked = cls.method(name)
    for answer in find(asked.body, Return) if asked is not None else ():
        value = strip(answer.value) if answer.value is not None else None
        if isinstance(value, Binary) and value.op == "in":
            yield from _field(value.right)


def _field(held: Expr) -> tuple[str, ...]:
    """Return the name of a field of the object itself."""
    held = strip(held)
    return (held.name,) if is_this_member(held) else ()
