"""FUN442: a fold or a first one of what plugins filled, which fails where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_NARROWS: Final = frozenset(
    "values keys items entries map filter flatMap sort toSorted reverse toReversed slice from list tuple set sorted "
    "concat flat".split()
)
"""Calls whose answer is empty where what they are asked of is."""
_FOLDS: Final = frozenset({"reduce", "reduceRight"})
_ENDS: Final = frozenset({"max", "min"})
_EMPTY_MAKERS: Final = frozenset({"Map", "Set", "dict", "list", "set", "OrderedDict", "defaultdict", "deque"})
_COUNTS: Final = (".size", ".length")
_DEEPEST: Final = 8


@module_check("FUN442", words={"reduce", "max", "min", "filter"})
def fold_of_none(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at folds without a first value, largest and smallest ones, and first ones that are said to be there."""
    if module.is_test or is_tooling(module.path):
        return
    for call in module.all(Call):
        folded = _folded(module, call)
        root = _root(folded) if folded is not None else None
        table = _table(module, root) if root is not None else None
        if root is None or table is None or not _begins_empty(table) or _is_asked(module, call, table):
            continue
        yield Match(
            call,
            f"'{call.name}' has nothing to begin with while '{table.name.removeprefix('#')}' is empty and fails: "
            "with no plugin at all the host can't go on.",
            related=((table.declared, "begins empty"),),
        )
    if module.language == "typescript":
        yield from _said_to_be_there(module)


def _folded(module: Module, call: Call) -> Expr | None:
    """Return what a call folds into one value with no value for nothing."""
    if module.language != "python":
        return call.receiver if call.name in _FOLDS and len(call.args) == 1 else None
    if call.receiver is None and call.name in _ENDS and len(call.args) == 1 and "default" not in call.keywords:
        return None if isinstance(strip(call.args[0]), Array) else call.args[0]
    if call.name == "reduce" and module.resolve(call.callee) == "functools.reduce" and len(call.args) == 2:
        return call.args[1]
    return None


def _root(expr: Expr) -> Expr | None:
    """Return what is gone through behind the calls that narrow, turn and order it."""
    expr = strip(expr)
    for _ in range(_DEEPEST):
        if isinstance(expr, Array) and len(expr.items) == 1 and isinstance(expr.items[0], Spread):
            expr = strip(expr.items[0].value)
        elif isinstance(expr, Comprehension) and len(expr.clauses) == 1:
            expr = strip(expr.clauses[0][1])
        elif isinstance(expr, Call) and expr.name in _NARROWS:
            inner = expr.args[0] if (expr.receiver is None or expr.name == "from") and expr.args else expr.receiver
            if inner is None:
                return None
            expr = strip(inner)
        else:
            return expr
    return None


def _table(module: Module, root: Expr) -> Table | None:
    """Return the table that somebody fills by and by: a field, or a variable around the function."""
    if not isinstance(root, Name) and not is_this_member(root):
        return None
    name = root.id if isinstance(root, Name) else root.name if isinstance(root, Member) else ""
    owner = class_of(root) if is_this_member(root) else None
    for table in tables(module):
        if table.name == name and table.owner is owner and table.scope is not function_of(root):
            filled = table.of("write")
            if filled and all(one.function is not None and one.function.kind != "constructor" for one in filled):
                return table
    return None


def _begins_empty(table: Table) -> bool:
    """Tell whether a table is declared with nothing in it."""
    declared = table.declared
    value = getattr(declared, "value", None)
    value = strip(value) if isinstance(value, Expr) else None
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Object):
        return not value.entries
    return isinstance(value, Call) and value.name in _EMPTY_MAKERS and not value.args


def _is_asked(module: Module, call: Call, table: Table) -> bool:
    """Tell whether the fold is caught, or somebody in the file asks whether there is anything in the table."""
    if guarding_try(call) is not None:
        return True
    name = table.name.removeprefix("#")
    if any(name in module.text_of(one.test) for one in conditions(call)):
        return True
    text = module.source.decode("utf-8", "replace")
    if any(f"{name}{count}" in text for count in _COUNTS):
        return True
    return any(f"{asked}{name}" in text for asked in ("not self.", "if self.", "len(self.", "len(", "not ", "if "))


def _said_to_be_there(module: Module) -> Iterator[Match]:
    """Yield the first ones of filtered lists that an assertion says are there, where a member of them is read."""
    for index in module.all(Index):
        key, held = strip(index.key), strip(index.object)
        around = index.raw.parent
        if not isinstance(key, Literal) or key.value != 0 or not isinstance(held, Name):
            continue
        if around is None or around.type != "non_null_expression" or guarding_try(index) is not None:
            continue
        if not _is_filtered(module, held) or any(held.id in module.text_of(one.test) for one in conditions(index)):
            continue
        yield Match(
            index,
            f"The first of '{held.id}' is only said to be there: where the filter leaves none, the next member that is "
            "read of it throws.",
        )


def _is_filtered(module: Module, held: Name) -> bool:
    """Tell whether a list is what a filter left, here or in the function of the subject that gives it."""
    made = module.scopes.origin(held)
    if not isinstance(made, Call):
        return False
    if made.name == "filter":
        return True
    target = definition(module, made.callee)
    if not isinstance(target, Function) or target.signature_only:
        return False
    answers = list(find(target.body, Return, into_functions=False))
    last = strip(answers[0].value) if len(answers) == 1 and answers[0].value is not None else None
    return isinstance(last, Call) and last.name == "filter" and not isinstance(last.parent, Assign)
