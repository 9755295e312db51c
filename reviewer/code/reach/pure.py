"""Functions that do nothing but work out an answer from what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.given_later import given_later
from reviewer.code.reach.links import definition, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Delete,
    Export,
    ExprStatement,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Throw,
    Unary,
    With,
    Yield,
    strip,
)
from reviewer.code.walk import function_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_PURE: Final = frozenset(
    "map filter slice concat flat flatMap some every includes indexOf startsWith endsWith join split trim replace "
    "replaceAll toLowerCase toUpperCase padStart padEnd substring test match keys values entries fromEntries "
    "toISOString toString String Number Boolean isArray stringify structuredClone hasOwn reduce from at "
    "toSorted toReversed Set Map Date encodeURIComponent charAt codePointAt normalize repeat "
    "str bool len dict list tuple set frozenset sorted reversed any all isinstance lower upper strip lstrip "
    "rstrip startswith endswith items removeprefix removesuffix sub fullmatch zip enumerate range min max "
    "sum abs round getattr hasattr dumps deepcopy casefold title".split()
)
"""Calls that change nothing and refuse nothing, whoever has a method of this name."""
_ON_WHAT_IS_MADE: Final = frozenset({"freeze", "assign"})
_DEEPEST: Final = 2
_MOST: Final = 200
_OF_A_TEXT: Final = 2
"""What a text needs to have a part of it replaced: which, and by what."""


def answers_dropped(module: Module) -> Iterator[tuple[Call, Function]]:
    """Yield the calls that stand alone as statements, of functions that do nothing but answer."""
    for statement in module.all(ExprStatement):
        call = strip(statement.value)
        if not isinstance(call, Call) or call.new or guarding_try(statement) is not None:
            continue
        if isinstance(statement.parent, Export):
            continue  # ``export default made(…)`` gives the answer to whoever imports the file
        found = definition(module, call.callee)
        if not isinstance(found, Function) or not found.name or found.decorators:
            continue
        if is_pure(found) and not _given_later(found) and not _gives_back(found) and not _done_otherwise(call, found):
            yield call, found


def _done_otherwise(call: Call, found: Function) -> bool:
    """Tell whether a class that derives from the one of a method has another in its place."""
    project = found.module.project
    if found.owner is None or project is None or call.receiver is None or not is_this_member(call.callee):
        return False
    others = (cls for module in project.modules(naming={found.name}, tests=False) for cls in module.classes)
    return any(
        cls.method(found.name) is not None and found.owner in lineage(cls) for cls in others if cls is not found.owner
    )


def _given_later(function: Function) -> bool:
    """Tell whether another function may stand in a variable's place: ``let mend = plain``, and a setter for it."""
    made = function.parent
    return isinstance(made, Assign) and bool(given_later(function.module, made, function.name))


def _gives_back(function: Function) -> bool:
    """Tell whether a function only gives back what it is handed: it is called for what a type checker says of that."""
    only = function.body[0] if len(function.body) == 1 and len(function.params) == 1 else None
    value = strip(only.value) if isinstance(only, Return) and only.value is not None else None
    return isinstance(value, Name) and value.id == function.params[0].name


def is_pure(function: Function, depth: int = 0) -> bool:
    """Tell whether a function answers with a value, and neither changes, asks nor refuses anything on its way."""
    if function.signature_only or function.asynchronous or function.generator or function.kind == "constructor":
        return False
    answers = False
    for count, node in enumerate(walk(function.body)):
        if count > _MOST or isinstance(node, Throw | Await | Yield | Delete | With):
            return False
        if isinstance(node, Return) and node.value is not None and function_of(node) is function:
            made = strip(node.value)
            answers = answers or not (isinstance(made, Literal) and not isinstance(made.value, str | int))
        if isinstance(node, Name) and node.id in ("this", "super", "self"):
            return False  # a method is called for what its object becomes
        if isinstance(node, Index) and function.module.language == "python":
            return False  # it refuses by an error what is not there
        if isinstance(node, Unary) and node.op in ("delete", "++", "--"):
            return False
        if isinstance(node, Assign) and not _is_own(function, node):
            return False
        if isinstance(node, Call) and not _changes_nothing(function.module, node, depth):
            return False
    return answers


def _is_own(function: Function, assign: Assign) -> bool:
    """Tell whether what is assigned to is a variable of the function, or an item of one that it made."""
    root: Expr = strip(assign.target)
    while not isinstance(root, Name):
        inner = getattr(root, "object", None)
        if inner is None or is_this_member(root):
            return False
        root = strip(inner)
    bound = function.module.scopes.lookup(root.id, assign)
    if any(isinstance(one, Assign) and _is_taken_out(one) for one in bound) and strip(assign.target) is not root:
        return False  # ``const { raws } = node``: what is changed is the caller's
    declared = function.module.language == "python" or any(not isinstance(one, Assign) or one.declare for one in bound)
    return declared and bool(bound) and all(_inside(one, function) and not isinstance(one, Param) for one in bound)


def _is_taken_out(made: Assign) -> bool:
    """Tell whether a variable holds a part of something that was there before."""
    return made.value is not None and isinstance(strip(made.value), Member | Index | Name)


def _inside(node: object, function: Function) -> bool:
    raw = getattr(node, "raw", None)
    return raw is not None and function.raw.start_byte <= raw.start_byte < function.raw.end_byte


def _changes_nothing(module: Module, call: Call, depth: int) -> bool:
    if call.name in ("replace", "replaceAll") and len(call.args) < _OF_A_TEXT and module.language != "python":
        return False  # ``location.replace(url)``: a text is told what to put in
    if call.name == "set" and len(call.args) > 1:
        return False  # ``set(destination, path, value)`` of a library of objects; Python's takes one
    if call.name in _PURE and (call.name != "set" or call.receiver is None):
        return not module.resolve(call.callee).startswith(("os.", "shutil.", "fs."))
    if call.name in _ON_WHAT_IS_MADE:
        first: Node | None = strip(call.args[0]) if call.args else None
        return isinstance(first, Object | Call)
    found = definition(module, call.callee)
    return isinstance(found, Function) and depth < _DEEPEST and is_pure(found, depth + 1)
