"""SEC004: a guard that looks somebody up in a table of rights, and stops nobody where there is no table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import siblings
from reviewer.code.syntax import Binary, Call, Expr, If, Index, Member, Name, Return, Throw, Unary, is_nothing, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.asked_to_refuse import says_refused
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC004", words=TRIGGERS)
def guard_without_rules(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal after a look-up for whether it is passed by where what is looked into is nothing."""
    if module.is_test:
        return
    for test in module.all(If):
        last = test.body[-1] if test.body else None
        if not isinstance(last, Throw) or not says_refused(test.body):
            continue
        tables = {module.text_of(one): one for one in _tables(test.test)}
        for place, there in [*_beside(test.test), *_before(test)]:
            if module.text_of(there) in tables:
                yield Match(
                    place,
                    f"Where there is no '{short(module.text_of(there))}', nothing is looked up and nobody is stopped: "
                    "without the rules everything is allowed.",
                )
                break


def _tables(test: Expr) -> Iterator[Expr]:
    """Yield what an entry is looked up in, in which something is sought: ``sheet`` of ``sheet[guest].has(deed)``."""
    for part in find(test, Expr):
        whole, sought = membership(part)
        held = strip(whole) if whole is not None and sought is not None else None
        while isinstance(held, Binary) and held.op in ("??", "or"):
            held = strip(held.left)
        key = held.key if isinstance(held, Index) else held.arg(0) if isinstance(held, Call) else None
        if not isinstance(strip(key) if key is not None else None, Name | Member):
            continue
        if isinstance(held, Index):
            yield strip(held.object)
        elif isinstance(held, Call) and held.name == "get" and held.receiver is not None:
            yield strip(held.receiver)


def _beside(test: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Yield the parts of a condition that hold only where a thing is there: ``sheet != null && …``."""
    made = strip(test)
    if isinstance(made, Binary) and made.op == "and":
        yield from _beside(made.left)
        there = strip(made.left)
        if isinstance(there, Binary) and there.op == "!=" and is_nothing(there.right):
            there = strip(there.left)
        if isinstance(there, Name | Member):
            yield made.left, there


def _before(test: If) -> Iterator[tuple[Expr, Expr]]:
    """Yield what has to be there lest a function be left before a condition: ``if (!sheet) return;``."""
    beside = siblings(test)
    for earlier in beside[: beside.index(test)] if test in beside else []:
        only = earlier.body[0] if isinstance(earlier, If) and len(earlier.body) == 1 and not earlier.orelse else None
        if not isinstance(earlier, If) or not isinstance(only, Return) or only.value is not None:
            continue
        asked = strip(earlier.test)
        if isinstance(asked, Unary) and asked.op == "not":
            yield earlier.test, strip(asked.operand)
        elif isinstance(asked, Binary) and asked.op == "==" and is_nothing(asked.right):
            yield earlier.test, strip(asked.left)
