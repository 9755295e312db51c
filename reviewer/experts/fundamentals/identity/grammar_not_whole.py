"""FUN440: a text that is checked against a grammar, and only its beginning is; FUN441: a grammar that remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Field,
    For,
    If,
    Index,
    Jump,
    Literal,
    Name,
    Regex,
    Return,
    Throw,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.held_patterns import tested
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SPELLS_FROM_START: Final = r"^(?:\(\?i\))?(?:\(\?:|\()?(?:\[[^\]]+\]|\\[wd])(?:[+*]|\{\d*,?\d*\})?[^+*?{]"
"""The beginning of a pattern that says of which signs a text is made, from its first one on, and in which order."""
_SAYS: Final = frozenset({"is", "valid", "validate", "check", "safe", "wellformed"})
_PROBLEMS: Final = frozenset(
    {"problems", "errors", "issues", "violations", "faults", "mistakes", "failures", "invalid"}
)
_SPELLS_ALL: Final = r"(?:\]|\\[wd]|\))(?:[+*]|\{\d*,?\d*\})\)?$"
"""The end of a pattern that says of which signs the rest may be: nobody who means the beginning alone writes it."""


_ID_WORDS: Final = frozenset("id ids ident identifier name slug handle namespace topic version key".split())
"""Words of what is no prose: nobody looks in it for a part that looks like one."""


@module_check("FUN440", words={"match", "test", "search"})
def grammar_not_whole(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at texts that are refused unless they match a pattern, for patterns that don't reach the end."""
    if module.is_test:
        return
    for call in module.calls(("match", "test", "search")):
        pattern, value = tested(module, call)
        if value is None or not (_is_refused(call, value) or _is_answer(call, value)):
            continue
        text = text_of(module, pattern) if pattern is not None else ""
        if "|" in text or not found(_SPELLS_ALL, text) or _is_split_off(module, value):
            continue
        anchored = text.startswith("^") or (module.language == "python" and call.name == "match")
        if not anchored and not (found(_SPELLS_FROM_START, text) and _ID_WORDS & set(last_words(value))):
            continue
        kept = module.scopes.origin(pattern) if pattern is not None else None
        at = kept if isinstance(kept, Regex) else call  # in JavaScript the pattern is what has to change
        what = "the beginning" if anchored else "some part"
        yield Match(
            at,
            f"Only {what} of '{short(module.text_of(value))}' has to be as the pattern says: whatever "
            f"{'follows' if anchored else 'stands around it'}, '/../' or a line break as well, gets through.",
            related=((call, "held against it here"),) if at is not call else (),
        )


def _is_split_off(module: Module, value: Expr) -> bool:
    """Tell whether a text has no slash: ``const [scope, ...rest] = name.split("/")``, ``path.extname(file)``."""
    held = strip(value)
    for one in module.scopes.lookup(held.id, held) if isinstance(held, Name) else ():
        made = strip(one.value) if isinstance(one, Assign) and one.value is not None else None
        if any(call.name in ("extname", "basename") for call in find(made, Call)) if made is not None else False:
            return True
        made = strip(made.object) if isinstance(made, Index) else made
        sign = strip(made.args[0]) if isinstance(made, Call) and made.name == "split" and made.args else None
        if isinstance(sign, Literal) and sign.value == "/":
            return True
    return False


def _is_refused(call: Call, value: Expr) -> bool:
    """Tell whether what doesn't match is refused: by an error, an answer of no, or a note in a list of problems.

    An id that doesn't match may be passed over as well.
    """
    inner: Expr = call
    around = call.parent
    none = isinstance(around, Binary) and around.op in ("==", "!=") and _is_nothing(around, inner)
    if none and isinstance(around, Binary):
        refused, inner = around.op == "==", around
    else:
        refused = False
    while isinstance(inner.parent, Unary) and inner.parent.op == "not":
        refused, inner = not refused, inner.parent
    while refused and isinstance(inner.parent, Binary) and inner.parent.op == "or":
        inner = inner.parent
    branch = inner.parent
    return (
        refused
        and isinstance(branch, If)
        and strip(branch.test) is strip(inner)
        and (_refuses(branch) or (_passes_over(branch) and not _ID_WORDS.isdisjoint(last_words(value))))
    )


def _passes_over(branch: If) -> bool:
    last = branch.body[-1] if branch.body else None
    return isinstance(last, Jump) and last.kind == "continue"


def _is_answer(call: Call, value: Expr) -> bool:
    """Tell whether a function that says of something whether it is an id answers with the match."""
    inner: Expr = call
    around = call.parent
    made = isinstance(around, Call) and around.name in ("bool", "Boolean") and around.callee is not call
    asked = isinstance(around, Binary) and around.op == "!=" and _is_nothing(around, call)
    if isinstance(around, Expr) and (made or asked):
        inner = around
    elif call.name != "test":
        return False
    function = function_of(call)
    told = isinstance(inner.parent, Return) or (function is not None and inner.parent is function)
    named = words(function.name) if function is not None else ()
    says = bool(_SAYS & set(named[:2])) and bool(_ID_WORDS & {*named, *last_words(value)})
    return told and says


def _is_nothing(around: Binary, inner: Expr) -> bool:
    other = strip(around.right) if strip(around.left) is inner else strip(around.left)
    return isinstance(other, Literal) and other.value is None


def _refuses(branch: If) -> bool:
    """Tell whether a branch ends in an error, says no, or notes a problem and does nothing else."""
    if any(isinstance(statement, Throw) for statement in branch.body):
        return True
    last = branch.body[-1] if branch.body else None
    if isinstance(last, Return):
        said = strip(last.value) if last.value is not None else None
        return isinstance(said, Literal) and said.value is False
    noted = strip(last.value) if isinstance(last, ExprStatement) and len(branch.body) == 1 else None
    return (
        isinstance(noted, Call)
        and noted.name in ("append", "push", "add")
        and bool(set(last_words(noted.receiver)) & _PROBLEMS)
    )


@module_check("FUN441", words={"test", "exec"})
def grammar_remembers(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at patterns with the flag ``g`` or ``y`` that outlive a call and are asked with ``test`` or ``exec``."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("test", "exec")):
        if call.receiver is None or len(call.args) != 1 or _goes_through(call):
            continue
        if call.name == "exec" and any(isinstance(one, While | For) for one in ancestors(call)):
            continue  # one hit after the other
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
