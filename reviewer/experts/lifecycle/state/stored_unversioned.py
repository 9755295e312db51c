"""LIF008, second part: what a plugin stored by itself comes back, and is taken apart with no look at its version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, For, Function, Index, Literal, Member, Name, Node, strip
from reviewer.code.walk import ancestors, find, function_of, inside, names_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.state.restoring import derived, looks_at_shape, speaks_of_format
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

_STORES: Final = frozenset({"storage", "store", "state", "memento", "workspace", "kv", "persistence", "vault", "data"})
_READS: Final = frozenset({"get", "read", "load", "getItem", "fetch"})
_WRITES: Final = frozenset({"set", "put", "write", "save", "update", "setItem", "store"})
_PARSES: Final = frozenset({"parse", "loads", "safe_load"})


@module_check("LIF008", words=_STORES)
def stored_unversioned(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a plugin's start takes apart what its own saving wrote, whatever version that was of."""
    if module.is_test:
        return
    for owner in owners(inquiry, module):
        if not owner.plugin or owner.start is None:
            continue
        for function in with_helpers(owner.start, 1):
            if function.module is not module:
                continue
            for name, read in _reads(function):
                if _is_plain(module, read):
                    continue
                use = _trusted(module, function, name)
                writes = _writes(module, read) if use is not None else []
                if use is None or not writes:
                    continue
                versioned = any(speaks_of_format(_value_nodes(module, call)) for call in writes)
                compared = (
                    "the version that is stored with it is not"
                    if versioned
                    else "no version is stored with it, none is"
                )
                yield Match(
                    use,
                    f"'{name}' is what an earlier version of the plugin stored, and its parts are used as they are: "
                    f"{compared} compared, and no shape is tested.",
                    related=((read, "read here"),),
                )


def _reads(function: Function) -> Iterator[tuple[str, Call]]:
    """Yield the variables that hold what was read under a fixed key from the plugin's store."""
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Assign) and isinstance(node.target, Name) and node.value is not None:
            value = strip(node.value)
            if isinstance(value, Call) and value.name in _READS and _of_store(value):
                yield node.target.id, value


def _is_plain(module: Module, read: Call) -> bool:
    """Tell whether a read says that a text or a number is stored, which has no parts: ``get<string>("token")``."""
    asked, _open, _rest = module.text_of(read).partition("(")
    return asked.replace(" ", "").endswith(("<string>", "<number>", "<boolean>"))


def _of_store(call: Call) -> bool:
    receiver = call.receiver
    key = call.arg(0)
    return (
        receiver is not None
        and isinstance(key, Literal)
        and isinstance(key.value, str)
        and has_word(last_word(receiver), _STORES)
    )


def _trusted(module: Module, function: Function, name: str) -> Node | None:
    """Return the first use of a part of a stored thing, by its name or by a function of the subject, untested."""
    names = derived(function, name)
    nodes = list(walk(function.body))
    if speaks_of_format(n for n in nodes if not isinstance(n, Call)):
        return None
    whole = next((node for node in nodes if _put_whole(module, node, name)), None)
    if whole is not None or looks_at_shape(nodes, names):
        return whole
    return next((node for node in nodes if _part(node, names) or _handed_whole(module, node, name)), None)


def _put_whole(module: Module, node: Node, name: str) -> bool:
    """Tell whether a stored text is parsed and put into a field as it is, whose parts others read."""
    if not isinstance(node, Assign) or node.value is None or not is_this_member(node.target):
        return False
    parsed = any(
        call.name in _PARSES and any(_root(arg) == name for arg in call.args) for call in find(node.value, Call)
    )
    field, function = node.target, function_of(node)
    if not parsed or not isinstance(field, Member) or function is None:
        return False
    asked = (call for call in find(function.body, Call) if not inside(call, node) and call.name not in _PARSES)
    looked = any(is_this_member(given := strip(arg)) and given.name == field.name for one in asked for arg in one.args)
    return not looked and _taken_apart(module, field.name)


def _taken_apart(module: Module, field: str) -> bool:
    """Tell whether parts of what a field holds are read: ``this.beds.map((bed) => bed.row)``."""
    for held in module.all(Member):
        if held.name != field or not is_this_member(held):
            continue
        inner = held.parent
        if isinstance(inner, Index) and inner.object is held and isinstance(inner.parent, Member):
            return True
        for around in ancestors(held):
            if isinstance(around, Function):
                break
            steps = [*around.args, *around.keywords.values()] if isinstance(around, Call) else []
            taken = {param.name for step in steps if isinstance(step, Function) for param in step.params}
            if isinstance(around, For) and around.target is not None and inside(held, around.iterable or around.target):
                taken |= names_in(around.target)
            if taken and any(_names_part(node, taken) for node in walk(around)):
                return True
    return False


def _names_part(node: Node, names: set[str]) -> bool:
    """Tell whether a part of one is read by a name: ``bed.row``, ``pair[1]["points"]``."""
    if isinstance(node, Member):
        called = isinstance(node.parent, Call) and node.parent.callee is node
        return not called and node.name != "length" and _root(node.object) in names
    keyed = isinstance(node, Index) and isinstance(node.key, Literal) and isinstance(node.key.value, str)
    return keyed and isinstance(node, Index) and bool(names_in(node.object) & names)


def _part(node: Node, names: set[str]) -> bool:
    """Tell whether a named part is read: ``saved.items``, ``row["name"]``; optional reads are careful ones."""
    if isinstance(node, Member) and isinstance(node.parent, Call) and node.parent.callee is node:
        return False
    if isinstance(node, Member):
        return not node.optional and node.name != "length" and _root(node.object) in names
    return isinstance(node, Index) and isinstance(node.key, Literal) and _root(node.object) in names


def _root(expr: Expr) -> str:
    expr = strip(expr)
    return expr.id if isinstance(expr, Name) else ""


def _handed_whole(module: Module, node: Node, name: str) -> bool:
    """Tell whether a stored thing is handed to a function of the subject that does not look at its shape."""
    if not isinstance(node, Call) or not any(_root(arg) == name for arg in node.args):
        return False
    target = definition(module, node.callee)
    if not isinstance(target, Function) or not target.params:
        return False
    taken = derived(target, target.params[0].name)
    body = list(walk(target.body))
    return not looks_at_shape(body, taken) and not speaks_of_format(body)


def _writes(module: Module, read: Call) -> list[Call]:
    """Return the calls that store something under the key of a read."""
    key = read.arg(0)
    return [
        call
        for call in module.calls(_WRITES)
        if _of_store(call) and isinstance(key, Literal) and _key(call) == key.value and call.arg(1) is not None
    ]


def _key(call: Call) -> object:
    first = call.arg(0)
    return first.value if isinstance(first, Literal) else None


def _value_nodes(module: Module, call: Call) -> Iterator[Node]:
    """Yield what a value that is stored is made of; a variable, or a function of the subject, is followed."""
    value = call.arg(1)
    if value is None:
        return
    yield from walk(value)
    for node in walk(value):
        if isinstance(node, Name):
            origin = module.scopes.origin(node)
            if isinstance(origin, Expr) and origin is not node:
                yield from walk(origin)
        if isinstance(node, Call):
            target = definition(module, node.callee)
            if isinstance(target, Function) and target is not function_of(call):
                yield from walk(target.body)
