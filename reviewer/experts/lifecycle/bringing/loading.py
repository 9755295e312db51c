"""Where host code brings in the code of a plugin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.reach.links import definition, is_async
from reviewer.code.syntax import (
    Await,
    Call,
    Cast,
    Comprehension,
    For,
    Function,
    Handler,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Return,
    Template,
    Throw,
    Try,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, function_of, walk
from reviewer.experts.leading import leading_text
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_LOADS: Final = frozenset(
    {"importlib.import_module", "__import__", "runpy.run_path", "runpy.run_module", "imp.load_source"}
)
LOADERS: Final = frozenset({"import", "require", "import_module", "exec_module", "__import__", "run_path", "load"})
"""Last names of the calls that bring code in."""
_DEEPEST: Final = 2


def brings_in(module: Module, call: Call, depth: int = 0) -> bool:
    """Tell whether a call runs the code of a plugin for the first time, itself or in a function of the subject."""
    if loads(module, call):
        return True
    target = definition(module, call.callee) if depth < _DEEPEST else None
    if not isinstance(target, Function) or target.generator:
        return False
    known = target.module.memory.setdefault(f"lifecycle.brings_in:{depth}", {})
    if not isinstance(known, dict):
        return False
    if id(target) not in known:
        known[id(target)] = False  # a function that calls itself
        inner = [made for made in calls_in(target.body) if not netted(made, target) and not _for_later(made, target)]
        known[id(target)] = any(brings_in(target.module, made, depth + 1) for made in inner)
    return bool(known[id(target)])


def loads(module: Module, call: Call) -> bool:
    """Tell whether a call itself brings in code that is named by no text in the file."""
    if call.name in RUNNERS:
        return _has_entry_points(module) and any(isinstance(arg, Member) and arg.name == "load" for arg in call.args)
    if call.name not in LOADERS:
        return False
    if call.name in ("import", "require"):
        source = strip(call.args[0]) if call.args else None
        return (
            isinstance(call.callee, Name)
            and source is not None
            and not isinstance(source, Literal)
            and not _is_own_file(module, source)
        )
    if call.name == "exec_module":
        return True
    if call.name == "load":
        return call.receiver is not None and not call.args and _has_entry_points(module)
    if module.resolve(call.callee) not in _LOADS:
        return module.language != "python" and call.name == "run_path"
    source = strip(call.args[0]) if call.args else None
    return (
        source is not None
        and not isinstance(source, Literal)
        and not _is_own_part(module, leading_text(module, source))
        and not _is_beside(module, call)
        and not _is_listed_part(module, source)
    )


def _is_beside(module: Module, call: Call) -> bool:
    """Tell whether a module of the package at hand is imported: ``import_module(f".{name}", __package__)``."""
    package = call.arg(1, "package")
    named = strip(package) if package is not None else None
    own = isinstance(named, Name) and named.id in ("__package__", "__name__")
    return own and not has_word(module.path, PLUGIN_WORDS)


def _is_listed_part(module: Module, source: Expr) -> bool:
    """Tell whether what is imported is one of the modules that a package of the subject has: ``iter_modules(rooms)``.

    A package that is called one of plugins has what others put there, too.
    """
    bound = module.scopes.lookup(source.id, source) if isinstance(source, Name) else []
    only = bound[0] if len(bound) == 1 else None
    listing = strip(only.iterable) if isinstance(only, For) and only.iterable is not None else None
    if not isinstance(listing, Call) or listing.name not in ("iter_modules", "walk_packages") or not listing.args:
        return False
    where = strip(listing.args[0])
    if isinstance(where, Name):
        return where.id == "__path__" and not has_word(module.path, PLUGIN_WORDS)
    package = where.object if isinstance(where, Member) and where.name == "__path__" else None
    return package is not None and _is_own_part(module, f"{module.resolve(package)}.")


def _is_own_file(module: Module, source: Expr) -> bool:
    """Tell whether a file beside this one is loaded, or data: ``./types/${name}``, ``join(folder, "package.json")``."""
    if (
        isinstance(source, Call)
        and source.name == "resolve"
        and source.args
        and isinstance(strip(source.args[0]), Literal)
    ):
        return True  # require(require.resolve("pkg", { paths: [root] })): the text names it all the same
    last = source.args[-1] if isinstance(source, Call) and source.args else source
    last = last.items[-1] if isinstance(last, Template) and last.items else last
    if isinstance(last, Literal) and str(last.value).endswith(".json"):
        return True
    start = leading_text(module, source)
    return start.startswith(("./", "../")) and not has_word(start, PLUGIN_WORDS)


def _is_own_part(module: Module, start: str) -> bool:
    """Tell whether a dotted name begins with a package of the subject itself that isn't one of plugins."""
    folder = start.rpartition(".")[0].replace(".", "/")
    if not folder or has_word(folder, PLUGIN_WORDS) or module.project is None:
        return False
    return any(f"/{folder}/" in f"/{path}" for path in module.project.paths(tests=False))


def _for_later(call: Call, target: Function) -> bool:
    """Tell whether a call stands in a function that the target only registers by a decorator."""
    inner = function_of(call)
    while inner is not None and inner is not target:
        if inner.decorators:
            return True
        inner = inner.outer
    return False


def _has_entry_points(module: Module) -> bool:
    return not {"entry_points", "iter_entry_points", "EntryPoint"}.isdisjoint(module.identifiers)


def runs_elsewhere(function: Function) -> bool:
    """Tell whether a function of the subject is handed to a thread or a pool by its name."""
    for call in function.module.calls((*RUNNERS, "Thread", "Timer")):
        for given in (*call.args, *call.keywords.values()):
            handed = strip(given)
            if isinstance(handed, Member | Name) and definition(function.module, handed) is function:
                return True
    return False


def netted(node: Node, limit: Node) -> bool:
    """Tell whether the error of something is caught before it leaves an outer node."""
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Try) and any(inner is s for s in around.body) and any(map(swallows, around.handlers)):
            return True
        caught = (
            around.args[:1] if isinstance(around, Call) and around.name == "catch" and inner is around.callee else []
        )
        if caught and not throws_on(caught[0]):
            return True
        if around is limit:
            return False
        inner = around
    return False


def throws_on(taking: Expr) -> bool:
    """Tell whether what takes an error surely throws again: ``(err) => { failed.set(id, err); throw err; }``."""
    step = strip(taking)
    last = step.body[-1] if isinstance(step, Function) and step.body else None
    given = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    return isinstance(last, Throw) or (isinstance(given, Call) and given.name == "reject")


def swallows(handler: Handler) -> bool:
    """Tell whether a clause lets nothing of what it catches go on, but where a flag asks for that: ``if strict:``."""
    return not any(
        isinstance(node, Throw) and not _is_asked_for(node, handler)
        for node in walk(handler.body, into_functions=False)
    )


def _is_asked_for(throw: Throw, handler: Handler) -> bool:
    """Tell whether an error goes on only where the caller of the function said so, by a parameter that is a flag.

    ``if strict: raise`` with more after it, and ``if ignore: continue`` before the ``raise``.
    """
    function = function_of(throw)
    flags = {param.name for param in function.params} if function is not None else set()
    around = throw.parent
    if isinstance(around, If):
        more = around in handler.body and handler.body[-1] is not around and not around.orelse
        return more and _is_flag(around.test, flags)
    return throw in handler.body and any(
        isinstance(one, If) and _is_flag(one.test, flags) and isinstance(one.body[-1], Jump | Return)
        for one in handler.body[: handler.body.index(throw)]
    )


def _is_flag(test: Expr, flags: set[str]) -> bool:
    asked = strip(test)
    return isinstance(asked, Name) and asked.id in flags


def looped_loads(module: Module) -> Iterator[Call]:
    """Yield the calls in loops that bring in a plugin, each with the call of what it gives if that is made at once."""
    for loop in module.all(For):
        for call in calls_in(loop.body, into_functions=False):
            if brings_in(module, call):
                yield _made(call)


def gathered_loads(module: Module) -> Iterator[tuple[Comprehension, Call]]:
    """Yield the comprehensions that bring in a plugin for each of their items, which can't catch anything."""
    for made in module.all(Comprehension):
        for call in calls_in(made.element, into_functions=False):
            if brings_in(module, call) and not is_async(module, call):
                yield made, call
                break


def _made(call: Call) -> Call:
    """Return the call of what was brought in, where it is made at once: ``point.load()()``."""
    node: Node = call
    while isinstance(node.parent, Await | Cast):
        node = node.parent
    parent = node.parent
    return parent if isinstance(parent, Call) and parent.callee is node else call
