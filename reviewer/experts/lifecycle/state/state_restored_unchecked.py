"""LIF008: a stored state is taken back without a look at its version or its shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.flow import before, conditions, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Call,
    Cast,
    Class,
    Expr,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, statement_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, with_helpers
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.hooks.hooks import HookUse, uses_in
from reviewer.experts.lifecycle.state.restoring import derived, looks_at_shape, speaks_of_format
from reviewer.experts.lifecycle.values import last_word, root_name
from reviewer.experts.lifecycle.vocabulary import RESTORES, restores, saves
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module


_SAYS_STATE: Final = frozenset({"restore", "state", "hydrate", "rehydrate", "snapshot", "thaw"})
"""Words of which a plugin that takes a state back has one; a host may have words of its own for it."""


_OF_CALL: Final = frozenset({"ctx", "context", "req", "request"})
"""Words of what goes along with each call of a service."""
_HANDLES: Final = frozenset({"fd", "handle", "pipe", "socket", "conn"})
_REFUSALS: Final = frozenset({"ValueError", "TypeError", "KeyError", "LookupError"})
_UNFIT: Final = frozenset("state version format incompatible mismatch unsupported schema migration".split())
"""Words of errors by which somebody says that a state is not for him."""


@module_check("LIF008")
def state_restored_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the first use of a state in a plugin's restore, and where a host gives it to other code."""
    if module.is_test:
        return
    for function in () if _SAYS_STATE.isdisjoint(module.words) else _restorers(inquiry, module):
        match = _trusting(module, function)
        if match is not None:
            yield match
    uses = uses_in(inquiry, module, "restore")
    yield from _handed_over(module, {id(use.call) for use in uses})
    for use in uses:
        state = use.call.arg(0) if use.call.callee is use.member else use.call.arg(1)
        if state is None or _is_constant(strip(state)) or use.frame is None or _is_one_value(use):
            continue
        if _is_asked_for_work(use) or _is_part_of_itself(module, use):
            continue
        ran: list[Node] = [*before(use.site), *(n for c in conditions(use.site) for n in walk(c.test))]
        ran.extend(walk(use.site))
        taken = [node for node in ran if not (isinstance(node, Member) and node is use.member)]
        if speaks_of_format(taken) or looks_at_shape(taken, _names(state)) or _same_code(use.frame):
            continue
        if _read_for(module, use, state) or _told_unfit(use.call):
            continue
        told = _unlooked_by_callers(use, state)
        if told is not None and not told:
            continue
        given = root_name(use.receiver) in {param.name for param in use.frame.params}  # else only here is it at hand
        yield Match(
            told[0] if told and given else use.call,
            f"'{module.text_of(use.member)}' gets the saved state without a comparison of its version or format: state "
            "of another version of the plugin breaks it, or is read wrongly.",
            related=((use.call, "given back here"),) if told else (),
        )


def _handed_over(module: Module, known: set[int]) -> Iterator[Match]:
    """Look at what one object gives of its state and another gets: ``fresh.restore(old.snapshot())``."""
    for call in module.calls({name for name in module.identifiers if restores(name)}):
        given = module.scopes.origin(call.args[0]) if len(call.args) == 1 else None
        function = function_of(call)
        if id(call) in known or function is None or _same_code(function):
            continue
        if call.name.startswith("__"):  # a copy, by what the language copies with
            continue
        if not isinstance(given, Call) or not saves(given.name) or given.receiver is None or call.receiver is None:
            continue
        if module.text_of(given.receiver) == module.text_of(call.receiver) or _is_module(module, given.receiver):
            continue
        ran = [*before(call), *(n for c in conditions(call) for n in walk(c.test)), *walk(call.args[0])]
        if speaks_of_format(ran) or looks_at_shape(ran, _names(call.args[0])):
            continue
        yield Match(
            call,
            f"'{module.text_of(call.callee)}' gets the state that '{module.text_of(given.receiver)}' gave, without a "
            "comparison of its version or format: the new one may be another version, which reads it wrongly.",
        )


def _unlooked_by_callers(use: HookUse, state: Expr) -> list[Call] | None:
    """Return the calls that hand a state in with no look at its format or its shape; None where nobody hands it in."""
    given, frame = strip(state), use.frame
    at = [n for n, p in enumerate(frame.params) if isinstance(given, Name) and p.name == given.id] if frame else []
    if frame is None or not at or not isinstance(given, Name):
        return None
    handed = [(call, call.arg(at[0], given.id)) for call in callers(frame)]
    told = [(call, value) for call, value in handed if value is not None and not _is_constant(strip(value))]
    if not told:
        return None
    return [
        call
        for call, value in told
        for ran in ([*before(call), *(node for c in conditions(call) for node in walk(c.test)), *walk(value)],)
        if not speaks_of_format(ran) and not looks_at_shape(ran, _names(value))
    ]


def _told_unfit(call: Call) -> bool:
    """Tell whether an error of its own kind, by which the plugin says that a state does not fit, is caught."""
    around = guarding_try(call)
    handlers = around.handlers if around is not None else []
    caught = [last_name(one) for handler in handlers for one in handler.types]
    return any(name in _REFUSALS or set(words(name)) & _UNFIT for name in caught)


def _is_one_value(use: HookUse) -> bool:
    """Tell whether one value is set under its name: ``adapter.setState("tokens", text, true)``."""
    several = len(use.call.args) + len(use.call.keywords) > 1
    return flat(use.call.name) == "setstate" and several and use.call.callee is use.member


def _is_asked_for_work(use: HookUse) -> bool:
    """Tell whether a service is told what to work on, for which call: ``hydrator.hydrate(ctx, entity, options)``."""
    first = last_name(use.call.args[0]) if len(use.call.args) > 1 else ""
    return bool(_OF_CALL & set(words(first)))


def _is_part_of_itself(module: Module, use: HookUse) -> bool:
    """Tell whether one that takes its state back gives its own parts theirs: ``getattr(self, name).set_state(…)``."""
    if use.frame is None or flat(use.frame.name) != flat(use.call.name):
        return False
    made = module.scopes.origin(use.receiver)
    held = strip(made.args[0]) if isinstance(made, Call) and made.name == "getattr" and made.args else None
    return isinstance(held, Name) and held.id == "this"


def _is_module(module: Module, expr: Expr) -> bool:
    """Tell whether a name is a module, which has one version while the program runs: ``random.getstate()``."""
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    return any(isinstance(one, Imported) and one.name == "*" for one in bound)


def _read_for(module: Module, use: HookUse, state: Expr) -> bool:
    """Tell whether a state comes from a function of the subject that is told for which plugin it reads it."""
    made = module.scopes.origin(state)
    plugin = last_word(use.receiver)
    return (
        isinstance(made, Call)
        and isinstance(definition(module, made.callee), Function)
        and any(isinstance(strip(arg), Name | Member) and last_word(arg) == plugin for arg in made.args)
    )


def _names(expr: Expr) -> set[str]:
    return {node.id for node in walk(expr) if isinstance(node, Name) and node.id != "this"}


def _is_constant(state: Expr) -> bool:
    """Tell whether a state is one of those that a machine has, and none that was saved: ``State.PAUSED``."""
    return isinstance(state, Literal) or (isinstance(state, Member) and state.name.isupper())


def _same_code(function: Function) -> bool:
    """Tell whether a function only brings back the very plugin whose state it took: a rollback."""
    return not set(words(function.name)).isdisjoint({"rollback", "revert", "undo", "resume"})


def _restorers(inquiry: Inquiry, module: Module) -> Iterator[Function]:
    """Yield the functions of plugins that take a state back."""
    for owner in owners(inquiry, module):
        members: list[Function] = []
        if isinstance(owner.at, Class):
            members = [m for m in owner.at.methods if not m.signature_only]
        else:
            members = [n for node in owner.nodes for n in walk(node) if isinstance(n, Function)]
        gives = any(saves(member.name) for member in members)
        for member in members:
            if flat(member.name) == "setstate" and not gives:
                continue  # the setter of something else
            copied = member.name.startswith("__") and _of_open_file(member)
            if flat(member.name) in RESTORES and len(member.params) == 1 and not copied:
                yield member


def _of_open_file(member: Function) -> bool:
    """Tell whether a state is one of handles, which only a process of the same program is ever given."""
    return any(_HANDLES & set(words(one.name)) for one in walk(member.body) if isinstance(one, Member))


def _trusting(module: Module, function: Function) -> Match | None:
    name = function.params[0].name
    if not name:
        return _taken_by_parts(function)
    names = derived(function, name)
    own = list(walk(function.body))
    if looks_at_shape(own, names) or _checked_by_helper(function, names, list(_helped(function))):
        return None
    use = _taken(own, name, names)
    if use is None:
        return None
    return Match(
        use,
        f"'{function.name}' uses the stored '{name}' as it is: no version is compared and no shape is tested, so state "
        "of an older version breaks the plugin after an update.",
    )


def _taken_by_parts(function: Function) -> Match | None:
    """Speak where a state is taken apart by the parameters already, and nobody asks what the parts are."""
    param = function.params[0]
    taken = set(param.fields.values())
    names = taken.union(*(derived(function, name) for name in taken))
    own = list(walk(function.body))
    if not taken or looks_at_shape(own, names) or _checked_by_helper(function, names, list(_helped(function))):
        return None
    if speaks_of_format(own) or not any(isinstance(node, Name) and node.id in taken for node in own):
        return None
    return Match(
        param,
        f"'{function.name}' takes the stored state apart as it is: no version is compared and no shape is tested, so "
        "state of an older version breaks the plugin after an update.",
    )


def _helped(function: Function) -> Iterator[Node]:
    yield from (node for one in with_helpers(function, 1) for node in walk(one.body))


def _checked_by_helper(function: Function, names: set[str], nodes: list[Node]) -> bool:
    """Tell whether a helper that gets the state looks at its format."""
    handed = any(
        isinstance(node, Call) and any(_mentions(arg, names) for arg in node.args) for node in walk(function.body)
    )
    return handed and speaks_of_format(node for node in nodes if function_of(node) is not function)


def _mentions(expr: Node, names: set[str]) -> bool:
    return any(isinstance(node, Name) and node.id in names for node in walk(expr))


def _taken(own: list[Node], name: str, names: set[str]) -> Node | None:
    """Return the first statement's part in which something out of the state is trusted."""
    for node in own:
        if isinstance(node, Member | Index) and _mentions(node.object, {name}):
            if isinstance(node, Member) and (node.optional or node.name == "get"):
                continue
            return _place(node)
        if isinstance(node, Cast) and _mentions(node.value, {name}):
            return _place(node)
        if isinstance(node, Assign) and node.value is not None and isinstance(node.target, Member):
            value = strip(node.value)
            if isinstance(value, Name) and value.id == name:
                return node
            if (
                isinstance(value, Call)
                and value.name in ("dict", "list", "Map", "Set", "set", "assign")
                and _mentions(value, {name})
            ):
                return node
        if isinstance(node, Spread) and _mentions(node.value, {name}):
            return _place(node)
        if (
            isinstance(node, Call)
            and node.name in ("update", "assign", "extend")
            and any(_mentions(a, {name}) for a in node.args)
        ):
            return node
    return None


def _place(node: Node) -> Node:
    statement = statement_of(node)
    one_line = statement is not None and statement.line == statement.end_line
    return statement if statement is not None and one_line else node
