"""COM022: other names of commands are followed for as long as there is one, however often that leads round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, ExprStatement, Index, Name, While, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OTHER_NAMES: Final = word_set("alias aliases synonym synonyms redirect redirects forward forwards shortcuts renamed")
"""Words of a table that leads from one name to another."""


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
                fix="Count the steps, or note the names that were met, and refuse what leads round.",
            )


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
