"""PAT014: results of a plugin outlive its update, its removal, or the loss of a right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Index, Member, Name, Node, strip
from reviewer.code.walk import walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.changes import CHANGING, changed_root
from reviewer.experts.patterns.feeds import Feed, feeds
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances
from reviewer.experts.patterns.vocabulary import CACHES, PLUGINS, VERSIONS, last_spelled, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_ENDS: Final = word_set(
    "update upgrade reload disable uninstall unload remove revoke deactivate replace unregister configure swap install"
)
_REPLACES: Final = frozenset({"replace", "write", "save", "put", "update", "install", "remove"})
"""Methods that change what a store holds."""
_AGES: Final = word_set("ttl expires expiry expire age fresh stale maxage until deadline at generation")


@module_check("PAT014", words=CACHES | PLUGINS)
def cache_not_invalidated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a class keeps results by plugin and ends or changes plugins without touching them."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        table = memo.table
        if table is None or table.owner is None or id(table) in said or not memo.reads or keeps_instances(memo):
            continue
        if not computed(memo) or not answers(module, memo) or _ages(memo.function):
            continue
        emptied = [a for a in table.of("delete", "clear") if a.function is not memo.function]
        if emptied:
            forgets = _forgets(module, memo, table.owner, emptied)
            if forgets is not None:
                said.add(id(table))
                yield forgets
            continue
        if not _by_plugin(module, memo.key) or len(module.scopes.fields(table.owner).get(table.name, ())) > 1:
            continue
        if not set(spelled(table.name)) & CACHES and not _changes_source(module, memo, table.owner):
            continue
        ending = _ending(table.owner, table.name)
        if ending is None:
            continue
        said.add(id(table))
        yield Match(
            memo.node,
            f"'{table.name}' keeps what was worked out for a plugin, and '{ending.name}' leaves it there: after it, "
            "the old result is still the answer.",
            related=((ending, "changes the plugin"),),
            confidence=Confidence.POSSIBLE if table.of("delete", "clear") else Confidence.LIKELY,
        )


def _forgets(module: Module, memo: Memo, cls: Class, emptied: list[Access]) -> Match | None:
    """Find the one method that changes what results are made of and keeps them, where others drop them then."""
    if memo.table is None:
        return None
    cache, sources = memo.table.name, _sources(module, memo)
    changing = [m for m in cls.methods if m.params and any(True for _ in _changed(m, sources))]
    drops = {id(access.function) for access in emptied}
    if not any(id(method) in drops for method in changing):
        return None
    for method in changing:
        touches = any(isinstance(node, Member) and node.name == cache for node in walk(method.body))
        if method is memo.function or touches or any(_runs(method, other, drops) for other in cls.methods):
            continue
        place = next(_changed(method, sources))
        return Match(
            place,
            f"What '{cache}' keeps was worked out of what changes here, and '{method.name}' leaves it there, though "
            "others drop it: the old result is still the answer.",
            related=((memo.node, "kept here"), (emptied[0].node, "dropped here")),
        )
    return None


def _runs(method: Function, other: Function, drops: set[int]) -> bool:
    """Tell whether a method calls another one that drops the results."""
    return id(other) in drops and any(isinstance(n, Call) and n.name == other.name for n in walk(method.body))


def _sources(module: Module, memo: Memo) -> set[str]:
    """Return the fields that a kept result is made of."""
    made = feeds(module, memo.value)
    own = memo.table.name if memo.table is not None else ""
    return {feed.path[0] for feed in made if feed.root == "this" and feed.path and feed.path[0] != own}


def _changed(method: Function, sources: set[str]) -> Iterator[Node]:
    """Yield where a method changes one of these fields, or what is kept in one."""
    for node in walk(method.body):
        target = changed_root(node)
        if target is None and isinstance(node, Call) and node.name in CHANGING | _REPLACES:
            target = _root_field(node)
        if isinstance(target, Member) and target.name in sources:
            yield node


def _root_field(call: Call) -> Member | None:
    """Return ``this.granted`` for ``this.granted.get(id)?.delete(right)``."""
    node: Node | None = call.receiver
    while node is not None:
        node = strip(node) if isinstance(node, Expr) else node
        if isinstance(node, Member) and is_this_member(node):
            return node
        node = node.receiver if isinstance(node, Call) else node.object if isinstance(node, Member | Index) else None
    return None


def _changes_source(module: Module, memo: Memo, cls: Class) -> bool:
    """Tell whether a method that ends or renews plugins changes that from which results are made."""
    sources = _sources(module, memo)
    return any(
        set(spelled(method.name)) & _ENDS and any(True for _ in _changed(method, sources)) for method in cls.methods
    )


def _by_plugin(module: Module, key: Node) -> bool:
    made = feeds(module, key)
    names = {word for feed in made for name in (feed.local, *feed.path) for word in spelled(name)}
    told = {word for feed in made if _of_plugin(feed) for part in (feed.local, *feed.path) for word in spelled(part)}
    return bool((names | last_spelled(key)) & PLUGINS) and not told & VERSIONS


def _of_plugin(feed: Feed) -> bool:
    """Tell whether a part of a key belongs to the plugin, and not to what the plugin works on."""
    return len(feed.path) < (1 if feed.local else 2) or bool(set(spelled(feed.local or feed.path[0])) & PLUGINS)


def _ages(function: Function) -> bool:
    """Tell whether the function looks at how old a result is."""
    for node in walk(function.body):
        name = node.name if isinstance(node, Member) else node.id if isinstance(node, Name) else ""
        if name and set(spelled(name)) & _AGES:
            return True
    return False


def _ending(cls: Class, table: str) -> Function | None:
    """Return the method that changes or ends a plugin, of a class that never touches its cache there."""
    for method in cls.methods:
        if method.signature_only or not set(spelled(method.name)) & _ENDS or not method.params:
            continue
        if any(isinstance(node, Member) and node.name == table for node in walk(method.body)):
            continue
        if any(set(spelled(p.name)) & (PLUGINS | {"id", "name"}) for p in method.params) and _changes(method):
            return method
    return None


def _changes(method: Function) -> bool:
    return any(
        isinstance(node, Assign) or (isinstance(node, Call) and node.name in {"delete", "set", "pop"} | _REPLACES)
        for node in walk(method.body)
    )
