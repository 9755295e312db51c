"""REG001: what a plugin brings is entered one by one under its own names, and takes the place of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, Member, Name, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import looked_at
from reviewer.experts.registry.registering.taken_over import CALLED, RUNS, is_run_by_name
from reviewer.experts.registry.vocabulary import PASSING, REPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_PAIRS: Final = frozenset({"entries", "items", "keys"})
_NAMES: Final = frozenset("id name slug key verb label title command".split())
"""Last words of what a thing calls itself."""
_MEANT: Final = REPLACES - {"load"}


@module_check("REG001", words=RUNS | CALLED | {"entries", "items", "keys"})
def overwrites_of_each(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each write into a table from which things are run, in a loop over what somebody brings."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for table in tables(module):
        if table.kind != "map" or set(words(table.name)) & PASSING:
            continue
        for access in table.of("write"):
            function = function_of(access.node)
            brought = _brought(module, access)
            while function is not None and not function.name:
                function = function.outer
            if brought is None or function is None or table.scope is function or _MEANT & set(words(function.name)):
                continue
            if not is_run_by_name(module, table) or looked_at(module, table, function, access.node):
                continue
            yield Match(
                access.node,
                f"Each of '{module.text_of(brought)}' is entered into '{table.name}' whatever stands there: a plugin "
                "that brings a name of another one, or of the host, takes it over silently.",
            )
            break


def _brought(module: Module, access: Access) -> Expr | None:
    """Return what is gone through, a part of what somebody brings, where each is entered under its own name."""
    over, named = _gone_through(access.node)
    key = strip(access.key) if access.key is not None else None
    if isinstance(key, Member) and set(words(key.name)[-1:]) & _NAMES:
        key = strip(key.object)
    if over is None or not isinstance(key, Name) or key.id not in named:
        return None
    part = strip(over)
    if isinstance(part, Call) and part.name in _PAIRS:
        part = strip(part.args[0]) if part.args else part.receiver or part
    if isinstance(part, Binary) and part.op in ("??", "or"):
        part = strip(part.left)
    base = strip(part.object) if isinstance(part, Member) else None
    if not isinstance(base, Name) or base.id in ("this", "self", "cls", "super"):
        return None
    bound = module.scopes.lookup(base.id, base)
    return part if bound and all(isinstance(one, Param | Assign | For) and _is_local(one) for one in bound) else None


def _is_local(binding: Node) -> bool:
    return isinstance(binding, Param) or function_of(binding) is not None


def _gone_through(write: Node) -> tuple[Expr | None, set[str]]:
    """Return what the loop around a write goes through, and the names of its variables."""
    each = function_of(write)
    called = each.parent if isinstance(each, Function) and not each.name else None
    if each is not None and isinstance(called, Call) and called.name == "forEach" and each.params:
        first = each.params[0]
        return called.receiver, {first.name, *first.fields.values()}
    loop = enclosing_loop(write)
    if not isinstance(loop, For) or loop.target is None or loop.iterable is None:
        return None, set()
    return loop.iterable, {name.id for name in find(loop.target, Name)}
