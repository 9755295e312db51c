"""SEC021: a permission check that takes what is asked for apart, and never looks at one of the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Index, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, is_assigned
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_decision, is_guard_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_SPLITS: Final = frozenset({"split", "rsplit", "partition", "rpartition"})
_PARTS: Final = word_set("action verb deed operation op right permission scope mode level resource area target what")
"""Last words of the names of parts that a right is made of."""


@module_check("SEC021", words={"split", "rsplit", "partition", "rpartition"})
def part_ignored(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the parts that each check splits a right into with those that it reads."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not (is_decision(function) or is_guard_function(function)):
            continue
        parts = _parts(function)
        read = {name.id for name in find(function.body, Name) if not is_assigned(name)} if parts else set[str]()
        if not any(one.target.id in read for one in parts if isinstance(one.target, Name)):
            continue
        for one in parts:
            name = one.target.id if isinstance(one.target, Name) else ""
            if name not in read and words(name)[-1:] and words(name)[-1] in _PARTS:
                yield Match(
                    one,
                    f"'{function.name}' takes '{name}' out of what is asked for and never looks at it: its answer is "
                    f"the same for every {words(name)[-1]}.",
                )
                break


def _parts(function: Function) -> list[Assign]:
    """Return the names that get a part of a text that was split."""
    found = find(function.body, Assign)
    return [one for one in found if isinstance(one.target, Name) and one.value is not None and _is_part(one.value)]


def _is_part(value: Expr) -> bool:
    made = strip(value)
    while isinstance(made, Binary | Conditional):  # with a default: ``[area, action = "*"]``
        made = strip(made.left if isinstance(made, Binary) else made.other)
    whole = strip(made.object) if isinstance(made, Index) else None
    return isinstance(whole, Call) and whole.name in _SPLITS
