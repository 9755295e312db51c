"""SEC561: a pattern that remembers where it was is asked again, and answers the second time from there on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, If, Member, Name, Regex, While, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


_REMEMBERS: Final = frozenset("gy")
"""Flags with which a pattern of JavaScript goes on where it was."""


@module_check("SEC561", words={"test"})
def pattern_keeps_place(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``test`` of a pattern that outlives the call and remembers its place."""
    if module.is_test or module.language == "python" or "lastIndex" in module.identifiers:
        return
    for call in module.calls(("test",)):
        if call.receiver is None or len(call.args) != 1 or any(isinstance(one, While) for one in ancestors(call)):
            continue
        pattern = _kept(module, strip(call.receiver), call)
        if pattern is not None and _REMEMBERS & set(pattern.flags) and not _begins_anew(module, call):
            yield Match(
                call,
                f"'{short(module.text_of(call.receiver))}' has the flag '{'y' if 'y' in pattern.flags else 'g'}' and "
                "goes on where its last match ended: the same text is right the first time and wrong the second.",
                related=((pattern, "made once here"),),
            )


def _begins_anew(module: Module, call: Call) -> bool:
    """Tell whether a text that fits is gone through as a whole next, by which the pattern forgets its place."""
    around = call.parent
    held = module.text_of(call.receiver) if call.receiver is not None else ""
    return isinstance(around, If) and any(
        one.name in ("replace", "replaceAll", "match") and one.args and module.text_of(one.args[0]) == held
        for one in find(around.body, Call)
    )


def _kept(module: Module, holder: Expr, call: Call) -> Regex | None:
    """Return the pattern behind a name or a field, where it is made outside of the function that asks it."""
    if not isinstance(holder, Name) and not is_this_member(holder):
        return None
    made = module.scopes.origin(holder)
    if not isinstance(made, Regex) or _walked(module, last_name(holder)):
        return None
    maker = function_of(made)
    once = maker is None or (
        maker.kind == "constructor" if isinstance(holder, Member) else maker is not function_of(call)
    )
    return made if once else None


def _walked(module: Module, name: str) -> bool:
    """Tell whether a loop goes through the matches of a pattern: ``while ((found = PATTERN.exec(text)))``."""
    return any(last_name(one) == name for loop in module.all(While) for one in find(loop, Expr))
