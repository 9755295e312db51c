"""PAT014: results of a plugin outlive its update, its removal, or the loss of a right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Class, Function, Member, Name, Node
from reviewer.code.walk import walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances
from reviewer.experts.patterns.vocabulary import CACHES, PLUGINS, VERSIONS, last_spelled, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDS: Final = word_set(
    "update upgrade reload disable uninstall unload remove revoke deactivate replace unregister configure swap install"
)
_AGES: Final = word_set("ttl expires expiry expire age fresh stale maxage until deadline at generation")


@module_check("PAT014", words=CACHES)
def cache_not_invalidated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a class keeps results by plugin and ends or changes plugins without touching them."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        table = memo.table
        if table is None or table.owner is None or id(table) in said or not memo.reads or keeps_instances(memo):
            continue
        if table.of("delete", "clear") or not set(spelled(table.name)) & CACHES or not computed(memo):
            continue
        if not answers(module, memo) or not _by_plugin(module, memo.key) or _ages(memo.function):
            continue
        if len(module.scopes.fields(table.owner).get(table.name, ())) > 1:
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
            confidence=Confidence.LIKELY,
        )


def _by_plugin(module: Module, key: Node) -> bool:
    made = feeds(module, key)
    names = {word for feed in made for name in (feed.local, *feed.path) for word in spelled(name)}
    return bool((names | last_spelled(key)) & PLUGINS) and not names & VERSIONS


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
        isinstance(node, Assign) or getattr(node, "name", "") in ("delete", "set", "pop") for node in walk(method.body)
    )
