"""FUN440: a text that is checked against a grammar, and only its beginning is; FUN441: a grammar that remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Field, If, Regex, Throw, Unary, While, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.held_patterns import tested
from reviewer.experts.fundamentals.pattern_texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_SPELLS_ALL: Final = r"(?:\]|\\[wd]|\))(?:[+*]|\{\d*,?\d*\})\)?$"
"""The end of a pattern that says of which signs the rest may be: nobody who means the beginning alone writes it."""


@module_check("FUN440", words={"match", "test"})
def grammar_not_whole(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at texts that are refused unless they match a pattern, for patterns that don't reach the end."""
    if module.is_test:
        return
    for branch in module.all(If):
        test = strip(branch.test)
        call = strip(test.operand) if isinstance(test, Unary) and test.op == "not" else None
        if not isinstance(call, Call) or call.name not in ("match", "test") or not _refuses(branch):
            continue
        pattern, value = tested(module, call)
        text = text_of(module, pattern) if pattern is not None else ""
        anchored = text.startswith("^") or (module.language == "python" and call.name == "match")
        if value is None or not anchored or "|" in text or not found(_SPELLS_ALL, text):
            continue
        kept = module.scopes.origin(pattern) if pattern is not None else None
        at = kept if isinstance(kept, Regex) else call  # in JavaScript the pattern is what has to change
        yield Match(
            at,
            f"Only the beginning of '{short(module.text_of(value))}' has to be as the pattern says: whatever follows, "
            "'/../' or a line break as well, gets through.",
            related=((call, "held against it here"),) if at is not call else (),
        )


def _refuses(branch: If) -> bool:
    return any(isinstance(statement, Throw) for statement in branch.body)


@module_check("FUN441", words={"test"})
def grammar_remembers(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at patterns with the flag ``g`` or ``y`` that outlive a call and are asked with ``test``."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("test",)):
        if call.receiver is None or len(call.args) != 1 or _goes_through(call):
            continue
        pattern = module.scopes.origin(call.receiver)
        if not isinstance(pattern, Regex) or not set(pattern.flags) & {"g", "y"} or not _outlives(pattern, call):
            continue
        if "lastindex" in {name.lower() for name in module.identifiers}:
            continue
        function = function_of(pattern)
        yield Match(
            pattern,
            f"The flag '{'g' if 'g' in pattern.flags else 'y'}' makes '{short(module.text_of(call.receiver))}' know "
            "where it stopped: after a text that fits, the next one is looked at from its middle and refused.",
            related=((call, "asked here"),),
            confidence=None if function is None else Confidence.POSSIBLE,
        )


def _outlives(pattern: Regex, call: Call) -> bool:
    """Tell whether a pattern is made once, and asked in a function that is called again and again."""
    around = pattern.parent
    made = function_of(pattern)
    return isinstance(around, Assign | Field | Call) and made is not function_of(call)


def _goes_through(call: Call) -> bool:
    """Tell whether a loop goes on from match to match, which is what the flag is for."""
    inner: Expr | object = call
    for around in ancestors(call):
        if isinstance(around, While):
            return around.test is inner or any(one is call for one in find(around.test, Call))
        inner = around
    return False
