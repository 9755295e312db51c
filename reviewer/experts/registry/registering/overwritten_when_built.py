"""REG001: whoever makes a registry hands it all plugins, and of two with one id the last silently wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import named_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.folding import entered, looked_before
from reviewer.experts.registry.vocabulary import PASSING, PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


_MAKERS: Final = frozenset({"constructor", "__init__", "__post_init__"})
_EACH: Final = frozenset({"map", "forEach", "flatMap"})
_SAME: Final = frozenset({"list", "tuple", "sorted", "iter", "filter", "values", "slice", "toSorted"})
"""Calls that give what they are handed, in another order or not all of it."""
_COUNTS: Final = frozenset({"len", "Set", "set", "Counter"})
_NAMES: Final = frozenset("id name key slug kind type verb command".split())
_GUESTS: Final = PLUGINS - frozenset("record records entry entries component components package feature".split()) | {
    "command",
    "commands",
    "manifest",
    "manifests",
}


@module_check("REG001", words=_NAMES | {"update"})
def overwritten_when_built(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table that a constructor fills with all plugins that it is handed, under their own names."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for maker in module.functions:
        if maker.name not in _MAKERS or maker.owner is None or not maker.params:
            continue
        seen: set[str] = set()
        for node in find(maker.body, Call | Assign | Comprehension):  # type: ignore[arg-type]  # a union works as a kind
            table, key, from_where = _folded(node)
            if isinstance(node, Assign) and key is not None and _is_itself(module, node, key):
                continue
            name = module.text_of(table) if table is not None else ""
            if name in seen:
                continue
            param = _given(module, maker, from_where) if key is not None and from_where is not None else None
            if key is None or param is None or not _speaks_of_guests(module, maker, param, table):
                continue
            if not looked_before(module, maker, table, node) and not _counted(module, maker, param, table):
                yield Match(
                    node,
                    f"Of two with the same '{short(module.text_of(key))}' in '{param.name}' the later one replaces the "
                    "other silently, and whoever asked for the first reaches the second.",
                )
                seen.add(name)


def _is_itself(module: Module, put: Assign, key: Expr) -> bool:
    """Tell whether a name is laid under itself, where nothing is lost by the second: ``inputs[one] = one``."""
    return put.value is not None and module.text_of(strip(put.value)) == module.text_of(key)


def _folded(node: Node) -> tuple[Expr | None, Expr | None, Expr | None]:
    """Return the table that a node lays something into, the key, and what it goes through for that."""
    table, key = entered(node)
    if key is not None and _names_itself(key):
        return table, key, _gone_through(node, key)
    each = _of_each(node, key)
    return (
        (table or getattr(node, "receiver", None), each, _gone_through(node, each)) if each is not None else (None,) * 3
    )


def _of_each(node: Node, key: Expr | None) -> Expr | None:
    """Return what a thing offers under names of its own choice, all of which are entered: ``boat.commands()``."""
    laid: Expr | None = None
    if isinstance(node, Call) and node.name == "update" and node.receiver is not None and len(node.args) == 1:
        laid = strip(node.args[0])
    elif isinstance(key, Name):
        loops = (one for one in ancestors(node) if isinstance(one, For))
        loop = next((one for one in loops if one.target is not None and _is_named(one.target, key.id)), None)
        laid = strip(loop.iterable) if loop is not None and loop.iterable is not None else None
        if isinstance(laid, Call) and laid.name in ("items", "entries"):
            laid = strip(laid.args[0]) if laid.args else laid.receiver
    laid = strip(laid.callee) if isinstance(laid, Call) and not laid.args else laid
    return laid if isinstance(laid, Member) and _root(laid) not in ("", "this") else None


def _names_itself(key: Expr) -> bool:
    """Tell whether a key is what a thing calls itself: ``plugin.id``, ``tool.manifest.name``."""
    return isinstance(key, Member) and words(key.name)[-1:] != () and words(key.name)[-1] in _NAMES


def _root(key: Expr) -> str:
    held = strip(key)
    while isinstance(held, Member):
        held = strip(held.object)
    return held.id if isinstance(held, Name) else ""


def _gone_through(node: Node, key: Expr) -> Expr | None:
    """Return what the thing that gives the key is an element of."""
    root = _root(key)
    if isinstance(node, Comprehension):
        if (
            isinstance(node.element, Object)
            and node.element.entries
            and isinstance(strip(node.element.entries[0][1]), Literal)
        ):
            return None
        return next((clause for target, clause in node.clauses if _is_named(target, root)), None)
    made = strip(node.args[0]) if isinstance(node, Call) and node.args else None
    if isinstance(made, Comprehension):
        return _gone_through(made, key)
    if isinstance(node, Call) and node.name == "reduce":
        return node.receiver
    if isinstance(made, Call) and made.name == "map" and made.receiver is not None:
        return made.receiver
    for around in ancestors(node):
        if isinstance(around, For) and around.target is not None and _is_named(around.target, root):
            return around.iterable
        each = around.parent if isinstance(around, Function) else None
        if isinstance(each, Call) and each.name in _EACH and isinstance(around, Function):
            return each.receiver if any(one.name == root for one in around.params) else None
    return None


def _is_named(target: Node, name: str) -> bool:
    return any(one.id == name for one in find(target, Name)) if name else False


def _given(module: Module, maker: Function, source: Expr) -> Param | None:
    """Return the parameter of a constructor that is gone through."""
    held: Expr | None = strip(source)
    while isinstance(held, Call) and held.name in _SAME:
        held = strip(held.args[0]) if held.receiver is None and held.args else held.receiver
        held = strip(held) if held is not None else None
    if isinstance(held, Array) and len(held.items) == 1 and isinstance(held.items[0], Spread):
        held = strip(held.items[0].value)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    param = bound[0] if len(bound) == 1 else None
    if isinstance(param, Assign) and param.value is not None and inside(param, maker):
        return _given(module, maker, param.value) if strip(param.value) is not held else None
    return param if isinstance(param, Param) and param.parent is maker else None


def _speaks_of_guests(module: Module, maker: Function, param: Param, table: Expr | None) -> bool:
    """Tell whether plugins or their commands are handed in, by a name of theirs or of what keeps them."""
    kept = set(words(getattr(table, "name", getattr(table, "id", ""))))
    owner = set(words(maker.owner.name)) if maker.owner is not None else set()
    if kept & PASSING:
        return False
    said = {*words(param.name), *words(param.type)}
    if not (said | kept | owner) & _GUESTS:
        return False
    return not _always_written_out(module, maker, param) and not _of_table(module, param)


def _of_table(module: Module, param: Param) -> bool:
    """Tell whether what is handed in is keyed by name already: ``Record<string, Tool>``, ``Map``, ``dict``."""
    named = param.type.lstrip()
    return named.startswith(("Map<", "ReadonlyMap<", "Record<", "dict[", "Dict[", "Mapping[")) or (
        named_type(module, param.type) is not None and named.startswith("Set<")
    )


def _always_written_out(module: Module, maker: Function, param: Param) -> bool:
    """Tell whether all who make one write the things out that they hand over."""
    sites = list(call_sites(module, maker) or ())
    given = [site.arg(maker.params.index(param), param.name) for _other, site in sites]
    return bool(given) and all(isinstance(strip(one), Array) for one in given if one is not None)


def _counted(module: Module, maker: Function, param: Param, table: Expr | None) -> bool:
    """Tell whether duplicates are refused otherwise: something is counted or sought among what is handed in."""
    texts = [module.text_of(one) for one in find(maker.body, Call)]
    name = module.text_of(table) if table is not None else ""
    return any(
        ("len(" in text or "Set(" in text or "set(" in text or "Counter(" in text)
        and (param.name in text or name in text)
        for text in texts
    ) or any(one.name in ("size", "length") for one in find(maker.body, Member))
