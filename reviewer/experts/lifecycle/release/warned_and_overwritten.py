"""LIF011: a start says that something runs already, goes on all the same, and puts another in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    If,
    Literal,
    Member,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.told_only import only_tells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STARTS: Final = word_set("start open begin launch run connect activate boot listen mount")
_ENDS: Final = word_set("stop close cancel kill end clear terminate dispose disconnect abort shutdown reset")


@module_check("LIF011", words=_STARTS)
def warned_and_overwritten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each start for a look at what is there that has no consequence."""
    if module.is_test:
        return
    for branch in module.all(If):
        function = function_of(branch)
        if function is None or not set(words(function.name)[:1]) & _STARTS or branch.orelse:
            continue
        held = _held(branch.test)
        if held is None or not branch.body or not all(map(only_tells, branch.body)):
            continue
        text = module.text_of(held)
        over = next(
            (one for one in after(branch) if isinstance(one, Assign) and module.text_of(one.target) == text), None
        )
        if (
            over is None
            or not _begins(over)
            or any(set(words(c.name)) & _ENDS for c in calls_in(function.body, into_functions=False))
        ):
            continue
        yield Match(
            branch,
            f"'{function.name}' notes that '{short(text)}' is there already and goes on: line {over.line} puts another "
            "in its place, and the first one runs on with nobody to end it.",
            related=((over, "replaced here"),),
            fix="Return or raise where it runs already.",
        )


def _held(test: Expr) -> Member | None:
    """Return the field that a test finds filled: ``if self._workers``, ``this.server !== undefined``."""
    made = strip(test)
    if isinstance(made, Binary) and made.op in ("!=", "is not", ">") and not is_nothing(made.left):
        filled = made.op != ">" or isinstance(strip(made.right), Literal)
        made = strip(made.left) if filled else made
    if isinstance(made, Member) and made.name in ("length", "size"):
        made = strip(made.object)
    if isinstance(made, Call) and made.name == "len" and made.args:
        made = strip(made.args[0])
    return made if is_this_member(made) else None


def _begins(over: Assign) -> bool:
    """Tell whether what is put in place was made by calls: a task, a server, a list of workers."""
    value = strip(over.value) if over.value is not None else None
    if isinstance(value, Array | Comprehension):
        return any(True for _ in calls_in(value))
    return isinstance(value, Call)
