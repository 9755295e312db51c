"""REG001: a search for plugins keeps the last of those that have one id, and says nothing of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.discovery import is_listing
from reviewer.experts.paths import last_name, path_words, word_set
from reviewer.experts.registry.entering import reached

if TYPE_CHECKING:
    from reviewer.code.module import Module

_EACH: Final = ("map", "forEach", "flatMap")
_FOLDER_WORDS: Final = word_set("folder folders dir directory path entry dirent file place basename stem root")
_ASKS: Final = frozenset({"has", "get", "setdefault", "pop", "includes", "hasOwn", "hasOwnProperty"})


@module_check("REG001", words={"id", "name", "key", "slug"})
def overwritten_in_discovery(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over folders that enters what it finds under the id that stands in a manifest."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for node in module.some(Call, Assign, Comprehension):
        table, key = _entered(node)
        function = _named(node)
        if key is None or function is None or not _of_a_manifest(key) or _of_the_listing(module, key):
            continue
        if not _over_folders(module, node):
            continue
        if not _looked_at(module, function, table, node) and not _named_after_folder(module, function, key):
            yield Match(
                node,
                f"Of two folders with the same '{short(module.text_of(key))}' the one that is read last replaces the "
                "other silently: which plugin runs depends on the order of the folders.",
            )
            return


def _named(node: Node) -> Function | None:
    """Return the function around a node that has a name: what goes through folders may be a callback in it."""
    function = function_of(node)
    while function is not None and not function.name and function.outer is not None:
        function = function.outer
    return function


def _entered(node: Node) -> tuple[Expr | None, Expr | None]:
    """Return the table into which a node enters something, where it has a name already, and the key."""
    if isinstance(node, Call) and node.name == "set" and len(node.args) == 2:
        return node.receiver, strip(node.args[0])
    if isinstance(node, Assign) and node.op == "=" and isinstance(strip(node.target), Index):
        target = strip(node.target)
        return (target.object, strip(target.key)) if isinstance(target, Index) else (None, None)
    if isinstance(node, Comprehension) and isinstance(node.element, Object) and len(node.element.entries) == 1:
        key = node.element.entries[0][0]
        return _kept_as(node), strip(key) if key is not None else None
    made = strip(node.args[0]) if isinstance(node, Call) and node.name in ("Map", "fromEntries") and node.args else None
    pair = _pair_of_each(made) if made is not None else None
    return (_kept_as(node), strip(pair.items[0])) if pair is not None else (None, None)


def _kept_as(node: Node) -> Expr | None:
    """Return the name under which what is made at once is kept, or None."""
    parent = node.parent
    return strip(parent.target) if isinstance(parent, Assign) else None


def _pair_of_each(made: Expr) -> Array | None:
    """Return the pair that a callback makes of each: ``found.map((it) => [it.id, it])``."""
    callback = strip(made.args[0]) if isinstance(made, Call) and made.name == "map" and made.args else None
    answers = [one.value for one in returns_of(callback)] if isinstance(callback, Function) else []
    pair = strip(answers[0]) if len(answers) == 1 and answers[0] is not None else None
    return pair if isinstance(pair, Array) and len(pair.items) == 2 else None


def _of_a_manifest(key: Expr) -> bool:
    """Tell whether a key is the id that a manifest gives itself, which nothing makes unique."""
    named = key.name if isinstance(key, Member) else ""
    if isinstance(key, Index) and isinstance(getattr(key.key, "value", None), str):
        named = str(getattr(key.key, "value", ""))
    return named in ("id", "name", "key", "slug") and not isinstance(key, Name)


def _of_the_listing(module: Module, key: Expr) -> bool:
    """Tell whether a key is the name of what one folder lists, ``dirent.name``: there no two have the same."""
    holder = strip(key.object) if isinstance(key, Member) else None
    loops = (one for one in ancestors(key) if isinstance(one, For) and isinstance(one.target, Name))
    loop = next((one for one in loops if isinstance(holder, Name) and last_name(one.target) == holder.id), None)
    if loop is None or loop.iterable is None:
        return False
    text = module.text_of(loop.iterable)
    deep = any(word in text for word in ("rglob", "walk", "**", "recursive"))
    return last_name(key) == "name" and not deep and is_listing(module, loop.iterable)


def _over_folders(module: Module, node: Node) -> bool:
    """Tell whether a node comes about once for each thing that a folder holds."""
    sources = [clause for _target, clause in node.clauses] if isinstance(node, Comprehension) else []
    made = strip(node.args[0]) if isinstance(node, Call) and node.args else None
    if isinstance(made, Call) and made.name == "map" and made.receiver is not None:
        sources.append(made.receiver)  # new Map(found.map(…))
    for around in ancestors(node):
        if isinstance(around, For) and around.iterable is not None:
            sources.append(around.iterable)
        each = around.parent if isinstance(around, Function) else None
        if isinstance(each, Call) and each.name in _EACH and each.receiver is not None:
            sources.append(each.receiver)
    return any(is_listing(module, source) for source in sources)


def _looked_at(module: Module, function: Function, table: Expr | None, entered: Node) -> bool:
    """Tell whether a function asks whether an id is there already, or lets the rest be decided by another."""
    if table is None:
        return False
    name = module.text_of(table)
    if not isinstance(entered, Assign) and any(name in module.text_of(one) for one in find(function.body, Binary)):
        return True  # as many as were found?
    for call in calls_in(function.body):
        if call.name in _ASKS and call.start < entered.start and name in module.text_of(call):
            return True
    for test in find(function.body, Binary):
        if test.op in ("in", "not in") and module.text_of(test.right) == name:
            return True
    return any(
        module.text_of(index.object) == name
        and index.start < entered.start
        and not (isinstance(index.parent, Assign) and index.parent.target is index)
        for index in find(function.body, Index)
    )


def _named_after_folder(module: Module, function: Function, key: Expr) -> bool:
    """Tell whether an id that is not the name of its folder is refused: no two folders have one name."""
    named = key.name if isinstance(key, Member) else getattr(getattr(key, "key", None), "value", "")
    for one in reached(module, function):
        for test in find(one.body, Binary):
            sides = (strip(test.left), strip(test.right)) if test.op in ("==", "!=") else ()
            ids = [side for side in sides if last_name(side) == named]
            if sides and ids and any(_of_folder(side, ids[0] if side is not ids[0] else ids[-1]) for side in sides):
                return True
    return False


def _of_folder(side: Expr, other: Expr) -> bool:
    """Tell whether one side is the name of a folder or file, and the other something else."""
    return side is not other and bool(path_words(side) & _FOLDER_WORDS or {last_name(side)} & {"basename", "stem"})
