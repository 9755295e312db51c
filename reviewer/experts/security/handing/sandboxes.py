"""Calls that run the code of plugins, and what is taken for a wall around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Assign, Call, Expr, Literal, Member, Name, Object, Param, Template, strip
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from reviewer.code.module import Module

PLUGIN_WORDS: Final = PLAIN_GUESTS | word_set(
    "skill skills widget widgets untrusted sandbox sandboxed isolate isolated compartment thirdparty "
    "macro macros gadget bot integration usercode customcode mod mods"
)
"""Words of a module that runs code of strangers."""
_RUNS: Final = frozenset(
    {"runInContext", "runInNewContext", "runInThisContext", "compileFunction", "Script", "SourceTextModule"}
)
_STARTS: Final = frozenset({"runInContext", "runInNewContext", "runInThisContext"})
_SAFE_NAMES: Final = word_set("sandbox sandboxed safe restricted jail isolated scope limited clean")
_PYTHON: Final = frozenset({"exec", "eval", "builtins.exec", "builtins.eval"})


class Run(Struct, frozen=True):
    """A call that runs code in the host's own heap; ``world`` is what that code can see, where it is given."""

    call: Call
    by: str
    world: Expr | None


def runs(module: Module) -> Iterator[Run]:
    """Yield the calls of a module that run code behind what is no wall."""
    if module.language == "python":
        yield from _python_runs(module)
        return
    speaks = bool(module.words & PLUGIN_WORDS)
    started = module.identifiers & _STARTS
    for call in module.calls(_RUNS | {"VM", "NodeVM", "Function"}):
        name = module.resolve(call.callee)
        if name.startswith("vm2."):
            options = call.arg(0)
            made = _object(module, options)
            yield Run(call, "vm2", made.get("sandbox") if made is not None else None)
        elif name.startswith("vm.") and call.name in _RUNS and not (started and call.name == "Script"):
            if (
                not (speaks or _of_a_file(module, call) or _distrusted(module, call))
                or _is_written_here(module, call)
                or _loads_module(call)
            ):
                continue
            position = {"runInNewContext": 1, "runInContext": 1}.get(call.name)
            yield Run(call, "node:vm", _world(module, call.arg(position) if position is not None else None))
        elif name == "Function" and speaks and _has_with(module, call):
            yield Run(call, "a 'with' block", None)


def _loads_module(call: Call) -> bool:
    """Tell whether a file is run as a module of Node, which gets ``require``: nobody takes that for a boundary."""
    function = function_of(call) if call.name == "runInThisContext" else None
    while function is not None and function.outer is not None:
        function = function.outer
    texts = find(function.body, Literal) if function is not None else ()
    return any("require" in text.value and "exports" in text.value for text in texts if isinstance(text.value, str))


def _is_written_here(module: Module, call: Call) -> bool:
    """Tell whether the code that runs is a text of the program's own: then it may be run so for its time-out alone."""
    code = module.scopes.origin(call.args[0]) if call.args else None
    parts = code.items if isinstance(code, Template) else [code]
    return all(isinstance(module.scopes.origin(part), Literal) for part in parts if isinstance(part, Expr)) and all(
        isinstance(part, Expr) for part in parts
    )


def _of_a_file(module: Module, call: Call) -> bool:
    """Tell whether the code was read from a file whose name the function is told: somebody's own code."""
    code = module.scopes.origin(call.args[0]) if call.args else None
    function = function_of(call)
    told = {param.name for param in function.params} if function is not None else set()
    return isinstance(code, Call) and code.name in ("readFile", "readFileSync") and bool(told & names_in(code))


def _distrusted(module: Module, call: Call) -> bool:
    """Tell whether code that a function is told runs in a world of its own with a time limit: nobody trusts it."""
    code = strip(call.args[0]) if call.args else None
    bound = module.scopes.lookup(code.id, code) if isinstance(code, Name) else []
    made = [_object(module, one) for one in call.args[1:]]
    limited = any(one is not None and one.get("timeout") is not None for one in made)
    return limited and call.name != "runInThisContext" and any(isinstance(one, Param) for one in bound)


def _world(module: Module, given: Expr | None) -> Expr | None:
    """Return the object of globals, also where it went through ``createContext``."""
    if given is None:
        return None
    origin = module.scopes.origin(given)
    if isinstance(origin, Call) and origin.name == "createContext":
        return origin.arg(0)
    return given


def _has_with(module: Module, call: Call) -> bool:
    text = strip(call.args[-1]) if call.args else None
    origin = module.scopes.origin(text) if text is not None else None
    return isinstance(origin, Template | Literal) and "with" in module.text_of(origin).split("(")[0]


def _python_runs(module: Module) -> Iterator[Run]:
    for call in module.calls(("exec", "eval")):
        if call.receiver is not None or module.resolve(call.callee) not in _PYTHON:
            continue
        world = call.arg(1, "globals")
        if world is None:
            continue
        made = _object(module, world)
        restricted = made is not None and "__builtins__" in set(made.keys) and not _gives_all(module, made)
        if restricted and isinstance(strip(call.args[0]), Literal):
            continue
        named = bool(module.words & PLUGIN_WORDS) and (set(last_words(world)) & _SAFE_NAMES or _named_so(call))
        if restricted or named:
            yield Run(call, "restricted globals", world)


def _gives_all(module: Module, world: Object) -> bool:
    """Tell whether code is given the builtins as they are, as it would have them anyway: ``builtins.__dict__``."""
    given = world.get("__builtins__")
    if isinstance(given, Call) and given.name == "vars" and given.args:
        given = given.args[0]
    return given is not None and module.resolve(given).removesuffix(".__dict__") in ("builtins", "__builtins__")


def _named_so(call: Call) -> bool:
    return bool(path_words(call.arg(0)) & PLUGIN_WORDS)


def _object(module: Module, expr: Expr | None) -> Object | None:
    if expr is None:
        return None
    made = module.scopes.origin(expr) if isinstance(strip(expr), Name | Member) else strip(expr)
    return made if isinstance(made, Object) else None


def entries(module: Module, world: Expr | None) -> list[tuple[str, Expr]]:
    """Return what the code can see, by name."""
    made = _object(module, world)
    if made is None or world is None:
        return []
    held = [(str(key.value), value) for key, value in made.entries if isinstance(key, Literal)]
    return [*held, *_put_in_later(module, strip(world))]


def _put_in_later(module: Module, world: Expr) -> list[tuple[str, Expr]]:
    """Return what is assigned to members of an object that has a name: ``globals.os = os``, ``scope["os"] = os``."""
    if not isinstance(world, Name | Member):
        return []
    text = module.text_of(world)
    found: list[tuple[str, Expr]] = []
    for node in module.all(Assign):
        place = step(strip(node.target))
        if isinstance(world, Name) and function_of(node) is not function_of(world):
            continue
        if place is not None and node.value is not None and module.text_of(place[0]) == text:
            found.append((place[1], node.value))
    return found
