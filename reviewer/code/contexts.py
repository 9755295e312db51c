"""Where the host hands a plugin its context, in whatever words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Object, Return, strip
from reviewer.code.words import words

if TYPE_CHECKING:
    from reviewer.code.syntax import Function, Param

STARTERS: Final = frozenset(
    (
        "activate arm attach awaken begin boot bootstrap enable engage init initialise initialize launch load "
        "mount onactivate onattach onenable oninit oninstall onload onmount onready onregister onstart register "
        "setup start startup wake"
    ).split()
)
"""Names under which a host wakes a plugin, lower case without separators."""

STOPPERS: Final = frozenset(
    (
        "cleanup close deactivate destroy detach disable disarm disengage dispose end finish halt ondeactivate "
        "ondestroy ondetach ondisable onstop onuninstall onunload onunmount quit retire shutdown sleep stop "
        "suspend teardown terminate uninstall unload unmount unregister"
    ).split()
)
"""Names under which a host puts a plugin to rest, lower case without separators."""

_CONTEXT_NAMES: Final = frozenset({"context", "ctx"})
_OF_MODULE: Final = frozenset({"", "exports", "default"})
"""What a function is called that is all that a file exports."""
_API_NAMES: Final = frozenset(
    {"context", "ctx", "host", "api", "app", "services", "studio", "editor", "kernel", "shell"}
)

_OWNERS: Final = frozenset({"host", "plugin", "extension", "addon", "app"})


def flat(name: str) -> str:
    """Return a name in lower case without separators: ``on_unload`` and ``onUnload`` are one."""
    return "".join(words(name))


def is_starter(name: str) -> bool:
    """Tell whether a host would call a member of this name to wake a plugin."""
    return flat(name) in STARTERS


def is_stopper(name: str) -> bool:
    """Tell whether a host would call a member of this name to put a plugin to rest."""
    return flat(name) in STOPPERS


def is_context_name(name: str) -> bool:
    """Tell whether a variable or a field of this name holds the plugin's context."""
    return flat(name) in _CONTEXT_NAMES


def context_parameter(function: Function, param: Param) -> bool:
    """Tell whether a parameter holds the context that the host hands to a plugin."""
    if is_context_name(param.name):
        return True
    last = words(param.type.split("<")[0].split("[")[0].rsplit(".", 1)[-1])
    if last and last[-1] in ("context", "ctx"):
        return True
    first = bool(function.params) and function.params[0] is param
    if first and flat(param.name) in _API_NAMES and function.name in _OF_MODULE and _gives_plugin(function):
        return True
    if not first or not is_starter(function.name):
        return False
    if param.fields:
        return True
    return _names_api(param.name)


def _names_api(name: str) -> bool:
    """Tell whether a parameter is called after what hosts hand to plugins: ``app``, ``hostApi``, ``pluginHost``."""
    said = words(name)
    return flat(name) in _API_NAMES or (len(said) == 2 and said[0] in _OWNERS and said[1] in _API_NAMES)


def _gives_plugin(function: Function) -> bool:
    """Tell whether a function answers with an object that a host wakes and puts to rest: a factory of a plugin."""
    for statement in function.body:
        value = strip(statement.value) if isinstance(statement, Return) and statement.value is not None else None
        if isinstance(value, Object):
            keys = [
                key.value for key, _value in value.entries if isinstance(key, Literal) and isinstance(key.value, str)
            ]
            return any(map(is_starter, keys)) and any(map(is_stopper, keys))
    return False
