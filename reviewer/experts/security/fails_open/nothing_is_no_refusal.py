"""SEC004: a guard stops only a plain no, and what it asks may answer nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import falls_off, returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Await, Binary, Call, Expr, Function, If, Index, Literal, is_nothing, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS_TABLE: Final = frozenset({"get", "find", "pop"})


@module_check("SEC004", words=TRIGGERS | {"check", "permission", "permissions"})
def nothing_is_no_refusal(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal that asks whether a check said no, for a check that may say neither yes nor no."""
    if module.is_test:
        return
    for test in module.all(If):
        asked = _only_no(test.test)
        if asked is None or not refuses(test.body) or not is_check(module, asked):
            continue
        target = callee(module, asked)
        empty = _empty_answer(target) if target is not None else ""
        if target is not None and empty:
            yield Match(
                test.test,
                f"Only a plain no is refused here, and '{target.name}' {empty}: who is not known there is neither "
                "refused nor allowed, and goes through.",
                related=((target, "what is asked"),),
                fix=f"Refuse whatever is not a plain yes: if (!{short(module.text_of(asked.callee))}(…)).",
            )


def _only_no(test: Expr) -> Call | None:
    """Return the check whose answer is held against a plain no: ``acl.check(who, what) === false``."""
    made = strip(test)
    if not isinstance(made, Binary) or made.op not in ("==", "is"):
        return None
    said, asked = strip(made.right), strip(made.left)
    asked = strip(asked.value) if isinstance(asked, Await) else asked
    plain = isinstance(said, Literal) and said.value is False
    return asked if plain and isinstance(asked, Call) else None


def _empty_answer(target: Function) -> str:
    """Say how a check answers nothing: by its end, by a bare return, or by what it looks up."""
    if target.signature_only or target.generator:
        return ""
    answers = [strip(one.value) if one.value is not None else None for one in returns_of(target)]
    if not answers:
        return ""
    if falls_off(target) or any(one is None or is_nothing(one) for one in answers):
        return "ends without an answer for some"
    inherits = target.module.language != "python"  # where a missing key is no error
    looked = any(
        (isinstance(one, Index) and inherits)
        or (isinstance(one, Call) and one.name in _ASKS_TABLE and len(one.args) == 1 and one.receiver is not None)
        for one in answers
    )
    return "answers with what it looks up, which may not be there" if looked else ""
