"""What a kept value is handed after it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, Name, Object, strip
from reviewer.code.walk import inside, walk
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.patterns.feeds import Feed, covered, feeds
from reviewer.experts.patterns.missing import counts, kept_names, waited_for
from reviewer.experts.patterns.vocabulary import STARTING, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.patterns.memos import Memo

_STARTED: Final = (STARTING | {"configure", "attach", "bind"}) - {"get", "acquire", "resolve"}
"""Words of what is done with something that was made; ``limits.acquire(guild)`` takes a part out of it."""


def given_afterwards(module: Module, memo: Memo) -> list[Feed]:
    """Return what a kept value is handed after it was made, such as the context that it is started with."""
    names = kept_names(memo)
    if not names:
        return []
    key = feeds(module, memo.key, memo.holder)
    found: list[Feed] = []
    woken = [use.call for use in hooks_of(module) if use.kind == "start" and use.frame is memo.function]
    for node in walk(memo.function.body):
        if not isinstance(node, Call) or inside(memo.node, node) or node is memo.node:
            continue
        receiver = node.receiver
        own = isinstance(receiver, Name) and receiver.id in names
        started = bool(set(spelled(node.name)) & _STARTED)
        started = started or any(node is one for one in woken)
        if own and (started or _made_for_it(node)):
            given = feeds(module, *node.args, *node.keywords.values())
            found += [f for f in given if counts(module, memo, f) and not covered(f, key)]
    return found


def _made_for_it(call: Call) -> bool:
    """Tell whether a call hands over the only thing that is made for it: ``lodger.moveIn(this.surroundings(port))``."""
    given = strip(call.args[0]) if len(call.args) == 1 else None
    return (isinstance(given, Call | Object) and isinstance(call.parent, Await)) or waited_for(call)
