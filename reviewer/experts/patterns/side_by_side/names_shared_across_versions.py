"""PAT025: versions that run side by side enter their commands and events under one name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Expr, Function, If, Name, Node, Template, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.side_by_side.several_versions import keeps_several_versions
from reviewer.experts.patterns.side_by_side.storage_shared_across_versions import beside_version, names_plugin
from reviewer.experts.patterns.vocabulary import VERSIONS, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NAMED: Final = word_set(
    "command commands route routes topic topics handler handlers event events action actions provider providers "
    "hook hooks"
)
"""What plugins enter under a name."""
_ENTERS: Final = frozenset(
    {
        "register",
        "registerCommand",
        "register_command",
        "on",
        "subscribe",
        "provide",
        "add",
        "handle",
        "define",
        "expose",
        "set",
    }
)


@module_check("PAT025", words=VERSIONS | {"semver"})
def names_shared_across_versions(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a name is made of the plugin's id alone in a host that runs several versions of it."""
    if module.is_test:
        return
    entries = list(_entries(inquiry, module))
    if not entries or not keeps_several_versions(inquiry):
        return
    for node, name in entries:
        yield Match(
            node,
            f"'{short(module.text_of(name))}' is the same for every version of the plugin: of two that run side by "
            "side the later one takes the name, and the earlier one's end removes it.",
            confidence=Confidence.LIKELY if _version_at_hand(node) else Confidence.POSSIBLE,
        )


def _entries(inquiry: Inquiry, module: Module) -> Iterator[tuple[Node, Expr]]:
    known: set[int] = set()
    for table in tables(module):
        if table.kind != "map":
            continue
        named = bool(set(spelled(table.name)) & _NAMED)
        for access in table.of("write"):
            if not named and not (access.value is not None and isinstance(strip(access.value), Function)):
                continue  # what is run when the name is called
            known.add(id(access.node))
            if access.key is None or _refuses_taken(module, access.key, access.node):
                continue
            if _of_plugin_alone(module, access.key, access.node):
                yield access.node, access.key
    for call in module.calls(_ENTERS):
        if call.args and call.receiver is not None and path_words(call.receiver) & _NAMED:
            key = strip(call.args[0])
            if id(call) not in known and isinstance(key, Template) and _of_plugin_alone(module, key, call):
                yield call, key


def _refuses_taken(module: Module, key: Expr, node: Node) -> bool:
    """Tell whether whoever enters a name that is taken is turned away, so that nobody loses it."""
    function = function_of(node)
    text = module.text_of(key)
    return function is not None and any(
        exits(test.body) and any(_looks_up(module, part, text) for part in walk(test.test))
        for test in find(function.body, If, into_functions=False)
    )


def _looks_up(module: Module, part: Node, text: str) -> bool:
    """Tell whether a part of a condition asks whether a name is taken, or holds the answer."""
    asked = module.scopes.origin(part) if isinstance(part, Name) else part
    if isinstance(asked, Binary):
        return asked.op == "in" and module.text_of(asked.left) == text
    return isinstance(asked, Call) and asked.name in ("has", "get") and text in map(module.text_of, asked.args)


def _of_plugin_alone(module: Module, key: Expr, node: Node) -> bool:
    """Tell whether a name is made of a plugin's id, and neither it nor what is entered tells the version."""
    made = feeds(module, key)
    names = [set(spelled(name)) for feed in made for name in (feed.local, *feed.path)]
    if any(words & VERSIONS for words in names) or (isinstance(node, Call) and node.name == "get"):
        return False
    return any(names_plugin(feed.local, feed.path) or beside_version(feed) for feed in made)


def _version_at_hand(node: Node) -> bool:
    function = function_of(node)
    if function is None:
        return False
    text = function.module.text_of(function)[:20_000].lower()
    return "version" in text or "major" in text
