"""REG390, second part: the version that the last dependent asks for takes the place of the one chosen before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, For, Index, Member, Name, While, strip
from reviewer.code.text.ideas import DEPENDENCIES
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_RANGES: Final = word_set("range ranges spec specs constraint constraints requirement specifier versionrange")
_NEEDS: Final = DEPENDENCIES | word_set("require imports")
_NAMES: Final = word_set("name id slug key")
_ASKS: Final = frozenset({"has", "get", "includes", "setdefault", "__contains__"})
_ADDS: Final = frozenset({"push", "append", "extend", "unshift", "appendleft", "add"})


@module_check("REG390", words=_RANGES)
def conflict_overwritten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a resolver writes for one dependency after the other, and never looks at before."""
    if module.is_test:
        return
    for write, table, key, value in _writes(module):
        function = function_of(write)
        made = module.scopes.origin(value)
        if function is None or not isinstance(made, Call) or not _chosen_by_range(module, made, key):
            continue
        if names_in(made.args) & names_in(table) or _looked_at(module, function, table, (write, value)):
            continue
        if _goes_on(function, write, value):
            yield Match(
                write,
                f"'{short(module.text_of(table))}' gets what this range allows, whatever another dependent has chosen "
                "there: the last one decides, and the others are started with a version that they can't run with.",
            )


def _writes(module: Module) -> Iterator[tuple[Call | Assign, Expr, Expr, Expr]]:
    """Yield what is entered into a table: (write, table, key, value)."""
    for call in module.calls(("set",)):
        if len(call.args) == 2 and call.receiver is not None:
            yield call, strip(call.receiver), strip(call.args[0]), strip(call.args[1])
    for assign in module.all(Assign):
        target = strip(assign.target)
        if isinstance(target, Index) and assign.op == "=" and assign.value is not None:
            yield assign, strip(target.object), strip(target.key), strip(assign.value)


def _chosen_by_range(module: Module, made: Call, key: Expr) -> bool:
    """Tell whether a value was chosen by a range, for the name under which it is entered.

    ``best(name, spec)`` for ``name``, and ``pick(index, next)`` for ``next.name`` where ``next.range`` is there, too.
    """
    given = [strip(arg) for arg in made.args]
    texts = {module.text_of(arg) for arg in given}
    ranges = any(set(last_words(arg)) & _RANGES for arg in given)
    if module.text_of(key) in texts:
        return ranges
    if not isinstance(key, Member) or not set(words(key.name)) & _NAMES:
        return False
    holder = strip(key.object)
    whole = isinstance(holder, Name) and holder.id in {arg.id for arg in given if isinstance(arg, Name)}
    return whole and any(
        set(words(one.name)) & _RANGES and isinstance(of := strip(one.object), Name) and of.id == holder.id
        for function in [function_of(made)]
        for one in (find(function.body, Member) if function is not None else ())
        if isinstance(holder, Name)
    )


def _looked_at(module: Module, function: Function, table: Expr, put: tuple[Call | Assign, Expr]) -> bool:
    """Tell whether a function, or one around it, looks into a table before it writes."""
    text = module.text_of(table)
    write, value = put
    outer: Function | None = function
    while outer is not None and outer.outer is not None:
        outer = outer.outer
    body = (outer or function).body
    asked = (one for one in find(body, Call) if one.name in _ASKS and not _is_for_the_same(module, one, value))
    if any(one.receiver is not None and module.text_of(one.receiver) == text for one in asked):
        return True
    if any(one.op in ("in", "not in") and module.text_of(one.right) == text for one in find(body, Binary)):
        return True
    target = strip(write.target) if isinstance(write, Assign) else None
    return any(module.text_of(one.object) == text and one is not target for one in find(body, Index))


def _is_for_the_same(module: Module, look: Call, put: Expr) -> bool:
    """Tell whether a look only asks for the very one that is put in: ``chosen.get(id)?.version === it.version``."""
    names = names_in(put)
    for around in ancestors(look):
        if isinstance(around, Binary) and around.op in ("==", "!="):
            other = around.right if inside(look, around.left) else around.left
            made = module.scopes.origin(put)
            again = isinstance(made, Call) and module.text_of(strip(other)) == module.text_of(made)
            return again or (bool(names) and names <= names_in(other))
        if not isinstance(around, Member):
            return False
    return False


def _goes_on(function: Function, write: Call | Assign, put: Expr) -> bool:
    """Tell whether what was chosen brings further dependencies, for which the same is done in its turn."""
    for call in find(function.body, Call):
        again = call.name == function.name and bool(function.name)
        more = call.name in _ADDS and any(isinstance(one, For | While) for one in ancestors(write))
        itself = more and isinstance(put, Name) and put.id in names_in(call.args) and said_in(function.body) & _NEEDS
        if (again and said_in(function.body) & _NEEDS) or (more and said_in(call.args) & _NEEDS) or itself:
            return True
    return False
