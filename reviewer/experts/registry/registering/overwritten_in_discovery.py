"""REG001: a search for plugins keeps the last of those that have one id, and says nothing of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, Index, Member, Name, Node, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, path_words, word_set
from reviewer.experts.registry.entering import reached

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FOLDERS: Final = frozenset(
    "readdir readdirSync opendir opendirSync glob globSync fast-glob iterdir listdir scandir rglob walk globby".split()
)
_SEARCHES: Final = word_set("discover discovers scan find collect search gather load read locate")
_FOLDER_WORDS: Final = word_set("folder folders dir directory path entry dirent file place basename stem root")
_ASKS: Final = frozenset({"has", "get", "setdefault", "pop", "includes", "hasOwn", "hasOwnProperty"})


@module_check(
    "REG001", words={name.lower() for name in _FOLDERS} | {"readdir", "opendir", "glob", "scandir", "iterdir"}
)
def overwritten_in_discovery(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over folders that enters what it finds under the id that stands in a manifest."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for node in module.some(Call, Assign):
        table, key = _entered(node)
        function = function_of(node)
        if table is None or key is None or function is None or not _of_a_manifest(key):
            continue
        if not set(words(function.name)[:1]) & _SEARCHES or not _over_folders(node):
            continue
        if not _looked_at(module, function, table, node) and not _named_after_folder(module, function, key):
            yield Match(
                node,
                f"Of two folders with the same '{short(module.text_of(key))}' the one that is read last replaces the "
                "other silently: which plugin runs depends on the order of the folders.",
            )
            return


def _entered(node: Node) -> tuple[Expr | None, Expr | None]:
    """Return the table into which a node enters something, and the key."""
    if isinstance(node, Call) and node.name == "set" and len(node.args) == 2:
        return node.receiver, strip(node.args[0])
    if isinstance(node, Assign) and node.op == "=" and isinstance(strip(node.target), Index):
        target = strip(node.target)
        return (target.object, strip(target.key)) if isinstance(target, Index) else (None, None)
    return None, None


def _of_a_manifest(key: Expr) -> bool:
    """Tell whether a key is the id that a manifest gives itself, which nothing makes unique."""
    named = key.name if isinstance(key, Member) else ""
    if isinstance(key, Index) and isinstance(getattr(key.key, "value", None), str):
        named = str(getattr(key.key, "value", ""))
    return named in ("id", "name", "key", "slug") and not isinstance(key, Name)


def _over_folders(node: Node) -> bool:
    """Tell whether a node stands in a loop over what a folder holds."""
    return any(
        isinstance(around, For)
        and around.iterable is not None
        and any(call.name in _FOLDERS for call in calls_in(around.iterable))
        for around in ancestors(node)
    )


def _looked_at(module: Module, function: Function, table: Expr, entered: Node) -> bool:
    """Tell whether a function asks whether an id is there already, or lets the rest be decided by another."""
    name = module.text_of(table)
    for call in calls_in(function.body):
        if call.name in _ASKS and call is not entered and name in module.text_of(call):
            return True
    for test in find(function.body, Binary):
        if test.op in ("in", "not in") and module.text_of(test.right) == name:
            return True
    return any(
        module.text_of(index.object) == name and not (isinstance(index.parent, Assign) and index.parent.target is index)
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
