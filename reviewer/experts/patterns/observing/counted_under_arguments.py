"""PAT016: calls are counted under their arguments, of which there is no end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, Index, Literal, Template, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.vocabulary import last_spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRITES_OUT: Final = frozenset({"repr", "str", "dumps", "stringify", "inspect"})
_ARGUMENTS: Final = word_set("args arguments params parameters payload body data input query options")
"""What a call is given, in any form."""
_COUNTS: Final = word_set(
    "count counts calls metrics metric stats counter counters total totals hits errors failures uses used invocations"
)
"""Words of a table in which something is counted to be looked at."""


@module_check("PAT016", words=_COUNTS)
def counted_under_arguments(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each count that has an entry of its own for whatever a call was given."""
    if module.is_test:
        return
    for node in module.some(Assign, Call):
        counted = _counted(module, node) if isinstance(node, Assign | Call) else None
        if counted is None or not last_spelled(counted[0]) & _COUNTS:
            continue
        given = _written_out(module, counted[1])
        if given is not None:
            yield Match(
                node,
                f"'{last_name(counted[0])}' counts under '{short(module.text_of(given))}' as well: there is no end to "
                "what a call may be given, and each new one is a series of its own for ever.",
                fix="Count under the plugin and the command; keep what was given for the log.",
            )


def _counted(module: Module, node: Assign | Call) -> tuple[Expr, Expr] | None:
    """Return the table and the key under which a number goes up by one."""
    if isinstance(node, Assign):
        target = strip(node.target)
        if isinstance(target, Index) and (node.op == "+=" or _adds(node.value)):
            return target.object, target.key
        return None
    held = node.receiver
    if node.name != "set" or held is None or len(node.args) != len(("key", "count")) or not _adds(node.args[1]):
        return None
    text = module.text_of(held)
    read = any(
        one.name == "get" and module.text_of(one.receiver) == text for one in find(node.args[1], Call) if one.receiver
    )
    return (held, node.args[0]) if read else None


def _adds(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    return isinstance(made, Binary) and made.op == "+" and isinstance(strip(made.right), Literal)


def _written_out(module: Module, key: Expr) -> Call | None:
    """Return the part of a key that is everything a call was given, written out."""
    made = module.scopes.origin(key)
    whole = strip(made) if isinstance(made, Expr) else strip(key)
    parts = whole.items if isinstance(whole, Array) else whole.holes if isinstance(whole, Template) else [whole]
    if isinstance(whole, Call) and whole.name == "join" and isinstance(strip(whole.receiver or whole), Array):
        parts = list(find(whole, Call))
    for part in parts:
        call = strip(part) if isinstance(part, Expr) else None
        if (
            isinstance(call, Call)
            and call.name in _WRITES_OUT
            and call.args
            and last_spelled(call.args[0]) & _ARGUMENTS
        ):
            return call
    return None
