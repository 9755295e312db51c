"""SEC028: rights are remembered by a wrapper that forgets nothing, and what takes them away does not clear it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MEMOS: Final = frozenset({"lru_cache", "cache", "cached", "memoize", "memoise", "memo"})
_TAKES: Final = word_set("revoke withdraw ungrant remove suspend downgrade deny forbid")
_RIGHTS: Final = PERMISSION - {"access"}


@module_check("SEC028", words=TRIGGERS)
def rights_remembered(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that remembers rights for the method that takes them away."""
    if module.is_test:
        return
    for cls in module.classes:
        takers = [method for method in cls.methods if words(method.name)[:1] and words(method.name)[0] in _TAKES]
        if not takers or not set(words(cls.name)) & _RIGHTS:
            continue
        for name, at in _remembered(module, cls):
            deaf = next((method for method in takers if not _touches(method, name)), None)
            if deaf is not None:
                yield Match(
                    deaf,
                    f"'{deaf.name}' takes a right away, and '{name}' goes on remembering that it was there: it works "
                    "until the program is started anew.",
                    related=((at, "remembered here"),),
                )
                break


def _remembered(module: Module, cls: Class) -> Iterator[tuple[str, Expr]]:
    """Yield the fields and methods whose answers are remembered, with what does so."""
    for name, assigns in module.scopes.fields(cls).items():
        for assign in assigns:
            if isinstance(assign.value, Call) and _is_memo(assign.value):
                yield name, assign.value
    for method in cls.methods:
        for decorator in method.decorators:
            if last_name(decorator) in _MEMOS:
                yield method.name, decorator


def _is_memo(call: Call) -> bool:
    """Tell whether a call wraps a function so that its answers are kept: ``lru_cache(…)(f)``, ``memoize(f)``."""
    callee = strip(call.callee)
    name = callee.name if isinstance(callee, Call) else call.name
    return name in _MEMOS and bool(call.args)


def _touches(method: Function, name: str) -> bool:
    """Tell whether a method clears what is remembered, or makes it anew."""
    calls = [*find(method.body, Call)]
    speaks = any(is_this_member(call.receiver) and call.receiver.name == name for call in calls)
    made = any(is_this_member(node.target) and node.target.name == name for node in find(method.body, Assign))
    return speaks or made or any({"clear", "invalidate"} & set(words(call.name)) for call in calls)
