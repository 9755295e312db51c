"""COM006: who speaks is known where a port was made, and gives way to what the plugin says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import is_port_of_line, is_public, publishers, speaks_beside_hearing
from reviewer.experts.communication.events.stamps import overwritten, preferred
from reviewer.experts.communication.vocabulary import NOT_WHO, PLUGINS
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

WHO: Final = frozenset(
    "sender source from author actor by origin plugin caller who issuer emitter publisher principal initiator "
    "extension addon speaker signer reporter".split()
)
"""Words of a field that says who speaks."""
_KNOWN: Final = (PLUGINS | WHO | frozenset("id name slug key guest owner uid identity label".split())) - frozenset(
    "mod module component app from by".split()
)
_TAILS: Final = frozenset({"id", "name", "slug", "uid", "key"})
_LAID_OVER: Final = frozenset({"assign", "merge", "extend"})
_SIGNS: Final = frozenset("author publisher speaker signer reporter initiator".split())
"""Words of who speaks that seldom mean anything else than him."""


@module_check("COM006", words=WHO)
def identity_given_way(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place where the name that a host bound to a port meets what the holder of the port says."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    seen: set[int] = set()
    for node in module.some(Object, Call, Assign, Binary, Conditional):
        function = function_of(node)
        found = gives_way(module, function, node) if function is not None else None
        if found is None or function is None or id(function) in seen:
            continue
        seen.add(id(function))
        if is_heard_of(module, function):
            continue
        said, known = found
        name = known.name if isinstance(known, Param) else short(module.text_of(known))
        yield Match(
            node,
            f"'{name}' says for whom this was made, and '{short(module.text_of(said))}', which the plugin gives, "
            "stands before it: whoever writes another name there speaks as that one.",
        )


def is_heard_of(module: Module, function: Function) -> bool:
    """Tell whether the look at those who send an event finds the same in this function."""
    sends = any(one is function for one in publishers(module)) or (
        is_public(function) and (speaks_beside_hearing(function) or is_port_of_line(function))
    )
    return sends and (overwritten(module, function) is not None or preferred(module, function) is not None)


def gives_way(module: Module, function: Function, node: Node) -> tuple[Expr, Node] | None:
    """Return what the plugin says, and the name that the host knows, where the first is preferred."""
    if isinstance(node, Object):
        return _spread_over(module, function, node.entries) or _read_from_message(module, function, node)
    if isinstance(node, Call):
        return _laid_over(module, function, node) or _only_default(module, function, node)
    if isinstance(node, Assign):
        return _only_where_absent(module, function, node)
    return _chosen(module, function, node) if isinstance(node, Binary | Conditional) else None


def _spread_over(
    module: Module, function: Function, entries: list[tuple[Expr | None, Expr]]
) -> tuple[Expr, Node] | None:
    """Find ``{ from: id, ...said }``."""
    known: Node | None = None
    for key, value in entries:
        if isinstance(key, Literal) and _says_who(str(key.value)):
            known = value if _is_known(module, function, value) else None
        elif key is None and known is not None and _is_given(module, function, value):
            return value, known
    return None


def _laid_over(module: Module, function: Function, call: Call) -> tuple[Expr, Node] | None:
    """Find ``Object.assign({ from: id }, said)`` and ``ChainMap(said, {"actor": name})``."""
    given = [strip(arg) for arg in call.args]
    if call.name == "ChainMap":
        given.reverse()
    elif call.name not in _LAID_OVER:
        return None
    entries: list[tuple[Expr | None, Expr]] = []
    for one in given:
        made = module.scopes.origin(one)
        if isinstance(made, Object) and not _is_given(module, function, one):
            entries.extend(made.entries)
        else:
            entries.append((None, one))
    return _spread_over(module, function, entries)


def _only_default(module: Module, function: Function, call: Call) -> tuple[Expr, Node] | None:
    """Find ``said.setdefault("actor", name)``."""
    key = strip(call.args[0]) if len(call.args) == 2 and call.name == "setdefault" else None
    if not isinstance(key, Literal) or not _says_who(str(key.value)) or call.receiver is None:
        return None
    own = call.args[1]
    mine = _is_given(module, function, call.receiver) and _is_known(module, function, own)
    return (call.receiver, own) if mine else None


def _only_where_absent(module: Module, function: Function, node: Assign) -> tuple[Expr, Node] | None:
    """Find ``said.from ??= id`` and ``if "from" not in said: said["from"] = id``."""
    target, own = strip(node.target), node.value
    if not isinstance(target, Member | Index) or own is None or not _says_who(_field(target)):
        return None
    if not _is_given(module, function, target.object) or not _is_known(module, function, own):
        return None
    asked = any(
        isinstance(one, If) and inside(node, one) and node not in find(one.test, Assign) and _mentions(one.test, target)
        for one in ancestors(node)
    )
    return (target, own) if asked or node.op in ("??=", "||=") else None


def _mentions(test: Expr, target: Member | Index) -> bool:
    name = _field(target)
    return any(
        (isinstance(one, Literal) and one.value == name) or (isinstance(one, Member) and one.name == name)
        for one in find(test, Expr)
    )


def _chosen(module: Module, function: Function, node: Binary | Conditional) -> tuple[Expr, Node] | None:
    """Find ``author or self._name`` and ``said.from ?? id``: what fields of objects know, another check asks."""
    if isinstance(node, Binary) and node.op not in ("or", "??"):
        return None
    said, own = (node.left, node.right) if isinstance(node, Binary) else (node.then, node.other)
    name = _field(strip(said))
    if not _says_who(name) or not _is_given(module, function, said) or not _is_known(module, function, own):
        return None
    of_field = is_this_member(strip(own)) and isinstance(strip(said), Name)
    return (said, own) if not of_field or set(words(name)) & _SIGNS else None


def _read_from_message(module: Module, function: Function, made: Object) -> tuple[Expr, Node] | None:
    """Find ``worker.on("message", (m) => forward({ sender: m.sender }))`` in a function told whose it is."""
    listens = function.parent
    if not isinstance(listens, Call) or listens.callee is function or function.outer is None:
        return None
    event = strip(listens.args[0]) if listens.args else None
    if not isinstance(event, Literal) or "message" not in str(event.value):
        return None
    known = next((one for one in function.outer.params if _names_guest(one.name)), None)
    for key, value in made.entries:
        held = strip(value)
        if known is None or not isinstance(key, Literal) or not _says_who(str(key.value)):
            continue
        if not isinstance(held, Member) or not _says_who(held.name) or not _is_given(module, function, held):
            continue
        text = module.text_of(held)
        tests = (module.text_of(one) for one in find(function.body, Binary) if one.op in ("==", "!="))
        compared = any(text in test for test in tests)
        if not compared:
            return held, known
    return None


def _field(expr: Expr) -> str:
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Member):
        return expr.name
    key = strip(expr.key) if isinstance(expr, Index) else None
    return str(key.value) if isinstance(key, Literal) else ""


def _says_who(name: str) -> bool:
    said = [word for word in words(name) if word not in _TAILS]
    return bool(said) and set(said) <= WHO and NOT_WHO.isdisjoint(said)


def _names_guest(name: str) -> bool:
    return bool(name) and bool(set(words(name)) & _KNOWN)


def _is_given(module: Module, function: Function, expr: Expr) -> bool:
    """Tell whether a value is what the holder of a port hands in, or a part or a copy of it."""
    root = strip(expr)
    while isinstance(root, Member | Index):
        root = strip(root.object)
    if isinstance(root, Call) and root.name in ("dict", "copy", "deepcopy", "structuredClone") and root.args:
        return _is_given(module, function, root.args[0])
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function and root is not None


def _is_known(module: Module, function: Function, expr: Expr) -> bool:
    """Tell whether a value names whoever a port was made for: its holder can't set it."""
    value = strip(expr)
    if is_this_member(value):
        cls = class_of(value)
        begin = (cls.method("constructor") or cls.method("__init__")) if cls is not None else None
        if cls is None or begin is None or function is begin or not _names_guest(value.name):
            return False
        given = {param.name for param in begin.params}
        return any(param.name == value.name and param.access for param in begin.params) or any(
            isinstance(one, Name) and one.id in given for one in module.scopes.field_values(cls, value.name)
        )
    named, root = value, value
    while isinstance(root, Member):
        root = strip(root.object)
    if not isinstance(root, Name) or not _names_guest(_field(named)):
        return False
    bound = module.scopes.lookup(root.id, root)
    return len(bound) == 1 and isinstance(bound[0], Param | Assign) and _is_outside(bound[0], function)


def _is_outside(bound: Param | Assign, function: Function) -> bool:
    """Tell whether something is bound by a function around another one."""
    home = bound.parent if isinstance(bound, Param) else function_of(bound)
    return isinstance(home, Function) and home is not function and inside(function, home)
