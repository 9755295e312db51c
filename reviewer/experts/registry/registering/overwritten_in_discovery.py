"""REG001: a search for plugins keeps the last of those that have one id, and says nothing of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
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
    strip,
)
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.discovery import is_listing
from reviewer.experts.paths import last_name, path_words, word_set
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.folding import entered, looked_before

if TYPE_CHECKING:
    from reviewer.code.module import Module

_EACH: Final = ("map", "forEach", "flatMap")
_FOLDER_WORDS: Final = word_set("folder folders dir directory path entry dirent file place basename stem root")


@module_check("REG001", words={"id", "name", "key", "slug"})
def overwritten_in_discovery(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over folders that enters what it finds under the id that stands in a manifest."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for node in module.some(Call, Assign, Comprehension):
        table, key = entered(node)
        function = _named(node)
        if key is None or function is None or not _of_a_manifest(key) or _of_the_listing(module, key):
            continue
        if not _over_folders(module, node):
            continue
        if not looked_before(module, function, table, node) and not _named_after_folder(module, function, key):
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
