"""COM020: the text of a message picks the method that is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.bare import inherits_nothing
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    Function,
    Imported,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.commands.called_members import called_with, told_by_asker
from reviewer.experts.communication.commands.handed_on_whole import passes_everything
from reviewer.experts.communication.commands.member_names import (
    from_outside,
    is_asked_for,
    is_field_of_unknown,
    is_limited,
    is_loaded_module,
    is_of_library,
)
from reviewer.experts.communication.commands.told_names import (
    both_given,
    is_each_of_many,
    is_message_field,
    is_optional_record,
    names_a_method,
    sought_in_table,
    told_by_message,
)
from reviewer.experts.communication.commands.written_out import is_written_out
from reviewer.experts.communication.vocabulary import COMMANDS, EVENTS, EXECUTES, HANDLERS, PLUGINS
from reviewer.experts.guests import element_of
from reviewer.experts.paths import last_name, name_words, path_words
from reviewer.experts.security.handing.ports import is_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TABLES: Final = (
    HANDLERS
    | COMMANDS
    | {"table", "map", "registry", "reducers", "exposed", "exports", "api", "dispatch", "public", "by"}
)
_MODULES: Final = frozenset("module modules mod mods package namespace ns imported lib globals settings".split())
_HOOKS: Final = frozenset({"hooks", "access", "lifecycles"})
"""Records that have a function for each of the moments at which the host asks."""
_MESSAGES: Final = EVENTS | COMMANDS | frozenset("req body data params args input payload query evt msg e m".split())
_FIRED: Final = frozenset({"event", "hook", "signal"})
_STEPS: Final = 3
"""Names that a part of a line may have had before."""
_EVERYTHING: Final = frozenset({"globals", "locals", "vars", "__dict__"})


@module_check("COM020", words=())
def command_by_member_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of a computed member for what limits the name."""
    if module.is_test:
        return
    if module.language == "python":
        yield from _in_python(module)
        yield from _in_tables(module)
        yield from _through_dots(module)
    else:
        yield from _in_scripts(module)


def _in_python(module: Module) -> Iterator[Match]:
    for call in module.calls({"getattr", "methodcaller"}):
        if call.name == "methodcaller":
            got = call.parent  # methodcaller(verb)(guest)
            target = got.arg(0) if isinstance(got, Call) and got.callee is call else None
            name = call.arg(0)
        else:
            target, name = call.arg(0), call.arg(1)
        if name is None or not isinstance(strip(name), Name | Member | Index | Call):
            continue
        if (target is not None and (is_loaded_module(module, target) or is_of_library(module, target))) or (
            _is_name_of_code(module, name)
        ):
            continue
        if (
            target is not None
            and set(name_words(target)) & _MODULES
            and not _is_split_off(module, name)
            and not _is_kept(module, target)
        ):
            continue
        if isinstance(whole := strip(target) if target is not None else None, Call) and whole.name == "super":
            continue  # what the class takes over of the one above
        called = called_with(module, call)
        if called is None or is_limited(module, name, called):
            continue
        name = told_by_asker(module, called, name)
        target = told_by_asker(module, called, target) if target is not None else None
        kept = target is not None and _is_kept(module, target)
        if not from_outside(module, name, of_guest=kept) or is_limited(module, name, called):
            continue
        asked = target is not None and kept and is_asked_for(module, _holder(target)) and isinstance(strip(name), Name)
        sure = Confidence.LIKELY if asked or sought_in_table(name, call) else _confidence(module, name, call)
        if (
            target is not None
            and sure is not None
            and sure is not Confidence.LIKELY
            and both_given(module, target, name)
        ):
            continue
        told_all = target is not None and (
            (is_each_of_many(module, target) and _is_private(call))
            or (both_given(module, target, name) and not _is_said_to_run(call))
        )
        if target is not None and (told_all or _own_event(target, name) or passes_everything(module, name)):
            sure = Confidence.POSSIBLE
        text = module.text_of(call)
        yield Match(
            call,
            f"'{text}' gives whatever member the text names, and it is called: private helpers and lifecycle "
            "methods are commands, too.",
            confidence=sure,
        )


def _is_name_of_code(module: Module, name: Expr) -> bool:
    """Tell whether a member is called as a class or a function of the program is: ``kind.__class__.__name__``."""
    said = (strip(name), module.scopes.origin(name))
    return any(isinstance(one, Member) and one.name in ("__name__", "__qualname__") for one in said)


def _is_kept(module: Module, target: Expr) -> bool:
    """Tell whether an object was taken out of a table of the host: it is a guest, whatever it is called."""
    taken = element_of(module, _holder(target))
    return taken is not None and (is_this_member(taken) or isinstance(taken, Name))


def _holder(target: Expr) -> Expr:
    """Return the entry that an object is a part of: ``hands[name]`` of ``hands[name].module``."""
    held = strip(target)
    while isinstance(held, Member) and not is_this_member(held):
        held = strip(held.object)
    return held


def _through_dots(module: Module) -> Iterator[Match]:
    """Find calls of what a dotted name reaches: ``attrgetter(f"do_{verb}")(self)`` follows ``play.__self__.close``."""
    for getter in module.calls({"attrgetter"}):
        got, name = getter.parent, getter.arg(0)
        if not isinstance(got, Call) or got.callee is not getter or name is None or len(getter.args) != 1:
            continue
        asked = [one for one in find(name, Name) if from_outside(module, one)]
        called = called_with(module, got)
        if not asked or called is None or is_limited(module, asked[0], called):
            continue
        yield Match(
            getter,
            f"'{module.text_of(getter)}' follows every dot in the text that was asked for, and what it ends at is "
            "called: whatever the object leads to is a command, also behind a prefix.",
        )


def _is_split_off(module: Module, name: Expr) -> bool:
    """Tell whether a name is a part of a line that somebody has written: ``word, _, verb = line.partition(" ")``."""
    part = strip(name)
    for _ in range(_STEPS):
        while isinstance(part, Index):
            part = strip(part.object)
        told = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
        made = told[0].value if len(told) == 1 and isinstance(told[0], Assign) else None
        if made is None:
            break
        part = strip(made)
    return isinstance(part, Call) and part.name in ("partition", "split", "rpartition", "rsplit")


def _in_tables(module: Module) -> Iterator[Match]:
    """Find calls of what stands under a name in a table that Python keeps of everything: ``globals()[name](…)``."""
    if not module.identifiers & _EVERYTHING:
        return
    for node in module.all(Index):
        holder = strip(node.object)
        whole = getattr(holder, "name", "") in _EVERYTHING
        called = called_with(module, node) if whole else None
        if called is None or not from_outside(module, node.key) or is_limited(module, node.key, called):
            continue
        yield Match(
            node,
            f"'{module.text_of(node)}' gives whatever the module or object holds under that name, and it is called: "
            "every function in reach is a command.",
        )


def _in_scripts(module: Module) -> Iterator[Match]:
    for node in module.some(Index, Call):
        place: Expr | None = None
        if isinstance(node, Index) and called_with(module, node) is not None:
            place = node
            target, name = node.object, node.key
        elif isinstance(node, Call) and node.name == "get" and module.resolve(node.callee) == "Reflect.get":
            if called_with(module, node) is None or len(node.args) < 2:
                continue
            place = node
            target, name = node.args[0], node.args[1]
        if place is None or not isinstance(strip(name), Name | Member | Index) or isinstance(target, Array):
            continue
        called = called_with(module, place)
        kept = _is_kept(module, target)
        if called is None or not from_outside(module, name, of_guest=kept) or is_limited(module, name, called):
            continue
        if not is_written_out(module, name):
            yield from _about(module, place, target, name)


def _about(module: Module, place: Expr, target: Expr, name: Expr) -> Iterator[Match]:
    origin = module.scopes.origin(target)
    if (isinstance(origin, Call) and origin.name == "create") or inherits_nothing(module, target):
        return  # it holds what was put in, and nothing that every object inherits
    text = module.text_of(place)
    loaded = isinstance(origin, Imported) or (isinstance(origin, Call) and origin.name == "require")
    if isinstance(origin, Object) or loaded or _is_table(module, target):
        if isinstance(origin, Object) and origin.get("__proto__") is not None:
            return
        key = module.text_of(name)
        yield Match(
            place,
            f"'{text}' also finds what every object inherits: '{key}' may be 'constructor' or 'toString'.",
            confidence=None if told_by_message(module, name) else Confidence.POSSIBLE,
            severity=Severity.MEDIUM,
        )
        return
    if getattr(strip(target), "name", "") == "prototype":
        return  # who takes a method of a class to wrap it runs nobody's command
    if isinstance(origin, Array) or set(name_words(target)) & {"console", "logger", "log", "math"}:
        return
    yield Match(
        place,
        f"'{text}' calls whatever method the text names: internal and lifecycle methods, and those of every object, "
        "are commands, too.",
        confidence=Confidence.POSSIBLE
        if (not is_message_field(module, name) or _is_declared(name))
        and (
            (_of_callers(module, target, name, place) and not _chosen_by_guest(module, name, place))
            or (names_a_method(module, name) and not is_asked_for(module, target))
            or is_each_of_many(module, target)
            or _is_declared(name)
        )
        else _confidence(module, name, place),
    )


def _chosen_by_guest(module: Module, name: Expr, place: Expr) -> bool:
    """Tell whether the name is what a guest hands to a member of its port, and the object is one of the host's."""
    port, said = function_of(place), strip(name)
    bound = module.scopes.lookup(said.id, said) if isinstance(said, Name) else []
    return port is not None and any(one in port.params for one in bound) and is_port(module, port)


def _is_declared(name: Expr) -> bool:
    """Tell whether a name is a field of something that the program declares: ``route.action``."""
    said = strip(name)
    return isinstance(said, Member) and words(last_name(said.object))[:1] in (("route",), ("endpoint",))


def _of_callers(module: Module, target: Expr, name: Expr, place: Expr) -> bool:
    """Tell whether the name is no text of a message: it comes with its object, from a list, or as a helper is made."""
    said = strip(name)
    if isinstance(said, Index):
        return isinstance(strip(said.key), Name)  # the next of a list of names
    given = module.scopes.origin(said) if isinstance(said, Name) else None
    if not isinstance(given, Param):
        return False
    taken = module.scopes.origin_by(target, _only_given)
    function = function_of(place)
    made = function is not None and isinstance(function.parent, Return)
    if made and function is not None and (given.parent is function.outer or _is_of(module, target, function.outer)):
        return True
    return isinstance(taken, Param) and taken is not given


def _only_given(made: Expr) -> Expr | None:
    """Return what a function is called with, where that is one thing: ``thing`` of ``wrapped(thing)``."""
    called = isinstance(made, Call) and isinstance(strip(made.callee), Name) and len(made.args) == 1
    return made.args[0] if isinstance(made, Call) and called else None


def _is_of(module: Module, target: Expr, maker: Function | None) -> bool:
    """Tell whether an object belongs to what the maker of a helper was given: the helper speaks for that one alone."""
    root = strip(target)
    while isinstance(root, Member):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) and root.id != "this" else []
    return maker is not None and any(isinstance(one, Param) and one.parent is maker for one in bound)


def _own_event(target: Expr, name: Expr) -> bool:
    """Tell whether an object tells itself of an event: who fires it is the program."""
    own, said = strip(target), strip(name)
    named = isinstance(said, Name) and bool(_FIRED & set(words(said.id)))
    return named and isinstance(own, Name) and own.id == "this"


def _confidence(module: Module, name: Expr, place: Node) -> Confidence | None:
    """Say how sure it is that somebody asks for a command here, and not a helper for a member that it is told."""
    if is_field_of_unknown(module, strip(name)) or _is_split_off(module, name):
        return None
    read = module.scopes.origin(name)
    name = read if isinstance(read, Member | Index) else name
    function = function_of(place)
    while function is not None and not function.name:
        function = function.outer
    said = set(words(function.name)) if function is not None and not function.private else set()
    root = strip(name)
    while isinstance(root, Member | Index):
        root = strip(root.object)
    if not isinstance(strip(name), Name) and set(name_words(root)) & _MESSAGES:
        return None
    ends = {*words(function.name)[:1], *words(function.name)[-1:]} if function is not None else set()
    if said & (COMMANDS | EVENTS | {"on", "rpc", "receive"}) or said & ends & EXECUTES:
        return None
    if function is not None and function.private:
        return None if _handed_through(module, function, name) else Confidence.POSSIBLE
    return None if set(name_words(name)) & (COMMANDS | {"fn", "func", "member"}) else Confidence.POSSIBLE


def _handed_through(module: Module, function: Function, name: Expr) -> bool:
    """Tell whether a helper gets the name from what others are given: ``call: (to, verb) => this.#call(to, verb)``."""
    said = strip(name)
    while isinstance(said, Member | Index):
        said = strip(said.object)  # ``order.verb``
    bound = module.scopes.lookup(said.id, said) if isinstance(said, Name) else []
    told = bound[0] if len(bound) == 1 else None
    if not isinstance(told, Param) or told.parent is not function:
        return False
    for call in module.calls((function.name,)):
        given = call.arg(function.params.index(told), told.name)
        held = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
        if any(isinstance(one, Param) and isinstance(one.parent, Function) and _is_member(one.parent) for one in held):
            return True
    return False


def _is_member(function: Function) -> bool:
    """Tell whether a function is a member of an object that is made for somebody."""
    return isinstance(function.parent, Object)


def _is_private(place: Node) -> bool:
    function = function_of(place)
    return function is not None and function.private


def _is_said_to_run(place: Node) -> bool:
    """Tell whether a function says by its name that it runs what was asked for."""
    function = function_of(place)
    said = set(words(function.name)) if function is not None else set()
    return not said.isdisjoint(COMMANDS | EVENTS | EXECUTES | {"rpc", "receive", "on"})


def _is_table(module: Module, target: Expr) -> bool:
    said = name_words(target)
    if not said:
        return False
    if isinstance(strip(target), Name) and said[-1] == "this":
        return False
    return (
        is_optional_record(module, target)
        or (bool(set(said) & _TABLES) and said[-1] not in PLUGINS)
        or not _HOOKS.isdisjoint(path_words(target))
    )
