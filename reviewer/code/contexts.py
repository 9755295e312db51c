"""Where the host hands a plugin its context, in whatever words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Class, Field, Function, Literal, Member, Name, Object, Return, strip
from reviewer.code.text.ideas import FACES, GUESTS, PLAIN_GUESTS
from reviewer.code.text.words import joined, words
from reviewer.code.walk import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Expr, Node, Param

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
        "ondestroy ondetach ondisable onstop onuninstall onunload onunmount quit retire shut shutdown sleep stop "
        "suspend teardown terminate uninstall unload unmount unregister unwind"
    ).split()
)
"""Names under which a host puts a plugin to rest, lower case without separators."""

_PLAIN_STARTERS: Final = frozenset(
    "activate awaken enable init initialise initialize onactivate onenable oninit onload onregister onstart "
    "setup".split()
)
"""Those that a plugin has rather than any other object that begins something."""

_SURE_STARTERS: Final = frozenset("activate onactivate onenable onload onregister".split())
"""Those that hardly anything but a plugin has."""
_NOT_HANDED: Final = frozenset(
    (
        "options opts opt option config configs configuration settings setting params param args argv kwargs props "
        "path paths file files folder dir url uri name names id ids key keys port address callback callbacks handler "
        "handlers listener cb fn func function data payload value values state states event events message messages "
        "request req response res next row rows item items element elements el elem node nodes root container parent "
        "child children target source server client socket connection conn db database error err user users session "
        "tenant account self cls window document type kind text input output buffer stream signal version versions "
        "registry manager loader queue task tasks job jobs record records entry entries manifest manifests descriptor "
        "metadata definition instance instances count index time delay ms timeout interval mode reason record spec "
        "driver canvas scene map list table view model logger log exports plugin"
    ).split()
)
"""What else a function that begins something is told first; by its last word."""
_VALUES: Final = frozenset(
    "string number boolean bigint symbol str int float bool bytes path dict list set tuple array map record buffer "
    "date function callable void null none undefined event error".split()
)
"""Types of values, by their last word."""
_CONTEXT_NAMES: Final = frozenset({"context", "ctx"})
_OF_MODULE: Final = frozenset({"", "exports", "default"})
"""What a function is called that is all that a file exports."""
_API_NAMES: Final = frozenset(
    {"context", "ctx", "host", "api", "app", "services", "studio", "editor", "kernel", "shell"}
)

_OWNERS: Final = PLAIN_GUESTS | {"host", "app"}


def flat(name: str) -> str:
    """Return a name in lower case without separators: ``on_unload`` and ``onUnload`` are one."""
    return joined(name)


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
    if is_context_type(param.type):
        return True
    first = bool(function.params) and function.params[0] is param
    if first and flat(param.name) in _API_NAMES and function.name in _OF_MODULE and _gives_plugin(function):
        return True
    if first and function.outer is None and function.owner is None and _makes_plugin(function, param):
        return True
    if not first or not is_starter(function.name):
        return False
    if param.fields:
        return True
    return _names_api(param.name) or _is_handed(function, param)


def _makes_plugin(function: Function, param: Param) -> bool:
    """Tell whether a function is a factory of a plugin that is handed its services: ``createTides(board)``."""
    said, declared = words(param.name), _type_words(param.type)
    if not said or said[-1] in _NOT_HANDED | GUESTS or (declared and declared[-1] in _VALUES | GUESTS):
        return False
    question = f"contexts.makes.{function.raw.start_byte}"
    return function.module.once(
        question, lambda: _gives_plugin(function, _PLAIN_STARTERS) and _used_to(function, param) > 1
    )


def is_context_type(declared: str) -> bool:
    """Tell whether a type is that of a plugin's context, by its name: ``ReadingContext``, ``PluginServices``."""
    last = _type_words(declared)
    return bool(last) and (last[-1] in _CONTEXT_NAMES or (last[0] in _OWNERS and len(last) > 1 and last[-1] in FACES))


def _type_words(declared: str) -> tuple[str, ...]:
    """Return the words of the name of a type; none of one that is written out."""
    name = declared
    for end in "<[|":
        name = name.partition(end)[0]
    return () if name.startswith("{") else words(name.rpartition(".")[2])


def _is_handed(function: Function, param: Param) -> bool:
    """Tell whether a starter is handed what it works with, whatever that is called; worked out once.

    A plugin is put to rest without being told what, and calls the members of what it was handed, or of their members.
    """
    question = f"contexts.handed.{function.raw.start_byte}"
    return function.module.once(question, lambda: _work_out_handed(function, param))


def _work_out_handed(function: Function, param: Param) -> bool:
    said = words(param.name)
    declared = _type_words(param.type)
    if function.kind == "constructor" or not said or said[-1] in _NOT_HANDED | GUESTS:
        return False
    if declared and declared[-1] in _VALUES | GUESTS:
        return False
    named = list(_beside(function))
    pair = any(is_stopper(one.name) and not one.params for one in named)
    if any(one.params and not one.signature_only and is_stopper(one.name) for one in named):
        return False  # who starts and stops others is told which
    plain = flat(function.name) in _PLAIN_STARTERS
    if _used_to(function, param) > 1:
        return pair or flat(function.name) in _SURE_STARTERS or (plain and _gives_end(function))
    return pair and plain


def uses_services(function: Function, param: Param) -> bool:
    """Tell whether a parameter is something with services: ``kit.storage.get(key)``."""
    return _used_to(function, param) > 1


def _used_to(function: Function, param: Param) -> int:
    """Return how deep the members of a parameter are called: 1 for ``kit.log()``, 2 for ``kit.storage.get()``.

    The field that it is kept in stands for it in the whole class.
    """
    kept = [
        node.target.name
        for node in find(function, Assign)
        if isinstance(node.target, Member)
        and isinstance(node.target.object, Name)
        and node.target.object.id == "this"
        and _is(node.value, param.name)
    ]
    home: Node = function.owner if kept and function.owner is not None else function
    return max((_depth(call.callee, param.name, kept) for call in find(home, Call)), default=0)


def _is(expr: Expr | None, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


def _depth(callee: Expr | None, name: str, kept: list[str]) -> int:
    depth = 0
    while isinstance(callee, Member):
        if isinstance(callee.object, Name) and callee.object.id == "this" and callee.name in kept:
            return depth
        depth += 1
        callee = strip(callee.object)
    return depth if _is(callee, name) else 0


def _beside(function: Function) -> Iterator[Function]:
    """Yield the functions that stand beside one: in its class, its object, or its file."""
    around: Node | None = function.owner if function.owner is not None else function.parent
    if isinstance(around, Field):
        around = around.parent
    if isinstance(around, Class):
        yield from around.methods
        yield from (field.value for field in around.fields if isinstance(field.value, Function))
    elif isinstance(around, Object):
        yield from (value for _key, value in around.entries if isinstance(value, Function))
    elif function.outer is None:
        yield from (one for one in function.module.functions if one.owner is None and one.outer is None)


def _names_api(name: str) -> bool:
    """Tell whether a parameter is called after what hosts hand to plugins: ``app``, ``hostApi``, ``pluginHost``."""
    said = words(name)
    return flat(name) in _API_NAMES or (len(said) == 2 and said[0] in _OWNERS and said[1] in _API_NAMES)


def _gives_plugin(function: Function, starters: frozenset[str] = STARTERS) -> bool:
    """Tell whether a function answers with an object that a host wakes and puts to rest: a factory of a plugin."""
    keys = _given_keys(function)
    return any(flat(key) in starters for key in keys) and any(map(is_stopper, keys))


def _gives_end(function: Function) -> bool:
    """Tell whether a function answers with what ends all that it has begun: ``return { dispose() { … } }``."""
    answer = _answer(function)
    return isinstance(answer, Function) or any(map(is_stopper, _given_keys(function)))


def _given_keys(function: Function) -> list[str]:
    answer = _answer(function)
    entries = answer.entries if isinstance(answer, Object) else []
    return [key.value for key, _value in entries if isinstance(key, Literal) and isinstance(key.value, str)]


def _answer(function: Function) -> Expr | None:
    """Return what a function answers with at its end."""
    given = (one.value for one in function.body if isinstance(one, Return) and one.value is not None)
    found = next(given, None)
    return strip(found) if found is not None else None
