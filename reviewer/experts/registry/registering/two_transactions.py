"""REG005: what belongs to one entry is written in two transactions, of which the second may fail."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, guarding_try, siblings
from reviewer.code.syntax import Call, Expr, ExprStatement, Function, Member, Name, With, strip
from reviewer.code.walk import calls_in, function_of, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.sql_statements import Run, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_OPENS: Final = frozenset({"begin", "transaction", "atomic", "connect"})
_COMMITS: Final = frozenset({"commit"})
_TAKES_BACK: Final = frozenset({"delete", "remove", "rollback", "undo", "drop", "rmtree", "unlink"})


@module_check("REG005", words={"execute", "executemany", "transaction", "commit", "begin"})
def two_transactions(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that inserts rows of one thing, for a transaction that ends between them."""
    if module.is_test:
        return
    by_function: dict[int, list[Run]] = {}
    for one in runs(module):
        function = function_of(one.call)
        if function is not None and one.verb == "insert" and enclosing_loop(one.call) is None:
            by_function.setdefault(id(function), []).append(one)
    for found in by_function.values():
        for first, second in pairwise(found):
            function = function_of(first.call)
            if function is None or first.tables == second.tables or not _same_thing(first, second):
                continue
            between = _ended_between(module, function, first.call, second.call)
            if between is None or _taken_back(second.call):
                continue
            yield Match(
                between,
                f"'{function.name}' writes '{_name(first)}' and '{_name(second)}' in two transactions: an error in the "
                "second leaves the first, and half an entry is found by whoever asks.",
                related=((first.call, "kept by then"),),
                confidence=Confidence.LIKELY,
            )
            break


def _name(one: Run) -> str:
    return next(iter(sorted(one.tables)), "one table")


def _same_thing(first: Run, second: Run) -> bool:
    """Tell whether both rows are of one thing: what is put into them is made of the same names."""
    return bool(_told(first.call) & _told(second.call))


def _told(call: Call) -> set[str]:
    """Return the names of what a statement is given, one step back: ``rows`` are made of ``key``."""
    module_names = names_in(call.args[1:])
    function = function_of(call)
    for name in sorted(module_names):
        for bound in function.module.scopes.lookup(name, call) if function is not None else ():
            value = getattr(bound, "value", None)
            module_names = module_names | (names_in(value) if isinstance(value, Expr) else set())
    return module_names - {"this"}


def _ended_between(module: Module, function: Function, first: Call, second: Call) -> Node | None:
    """Return what begins the second transaction, or the commit by which the first one ends."""
    one, other = _block(module, first), _block(module, second)
    if one is not None and other is not None and one is not other and other in siblings(one):
        held, same = one.items[0][0], other.items[0][0]
        return other if module.text_of(held) == module.text_of(same) else None
    if one is not None or other is not None:
        return None
    for call in calls_in(function.body, into_functions=False):
        if call.name in _COMMITS and isinstance(call.parent, ExprStatement) and first.start < call.start < second.start:
            return call if enclosing_loop(call) is None and guarding_try(call) is guarding_try(second) else None
    return None


def _block(module: Module, call: Call) -> With | None:
    """Return the block that is one transaction around a statement: ``with self._db``, ``with engine.begin() as c``."""
    for block in module.all(With):
        if not inside(call, block) or function_of(block) is not function_of(call):
            continue
        held = strip(block.items[0][0])
        if isinstance(held, Name | Member) or (isinstance(held, Call) and held.name in _OPENS):
            return block
    return None


def _taken_back(second: Call) -> bool:
    """Tell whether a failure of the second is met by taking the first out again."""
    guard = guarding_try(second)
    handlers = guard.handlers if guard is not None else []
    return any(call.name in _TAKES_BACK or "execute" in call.name for one in handlers for call in calls_in(one.body))
