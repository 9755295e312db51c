"""LIF047: what a plugin was granted, or has stored, is still there after it was uninstalled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Expr, Function, Member, Name, Node
from reviewer.code.tables import tables
from reviewer.code.text import ideas
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.vocabulary import PLAIN_PLUGIN_WORDS, RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

ENDS: Final = frozenset({"uninstall", "purge", "erase", "expunge"})
TAKES: Final = frozenset({"remove", "delete", "drop"})
GRANTS: Final = ideas.GRANTS | frozenset(
    ("permissions rights capabilities allowed trust tokens secrets credentials sessions keys authorizations").split()
)
_DATA: Final = frozenset(
    "storage stores data settings config configs state states snapshots cache caches quota".split()
)


@module_check("LIF047", words=ENDS | TAKES)
def uninstall_leaves_grants(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at an uninstallation that takes a plugin out of one table and leaves its grants or data in another."""
    if module.is_test:
        return
    for function in module.functions:
        said = words(function.name)
        if not said or not function.params or said[0] not in ENDS | TAKES:
            continue
        reached = with_helpers(function)
        known = tables(module)
        removed = [t for t in known if any(_within(a.node, reached) for a in t.of("delete"))]
        if not (said[0] in ENDS or _removes_plugin(said) or any("installed" in words(t.name) for t in removed)):
            continue
        left = [t for t in known if t not in removed and _stays(t, removed, reached)]
        for table in left:
            granted = has_word(table.name, GRANTS)
            if not granted and said[0] not in ENDS:
                continue
            what = "what it was granted" if granted else "what it has stored"
            yield Match(
                removed[0].of("delete")[0].node if _own(removed[0], function) else function,
                f"'{function.name}' takes the plugin out of '{removed[0].name}' and leaves {what} in '{table.name}': "
                "whatever is installed under this id next inherits it.",
                related=((table.of("write")[0].node, "entered here"),),
                confidence=None if granted and said[0] in ENDS else Confidence.POSSIBLE,
            )


def _removes_plugin(said: tuple[str, ...]) -> bool:
    """Tell whether a name says that a plugin is taken away, which may also mean only from those that run."""
    return said[0] in TAKES and len(said) > 1 and said[-1] in PLAIN_PLUGIN_WORDS


def _own(table: Table, function: Function) -> bool:
    return inside(table.of("delete")[0].node, function)


def _within(node: Node, functions: list[Function]) -> bool:
    return any(inside(node, function) for function in functions)


def _stays(table: Table, removed: list[Table], reached: list[Function]) -> bool:
    """Tell whether a table by plugin is neither touched by the uninstallation nor released by a call on it."""
    if not removed or table.kind != "map" or not has_word(table.name, GRANTS | _DATA) or not table.of("write"):
        return False
    if table.owner is not removed[0].owner or table.scope is not removed[0].scope:
        return False
    if any(_within(access.node, reached) for access in table.accesses):
        return False
    return not any(
        has_word(call.name, RELEASE_WORDS) and any(_named(arg, table.name) for arg in (call.callee, *call.args))
        for function in reached
        for call in calls_in(function.body)
    )


def _named(expr: Expr, name: str) -> bool:
    return any(
        (isinstance(node, Name) and node.id == name) or (isinstance(node, Member) and node.name == name)
        for node in walk(expr)
    )
