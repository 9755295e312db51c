"""PAT440: what is kept is given out before anybody asks whether the one who wants it may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import before, conditions
from reviewer.code.syntax import Call, ExprStatement, If, Param
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.caches.refusal_behind_cache import asks_kept
from reviewer.experts.patterns.feeds import covered, feeds
from reviewer.experts.patterns.memos import memos
from reviewer.experts.security.deciding.decisions import checks_in, is_guard
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo


@module_check("PAT440")
def right_behind_cache(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept result for a question of right that is only asked where nothing is kept yet."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        found = _behind(module, memo) if memo.reads else None
        if found is None or id(found[0]) in said:
            continue
        asked, given_out, who = found
        said.add(id(asked))
        yield Match(
            given_out,
            f"What '{short(memo.name) or 'the cache'}' has is given out here, and '{short(module.text_of(asked))}' is "
            f"only asked behind that: '{who}' is no part of the key, so whoever may not gets what another asked for.",
            related=((asked, "asked too late"),),
        )


def _behind(module: Module, memo: Memo) -> tuple[Call, Node, str] | None:
    """Return the question of right that what is kept is never asked, where it is given out, and who is left out."""
    key = None
    for call in _questions(module, memo):
        where = next((c.test for c in conditions(call) if asks_kept(module, memo, c.test)), None)
        if where is None or any(True for one in before(where) for _ in checks_in(module, one)):
            continue
        key = feeds(module, memo.key) if key is None else key
        told = (feed for arg in (*call.args, *call.keywords.values()) for feed in feeds(module, arg))
        for feed in told:
            own = isinstance(feed.root, Param) and feed.root.parent is memo.function
            if own and not covered(feed, key):
                return call, where, feed.local
    return None


def _questions(module: Module, memo: Memo) -> Iterator[Call]:
    """Yield the calls of a function that ask for a right, and let nobody go on who has none."""
    for one in find(memo.function.body, If, into_functions=False):
        if refuses(one.body):
            yield from checks_in(module, one.test)
    for statement in find(memo.function.body, ExprStatement, into_functions=False):
        yield from (call for call in checks_in(module, statement) if is_guard(call))
