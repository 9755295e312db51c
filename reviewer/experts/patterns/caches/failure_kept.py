"""PAT510: what stands for a failure is kept like a result, and given out to later callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Name,
    Object,
    Return,
    Throw,
    Try,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name
from reviewer.experts.patterns.asking import spelling
from reviewer.experts.patterns.memos import memos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo

_ALL: Final = frozenset({"Exception", "BaseException", "Error"})
_MEANT: Final = frozenset("failed failure failures failing missing negative absent broken errors bad unknown".split())
"""Words of a memory that is there to know what failed."""


@module_check("PAT510")
def failure_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept result for a failure of the work that is made nothing, and kept and served as that."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        name = strip(memo.value)
        if not memo.reads or not isinstance(name, Name) or not _MEANT.isdisjoint(words(last_name(memo.holder))):
            continue
        found = _hidden(module, memo, name)
        if found is None or id(found[0]) in said or any(name.id in names_in(c.test) for c in conditions(memo.node)):
            continue
        place, work, nothing = found
        if not _served(module, memo, nothing):
            continue
        said.add(id(place))
        yield Match(
            place,
            f"When '{short(module.text_of(work.callee))}' fails, '{short(module.text_of(nothing))}' takes the place of "
            f"its answer and is kept in '{short(memo.name) or 'the cache'}': later callers get that, though asking "
            "again might go well.",
            related=((memo.node, "kept here"),),
        )


def _hidden(module: Module, memo: Memo, name: Name) -> tuple[Node, Call, Expr] | None:
    """Return where a failure is made nothing, of what work, and what stands for it."""
    for attempt in find(memo.function.body, Try, into_functions=False):
        if len(attempt.handlers) != 1 or attempt.stop > memo.node.start:
            continue
        handler = attempt.handlers[0]
        wide = not handler.types or any(last_name(one) in _ALL for one in handler.types)
        if not wide or exits(handler.body) or any(True for _ in find(handler.body, Throw)):
            continue
        works = [work for one in find(attempt.body, Assign) if _gives(one, name) and (work := _work(one.value))]
        given = [one for one in find(handler.body, Assign) if _gives(one, name)]
        if works and len(given) == 1 and given[0].value is not None and _is_nothing(given[0].value):
            return given[0], works[0], strip(given[0].value)
    bound = module.scopes.lookup(name.id, name)
    only = bound[0] if len(bound) == 1 else None
    made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    made = strip(made.value) if isinstance(made, Await) else made
    given_up = strip(made.args[0]) if isinstance(made, Call) and made.name == "catch" and made.args else None
    asked = strip(made.receiver) if isinstance(made, Call) and made.receiver is not None else None
    if not isinstance(given_up, Function) or not isinstance(asked, Call):
        return None
    answers = [one.value for one in find(given_up.body, Return, into_functions=False)]
    if len(answers) == 1 and answers[0] is not None and _is_nothing(answers[0]):
        return given_up, asked, strip(answers[0])
    return None


def _gives(assign: Assign, name: Name) -> bool:
    return assign.op == "=" and isinstance(assign.target, Name) and assign.target.id == name.id


def _work(value: Expr | None) -> Call | None:
    """Return the call whose answer is to be kept, through what waits for it."""
    made = strip(value) if value is not None else None
    made = strip(made.value) if isinstance(made, Await) else made
    return made if isinstance(made, Call) else None


def _is_nothing(value: Expr) -> bool:
    """Tell whether a value is what code writes where it has no answer: ``None``, ``[]``, ``{}``, ``''``."""
    value = strip(value)
    if isinstance(value, Literal):
        return not value.value
    if isinstance(value, Name):
        return value.id == "undefined"
    return (isinstance(value, Object) and not value.entries and not value.spreads) or (
        isinstance(value, Array) and not value.items
    )


def _served(module: Module, memo: Memo, nothing: Expr) -> bool:
    """Tell whether the function answers from memory also where what it finds there stands for a failure."""
    told = spelling(module, memo.key)
    for node in walk(memo.function.body):
        if isinstance(node, Call) and node.name in ("has", "exists", "contains") and node.args:
            if spelling(module, node.args[0]) == told and node.start < memo.node.start:
                return True
        elif isinstance(node, Binary) and node.op in ("in", "not in") and spelling(module, node.left) == told:
            return True
        elif isinstance(node, Assign) and node.stop < memo.node.start and _asks(module, node.value, told):
            if isinstance(node.value, Index) and node.value.parent is node:
                return True  # known, answer = book.get(key)
            return isinstance(node.target, Name) and _passes(module, memo, node.target.id, nothing)
    return False


def _asks(module: Module, value: Expr | None, told: str) -> bool:
    """Tell whether a value is what is kept under a key."""
    if value is None:
        return False
    read = strip(value)
    if isinstance(read, Index) and isinstance(strip(read.object), Call):
        read = strip(read.object)
    if isinstance(read, Await):
        read = strip(read.value)
    if isinstance(read, Call):
        return bool(read.args) and read.receiver is not None and spelling(module, read.args[0]) == told
    return isinstance(read, Index) and spelling(module, read.key) == told


def _passes(module: Module, memo: Memo, name: str, nothing: Expr) -> bool:
    """Tell whether what was read lets a failure through: ``if (known !== undefined) return known`` with null in it."""
    for look in find(memo.function.body, If, into_functions=False):
        test = strip(look.test)
        asked = strip(test.operand) if isinstance(test, Unary) else test
        if isinstance(asked, Name) and asked.id == name:
            return module.language != "python" and isinstance(nothing, Object | Array)
        if isinstance(asked, Binary) and asked.op in ("!=", "==") and isinstance(strip(asked.left), Name):
            if getattr(strip(asked.left), "id", "") != name:
                continue
            other, kept = module.text_of(strip(asked.right)), module.text_of(nothing)
            if other in ("None", "null", "undefined"):
                loose = module.text_of(asked).replace("!==", "").replace("===", "") == module.text_of(asked)
                return kept not in (("None", "null", "undefined") if loose else (other,))
            return isinstance(strip(asked.right), Name)  # is not MISSING
    return False
