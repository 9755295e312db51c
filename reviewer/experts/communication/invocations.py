"""Where handlers are called: each call of something that was drawn from a table or a list of handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.flow import Use, use_of
from reviewer.code.reach.links import definition
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
    Param,
    Return,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of, inside, names_in
from reviewer.experts.communication.kept_functions import handed_in_members, keeps_observers
from reviewer.experts.communication.sources import Source, Sources, sources, weakly_held
from reviewer.experts.communication.vocabulary import HANDLERS, PLUGINS, first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

INVOKERS: Final = frozenset(
    "handler handle handles callback cb fn func function listener listen run runs invoke execute exec call "
    "apply notify receive accept consume process dispatch observer action hook deliver execute perform method "
    "middleware impl subscriber operation next update react respond before after transform filter intercept "
    "validate authorize".split()
)
"""Members of an entry that are its handler: ``entry.run(x)``."""
_NOT_HANDLERS: Final = frozenset(
    "get set has add delete push append remove pop values keys items entries startsWith endsWith includes "
    "join split forEach map filter some every find slice splice concat sort reverse toString clear update "
    "copy lower upper strip startswith endswith format index indexOf match test then catch finally bind emit "
    "trim replace close dispose cancel log warn error info debug exception resolve reject abort discard "
    "extend insert setdefault put postMessage on once off".split()
)
_IN_THREADS: Final = {"to_thread": 0, "run_in_executor": 1, "run_sync": 0, "run_in_threadpool": 0}
"""Calls that run what they are handed in a thread, by where they are handed it."""
_DEEPEST: Final = 8
"""Names that are followed to the loop that gives them their value."""
LOOPING: Final = frozenset({"forEach", "map", "flatMap", "reduce", "some", "every", "filter", "find"})


class Invocation(Struct, frozen=True):
    """One call of a handler.

    ``loop`` is the loop that goes through the handlers: a `For`, a `Comprehension`, or the
    `Call` of ``forEach``, ``map``; None where one handler was looked up. ``through`` is the
    function that the loop hands the handler to, where it doesn't call it itself; ``inner`` is
    then the call in that function.
    """

    call: Call
    source: Source
    loop: Node | None
    function: Function | None
    through: Function | None = None
    inner: Call | None = None

    @property
    def use(self) -> Use:
        """What becomes of the result."""
        return use_of(self.call)

    @property
    def says_handler(self) -> bool:
        """Tell whether a name on the way says that handlers are called."""
        said = set(words(self.source.name)) | set(words(self.call.name))
        return bool(said & HANDLERS)


def invocations(inquiry: Inquiry, module: Module) -> tuple[Invocation, ...]:
    """Return the calls of handlers in a module, in source order; worked out once."""
    return module.once("communication.invocations", lambda: tuple(_find(module, sources(inquiry, module))))


def _find(module: Module, known: Sources) -> Iterator[Invocation]:
    for node in module.all(Call):
        if node.new:
            continue
        drawn = _element(node) or _kept_member(module, known, node)
        if drawn is not None:
            loop = _loop_of(known, drawn, node)
            source = known.of(drawn) or _those_who_react(node, loop)
            if source is not None and (loop is not None or source.looked_up):
                yield Invocation(node, source, loop, function_of(node))
                continue
            if not isinstance(strip(node.callee), Name):
                continue  # a function of the file may still be handed a handler: `hand(entry, event)`
        yield from _handed_on(module, known, node)


def _those_who_react(call: Call, loop: Node | None) -> Source | None:
    """Return the plugins that a loop goes through, where each is told by its own ``p.on_open``."""
    if not isinstance(loop, For) or first_word(call.name) != "on" or call.name == "on":
        return None
    name = next((n for n in reversed(_path(loop.iterable)) if words(n)[-1:] and words(n)[-1] in PLUGINS), "")
    return Source(name, None) if name else None


def _path(expr: Expr | None) -> list[str]:
    """Return the names along the way to what a loop goes through, calls that copy it seen through."""
    names: list[str] = []
    while expr is not None:
        expr = strip(expr)
        if isinstance(expr, Call):
            expr = expr.args[0] if expr.receiver is None and expr.args else expr.callee
        elif isinstance(expr, Member):
            names.insert(0, expr.name)
            expr = expr.object
        else:
            return [expr.id, *names] if isinstance(expr, Name) else names
    return names


def _element(call: Call) -> Expr | None:
    """Return what is called, where it may be an element drawn from a table: ``h`` of ``h(x)``, ``e.run(x)``."""
    callee = strip(call.callee)
    if call.name in _IN_THREADS:  # ``await asyncio.to_thread(handler, event)``
        given = call.args[_IN_THREADS[call.name] :][:1]
        use = use_of(call)
        run = strip(given[0]) if given and (use.awaited or use.how != "dropped") else None
        return run if isinstance(run, Name | Index) else run.object if isinstance(run, Member) else None
    if isinstance(callee, Name | Index):
        return callee if not (isinstance(callee, Name) and callee.id in ("super", "this")) else None
    if isinstance(callee, Call):  # table.get(name)(x)
        return callee if callee.name in ("get", "pop", "at") else None
    if not isinstance(callee, Member):
        return None
    name, base = callee.name, strip(callee.object)
    if name in ("call", "apply") and isinstance(base, Member | Name | Index):
        return base
    if name in _NOT_HANDLERS or is_starter(name) or is_stopper(name):
        return None
    if first_word(name) in INVOKERS | {"on"} and isinstance(base, Name | Index | Member | Call):
        return base if not (isinstance(base, Name) and base.id in ("this", "super")) else None
    return None


def _kept_member(module: Module, known: Sources, call: Call) -> Expr | None:
    """Return the entry of a table whose member is called, where that is a function that somebody handed in."""
    callee = strip(call.callee)
    base = strip(callee.object) if isinstance(callee, Member) else None
    if not isinstance(callee, Member) or not isinstance(base, Name | Index) or _is_this(base):
        return None
    kept = callee.name in handed_in_members(module)
    if not kept and (callee.name in _NOT_HANDLERS or not HANDLERS & module.words):
        return None
    source = known.of(base)
    table = source.table if source is not None else None
    return base if table is not None and (kept or keeps_observers(module, table)) else None


def _is_this(base: Name | Index) -> bool:
    return isinstance(base, Name) and base.id == "this"


def _loop_of(known: Sources, drawn: Expr, call: Call, depth: int = 0) -> Node | None:
    """Return the loop that gives the element its value, inside the function of the call or around its callback."""
    name = _base_name(drawn)
    counted = _index_loop(drawn, call)
    if name is None or counted is not None:
        return counted
    for binding in known.module.scopes.lookup(name.id, name):
        if isinstance(binding, For | Comprehension):
            if inside(call, binding):
                return binding
        elif isinstance(binding, Param):
            function = binding.parent
            around = function.parent if isinstance(function, Function) else None
            if isinstance(around, Call) and around.name in LOOPING and any(a is function for a in around.args):
                return around
        elif isinstance(binding, Assign) and binding.value is not None:
            given = weakly_held(binding.value) or binding.value
            inner = _base_name(given)
            if inner is not None and inner.id != name.id and isinstance(given, Member | Name | Index):
                found = _loop_of(known, given, call, depth + 1) if depth < _DEEPEST else None
                if found is not None:
                    return found
            if isinstance(binding.value, Index):
                return _index_loop(binding.value, call)
            shifted = strip(binding.value)
            if isinstance(shifted, Call) and shifted.name in ("shift", "popleft"):
                return next((a for a in ancestors(call) if isinstance(a, While)), None)
    return None


def _index_loop(drawn: Expr, call: Call) -> Node | None:
    """Return the counting loop of ``handlers[i](x)``."""
    if not isinstance(drawn, Index) or not isinstance(drawn.key, Name):
        return None
    for around in ancestors(call):
        if isinstance(around, For) and drawn.key.id in names_in(around.header[:1]):
            return around
        if isinstance(around, Function):
            return None
    return None


def _base_name(expr: Expr) -> Name | None:
    expr = strip(expr)
    while isinstance(expr, Member | Index):
        expr = strip(expr.object)
    return expr if isinstance(expr, Name) and expr.id != "this" else None


def _handed_on(module: Module, known: Sources, call: Call) -> Iterator[Invocation]:
    """Yield the call in a loop that hands the element to a function of the module which calls it."""
    for position, given in enumerate(call.args):
        argument = strip(given)
        if not isinstance(argument, Name) or argument.id == "this":
            continue
        loop = _direct_loop(known, argument)
        if loop is None:
            continue
        target = definition(module, call.callee)
        if not isinstance(target, Function) or target.module is not module or position >= len(target.params):
            continue
        source = known.of(argument)
        inner = calls_param(target, target.params[position])
        if source is not None and inner is not None:
            yield Invocation(call, source, loop, function_of(call), target, inner)
            return


def _direct_loop(known: Sources, name: Name) -> Node | None:
    for binding in known.module.scopes.lookup(name.id, name):
        if isinstance(binding, For | Comprehension):
            return binding
        if isinstance(binding, Param):
            function = binding.parent
            around = function.parent if isinstance(function, Function) else None
            if isinstance(around, Call) and around.name in LOOPING and any(a is function for a in around.args):
                return around
    return None


def calls_param(function: Function, param: Param) -> Call | None:
    """Return the call by which a function runs what it is handed in a parameter."""
    names = {param.name, *param.fields.values()}
    kept = handed_in_members(function.module)
    for call in calls_in(function.body):
        callee = strip(call.callee)
        drawn = callee.object if isinstance(callee, Member) and callee.name in kept else _element(call)
        base = _base_name(drawn) if drawn is not None else None
        if base is not None and base.id in names:
            return call
    return None


def returned(found: Invocation) -> bool:
    """Tell whether the result of a handler goes to whoever asked."""
    use = found.use
    if use.how == "returned":
        return True
    return isinstance(use.by, Return | Binary)
