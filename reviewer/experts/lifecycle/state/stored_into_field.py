"""LIF008: what a plugin stored goes into a field as it is, and other methods take that apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Index, Literal, Member, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.state.restoring import looks_at_shape, speaks_of_format
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node
    from reviewer.experts.check import Inquiry

_STORES: Final = frozenset({"storage", "store", "memento", "kv", "persistence"})
_READS: Final = frozenset({"get", "read", "load"})
_WRITES: Final = frozenset({"set", "put", "write", "save", "update"})


@module_check("LIF008", words=_STORES)
def stored_into_field(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each field that a plugin's start fills from its own store for what other methods read of it."""
    if module.is_test or module.language != "python":
        return  # elsewhere a type is said of it, which another check looks at
    for owner in owners(inquiry, module):
        if not owner.plugin or owner.start is None:
            continue
        for function in with_helpers(owner.start, 1):
            for assign, field, read in _filled(function) if function.module is module else ():
                nodes = list(owner.nodes)
                part = _part_of(nodes, field)
                if part is None or not _written(module, read, field) or _looked_at(nodes, function, field):
                    continue
                yield Match(
                    assign,
                    f"'{module.text_of(assign.target)}' is what an earlier version of the plugin stored, and its parts "
                    "are used as they are: no version is stored with it, and no shape is tested.",
                    related=((part, "a part of it is taken here"),),
                )


def _filled(function: Function) -> Iterator[tuple[Assign, str, Call]]:
    """Yield each field given what was read under a fixed key: ``self.state = await storage.get("state") or {}``."""
    for assign in find(function.body, Assign, into_functions=False):
        value: Expr | None = strip(assign.value) if assign.value is not None else None
        if isinstance(value, Binary) and value.op == "or":
            value = strip(value.left)
        if not isinstance(value, Call) or value.name not in _READS or not is_this_member(assign.target):
            continue
        key = value.arg(0)
        if isinstance(key, Literal) and isinstance(key.value, str) and _of_store(value):
            yield assign, assign.target.name, value


def _of_store(call: Call) -> bool:
    return call.receiver is not None and has_word(last_word(call.receiver), _STORES)


def _part_of(nodes: list[Node], field: str) -> Node | None:
    """Return where a part of a field is taken by its name: ``self.state["open"]``."""
    for node in find(nodes, Index):
        held = strip(node.object)
        named = isinstance(node.key, Literal) and isinstance(node.key.value, str)
        if named and is_this_member(held) and held.name == field:
            return node
    return None


def _written(module: Module, read: Call, field: str) -> bool:
    """Tell whether the field is stored under the same key."""
    key = read.arg(0)
    for call in module.calls(_WRITES):
        first, value = call.arg(0), call.arg(1)
        if isinstance(first, Literal) and isinstance(key, Literal) and first.value == key.value and value is not None:
            return any(one.name == field and is_this_member(one) for one in find(value, Member))
    return False


def _looked_at(nodes: list[Node], start: Function, field: str) -> bool:
    """Tell whether the start looks at what came back, or the plugin knows of versions."""
    return (
        speaks_of_format(find(nodes, Literal))
        or looks_at_shape(find(start.body, Call), {field})
        or any(
            isinstance(strip(call.args[0]), Member) and getattr(strip(call.args[0]), "name", "") == field
            for call in find(start.body, Call)
            if call.args
        )
    )
