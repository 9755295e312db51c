"""PAT029: a decorator or a helper keeps the result of a function that does something, and does not do it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.vocabulary import FIRM_CACHES, spelled
from reviewer.experts.patterns.wrapped import wrapped
from reviewer.experts.patterns.wrapped_by_own import wrapped_by_own
from reviewer.experts.registry.sql_statements import runs_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_KEEPS: Final = FIRM_CACHES | word_set("remembered remember remembers memorized memorised memorize cacheable")
_NOT_KEPT: Final = word_set("clear clears invalidate invalidates evict evicts no without bust un drop reset put update")
"""Words of a decorator that empties a store, or writes into it."""
_DEEDS: Final = word_set(
    "place send delete remove charge pay refund book reserve cancel submit post order transfer publish enqueue "
    "dispatch buy withdraw deposit issue"
)
"""First words of a function that does something each time that it is called."""
_WRITES: Final = _DEEDS | word_set(
    "save add push set insert create update put upsert execute exec run emit persist store commit append write record"
)
_CHANGES: Final = frozenset({"insert", "update", "delete", "replace"})


@module_check("PAT029", words=_KEEPS)
def deed_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function whose results are kept for what it changes elsewhere."""
    if module.is_test:
        return
    for node, by, function in _kept(module):
        deed = _deed(function)
        if deed is not None:
            yield Match(
                node,
                f"'{by}' keeps what '{function.name or 'the function'}' gave, which changes something: the next call "
                "with the same arguments gets the old answer, and nothing is done.",
                related=((deed, "it is done here"),),
                fix="Keep only what answers questions; what does something is done each time that it is called.",
            )


def _kept(module: Module) -> Iterator[tuple[Node, str, Function]]:
    seen: set[int] = set()
    for one in (*wrapped(module), *(own for own, _shared in wrapped_by_own(module))):
        seen.add(id(one.node))
        yield one.node, one.by, one.function
    for function in module.functions:
        for decorator in function.decorators:
            name = last_name(decorator.callee if isinstance(decorator, Call) else decorator)
            said = set(spelled(name))
            if id(decorator) not in seen and said & _KEEPS and not said & _NOT_KEPT:
                yield decorator, name, function


def _deed(function: Function) -> Call | None:
    """Return the call by which a function changes rows, or by which one that is named for a deed does it."""
    rows = list(runs_in(function))
    changing = next((run.call for run in rows if run.verb in _CHANGES), None)
    if any(run.verb not in _CHANGES for run in rows):
        return None  # it asks, and may write down what it found
    if changing is not None or _DEEDS.isdisjoint(words(function.name)[:1]):
        return changing
    for call in find(function.body, Call):
        given = bool(call.args or call.keywords) and call.receiver is not None and function_of(call) is function
        if given and not _WRITES.isdisjoint(words(call.name)[:1]):
            return call
    return None
