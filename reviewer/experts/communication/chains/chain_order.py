"""COM043 and COM044: the order in which a chain runs its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Name,
    Node,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_CHAINS: Final = frozenset(
    "middleware middlewares interceptor interceptors filter filters pipeline chain stages stage steps transforms "
    "transformers hooks processors".split()
)
_ORDERS: Final = frozenset(
    "priority prio phase order weight rank position stage before after index precedence ordering sort bisect insort "
    "prepend unshift dependencies depends topological first last".split()
)
_PLACES: Final = frozenset({"index", "first", "last", "position", "stage", "before", "after", "order"})
"""Those by which running through a chain speaks of where it is, or of what it works on, too."""
_INSERTS: Final = frozenset({"push", "append", "add"})
_BOTH: Final = {True, False}


@module_check("COM043", words=_CHAINS)
def order_unspecified(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of middleware for something that says in which order its steps come."""
    if module.is_test:
        return
    for table in sources(inquiry, module).tables:
        if not set(words(table.name)) & _CHAINS:
            continue
        if table.kind == "map":
            yield from _hooks(inquiry, module, table)
        if table.kind != "list":
            continue
        writes = [a for a in table.of("write") if isinstance(a.node, Call) and a.node.name in _INSERTS]
        taken = [a for a in writes if a.function is not None and _is_public(a.function)]
        if not taken or len(writes) != len(taken) or not table.of("iterate", "read") or _ordered(module, table):
            continue
        yield _by_chance(taken[0].node, table)


def _by_chance(entered: Node, table: Table) -> Match:
    return Match(
        entered,
        f"What is entered in '{table.name}' runs in the order in which it was entered, that is, in which plugins "
        "happened to be loaded: nothing says what has to come first.",
    )


def _hooks(inquiry: Inquiry, module: Module, table: Table) -> Iterator[Match]:
    """Look at lists of hooks, one for each point, of which each hook changes what the next one gets."""
    known = sources(inquiry, module)
    puts = [
        call
        for call in module.calls(_INSERTS)
        if (held := known.of(call.receiver)) is not None and held.table is table and held.looked_up
    ]
    entered = [function for call in puts if (function := function_of(call)) is not None and _is_public(function)]
    if not entered or len(entered) != len(puts) or _ordered(module, table):
        return
    if any(_spoken_of(one) & _ORDERS for one in entered):
        return
    for found in invocations(inquiry, module):
        by = found.use.by
        if found.source.table is not table or found.loop is None or not isinstance(by, Assign):
            continue
        if isinstance(by.target, Name) and by.target.id in names_in(found.call.args):
            yield _by_chance(puts[0], table)
            return


def _is_public(function: Function) -> bool:
    return not function.private and bool(function.params) and function.kind != "constructor"


def _ordered(module: Module, table: Table) -> bool:
    """Tell whether the object that holds a chain speaks of its order."""
    home: Node | None = table.owner or table.scope
    where = home if home is not None else module.body
    entered = [access.function for access in table.of("write") if access.function is not None]
    return bool(_spoken_of(where) & (_ORDERS - _PLACES) or any(_spoken_of(one) & _ORDERS for one in entered))


def _spoken_of(where: Node | Sequence[Node]) -> set[str]:
    """Return the words of the names, the keys and the types below a node."""
    return spoken(where) | {w for node in walk(where) for w in _key_words(node)}


def _key_words(node: Node) -> tuple[str, ...]:
    if isinstance(node, Literal) and isinstance(node.value, str) and len(node.value) < 40:
        return words(node.value)
    declared = getattr(node, "type", "")
    return words(declared) if isinstance(declared, str) else ()


@module_check("COM044", words={"sort", "sorted", "cmp"})
def comparison_gives_boolean(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison function of a sort for one that answers yes or no."""
    if module.is_test:
        return
    for call, given in _comparisons(module):
        answers = [node.value for node in walk(given.body, into_functions=False) if isinstance(node, Return)]
        yes_or_no = all(answer is not None and _is_boolean(answer) for answer in answers)
        if answers and (yes_or_no or _is_never_less(answers) or _ends_never_less(answers)):
            said = ("true or false", "'false'") if yes_or_no else ("1 or 0, and never less", "0")
            yield Match(
                given,
                f"The comparison answers {said[0]}, and '{call.name}' wants a number: {said[1]} means equal, so that "
                f"'{' '.join(name_words(call.receiver)) or 'the list'}' keeps the order it came in, or gets any other.",
            )


def _comparisons(module: Module) -> Iterator[tuple[Call, Function]]:
    """Yield the calls that sort by a comparison of two, with the function that compares."""
    python = module.language == "python"
    for call in module.calls({"cmp_to_key"} if python else {"sort", "toSorted"}):
        given = definition(module, call.args[0]) if call.args else None
        places = [one for one in given.params if one.name not in ("self", "cls")] if isinstance(given, Function) else []
        if isinstance(given, Function) and len(places) > 1 and not given.asynchronous:
            yield call, given


def _is_boolean(answer: Expr) -> bool:
    value = strip(answer)
    if isinstance(value, Binary) and value.op in ("or", "and"):
        return _is_boolean(value.left) and _is_boolean(value.right)
    if isinstance(value, Conditional):
        return _is_boolean(value.then) and _is_boolean(value.other)
    if isinstance(value, Binary):
        return value.op in ("<", ">", "<=", ">=", "==", "!=")
    if isinstance(value, Literal):
        return isinstance(value.value, bool)
    return isinstance(value, Unary) and value.op == "not"


def _is_never_less(answers: Sequence[Expr | None]) -> bool:
    """Tell whether answers are numbers of which none says that the first comes first: ``a < b ? 1 : 0``."""
    numbers = [number for answer in answers for number in _numbers(answer)]
    return (
        len(numbers) > 1
        and None not in numbers
        and {number == 0 for number in numbers} == {True, False}
        and not any(number is not None and number < 0 for number in numbers)
    )


def _ends_never_less(answers: Sequence[Expr | None]) -> bool:
    """Tell whether what decides at last, after other parts were equal, never says that the first comes first.

    ``a.phase - b.phase || Number(a.rank > b.rank)``
    """
    lasts = [_last_part(answer) for answer in answers if answer is not None]
    numbers = [_numbers(last) for last in lasts]
    if any(number is not None and number < 0 for known in numbers for number in known):
        return False
    if any(_compares(one) and {n == 0 for n in known} == _BOTH for one, known in zip(lasts, numbers, strict=True)):
        return True
    plain = [last for last in lasts if isinstance(last, Literal) and isinstance(last.value, int | float)]
    return bool(plain) and plain[-1] is lasts[-1] and {one.value == 0 for one in plain} == _BOTH and _chosen(plain)


def _chosen(plain: Sequence[Expr]) -> bool:
    """Tell whether one of some numbers is the answer to a comparison of order: ``if (a.rank > b.rank) return 1``."""
    around = [one.parent.parent for one in plain if one.parent is not None]
    return any(isinstance(one, If) and _is_order(strip(one.test)) for one in around)


def _last_part(answer: Expr) -> Expr:
    value = strip(answer)
    while isinstance(value, Binary) and value.op == "or":
        value = strip(value.right)
    return value


def _compares(answer: Expr) -> bool:
    """Tell whether an answer only turns one comparison of order into numbers."""
    test = answer.test if isinstance(answer, Conditional) else _as_number(answer)
    return test is not None and _is_order(strip(test))


def _is_order(test: Expr) -> bool:
    return isinstance(test, Binary) and test.op in ("<", ">", "<=", ">=")


def _as_number(value: Expr) -> Expr | None:
    """Return the test that is turned into 1 or 0: ``Number(a > b)``, ``+(a > b)``."""
    inner: Expr | None = None
    if isinstance(value, Call) and value.name == "Number" and value.receiver is None and len(value.args) == 1:
        inner = strip(value.args[0])
    elif isinstance(value, Unary) and value.op == "+":
        inner = strip(value.operand)
    return inner if inner is not None and _is_boolean(inner) else None


def _numbers(answer: Expr | None) -> list[float | None]:
    """Return the numbers that an answer may be, None for what is no number."""
    value = strip(answer) if answer is not None else None
    if value is not None and _as_number(value) is not None:
        return [1, 0]
    if isinstance(value, Conditional):
        return [*_numbers(value.then), *_numbers(value.other)]
    if isinstance(value, Unary) and value.op == "-":
        return [-number if number is not None else None for number in _numbers(value.operand)]
    return [value.value if isinstance(value, Literal) and isinstance(value.value, int | float) else None]
