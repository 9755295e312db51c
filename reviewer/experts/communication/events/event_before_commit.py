"""COM621: others are told of a change while its transaction is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, Expr, Function, With, strip
from reviewer.code.text.ideas import SEND_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_OPENS: Final = frozenset({"transaction", "atomic", "withTransaction", "inTransaction", "with_transaction", "begin"})
_TELLS: Final = SEND_WORDS | word_set("notify")
_STAYS: Final = word_set(
    "outbox tx trx transaction queue log logger db session conn connection after later defer deferred"
)
_WRITES: Final = frozenset("execute executemany run exec query insert update delete add save create put set".split())


@module_check("COM621", words={"transaction", "atomic", "begin"})
def event_before_commit(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is told inside the body of a transaction."""
    if module.is_test:
        return
    for body in _bodies(module):
        parts = list(find(body, Call, into_functions=False))
        if not any(one.name in _WRITES for one in parts):
            continue
        for call in parts:
            if _tells(call) and not path_words(call.callee) & _STAYS and not _put_off(call):
                yield Match(
                    call,
                    f"'{short(module.text_of(call))}' tells others while the transaction is open: they still read what "
                    "was there before, and where it is rolled back they were told of what never happened.",
                )
                break


def _tells(call: Call) -> bool:
    said = words(call.name)
    return bool(call.args) and bool(said) and said[0] in _TELLS and len(said) <= 2


def _bodies(module: Module) -> Iterator[list[Node]]:
    for block in module.all(With):
        if any(_opens(item) for item, _name in block.items):
            yield list(block.body)
    for call in module.calls(_OPENS):
        for given in call.args:
            function = strip(given)
            if isinstance(function, Function) and module.language != "python":
                yield list(function.body)


def _opens(item: Expr) -> bool:
    made = item.value if isinstance(item, Await) else item
    made = strip(made)
    said = last_words(made)
    return isinstance(made, Call) and bool(said) and (said[-1] in ("transaction", "atomic") or said == ("begin",))


def _put_off(call: Call) -> bool:
    """Tell whether what is told is told later: handed to a call that waits for the commit."""
    return any(isinstance(one, Call) and set(words(one.name)) & {"commit", "after", "later"} for one in ancestors(call))
