"""API473: a plugin that was made for an older contract is refused, and one that was made for a newer one is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Expr,
    ExprStatement,
    Function,
    If,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.api.vocabulary import LOWER, UPPER, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CONTRACTS: Final = word_set("contract api protocol abi sdk interface")
_LEVELS: Final = word_set("level version revision number generation major v host plugin our own current this supported")
_BOUNDS: Final = LOWER | UPPER | word_set("first last earliest latest legacy deprecated")
_FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_COMPARES: Final = frozenset({"<", ">", "<=", ">=", "==", "!=", "===", "!==", "in", "not in"})
_REFUSING: Final = word_set(
    "new newer newest future ahead later beyond reject refuse refused unsupported incompatible outdated too stale "
    "differs mismatch warn"
)
"""Words of functions whose yes is no welcome."""
_NOTES: Final = frozenset({"push", "append", "add"})
_MOST: Final = 999


@module_check("API473", words=_CONTRACTS)
def newer_level_taken(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of what a plugin says of its contract with the number that the host has of its own."""
    if inquiry.subject.kind != "host" or module.is_test:
        return
    for node in module.all(Binary):
        said = _said(module, node) if node.op in _FLIPPED else None
        if said is None or not _takes_newer(node, said[1]):
            continue
        name, _op, plugin_side = said
        if not _held_otherwise(inquiry, module, node, name):
            yield Match(
                node,
                f"By '{short(module.text_of(node))}' only an older contract is refused: a plugin whose "
                f"'{short(module.text_of(plugin_side))}' is above the host's is taken, though it may ask for what "
                "this host does not have.",
            )


def _said(module: Module, node: Binary) -> tuple[str, str, Expr] | None:
    """Return the plugin's word for its contract, and the comparison as read from the plugin's side."""
    for mine, other, op in ((node.left, node.right, node.op), (node.right, node.left, _FLIPPED[node.op])):
        name = _of_plugin(module, mine)
        if name and _is_hosts(module, other):
            return name, op, strip(mine)
    return None


def _speaks(name: str) -> bool:
    parts = set(words(name))
    return bool(parts & _CONTRACTS) and not parts & _BOUNDS and parts <= _CONTRACTS | _LEVELS


def _of_plugin(module: Module, expr: Expr) -> str:
    """Return the name under which a plugin says for which contract it was made, where an expression is that."""
    held = strip(expr)
    while isinstance(held, Cast) or (isinstance(held, Call) and held.name in ("int", "Number") and held.args):
        held = strip(held.value if isinstance(held, Cast) else held.args[0])
    if isinstance(held, Name):
        bound = module.scopes.lookup(held.id, held)
        only = bound[0] if len(bound) == 1 else None
        inside = isinstance(only, Assign) and function_of(only) is not None
        if isinstance(only, Assign) and inside and not _speaks(held.id) and isinstance(only.value, Expr):
            return _of_plugin(module, only.value) if isinstance(strip(only.value), Member | Index | Call) else ""
        named = _speaks(held.id) and (isinstance(only, Param) or inside)
        return held.id if named and not held.id.isupper() else ""
    if not isinstance(held, Member | Index | Call):
        return ""
    name = spelled(held)
    return name if name and not name.isupper() and _speaks(name) else ""


def _is_hosts(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is a constant of the host's own: the whole number of its contract."""
    held = strip(expr)
    if not isinstance(held, Name) or not held.id.isupper() or not _speaks(held.id):
        return False
    bound = module.scopes.lookup(held.id, held)
    if len(bound) != 1:
        return False
    value = _written(module, bound[0])
    whole = isinstance(value, Literal) and isinstance(value.value, int) and not isinstance(value.value, bool)
    return whole and isinstance(value, Literal) and 0 < int(str(value.value)) <= _MOST


def _written(module: Module, made: object) -> object:
    """Return what a name is bound to, through imports too."""
    if isinstance(made, Imported) and module.project is not None:
        made = module.project.definition(module, made)
    value = made.value if isinstance(made, Assign) else made
    return strip(value) if isinstance(value, Cast | Literal) else value


def _takes_newer(node: Binary, op: str) -> bool:
    """Tell whether a comparison refuses the older ones alone: by a branch that leaves, or as the answer of a function.

    ``op`` has the plugin on its left.
    """
    inner: Expr = node
    negated = False
    for around in ancestors(node):
        if isinstance(around, Binary) and around.op in ("or", "||", "and", "&&", "??"):
            inner = around
        elif isinstance(around, Unary) and around.op in ("not", "!"):
            negated, inner = not negated, around
        elif isinstance(around, If) and around.test is inner:
            refuses = (op == "<" and not negated) or (op == ">=" and negated)
            return refuses and _refuses(around)
        elif isinstance(around, Return | Function):
            function = function_of(node)
            said = set(words(function.name)) if function is not None else set()
            return op == ">=" and not negated and bool(said) and not said & _REFUSING
        else:
            return False
    return False


def _refuses(branch: If) -> bool:
    for statement in branch.body:
        if isinstance(statement, Throw | Return):
            return True
        noted = strip(statement.value) if isinstance(statement, ExprStatement) else None
        if isinstance(noted, Call) and noted.name in _NOTES:
            return True
    return False


def _held_otherwise(inquiry: Inquiry, module: Module, node: Binary, name: str) -> bool:
    """Tell whether any other comparison holds the plugin's word against something."""
    for other in inquiry.project.modules(naming={name}, tests=False):
        for one in other.all(Binary):
            if one.op not in _COMPARES or (other.path == module.path and one.start == node.start):
                continue
            for side in (one.left, one.right):
                if _of_plugin(other, side) == name and not _asks_kind(one):
                    return True
    return any(
        spelled(strip(given)) == name
        for other in inquiry.project.modules(naming={name}, tests=False)
        for call in other.calls(("has", "includes", "get"))
        for given in call.args[:1]
    )


def _asks_kind(one: Binary) -> bool:
    """Tell whether a comparison only asks whether there is anything: ``contract === undefined``."""
    return any(isinstance(side := strip(given), Literal) and side.value is None for given in (one.left, one.right))
