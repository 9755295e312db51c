"""SEC164: the folder of a plugin comes before the standard library wherever the program imports something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, For, Literal, Member, Name, Param, Try
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import PLUGINS
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOADERS: Final = frozenset(
    "import_module exec_module spec_from_file_location __import__ run_path load_module find_spec exec".split()
)
_PLUGINS: Final = (PLUGINS | PLAIN_GUESTS | word_set("modules widgets skills bots packs mods")) - {
    "app",
    "component",
    "module",
    "modules",
    "package",
}

_LISTED: Final = frozenset({"iterdir", "listdir", "scandir", "glob"})
"""Calls that give whatever lies in a folder."""


@module_check("SEC164", words={"path"})
def plugin_folder_first_on_path(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is put at the front of the import path."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("insert",)):
        if module.resolve(call.callee) != "sys.path.insert" or len(call.args) != 2 or not _first(call.args[0]):
            continue
        if _is_of_plugin(module, call.args[1]):
            yield Match(
                call,
                "From here on every import of the program looks into the plugin's folder first: a file 'json.py' in it "
                "takes the place of the standard module.",
                confidence=Confidence.POSSIBLE if _is_taken_off(module, call) else None,
            )


def _is_taken_off(module: Module, put: Call) -> bool:
    """Tell whether the same function takes the folder off the path again, whatever happens in between."""
    function = function_of(put)
    ends = (one.final for one in find(function.body, Try, into_functions=False)) if function is not None else ()
    return any(
        module.resolve(call.callee) in ("sys.path.remove", "sys.path.pop")
        for end in ends
        for call in calls_in(end, into_functions=False)
    )


def _first(position: Expr) -> bool:
    return isinstance(position, Literal) and position.value == 0


def _is_of_plugin(module: Module, path: Expr) -> bool:
    """Tell whether a path is that of a plugin: by its words, or handed to a function that loads what lies there."""
    parts: list[Expr] = [path]
    made = module.scopes.origin(path)
    if isinstance(made, Expr) and made is not path:
        parts.append(made)
    if any(said_in(part) & _PLUGINS for part in parts):
        return True
    if any(name.id == "__file__" for part in parts for name in find(part, Name)):
        return False
    if not module.identifiers & _LOADERS:
        return False
    names = [name for part in parts for name in find(part, Name)]
    for kept in (one for part in parts for one in find(part, Member) if is_this_member(one)):
        cls = class_of(kept)
        values = module.scopes.field_values(cls, kept.name) if cls is not None else []
        names += [name for value in values for name in find(value, Name)]
    return any(_is_handed(module, name) for name in names)


def _is_handed(module: Module, name: Name) -> bool:
    """Tell whether a name is a parameter, or what a loop draws from plugins."""
    for binding in module.scopes.lookup(name.id, name):
        if isinstance(binding, Param):
            return binding.name not in ("argv", "args", "root")
        if isinstance(binding, For) and binding.iterable is not None:
            return bool(said_in(binding.iterable) & (_PLUGINS | _LISTED) or set(words(name.id)) & _PLUGINS)
    return False
