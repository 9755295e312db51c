"""COM043 and COM044: the order in which a chain runs its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import definition
from reviewer.code.syntax import Binary, Call, Expr, Function, Literal, Node, Return, Unary, strip
from reviewer.code.walk import walk
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_INSERTS: Final = frozenset({"push", "append", "add"})


@module_check("COM043", words=_CHAINS)
def order_unspecified(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of middleware for something that says in which order its steps come."""
    if module.is_test:
        return
    for table in sources(inquiry, module).tables:
        if table.kind != "list" or not set(words(table.name)) & _CHAINS:
            continue
        writes = [a for a in table.of("write") if isinstance(a.node, Call) and a.node.name in _INSERTS]
        taken = [a for a in writes if a.function is not None and _is_public(a.function)]
        if not taken or len(writes) != len(taken) or not table.of("iterate", "read") or _ordered(module, table):
            continue
        yield Match(
            taken[0].node,
            f"What is entered in '{table.name}' runs in the order in which it was entered, that is, in which plugins "
            "happened to be loaded: nothing says what has to come first.",
        )


def _is_public(function: Function) -> bool:
    return not function.private and bool(function.params) and function.kind != "constructor"


def _ordered(module: Module, table: Table) -> bool:
    """Tell whether the object that holds a chain speaks of its order."""
    home: Node | None = table.owner or table.scope
    said = spoken(home if home is not None else module.body)
    keys = {w for node in walk(home if home is not None else module.body) for w in _key_words(node)}
    return bool((said | keys) & _ORDERS)


def _key_words(node: Node) -> tuple[str, ...]:
    if isinstance(node, Literal) and isinstance(node.value, str) and len(node.value) < 40:
        return words(node.value)
    declared = getattr(node, "type", "")
    return words(declared) if isinstance(declared, str) else ()


@module_check("COM044", words={"sort", "sorted"})
def comparison_gives_boolean(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison function of a sort for one that answers yes or no."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls({"sort", "toSorted"}):
        given = definition(module, call.args[0]) if call.args else None
        if not isinstance(given, Function) or len(given.params) < 2:
            continue
        answers = [node.value for node in walk(given.body, into_functions=False) if isinstance(node, Return)]
        if answers and all(answer is not None and _is_boolean(answer) for answer in answers):
            yield Match(
                given,
                f"The comparison answers true or false, and '{call.name}' wants a number: 'false' means equal, so that "
                f"'{' '.join(name_words(call.receiver)) or 'the list'}' keeps the order it came in, or gets any other.",
            )


def _is_boolean(answer: Expr) -> bool:
    value = strip(answer)
    if isinstance(value, Binary):
        return value.op in ("<", ">", "<=", ">=", "==", "!=")
    if isinstance(value, Literal):
        return isinstance(value.value, bool)
    return isinstance(value, Unary) and value.op == "not"
