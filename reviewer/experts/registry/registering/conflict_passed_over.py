"""REG390: what one dependent chose is kept for the next one, whatever range that asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Array, Assign, Binary, Call, For, Function, If, Name, Return, Throw, Unary, strip
from reviewer.code.text.ideas import DEPENDENCIES
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement
    from reviewer.experts.check import Inquiry

_RANGES: Final = word_set(
    "range ranges spec specs constraint constraints wanted requirement bounds specifier versionrange"
)
_NEEDS: Final = DEPENDENCIES | word_set("require imports")
_ASKS: Final = frozenset({"has", "get", "includes", "__contains__"})
_WRITES: Final = frozenset({"set", "add", "push", "append", "setdefault"})
_WORK: Final = word_set(
    "resolve resolver resolution visit plan solve choose pick select collect install add place walk expand"
)


@module_check("REG390", words=_RANGES)
def conflict_passed_over(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at resolvers for a turn that ends where a name is there already, with the range unread."""
    if module.is_test:
        return
    for body, names, around in _turns(module):
        ranges = {name for name in names if set(words(name)) & _RANGES}
        if not ranges or not said_in(around.body) & _NEEDS or not set(words(around.name)) & _WORK:
            continue
        end = next((one for one in body if isinstance(one, If) and _is_there(module, one, body)), None)
        if end is None or names_in([end.test, *end.body]) & ranges or _read_before(body, end, ranges):
            continue
        if not _chooses(body, end, ranges):
            continue
        asked = min(ranges)
        yield Match(
            end,
            f"Where '{short(module.text_of(end.test))}' holds, '{asked}' is never looked at: the version that another "
            "dependent chose is kept although this one may not run with it.",
        )


def _turns(module: Module) -> Iterator[tuple[list[Statement], set[str], Function]]:
    """Yield what runs for one dependency: (statements, the names it is given, the function around)."""
    for function in module.functions:
        yield function.body, {param.name for param in function.params}, function
        for loop in find(function.body, For, into_functions=False):
            target = strip(loop.target) if loop.target is not None else None
            if isinstance(target, Array):
                yield loop.body, {one.id for one in target.items if isinstance(one, Name)}, function


def _is_there(module: Module, end: If, body: Sequence[Statement]) -> bool:
    """Tell whether an ``if`` ends the turn where the name is among those that were chosen."""
    if not exits(end.body) or end.orelse or any(isinstance(one, Throw) for one in end.body):
        return False
    if any(isinstance(one, Return) and isinstance(one.value, Call) for one in end.body):
        return False
    asked = _asked(module, strip(end.test))
    if asked is None:
        return False
    table, key = asked
    text = module.text_of(table)
    entered = (
        call for call in find(list(body), Call) if call.name in _WRITES and call.receiver is not None and call.args
    )
    return any(
        module.text_of(call.receiver) == text and module.text_of(call.args[0]) == key
        for call in entered
        if call.receiver is not None
    ) or any(module.text_of(one.target) == f"{text}[{key}]" for one in find(list(body), Assign))


def _asked(module: Module, test: Expr) -> tuple[Expr, str] | None:
    """Return the table and the key of a test that a name is there: ``chosen.has(id)``, ``id in chosen``."""
    if isinstance(test, Unary) or (isinstance(test, Binary) and test.op in ("and", "or")):
        return None
    if isinstance(test, Binary) and test.op == "in":
        return strip(test.right), module.text_of(test.left)
    if isinstance(test, Binary) and test.op in ("!=", "is not"):
        return _asked(module, strip(test.left))
    if isinstance(test, Name):
        origin = module.scopes.origin(test)
        test = strip(origin) if isinstance(origin, Call) else test
    if isinstance(test, Call) and test.name in _ASKS and test.receiver is not None and test.args:
        return strip(test.receiver), module.text_of(test.args[0])
    return None


def _read_before(body: Sequence[Statement], end: If, ranges: set[str]) -> bool:
    """Tell whether the range was looked at before the turn ends."""
    before: list[Node] = list(body[: list(body).index(end)])
    return bool(names_in(before) & ranges)


def _chooses(body: Sequence[Statement], end: If, ranges: set[str]) -> bool:
    """Tell whether the range decides afterwards which version is taken."""
    after: list[Node] = list(body[list(body).index(end) + 1 :])
    return bool(names_in(after) & ranges)
