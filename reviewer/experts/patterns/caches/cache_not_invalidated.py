"""PAT014: results of a plugin outlive its update, its removal, or the loss of a right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, If, Index, Member, Name, Node, Param, While, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.changes import CHANGING, changed_root
from reviewer.experts.patterns.feeds import Feed, feeds
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances
from reviewer.experts.patterns.vocabulary import CACHES, PLUGINS, VERSIONS, last_spelled, spelled
from reviewer.experts.patterns.worked_from import about_rights, stale_results

if TYPE_CHECKING:
    from reviewer.code.module import Module
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
    for stale in stale_results(inquiry, module):
        said.add(id(stale.memo.table))
        if not about_rights(stale):
            yield Match(
                stale.place,
                f"What '{stale.memo.name}' keeps was worked out of what changes here, and '{stale.function.name}' "
                "leaves it there: the old result is still the answer.",
                related=((stale.memo.node, "kept here"), (stale.witness, "looked after here")),
            )
    for memo in memos(inquiry, module):
        table = memo.table
        if table is None or table.owner is None or id(table) in said or not memo.reads or keeps_instances(memo):
            continue
        if not computed(memo) or not answers(module, memo) or _ages(memo.function):
            continue
        emptied = [access for access in table.of("delete", "clear") if not _only_bounds(access.node, table.name)]
        if any(access.function is not memo.function for access in emptied):
            continue
        by_plugin = _by_plugin(module, memo.key)
        looked_up = not by_plugin and _by_source(module, memo)
        once = len(module.scopes.fields(table.owner).get(table.name, ())) <= 1
        if not once or not (looked_up or by_plugin):
            continue
        if not set(spelled(table.name)) & CACHES and not _changes_source(module, memo, table.owner):
            continue
        ending = _ending(table.owner, table.name)
        if ending is None:
            continue
        said.add(id(table))
        changed = next(_changed(ending, _sources(module, memo)), None)
        yield Match(
            changed or memo.node,
            f"'{table.name}' keeps what was worked out for a plugin, and '{ending.name}' leaves it there: after it, "
            "the old result is still the answer.",
            related=((memo.node, "kept here") if changed is not None else (ending, "changes the plugin"),),
            confidence=Confidence.POSSIBLE if emptied and not looked_up else Confidence.LIKELY,
        )


def _only_bounds(emptying: Node, name: str) -> bool:
    """Tell whether entries go only because there are too many: ``if (this.kept.size > 500) this.kept.clear()``."""
    for around in ancestors(emptying):
        if isinstance(around, Function):
            return False
        if isinstance(around, If | While) and any(_counts(part, name) for part in walk(around.test)):
            return True
    return False


def _counts(part: Node, name: str) -> bool:
    """Tell whether an expression is the number of entries of a table."""
    if isinstance(part, Member):
        return part.name in ("size", "length") and last_name(part.object) == name
    return isinstance(part, Call) and part.name == "len" and last_name(part.arg(0)) == name


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


def _by_source(module: Module, memo: Memo) -> bool:
    """Tell whether a part of the key is the one under which that is looked up from which the result is made.

    ``const block = this.blocks.get(name)``, and the picture that it draws is kept under ``[shop, name]``.
    """
    made = feeds(module, memo.key)
    if any(VERSIONS & set(spelled(name)) for feed in made for name in (feed.local, *feed.path)):
        return False
    own = {feed.local for feed in made if isinstance(feed.root, Param) and not feed.path}
    sources = _sources(module, memo)
    return any(
        access.function is not None
        and inside(memo.node, access.function)
        and isinstance(key := strip(access.key) if access.key is not None else None, Name)
        and key.id in own
        for table in tables(module)
        if table.name in sources and table.owner is not None and memo.table is not table
        for access in table.of("read")
    )


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
