"""Who owns what is acquired: plugins and other things with a beginning and an end, and what their end reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.contexts import context_parameter, flat, is_starter, is_stopper
from reviewer.code.flow import returns_of
from reviewer.code.given_later import given_later
from reviewer.code.reach.links import definition, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, function_of, inside, walk
from reviewer.experts.contract import exported_functions, plugin_definitions
from reviewer.experts.lifecycle.holding.fate import only_used
from reviewer.experts.lifecycle.holding.undo_lists import is_undo
from reviewer.experts.lifecycle.hooks.paired import ends_acquired, paired
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import STOPS, STRONG_STARTS
from reviewer.experts.paths import last_name
from reviewer.experts.registry.members import knows_what_bases_do

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDS: Final = STOPS | frozenset(
    {"aexit", "exit", "aclose", "del", "symboldispose", "symbolasyncdispose", "free", "reset"}
)
_DEFER_WORDS: Final = frozenset(
    (
        "dispose disposable disposables cleanup defer callback finalizer finalize teardown deactivate unload shutdown "
        "close stop abort subscriptions unmount destroy exit atexit own owned undo later ondispose track"
    ).split()
)
"""Words of a call that takes a function to be run at the end: ``context.onDeactivate(() => …)``."""
_FILLS: Final = frozenset({"push", "unshift", "append", "appendleft", "insert", "add"})
_MOST_FUNCTIONS: Final = 200
_WEAK_ENDS: Final = frozenset({"end", "finish", "sleep", "disarm", "suspend", "unregister", "uninstall", "disable"})
"""Names of members that end something, and not the whole thing that they belong to."""
_SERVICES: Final = frozenset(
    "bus events commands storage logger hooks context eventbus messaging providers menus".split()
)


class Owner(Struct):
    """A thing that is begun and ended.

    ``start`` is its beginning, ``ends`` the functions that the host runs at its end, ``nodes``
    where its code stands. ``plugin`` tells whether it is handed a context. ``released`` are the
    names (``this.x`` or plain) that the end reads, ``release_calls`` the calls it makes.
    """

    at: Node
    name: str
    start: Function | None
    ends: list[Function]
    nodes: list[Node]
    plugin: bool
    closed: bool
    """False where an unknown base class may release as well."""
    reached: list[Function] = field(default_factory=list)
    released: set[str] = field(default_factory=set)
    release_calls: list[Call] = field(default_factory=list)
    sure: bool = True
    """False where only its work says that a member is the end."""

    @property
    def strongly_started(self) -> bool:
        """Tell whether the beginning is named as only a plugin's is."""
        return self.start is not None and flat(self.start.name) in STRONG_STARTS


def owners(inquiry: Inquiry, module: Module) -> tuple[Owner, ...]:
    """Return the owners that a module defines, in source order; worked out once."""
    return module.once("lifecycle.owners", lambda: tuple(_find(module)))


def _find(module: Module) -> Iterator[Owner]:
    taken: set[int] = set()
    for plugin in plugin_definitions(module):
        taken.add(id(plugin.at))
        pair = None if plugin.stop is not None else paired(module, list(plugin.members))
        end = pair.end if pair is not None else None
        yield _owner(module, plugin.at, plugin.name, plugin.start, plugin.members, plugin=True, end=end)
    for cls in module.classes:
        if cls.kind == "class" and id(cls) not in taken:
            members = members_of(cls)
            begin = next((m for m in members if is_starter(_called(m))), None)
            ends = [m for m in members if is_stopper(_called(m)) and not (m.private and m.params)]  # else of one entry
            if begin is not None and ends:
                end = ends[0] if _called(ends[0]) != ends[0].name else None
                yield _owner(module, cls, cls.name, begin, members, plugin=_takes_context(begin), end=end)
            elif begin is None and any(flat(m.name) not in _WEAK_ENDS for m in ends):
                yield _owner(module, cls, cls.name, members[0], members, plugin=False)
            else:
                yield from _paired(module, cls, cls.name, members)
    for made in module.all(Object):
        held = [f for _key, entry in made.entries if isinstance(entry, Function) for f in [entry]]
        if id(made) not in taken and len(held) > 1 and not any(is_stopper(one.name) for one in held):
            yield from _paired(module, made, "", held)
    for function in module.functions:
        if function.outer is None and function.owner is None and id(function) not in taken:
            yield from _factory(module, function)
    public = [] if taken else exported_functions(module)
    if len(public) > 1:
        yield from _paired(module, public[0], "", public)


def _called(member: Function) -> str:
    """Return the name of a member, without the host's in front where a mark of pluggy says that the host calls it."""
    marks = (one.callee if isinstance(one, Call) else one for one in member.decorators)
    marked = any(last_name(one).endswith("impl") for one in marks)
    return member.name.partition("_")[2] if marked and "_" in member.name else member.name


def _paired(module: Module, at: Node, name: str, members: list[Function]) -> Iterator[Owner]:
    """Yield what two members begin and end, whatever they are called."""
    pair = paired(module, members)
    if pair is not None:
        owner = _owner(module, at, name, pair.begin, members, plugin=True, end=pair.end)
        owner.sure = pair.named
        yield owner


def _factory(module: Module, function: Function) -> Iterator[Owner]:
    """Yield what a function makes and returns with its end; it is the plugin where the function gets the context."""
    plugin = bool(function.params) and (_takes_context(function) or _takes_services(function))
    for made in returns_of(function):
        members = list(_given_out(module, made.value))
        if any(_ends_made(module, function, member, plugin=plugin) for member in members):
            owner = _owner(module, function, function.name, function, members, plugin=plugin)
            owner.nodes = [function]
            yield owner
            return


def _given_out(module: Module, made: Expr | None) -> Iterator[Function]:
    """Yield the functions that a factory hands out: in an object, in a tuple, or the only one."""
    made = strip(made) if made is not None else None
    held = [entry for _key, entry in made.entries] if isinstance(made, Object) else []
    held = made.items if isinstance(made, Array) else held or ([made] if isinstance(made, Name | Function) else [])
    yield from (found for entry in held if (found := target_function(module, entry)) is not None)


def _ends_made(module: Module, factory: Function, member: Function, *, plugin: bool) -> bool:
    """Tell whether a function ends what a factory made: by its name, and a weak one by what it releases, too."""
    if not is_stopper(member.name):
        return False
    return plugin or flat(member.name) not in _WEAK_ENDS or ends_acquired(module, factory, member)


def _takes_services(function: Function) -> bool:
    """Tell whether a function takes the context apart in its first parameter: ``({ bus, commands }) => …``."""
    return len({word for name in function.params[0].fields for word in words(name)} & _SERVICES) >= 1


def _takes_context(function: Function) -> bool:
    return bool(function.params) and context_parameter(function, function.params[0])


def _owner(
    module: Module,
    at: Node,
    name: str,
    start: Function,
    members: Iterable[Function],
    *,
    plugin: bool,
    end: Function | None = None,
) -> Owner:
    functions = list(members)
    nodes: list[Node] = list(functions)
    closed = True
    if isinstance(at, Class):
        nodes = [at]
        closed = knows_what_bases_do(at) or _only_promises(at)
        functions = [function for cls in lineage(at) for function in members_of(cls)]
    elif isinstance(at, Object):
        nodes = [at, *(function for function in functions if not inside(function, at))]
    else:
        nodes = [function for function in _reach(functions, {}) if function.module is module]
    ends = [function for function in functions if is_end(function.name) or function is end]
    ends.extend(_given_ends(module, nodes, start))
    owner = Owner(at, name, start, ends, nodes, plugin, closed)
    methods = {function.name: function for function in reversed(functions)}
    owner.reached = _reach(ends, methods)
    _note_releases(owner)
    _note_deferred(module, owner)
    return owner


def members_of(cls: Class) -> list[Function]:
    """Return what a class can do: its methods, and the functions that its fields hold."""
    members = [method for method in cls.methods if not method.signature_only]
    return members + [held.value for held in cls.fields if isinstance(held.value, Function)]


def _only_promises(cls: Class) -> bool:
    """Tell whether a class of TypeScript has interfaces above it and no class: interfaces release nothing."""
    heritage = [child for child in cls.raw.named_children if child.type == "class_heritage"]
    return bool(heritage) and all(part.type == "implements_clause" for h in heritage for part in h.named_children)


def is_end(name: str) -> bool:
    """Tell whether a member of this name runs at the end of its owner."""
    return flat(name) in _ENDS or flat(name).startswith(("dispose", "teardown", "cleanup"))


def _given_ends(module: Module, nodes: list[Node], start: Function) -> Iterator[Function]:
    """Yield functions that are run at the end because they were handed over for it."""
    for node in nodes:
        for inner in walk(node):
            if isinstance(inner, Return) and isinstance(inner.value, Function) and function_of(inner) is start:
                yield inner.value
            elif isinstance(inner, Call) and _defers(module, inner):
                yield from (arg for arg in inner.args if isinstance(arg, Function))
            elif isinstance(inner, Object) and isinstance(inner.parent, Call | Return):
                yield from (
                    value
                    for key, value in inner.entries
                    if isinstance(value, Function) and isinstance(key, Literal) and is_end(str(key.value))
                )


def _defers(module: Module, call: Call) -> bool:
    """Tell whether a call puts off what it is given until the end, by its words or by the list that it fills."""
    if call.name in _FILLS and call.receiver is not None and is_undo(module, last_word(call.receiver)):
        return True
    said = set(words(call.name))
    receiver = call.receiver
    if isinstance(receiver, Member):
        said |= set(words(receiver.name))
    elif isinstance(receiver, Name):
        said |= set(words(receiver.id))
    first = call.args[0] if call.args else None
    if isinstance(first, Literal) and isinstance(first.value, str):
        said |= set(words(first.value))
    return not said.isdisjoint(_DEFER_WORDS)


def _reach(roots: Iterable[Function], methods: dict[str, Function]) -> list[Function]:
    """Return the functions that the roots lead to, through imports too, the roots first."""
    found = list(roots)
    seen = {id(function) for function in found}
    for function in found:
        if len(found) > _MOST_FUNCTIONS:
            break
        for node in walk(function.body):
            for target in _targets(function, node, methods):
                if id(target) not in seen:
                    seen.add(id(target))
                    found.append(target)
    return found


def _targets(function: Function, node: Node, methods: dict[str, Function]) -> Iterator[Function]:
    """Yield what a name in a function leads to: a method, a function, or what a called variable was given."""
    module = function.module
    called = isinstance(node.parent, Call) and node.parent.callee is node
    if isinstance(node, Member) and is_this_member(node):
        method = methods.get(node.name)
        owner = class_of(node) if called and method is None else None
        held = module.scopes.fields(owner).get(node.name, ()) if owner is not None else ()
        yield from (method,) if method is not None else _functions_given(held)
    elif isinstance(node, Name) and node.id != "this":
        bound = module.scopes.lookup(node.id, node)
        target = bound[-1] if bound and isinstance(bound[-1], Function) else None
        if target is None and called:
            found = definition(module, node)
            target = found if isinstance(found, Function) else None
        if target is not None:
            yield target
        elif called:
            first = [one for one in bound[:1] if isinstance(one, Assign)]
            yield from _functions_given([*bound, *(g for one in first for g in given_later(module, one, node.id))])


def _functions_given(bound: Iterable[object]) -> Iterator[Function]:
    """Yield the functions that a variable or a field is given anywhere: ``off = () => bus.removeListener(…)``."""
    for one in bound:
        value = strip(one.value) if isinstance(one, Assign) and one.value is not None else None
        if isinstance(value, Function):
            yield value


def _note_deferred(module: Module, owner: Owner) -> None:
    """Note the fields whose own ending was handed over for the end: ``exits.callback(self.task.cancel)``."""
    for node in owner.nodes:
        for call in calls_in(node):
            if not _defers(module, call):
                continue
            for arg in call.args:
                held = arg.object if isinstance(arg, Member) and not is_this_member(arg) else arg
                if isinstance(held, Member) and is_this_member(held):
                    owner.released.add(f"this.{held.name}")


def _note_releases(owner: Owner) -> None:
    for function in owner.reached:
        for node in walk(function.body):
            if isinstance(node, Member) and is_this_member(node) and not only_used(node):
                owner.released.add(f"this.{node.name}")
            elif isinstance(node, Member) and not only_used(node):
                owner.released.add(f".{node.name}")  # of a record, whatever holds that
            elif isinstance(node, Name) and node.id != "this" and not only_used(node):
                around = node.parent
                part = around.name if isinstance(around, Member) and around.object is node else "*"
                owner.released.update((node.id, f"{node.id}.{part}"))
        owner.release_calls.extend(calls_in(function.body))
