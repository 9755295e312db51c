"""What the other tests of a file make throw: where the same passes, a test is content when nothing throws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, With, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_RAISES: Final = frozenset({"raises", "assertRaises", "assertRaisesRegex", "assertRaisesMessage"})
_THROWS: Final = frozenset({"throws", "rejects"})
_TO_THROW: Final = frozenset({"toThrow", "toThrowError", "rejects"})
_COMMON: Final = frozenset("get set add append push call run len str list dict format".split())
"""Calls of many things: that one of them throws says nothing of another."""


def throws_in_another(module: Module, function: Function) -> bool:
    """Tell whether the last step of a test is one that another test of the file expects to throw."""
    last = function.body[-1:]
    return any(call.name in _made_to_throw(module) for call in find(last, Call))


def _made_to_throw(module: Module) -> frozenset[str]:
    kept = module.memory.get("fundamentals.made_to_throw")
    if not isinstance(kept, frozenset):
        kept = module.memory["fundamentals.made_to_throw"] = frozenset(_names(module)) - _COMMON
    return kept


def _names(module: Module) -> Iterator[str]:
    """Yield the names of what is called where an error is expected."""
    for around in module.all(With) if module.language == "python" else ():
        if any(isinstance(what := strip(item), Call) and what.name in _RAISES for item, _as in around.items):
            yield from (call.name for call in find(around.body, Call) if call.name)
    for call in module.calls(_RAISES | _THROWS):
        for given in call.args:
            yield from (one.name for one in find(given, Call) if one.name)
            yield from (one for one in [getattr(strip(given), "name", "")] if one)
    for call in module.calls(("expect",)) if _TO_THROW & module.identifiers else ():
        yield from (one.name for given in call.args for one in find(given, Call) if one.name)
