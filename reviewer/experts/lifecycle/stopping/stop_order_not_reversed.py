"""LIF025: plugins that depend on one another are stopped in the order in which they were started."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, in_handler, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
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
    Spread,
    Throw,
    strip,
)
from reviewer.code.tables import holder_of
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import (
    as_made,
    callers,
    functions_of,
    home,
    outermost,
    speaks_of_dependencies,
    with_helpers,
)
from reviewer.experts.lifecycle.bringing.followed import brought_first, followed_members
from reviewer.experts.lifecycle.holding.stacks import closings
from reviewer.experts.lifecycle.hooks.doors import ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of, uses_in
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS, PLAIN_PLUGIN_WORDS, stops

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ORDERS: Final = frozenset(
    (
        "reverse reversed toreversed sort sorted tosorted order ordered topological levels plan toposort pop popitem "
        "lifo backwards"
    ).split()
)
_SORTS: Final = frozenset("toposort topological topologically topo topologicalsorter dependency dependencies".split())
_STARTED: Final = frozenset(
    "order start started load loaded open opened boot booted activation active running live launch".split()
)
_EACH: Final = frozenset({"map", "forEach"})
_PEERS: Final = frozenset(
    "session sessions client clients connection connections process processes worker workers thread threads task tasks "
    "socket sockets stream streams peer peers".split()
)
"""Words of what is made when somebody comes, and stands on nothing beside it."""
_SEQUENCES: Final = frozenset({"order", "sequence", "plan"})


@module_check(
    "LIF025",
    words=HOOK_WORDS
    | _SORTS
    | {"order", "plan", "sequence"}
    | DEPENDENCY_WORDS - {"require", "required", "imports", "extends"},
)
def stop_order_not_reversed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a loop over all plugins that ends each in the order of the table."""
    if module.is_test:
        return
    sites = [use.site for use in uses_in(inquiry, module, "stop")]
    sites += [call for call in module.calls(_own_stops(inquiry, module)) if _on_own(call)]
    sites += _ends_of_items(module)
    sites += closings(module)
    seen: set[int] = set()
    for site in sites:
        found = _loop_over_all(site)
        if found is None or in_handler(site) is not None:
            continue
        iterable, loop = found
        function = outermost(site)
        if function is None or id(loop) in seen or _ordered(module, iterable, function) or _has_no_order(iterable):
            continue
        if not _order_matters(function) and not _kept_order(module, iterable, function):
            continue
        if _dependents_first(module, site):
            continue
        seen.add(id(loop))
        yield Match(
            iterable,
            f"'{module.text_of(iterable)}' gives the plugins in the order in which they were started, and they are "
            "ended in that order: a dependency ends before the plugins that use it.",
        )


def _has_no_order(iterable: Expr) -> bool:
    """Tell whether what is gone through is a set, made right there: ``set(now) - set(before)``."""
    made = strip(iterable)
    said = {word for one in walk(iterable) if isinstance(one, Name | Member) for word in _said(one)}
    if said & _PEERS and not said & PLAIN_PLUGIN_WORDS:
        return True
    if isinstance(made, Call) and made.name in ("range", "enumerate", "count"):
        return True
    if isinstance(made, Binary):
        return made.op in ("-", "&", "|", "^")
    return isinstance(made, Call) and made.receiver is None and made.name in ("set", "frozenset")


def _own_stops(inquiry: Inquiry, module: Module) -> set[str]:
    """Return the names of the host's functions that end one plugin."""
    names = {f.name for use in uses_in(inquiry, module, "stop") if (f := outermost(use.site)) is not None and f.params}
    names |= {f.name for f in module.functions if f.name and f.params and ways(module, f) == {"stop"}}
    spelled = {use.name for use in uses_in(inquiry, module, "stop")}
    begin = {f.name for use in uses_in(inquiry, module, "start") if (f := outermost(use.site)) is not None}
    return {
        name
        for name in names
        if name not in begin or name.lstrip("_#") in spelled or any(map(stops, (name, *words(name))))
    }


def _ends_of_items(module: Module) -> list[Call]:
    """Return the calls in loops of functions that stop the host by which the item at hand is ended.

    The end may be handed on: ``worker.submit(driver.close)``.
    """
    found: list[Call] = []
    for function in module.functions:
        if not (function.name and stops(function.name) and _sorts(function)):
            continue
        for loop in find(function.body, For):
            items = {node.id for node in find(loop.target, Name)} if loop.target is not None else set()
            for assign in find(loop.body, Assign, into_functions=False):
                taken = strip(assign.value) if assign.value is not None else None
                keyed = isinstance(taken, Index | Call) and any(node.id in items for node in find(taken, Name))
                if keyed and isinstance(assign.target, Name):
                    items = items | {assign.target.id}
            for member in find(loop.body, Member, into_functions=False):
                call = next((around for around in ancestors(member) if isinstance(around, Call)), None)
                if (
                    call is not None
                    and stops(member.name)
                    and isinstance(member.object, Name)
                    and member.object.id in items
                ):
                    found.append(call)
    return found


def _on_own(call: Call) -> bool:
    return is_this_member(strip(call.callee)) or isinstance(call.callee, Name)


def _loop_over_all(site: Node) -> tuple[Expr, Node] | None:
    for around in ancestors(site):
        if isinstance(around, For) and around.iterable is not None:
            return (around.iterable, around)
        if isinstance(around, Comprehension):
            return (around.clauses[0][1], around)
        if isinstance(around, Call) and around.name in _EACH and around.receiver is not None and around.args:
            return (around.receiver, around)
        if isinstance(around, Function) and around.owner is not None:
            return None
    return None


def _order_matters(function: Function) -> bool:
    """Tell whether the host starts dependencies before what needs them, and this function does not see to them."""
    if speaks_of_dependencies(function.body):
        return False
    others = [other for other in functions_of(home(function)) if other is not function]
    if any(speaks_of_dependencies(other.body, firm=True) for other in others) or _sorts(function):
        return True
    return bool(followed_members(function.module) | brought_first(function.module))


def _kept_order(module: Module, iterable: Expr, function: Function) -> bool:
    """Tell whether the very list that plugins are started from is one that is called an order."""
    said = [word for node in walk(iterable) if isinstance(node, Name | Member) for word in _said(node)]
    return (bool(_SEQUENCES & set(said)) and _started_in(module, iterable, function)) or _started_by_order(function)


def _started_by_order(function: Function) -> bool:
    """Tell whether another function of the same home starts each one of what is called an order, one after another."""
    frames = {id(outermost(use.site)) for use in hooks_of(function.module) if use.kind == "start"}
    for other in functions_of(home(function)):
        for loop in find(other.body, For) if other is not function else ():
            over = strip(loop.iterable) if loop.iterable is not None else None
            named = _said(over) if isinstance(over, Name | Member) else ()
            if not _SEQUENCES & set(named[-2:]):
                continue
            called = [target for call in calls_in(loop.body) if (target := definition(function.module, call.callee))]
            if any(
                id(one) in frames for target in called if isinstance(target, Function) for one in with_helpers(target)
            ):
                return True
    return False


def _sorts(function: Function) -> bool:
    """Tell whether another function of the same home works out an order by dependencies."""
    called = [call for other in functions_of(home(function)) if other is not function for call in calls_in(other.body)]
    return any(not _SORTS.isdisjoint((*words(call.name), call.name.lower())) for call in called) or any(
        _puts_in_order(function.module, call) for call in called
    )


def _puts_in_order(module: Module, call: Call) -> bool:
    """Tell whether a call gives plugins in an order that a function of the subject works out by what they need."""
    if not {"order", "ordered", "sort", "sorted", "plan", "sequence", "levels", "rank"} & set(words(call.name)):
        return False
    target = definition(module, call.callee)
    return isinstance(target, Function) and speaks_of_dependencies(target.body)


def _ordered(module: Module, iterable: Expr, function: Function) -> bool:
    """Tell whether the order is turned round or worked out, or the loop goes over something handed in."""
    nodes = list(walk(iterable))
    for node in list(nodes):
        if isinstance(node, Name):
            bound = module.scopes.lookup(node.id, node)
            nodes.extend(n for b in bound if isinstance(b, Assign) and b.value is not None for n in walk(b.value))
    given = definition(module, iterable.callee) if isinstance(iterable := strip(iterable), Call) else None
    if isinstance(given, Function):
        nodes.extend(n for one in returns_of(given) for n in walk(one))
    given_in = {p.name for p in function.params}
    handed = [one for one in nodes if isinstance(one, Name) and one.id in given_in and not _holds_tables(module, one)]
    if handed and not (strip(iterable) is handed[0] and _order_of_start(iterable) and _as_started(function)):
        return True
    if not any(isinstance(node, Member | Name) for node in nodes):
        return True
    said = {word for node in nodes if isinstance(node, Name | Member) for word in _said(node)}
    if _order_of_start(iterable) or _started_in(module, iterable, function):
        said -= {"order", "ordered"}
    if said & _ORDERS or "::-1" in module.text_of(iterable).replace(" ", ""):
        return True
    before = {word for call in calls_in(function.body) for word in words(call.name)}
    return bool(before & {"reverse", "toreversed", "sort", "toposort", "topological"})


def _holds_tables(module: Module, name: Name) -> bool:
    """Tell whether a name only stands for the record in which a host keeps all: ``host`` of ``host.running``."""
    around = name.parent
    return isinstance(around, Member) and around.object is name and holder_of(module, around) is not None


def _as_started(function: Function) -> bool:
    """Tell whether no caller in the file turns round the list of what was started before it hands that in."""
    texts = (function.module.text_of(arg).replace(" ", "").lower() for call in callers(function) for arg in call.args)
    return not any("revers" in text or "::-1" in text or "sort" in text for text in texts)


def _order_of_start(iterable: Expr) -> bool:
    """Tell whether a loop goes over a list that is kept of the order in which plugins were started."""
    iterable = as_made(iterable)
    if isinstance(iterable, Array) and len(iterable.items) == 1 and isinstance(iterable.items[0], Spread):
        iterable = strip(iterable.items[0].value)
    name = iterable.name if isinstance(iterable, Member) else iterable.id if isinstance(iterable, Name) else ""
    return bool(name) and _STARTED.issuperset(words(name))


def _started_in(module: Module, iterable: Expr, function: Function) -> bool:
    """Tell whether another function of the same home starts the plugins in the very order of a loop."""
    text = module.text_of(iterable)
    for other in functions_of(home(function)):
        for loop in find(other.body, For) if other is not function else ():
            if loop.iterable is not None and module.text_of(loop.iterable) == text:
                frames = {id(outermost(use.site)) for use in hooks_of(module) if use.kind == "start"}
                called = [definition(module, call.callee) for call in calls_in(loop.body)]
                if id(other) in frames or any(id(target) in frames for target in called):
                    return True
    return False


def _said(node: Name | Member) -> tuple[str, ...]:
    name = node.id if isinstance(node, Name) else node.name
    return (*words(name), name.lower())


def _dependents_first(module: Module, site: Call) -> bool:
    target = definition(module, site.callee)
    if not isinstance(target, Function) or _refuses(target):
        return False
    return any(speaks_of_dependencies(f.body) for f in with_helpers(target))


def _refuses(target: Function) -> bool:
    """Tell whether the end of one asks who needs it and then only throws: it takes nobody along."""
    thrown = any(
        speaks_of_dependencies(asked.test) or _asks_for_users(target.module, asked.test)
        for one in find(target.body, Throw)
        for asked in conditions(one)
    )
    again = any(definition(target.module, call.callee) is target for call in find(target.body, Call))
    return thrown and not again


def _asks_for_users(module: Module, test: Expr) -> bool:
    """Tell whether what is asked was gathered by what others need: ``if users: raise``, ``if (users.length > 0)``."""
    made = [module.scopes.origin(name) for name in find(test, Name)]
    return any(
        isinstance(one, Comprehension | Call) and function_of(one) is not None and speaks_of_dependencies(one)
        for one in made
    )
