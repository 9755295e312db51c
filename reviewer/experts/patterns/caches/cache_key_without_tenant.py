"""PAT001: a result is kept under a key that does not say for whom it was computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.leading import leading
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances, missing, unique_key
from reviewer.experts.patterns.vocabulary import (
    CACHES,
    FIRM_TENANTS,
    PLUGINS,
    PRINCIPALS,
    TENANTS,
    last_spelled,
    names_tenant,
    spelled,
)
from reviewer.experts.patterns.whom import ASKING, teller, whom, whom_here
from reviewer.experts.patterns.wrapped import wrapped

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check(
    "PAT001", words=TENANTS | PRINCIPALS | FIRM_TENANTS | ASKING | PLUGINS | CACHES | {"studio", "store", "practice"}
)
def cache_key_without_tenant(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a tenant or a user goes into a kept result and not into its key."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        if (
            not ((memo.reads and answers(module, memo)) or _is_cache(memo))
            or keeps_instances(memo)
            or not computed(memo)
        ):
            continue
        who = whom_here(module, missing(module, memo))
        if who is None or id(memo.key) in said or unique_key(module, memo):
            continue
        said.add(id(memo.key))
        tenant = names_tenant(teller(who)) or who.name in leading(module)
        yield Match(
            memo.key_place(),
            f"The result kept in '{short(memo.name)}' depends on '{short(who.spelled)}', and the key "
            f"'{short(module.text_of(memo.key))}' does not tell one from another: "
            f"the next {'tenant' if tenant else 'user'} is answered with the first one's.",
            related=((memo.node, "kept here"),),
            severity=None if tenant else Severity.HIGH,
            confidence=Confidence.POSSIBLE if who.root == "this" and memo.table is None else None,
        )
    yield from _of_wrapped(module)


def _of_wrapped(module: Module) -> Iterator[Match]:
    for kept in wrapped(module):
        left = [
            feed
            for feed in feeds(module, kept.function)
            if (isinstance(feed.root, str) and feed.root != "this")
            or (feed.root in kept.function.params and feed.local not in kept.names and feed.name not in kept.names)
        ]
        who = whom(left)
        if who is not None:
            yield Match(
                kept.node,
                f"'{kept.by}' keeps the results of '{kept.function.name or 'this function'}' by other things than "
                f"'{short(who.spelled)}', on which they depend: the next one is answered with the first one's.",
            )


def _is_cache(memo: Memo) -> bool:
    name = set(spelled(memo.table.name)) if memo.table is not None else last_spelled(memo.holder)
    return bool(name & CACHES)
