"""LIF028: a table that is filled when a plugin is loaded keeps its entry when the plugin is unloaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Binary, Call, Expr, Function, Literal, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.bringing.unloading import Unload, unloads
from reviewer.experts.lifecycle.guests.entries import PASSING
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table

_MEANT_TO_STAY: Final = PASSING | frozenset(
    (
        "stats counters known manifests descriptors catalog catalogue grants consents settings config configs cache "
        "versions restarts installed state states snapshots disabled blocked allowed sources factories definitions "
        "available discovered packages records faults crashes statuses status saved store data quarantine quarantined "
        "denied blocklist index paths permissions trust entitlements licenses tombstones removed"
    ).split()
)
_DEEPEST: Final = 3
_MOMENTS: Final = frozenset({"now", "utcnow", "time", "monotonic", "perf_counter", "Date"})
_KEY_WORDS: Final = frozenset({"id", "name", "key", "owner", "slug", "uid", "pid"})


@module_check("LIF028", words=HOOK_WORDS)
def unload_leaves_entries(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the unloading removes the plugin from one table, and nothing ever removes it from another."""
    if module.is_test:
        return
    for unload in unloads(inquiry, module):
        removed = {id(table): table for table in tables(module) if _removed_in(table, unload)}
        if not removed:
            continue
        keys = {word for table in removed.values() for a in table.of("write", "delete") for word in _key_words(a.key)}
        left = [t for t in tables(module) if _left(t, unload, removed, keys)]
        if left:
            names = ", ".join(f"'{table.name}'" for table in left)
            verb = "keeps" if len(left) == 1 else "keep"
            yield Match(
                unload.place,
                f"'{unload.function.name}' takes the plugin out of '{next(iter(removed.values())).name}', but {names} "
                f"{verb} what was entered for it: nothing ever removes it there.",
                related=tuple((write.node, "entered here") for t in left for write in t.of("write")[:1]),
            )


def _removed_in(table: Table, unload: Unload) -> bool:
    return any(access in unload.removals for access in table.of("delete"))


def _left(table: Table, unload: Unload, removed: dict[int, Table], keys: set[str]) -> bool:
    if id(table) in removed or has_word(table.name, _MEANT_TO_STAY) or table.of("delete", "clear"):
        return False
    home = next(iter(removed.values()))
    if table.owner is not home.owner or table.scope is not home.scope or _reassigned(table):
        return False
    reached = with_helpers(unload.function)
    if any(inside(access.node, function) for access in table.accesses for function in reached):
        return False
    if table.kind == "list" or _is_line(table) or _keeps_makers(unload.function.module, table):
        return False
    return any(_for_plugin(write, keys) for write in table.of("write") if in_handler(write.node) is None)


def _keeps_makers(module: Module, table: Table) -> bool:
    """Tell whether what a table holds makes the instances that are started: it stays, so that another can be made."""
    for use in hooks_of(module):
        made = module.scopes.origin(use.receiver) if use.kind == "start" else None
        maker = module.scopes.origin(made.callee) if isinstance(made, Call) else None
        maker = strip(maker.value) if isinstance(maker, Await) else maker
        if maker is not None and any(access.node is maker for access in table.of("read")):
            return True
        given = definition(module, maker.callee) if isinstance(maker, Call) else None
        if isinstance(given, Function) and any(access.function is given for access in table.of("read")):
            return True  # kind = await self.kind_of(name), which remembers them
    return False


def _is_line(table: Table) -> bool:
    """Tell whether a table holds no things of plugins, but who comes after whom, or when something has happened.

    What is entered follows what stood there before (``turns.set(id, (turns.get(id) ?? done).then(job))``), or
    adds a moment or a number to it.
    """
    reads = [access for access in table.of("read") if access.function is not None]
    return any(
        any(inside(read.node, one) for read in reads for one in sources) and any(map(_follows, sources))
        for write in table.of("write")
        if (sources := _sources(write))
    )


def _sources(write: Access) -> list[Node]:
    """Return what is put into a table, and what the variables in it hold."""
    edge: list[Node] = [write.value] if write.value is not None else []
    found = list(edge)
    for _ in range(_DEEPEST if write.function is not None else 0):
        names = [name for one in edge for name in find(one, Name)]
        scopes = write.function.module.scopes if write.function is not None else None
        made = [scopes.origin(name) for name in names] if scopes is not None else []
        known = {id(one) for one in found}
        edge = [one for one in made if isinstance(one, Expr) and id(one) not in known]
        found += edge
    return found


def _follows(node: Node) -> bool:
    """Tell whether something is done after another, or a moment is noted, or counted."""
    if any(call.name == "then" or (call.name in _MOMENTS and not call.args) for call in find(node, Call)):
        return True
    return any(
        binary.op == "+" and any(isinstance(strip(side), Literal) for side in (binary.left, binary.right))
        for binary in find(node, Binary)
    )


def _for_plugin(write: Access, keys: set[str]) -> bool:
    """Tell whether an entry is made under the plugin's key, by a function that knows the plugin."""
    said = _key_words(write.key)
    if not said or write.function is None:
        return False
    if said & keys - {"id", "name", "key"}:
        return True
    same = said & keys & _KEY_WORDS
    text = {word for node in walk([*write.function.params]) for word in words(getattr(node, "name", ""))}
    near = {word for node in walk(write.node) if isinstance(node, Name) for word in words(node.id)}
    return bool(same) and bool((text | near) & (PLUGIN_WORDS | keys))


def _key_words(key: Expr | None) -> set[str]:
    if key is None:
        return set()
    key = strip(key)
    if isinstance(key, Member):
        return {*words(key.name), *words(last_word(key.object))}
    if isinstance(key, Name):
        return set(words(key.id))
    return set(words(key.name)) if isinstance(key, Call) else set()


def _reassigned(table: Table) -> bool:
    if table.owner is None:
        return False
    module = table.owner.module
    return (
        len(module.scopes.fields(table.owner).get(table.name, ()))
        + any(field.name == table.name and field.value is not None for field in table.owner.fields)
        > 1
    )
