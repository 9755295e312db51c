"""LIF015: what a context manager releases behind its ``yield`` stays when its block throws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.syntax import (
    Assign,
    Call,
    Delete,
    Expr,
    ExprStatement,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Statement,
    Throw,
    Try,
    With,
    Yield,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks.opposites import turns_round
from reviewer.experts.lifecycle.ways_out.release_skipped import released_by
from reviewer.experts.managers import manages

if TYPE_CHECKING:
    from reviewer.code.module import Module

_KEPT: Final = frozenset("previous prev old before saved earlier prior original outer last former".split())
"""Words of a variable in which a value waits until it is put back."""
_CLEARS: Final = frozenset({"rmtree", "rmdir", "unlink", "remove", "removedirs"})
"""Calls that clear away the file or folder that they are given."""
_HOLDS: Final = frozenset(
    tuple(pair.split("/"))
    for pair in (
        "freeze/thaw pause/resume suspend/resume hold/resume stop/start stop/resume stall/resume halt/resume "
        "disable/enable hide/show close/open push/pop enter/exit start/stop enable/disable wake/sleep"
    ).split()
)
"""What holds something up and lets it go again, flat."""


@module_check("LIF015", words={"contextmanager", "asynccontextmanager"})
def yield_without_finally(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a bare ``yield`` with a release behind it, which runs only where the block ends well."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.generator or not any(manages(decorator) for decorator in function.decorators):
            continue
        for place, release in _behind(function.body):
            yield Match(
                place,
                f"When the block of '{function.name}' throws, it throws here, and '{module.text_of(release)}' is never "
                "reached: put the yield into a try, and the release into its finally.",
                related=((release, "not reached"),),
            )


def _behind(body: Sequence[Statement]) -> Iterator[tuple[Node, Node]]:
    """Yield each yielding statement with the first step behind it that releases or takes back what was done before."""
    for position, statement in enumerate(body):
        if isinstance(statement, With):
            yield from _behind(statement.body)
        if not isinstance(statement, ExprStatement | Assign) and not _throws_on(statement):
            continue
        if next(find(statement, Yield, into_functions=False), None) is None:
            continue
        later = body[position + 1 :]
        begun = _begun(later) - _begun(body[:position])
        released: list[Node] = [step for one in later for step, names in released_by(one) if not begun & names]
        released.extend(one for one in later if any(_takes_back(one, done) for done in body[:position]))
        if released:
            yield statement, min(released, key=lambda step: step.start)


def _begun(steps: Sequence[Statement]) -> set[str]:
    """Return the variables that steps give a value: what begins only behind the block is not the block's to end."""
    return {one.target.id for one in find(list(steps), Assign) if isinstance(one.target, Name)}


def _throws_on(statement: Statement) -> bool:
    """Tell whether an attempt has nothing that runs in any case, and what catches its error throws that on."""
    if not isinstance(statement, Try) or statement.final:
        return False
    return all(one.body and isinstance(one.body[-1], Throw) for one in statement.handlers)


def _takes_back(step: Statement, done: Statement) -> bool:
    """Tell whether a step puts back what another has set, or calls the opposite of what that called."""
    late, early = _acts(step), _acts(done)
    if isinstance(step, Delete) and isinstance(early, Assign):
        return any(_same(one, early.target) for one in step.targets)
    if isinstance(late, Call) and isinstance(early, Assign):
        return _hands_back(late, early)
    if isinstance(late, Assign) and isinstance(early, Assign):
        return isinstance(late.target, Member | Index) and _same(late.target, early.target) and _puts_back(late, early)
    if isinstance(late, Call) and isinstance(early, Call):
        ours, theirs = late.receiver, early.receiver
        if ours is not None and theirs is not None:
            return _same(ours, theirs) and _opposite(flat(early.name), flat(late.name))
    return False


def _hands_back(late: Call, early: Assign) -> bool:
    """Tell whether a call gives a thing back what that answered with: ``token = it.set(x)``, ``it.reset(token)``."""
    made = strip(early.value) if early.value is not None else None
    if isinstance(made, Call) and late.name in _CLEARS and late.args:
        return _same(late.args[0], early.target)  # stage = mkdtemp(), rmtree(stage)
    holders = (made.receiver, late.receiver) if isinstance(made, Call) else (None, None)
    if holders[0] is None or holders[1] is None or not isinstance(early.target, Name):
        return False
    return _same(holders[0], holders[1]) and any(_same(arg, early.target) for arg in late.args)


def _opposite(begin: str, end: str) -> bool:
    return turns_round(begin, end) or (begin, end) in _HOLDS or end in (f"un{begin}", f"dis{begin}", f"de{begin}")


def _acts(statement: Statement) -> Expr | None:
    """Return what a statement sets or calls."""
    value = statement.value if isinstance(statement, ExprStatement) else statement
    return strip(value) if isinstance(value, Expr) else None


def _puts_back(late: Assign, early: Assign) -> bool:
    """Tell whether a second setting undoes the first: another constant, one that was kept, the count one less."""
    if (early.op, late.op) == ("+=", "-="):
        return True
    if early.op != "=" or late.op != "=" or early.value is None or late.value is None:
        return False
    value = strip(late.value)
    if isinstance(value, Name):
        return value.id in _KEPT or set(words(value.id)) & _KEPT != set()
    switch = strip(early.value)
    both = isinstance(value, Literal) and isinstance(switch, Literal)
    return both and isinstance(value, Literal) and isinstance(switch, Literal) and value.value != switch.value


def _same(left: Expr, right: Expr) -> bool:
    left, right = strip(left), strip(right)
    return type(left) is type(right) and left.raw.text == right.raw.text
