"""Whether a restored state was looked at before it is trusted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Switch,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import walk

if TYPE_CHECKING:
    from reviewer.code.syntax import Expr

_CHECKING: Final = frozenset(
    (
        "validate parse check schema migrate assert verify ensure guard isinstance isarray typeof safeparse is valid "
        "upgrade decode sanitize sanitise coerce normalise normalize conform compatible matches hasown issubset from"
    ).split()
)
_COMPARISONS: Final = frozenset({"==", "!=", ">=", "<=", "<", ">", "in", "not in", "instanceof"})
FORMAT_WORDS: Final = frozenset("version format schema v ver revision generation shape layout kind migration".split())


def looks_at_shape(nodes: Iterable[Node], names: set[str]) -> bool:
    """Tell whether code compares, tests the type of, or validates something that these names hold."""
    for node in nodes:
        if isinstance(node, Call) and _checks(node, names):
            return True
        if isinstance(node, Unary) and node.op == "typeof" and _mentions(node.operand, names):
            return True
        if isinstance(node, Binary) and node.op in _COMPARISONS and _real_comparison(node, names):
            return True
        if isinstance(node, Switch) and _mentions(node.subject, names):
            return True
    return False


def _checks(call: Call, names: set[str]) -> bool:
    """Tell whether a call validates one of the names, by what it is called."""
    if set(words(call.name)).isdisjoint(_CHECKING):
        return False
    return any(_mentions(arg, names) for arg in (*call.args, *call.keywords.values()))


def _real_comparison(node: Binary, names: set[str]) -> bool:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if _mentions(side, names) and not (isinstance(other, Literal) and other.value is None):
            return True
    return False


def _mentions(expr: Node, names: set[str]) -> bool:
    return any(isinstance(node, Name) and node.id in names for node in walk(expr))


def speaks_of_format(nodes: Iterable[Node]) -> bool:
    """Tell whether code names a version or a format: ``state.version``, ``"format"``, ``fresh.state_format``.

    Whatever it is called, what two objects both say of themselves and are held against each other by is one, too.
    """
    for node in nodes:
        said = ""
        if isinstance(node, Binary) and _of_both(node):
            return True
        if isinstance(node, Name):
            said = node.id
        elif isinstance(node, Member):
            said = node.name
        elif isinstance(node, Literal) and isinstance(node.value, str) and len(node.value) < 30:
            said = node.value
        if said and not set(words(said)).isdisjoint(FORMAT_WORDS):
            return True
    return False


def _of_both(node: Binary) -> bool:
    """Tell whether the same member of two objects is compared: ``saved.grain == fresh.grain``."""
    left, right = strip(node.left), strip(node.right)
    return (
        node.op in _COMPARISONS and isinstance(left, Member) and isinstance(right, Member) and left.name == right.name
    )


def derived(function: Function, name: str) -> set[str]:
    """Return a name and the variables of the function whose values come from it."""
    found = {name}
    for _ in range(3):
        before = len(found)
        for node in walk(function.body):
            if isinstance(node, Assign) and node.value is not None and _mentions(node.value, found):
                found.update(n.id for n in walk(node.target) if isinstance(n, Name) and n.id != "this")
            elif isinstance(node, For) and node.iterable is not None and node.target is not None:
                if _mentions(node.iterable, found):
                    found.update(n.id for n in walk(node.target) if isinstance(n, Name))
            elif isinstance(node, Call) and node.receiver is not None and _mentions(node.receiver, found):
                for arg in node.args:
                    if isinstance(arg, Function):
                        found.update(p.name for p in arg.params)
        if len(found) == before:
            break
    return found


def first_use(function: Function, name: str) -> Expr | None:
    """Return the first place where something inside a state is used: ``state.items``, ``state["x"]``, a cast."""
    for node in walk(function.body):
        if isinstance(node, Member) and _mentions(node.object, {name}):
            return node
        if isinstance(node, Index | Cast) and _mentions(node, {name}):
            return node
    return None
