"""SEC006: of a table of switches that are texts, every pair is taken whose text is not empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    If,
    Name,
    Node,
    Param,
    Return,
    Spread,
    Unary,
    strip,
)
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import surroundings
from reviewer.experts.security.deciding.decisions import readers
from reviewer.experts.security.deciding.switch_texts import pair_in
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EACH: Final = frozenset({"filter", "flatMap", "forEach", "map", "some", "find"})
_PAIRS: Final = frozenset({"entries", "items", "sorted", "list", "from"})
_TEXTS: Final = regex(r"(?:Map|Record|[Dd]ict|Mapping)[<\[]\s*\w+\s*,\s*(?:string|str)\s*[>\]]$")


@module_check("SEC006", words=RIGHTS | PERMISSION)
def pair_text_truth(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pair of a table of which the truth of the second decides whether the first is taken."""
    if module.is_test:
        return
    said = pair_in(module)
    for value in module.all(Name):
        if not _taken_for_truth(value):
            continue
        table = _table_of_pairs(module, value)
        function = function_of(value)
        if table is None or function is None or not _about_rights(module, function):
            continue
        declared = declared_type(module, table).removeprefix("Readonly") or _made_as(module, table)
        if _TEXTS.search(declared) if declared else said:
            sample = f'"{said}"' if said else '"no"'
            yield Match(value, f"'{value.id}' is a text such as {sample}, and every text but the empty one is true.")


def _taken_for_truth(value: Name) -> bool:
    """Tell whether nothing but the truth of a name is asked for."""
    inner: Node = value
    around = value.parent
    while (isinstance(around, Unary) and around.op == "not") or (
        isinstance(around, Binary) and around.op in ("and", "or")
    ):
        inner, around = around, around.parent
    if isinstance(around, If | Conditional):
        return inner is around.test
    if isinstance(around, Comprehension):
        return any(test is inner for test in around.tests)
    callback = function_of(value) if isinstance(around, Return) else None
    call = callback.parent if callback is not None else None
    return isinstance(call, Call) and call.name == "filter"


def _table_of_pairs(module: Module, value: Name) -> Expr | None:
    """Return the table of whose pairs a name is the second, one after the other."""
    bound = module.scopes.lookup(value.id, value)
    only = bound[0] if len(bound) == 1 else None
    over: Expr | None = None
    if isinstance(only, Param) and only.fields.get("1") == value.id:
        callback = only.parent
        call = callback.parent if isinstance(callback, Function) else None
        over = call.receiver if isinstance(call, Call) and call.name in _EACH else None
    elif isinstance(only, For) and only.target is not None and _is_second(only.target, value.id):
        over = only.iterable
    elif isinstance(only, Comprehension):
        over = next((many for target, many in only.clauses if _is_second(target, value.id)), None)
    return _whole(over) if over is not None else None


def _made_as(module: Module, table: Expr) -> str:
    """Return the type of what stands in for a table that is not there: ``?? new Map<string, string>()``."""
    made = module.scopes.origin(table)
    other = strip(made.right) if isinstance(made, Binary) and made.op in ("??", "or") else None
    text = module.text_of(other) if isinstance(other, Call) and other.new else ""
    return text.removeprefix("new ").split("(")[0]


def _is_second(target: Expr, name: str) -> bool:
    second = target.items[1] if isinstance(target, Array) and len(target.items) == 2 else None
    return isinstance(second, Name) and second.id == name


def _whole(over: Expr) -> Expr:
    """Return the table itself: ``rights`` of ``Object.entries(rights)``, ``[...rights]``, ``rights.items()``."""
    over = strip(over)
    if isinstance(over, Array) and len(over.items) == 1 and isinstance(over.items[0], Spread):
        return _whole(over.items[0].value)
    if isinstance(over, Call) and over.name in _PAIRS:
        inner = over.args[0] if over.args else over.receiver
        return _whole(inner) if inner is not None else over
    return over


def _about_rights(module: Module, function: Function) -> bool:
    """Tell whether what a function gathers is what somebody may do: by its name, or by who asks it."""
    named: Function | None = function
    while named is not None and not named.name:
        named = named.outer
    if named is None:
        return False
    said = surroundings(named) | {word for param in named.params for word in words(param.name)}
    return bool(said & (RIGHTS | PERMISSION)) or any(named is one for one in readers(module))
