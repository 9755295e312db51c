"""PAT002: what one version of a thing answered is kept under a key that is the same for all of its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_type, lineage, named_type
from reviewer.code.syntax import Call, Expr, Function, Member, Name, Param, strip
from reviewer.code.text.ideas import GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import answers, computed
from reviewer.experts.patterns.vocabulary import VERSIONS, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.feeds import Feed
    from reviewer.experts.patterns.memos import Memo

_UPDATES: Final = frozenset({"upgrade", "update", "reload", "hotReload", "hot_reload", "swap"})
_SHRINKS: Final = frozenset("evict trim prune shrink sweep expire cap bound".split())
_LIVE: Final = frozenset(
    "running active live started starting instances instance loaded loading booting pending inflight flight open "
    "modules plugins workers jobs".split()
)
"""Words of what holds plugins themselves, or work on them, and no answers of theirs."""


@module_check("PAT002", words={"version", "revision"})
def version_left_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept answer of a thing that has a version, where another key of the file tells versions apart."""
    if module.is_test:
        return
    kept = [one for one in memos(inquiry, module) if one.reads and answers(module, one) and computed(one)]
    telling = [one for one in kept if _tells_version(module, one)]
    for memo in kept if telling else ():
        asked = _asked(module, memo)
        if memo in telling or asked is None or (memo.table is not None and memo.table.of("delete", "clear")):
            continue
        yield Match(
            memo.key_place(),
            f"'{short(module.text_of(asked))}' has a version, and the key '{short(module.text_of(memo.key))}' does not "
            "tell it: after an update the answer of the old version is still given.",
            related=((telling[0].key_place(), "this key tells it"), (memo.node, "kept here")),
        )


@module_check("PAT002", words={"version"})
def plugin_without_version(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each answer of a plugin that is kept under its id, where what says the id would say the version, too."""
    if module.is_test:
        return
    for memo in memos(inquiry, module):
        if (
            _is_emptied(memo)
            or set(words(memo.name)) & _LIVE
            or not memo.reads
            or not answers(module, memo)
            or not computed(memo)
            or _tells_version(module, memo)
        ):
            continue
        feed = next((one for one in feeds(module, memo.key) if _says_which(module, one)), None)
        if feed is None or not isinstance(feed.root, Param) or _reads_version(memo.function, feed.local):
            continue
        told = feed.root.type.lstrip().startswith("{")  # whoever calls is asked for a version that nobody reads
        yield Match(
            memo.key_place(),
            f"'{feed.local}' has a version, and the key '{short(module.text_of(memo.key))}' tells only its "
            f"'{feed.path[-1]}': after an update the answer of the old version is still given.",
            related=((memo.node, "kept here"),),
            confidence=None if told or _is_updated(inquiry) else Confidence.POSSIBLE,
        )


def _is_emptied(memo: Memo) -> bool:
    """Tell whether something else than the room that there is takes entries out of where the answers are kept."""
    taken = memo.table.of("delete", "clear") if memo.table is not None else ()
    others = [one.function for one in taken if one.function is not None and one.function is not memo.function]
    return any(not set(words(one.name)) & _SHRINKS for one in others)


def _says_which(module: Module, feed: Feed) -> bool:
    """Tell whether a part of a key is the id of a plugin that is handed over with its version."""
    if not isinstance(feed.root, Param) or feed.path[-1:] not in (("id",), ("name",), ("key",)):
        return False
    if feed.path[:-1] not in ((), ("manifest",)) or not set(words(feed.local)) & (GUESTS | {"manifest"}):
        return False
    typed = named_type(module, feed.root.type)
    if typed is not None and feed.path[:-1]:
        held = next((field for owner in lineage(typed) for field in owner.fields if field.name == "manifest"), None)
        typed = named_type(typed.module, held.type) if held is not None else None
    return typed is not None and any(field.name == "version" for owner in lineage(typed) for field in owner.fields)


def _reads_version(function: Function, local: str) -> bool:
    return any(part.name == "version" and local in names_in(part) for part in find(function.body, Member))


def _is_updated(inquiry: Inquiry) -> bool:
    """Tell whether the host brings another version of a plugin into use while it runs."""
    return any(True for _path in inquiry.project.paths(_UPDATES, tests=False))


def _tells_version(module: Module, memo: Memo) -> bool:
    return any(
        not VERSIONS.isdisjoint(spelled(name)) for feed in feeds(module, memo.key) for name in (feed.local, *feed.path)
    ) or any(not VERSIONS.isdisjoint(spelled(part.name)) for part in find(memo.key, Member))


def _asked(module: Module, memo: Memo) -> Expr | None:
    """Return the thing with a version whose method gave what is kept."""
    value = strip(memo.value)
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    if not isinstance(made, Expr):
        return None
    for call in walk(made.body if isinstance(made, Function) else made):
        holder = strip(call.receiver) if isinstance(call, Call) and call.receiver is not None else None
        if isinstance(holder, Name) and holder.id != "this" and _has_version(module, holder):
            return holder
    return None


def _has_version(module: Module, holder: Expr) -> bool:
    cls: Class | None = class_of_value(module, holder) or named_type(module, declared_type(module, holder))
    fields = [field for owner in lineage(cls) for field in owner.fields] if cls is not None else []
    return any(field.name in ("version", "revision") for field in fields)
