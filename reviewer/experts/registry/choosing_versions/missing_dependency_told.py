"""REG440: of what a plugin needs and is not there, somebody is told, and the plugin is started all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    For,
    Function,
    If,
    Name,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import behind, find, inside, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import names_dependencies
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.lifecycle.vocabulary import FIRM_DEPENDENCY_WORDS
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.told_only import only_tells, tells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Statement

_ASKS: Final = frozenset({"has", "get", "includes", "is_active", "isActive", "__contains__"})
_OPTIONAL: Final = word_set("optional soft suggests recommends peer peers weak maybe")


@module_check("REG440", words=HOOK_WORDS)
def missing_dependency_told(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over what a plugin needs that stands before its start and leads to nothing."""
    if module.is_test or FIRM_DEPENDENCY_WORDS.isdisjoint(module.words):
        return
    spoken: set[int] = set()
    for use in uses_in(inquiry, module, "start"):
        frame = use.frame
        for test in _told(module, frame) if frame is not None else ():
            if id(test) in spoken or not behind(use.site, test):
                continue
            spoken.add(id(test))
            yield Match(
                test,
                f"That something is missing is only told, and '{module.text_of(use.member)}' is called all the same: "
                "the plugin is started without what it says that it can't run without.",
                related=((use.call, "started here"),),
            )


def _told(module: Module, frame: Function) -> Iterator[If]:
    """Yield the tests of a function that tell of something missing and lead to nothing else."""
    for loop in find(frame.body, For, into_functions=False):
        if loop.iterable is None or not _are_needs(module, loop.iterable):
            continue
        test = _asked(loop)
        if test is not None and all(map(_leads_to_nothing, loop.body)) and _tells(loop):
            yield test
    for assign in find(frame.body, Assign, into_functions=False):
        name = assign.target.id if isinstance(assign.target, Name) else ""
        if not name or assign.value is None or not _are_missing(module, strip(assign.value)):
            continue
        uses = [one for one in find(frame.body, Name) if one.id == name and one is not assign.target]
        test = next((one for one in find(frame.body, If, into_functions=False) if name in names_in(one.test)), None)
        if test is not None and all(inside(one, test) for one in uses) and _leads_to_nothing(test) and _tells(test):
            yield test


def _are_needs(module: Module, listed: Expr) -> bool:
    said = said_in(listed)
    firm = not said.isdisjoint(FIRM_DEPENDENCY_WORDS) and said.isdisjoint(_OPTIONAL)
    return firm and names_dependencies(module, listed)


def _are_missing(module: Module, made: Expr) -> bool:
    """Tell whether a list is of those needs that are not there: ``[one for one in spec.requires if one not in up]``."""
    if isinstance(made, Comprehension):
        asked = [one for test in made.tests for one in [strip(test)] if isinstance(one, Binary) and one.op == "not in"]
        return bool(asked) and any(_are_needs(module, over) for _target, over in made.clauses)
    if not isinstance(made, Call) or made.name != "filter" or made.receiver is None or not made.args:
        return False
    step = strip(made.args[0])
    last = step.body[-1] if isinstance(step, Function) and step.body else None
    answer = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    absent = isinstance(answer, Unary) and isinstance(asks := strip(answer.operand), Call) and asks.name in _ASKS
    return absent and _are_needs(module, made.receiver)


def _asked(loop: For) -> If | None:
    """Return the test by which a loop asks whether what is needed is there."""
    for test in find(loop.body, If, into_functions=False):
        inner = strip(test.test)
        inner = strip(inner.operand) if isinstance(inner, Unary) else inner
        looked_up = isinstance(inner, Call) and inner.name in _ASKS
        if looked_up or (isinstance(inner, Binary) and inner.op in ("in", "not in")):
            return test
    return None


def _leads_to_nothing(statement: Statement) -> bool:
    if isinstance(statement, If):
        return all(map(_leads_to_nothing, [*statement.body, *statement.orelse]))
    return only_tells(statement)


def _tells(statement: For | If) -> bool:
    """Tell whether a statement tells of what is missing, and nothing in it waits or refuses."""
    if any(True for _ in find(statement, Await)) or any(True for _ in find(statement, Throw)):
        return False
    return any(tells(call) for call in find(statement.body, Call))
