"""COM022: other names of commands are followed for as long as there is one, however often that leads round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Expr, ExprStatement, Index, Name, While, strip
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OTHER_NAMES: Final = word_set("alias aliases synonym synonyms redirect redirects forward forwards shortcuts renamed")
"""Words of a table that leads from one name to another."""
_FIX: Final = "Count the steps, or note the names that were met, and refuse what leads round."


@module_check("COM022", words=_OTHER_NAMES)
def alias_circle(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that goes from a name to the next one: ``while name in aliases: name = aliases[name]``."""
    if module.is_test:
        return
    for loop in module.all(While):
        only = loop.body[0] if len(loop.body) == 1 else None
        step = only.value if isinstance(only, ExprStatement) else only
        if not isinstance(step, Assign) or step.value is None or not isinstance(name := strip(step.target), Name):
            continue
        table = _looked_up(module, strip(step.value), name.id)
        if table and table == _asked(module, strip(loop.test), name.id):
            yield Match(
                loop,
                f"'{short(table)}' is followed for as long as it knows the name, and nothing counts the steps: two "
                "that lead to each other keep the host here for ever.",
                fix=_FIX,
            )
    yield from _called_again(module)


def _called_again(module: Module) -> Iterator[Match]:
    """Look at each function that calls itself with the next name: ``find(name)`` asks for ``find(aliases[name])``."""
    for function in module.functions:
        name = function.params[0].name if len(function.params) == 1 else ""
        for call in calls_in(function.body, into_functions=False) if name and function.name else ():
            if call.name != function.name or len(call.args) != 1 or definition(module, call.callee) is not function:
                continue
            given = strip(call.args[0])
            made = module.scopes.origin(given) if isinstance(given, Name) else given
            table = _looked_up(module, strip(made), name) if isinstance(made, Expr) else ""
            if table:
                yield Match(
                    call,
                    f"'{function.name}' follows '{short(table)}' for as long as it knows the name, and nothing counts "
                    "the steps: two that lead to each other end this with a full stack.",
                    fix=_FIX,
                )
                break


def _looked_up(module: Module, value: Expr, name: str) -> str:
    """Return the table that gives the next name, by how it is spelled: ``aliases.get(name)``, ``aliases[name]``."""
    if isinstance(value, Call) and value.name == "get" and value.args and value.receiver is not None:
        return _table(module, value.receiver) if _is(value.args[0], name) else ""
    if isinstance(value, Index):
        return _table(module, value.object) if _is(value.key, name) else ""
    return ""


def _asked(module: Module, test: Expr, name: str) -> str:
    """Return the table that is asked whether it knows a name."""
    if isinstance(test, Call) and test.name in ("has", "get") and test.args and test.receiver is not None:
        return _table(module, test.receiver) if _is(test.args[0], name) else ""
    if isinstance(test, Binary) and test.op == "in":
        return _table(module, test.right) if _is(test.left, name) else ""
    return _looked_up(module, test, name)


def _table(module: Module, held: Expr) -> str:
    return module.text_of(held) if set(last_words(strip(held))) & _OTHER_NAMES else ""


def _is(expr: Expr, name: str) -> bool:
    given = strip(expr)
    return isinstance(given, Name) and given.id == name
