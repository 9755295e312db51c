"""FUN014: a test that passes whatever the code under test does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, in_handler, siblings
from reviewer.code.syntax import Call, ExprStatement, Function, Literal, Name, Throw, Try, strip
from reviewer.code.walk import ancestors, behind, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.testing.always_holds import BY_CLASS
from reviewer.experts.fundamentals.testing.assertions import Assertion, assertions, asserts_elsewhere
from reviewer.experts.fundamentals.testing.cases import Case, cases
from reviewer.experts.fundamentals.testing.made_to_throw import throws_in_another
from reviewer.experts.fundamentals.testing.unseen import (
    CAUGHT,
    comes_late,
    in_catch,
    is_missed_elsewhere,
    judged_by_place,
    only_where_there,
    stands_in,
    throws_itself,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RUNS_THROUGH: Final = (
    r"(?i)\b(throw|raise|error|crash|smoke|survive|tolerate|idempotent|twice|compile|import|harmless|safe|no-?op|"
    r"(works?|runs?|starts?|stops?|loads?|closes?|activates?|deactivates?|handles?) without|"
    r"without (\w+ ){0,2}(errors?|exceptions?|crash\w*|throw\w*|rais\w*|fail\w*|complain\w*|warn\w*|panic\w*|"
    r"hang\w*|block\w*|dying|trouble|problems?)|"
    r"(not|doesn't|doesnt|never) (hang|fail|break|block|warn|complain|panic|die|stop|explode|blow)|"
    r"build|pass(es)?\b|accepts?\b|succeeds?\b|allows?\b)"
)
"""Titles of tests that are content when nothing throws."""
_CONTENT: Final = r"(?i)(#|//|/\*|\"\"\")[^\n]{0,80}\b(exceptions?|errors?|throws?|raises?|crash(es)?)\b"
"""A comment that says that a test is content when nothing throws."""
_READ: Final = 4_000
_SAID: Final = r"(?i)errors?\b|\bexceptions?\b|\braises?\b|\bcrash|\bfails?\b|/(issues|pull)/\d"
"""Words of the description of a test that is content when nothing throws, or keeps a mended mistake mended."""
_ONLY_THROWN: Final = "The test '{}' asserts only where something was thrown: when nothing is, it passes unseen."
_NOT_DONE: Final = r"(?i)\b(not|never|no|doesn't|doesnt|ignores|skips)\b"
_FIXTURES: Final = frozenset("benchmark snapshot regtest data_regression file_regression image_regression".split())

_WHOLE: Final = frozenset({"Exception", "BaseException"})

_TASKS: Final = frozenset({"create_task", "ensure_future"})
_CALLBACKS: Final = frozenset({"done", "next", "cb", "callback", "resolve", "end", "finish"})


@module_check("FUN014", words={"test", "it", "specify"})
def asserts_nothing(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test of a test file."""
    for case in cases(module):
        made = judged_by_place(assertions(module, case.function))
        wrong = [one for one in made if one.alone and one.why and not (one.why == CAUGHT and _is_planned(case))]
        if wrong:
            for one in wrong:
                yield Match(one.at, f"This assertion can't fail: {one.why}.")
        elif _tells_by_itself(module, case):
            continue
        elif (lost := comes_late(case, made)) is not None:
            yield Match(
                lost,
                f"The test '{_title(case)}' asserts only in callbacks that it does not wait for: it has passed before "
                "anything is compared.",
            )
        elif (unrun := _in_lost_coroutine(case, made)) is not None:
            yield Match(
                unrun,
                f"The test '{_title(case)}' asserts only in a coroutine that it does not await: what fails there is "
                "told to nobody.",
            )
        elif not made:
            yield from _none(module, case)
        elif _is_planned(case):
            continue
        elif all(one.why for one in made):
            # In a callback even a constant says something: that the callback was run.
            within = all(stands_in(case, one.at) for one in made)
            if within and not throws_itself(case):
                yield Match(
                    made[0].at,
                    f"The test '{_title(case)}' can't fail: {made[0].why}.",
                    confidence=Confidence.POSSIBLE if all(BY_CLASS in one.why for one in made) else None,
                )
        elif name := only_where_there(case, made):
            yield Match(
                made[0].at,
                f"The test '{_title(case)}' asserts only where there is a '{name}': when there is none, it passes "
                "unseen.",
            )
        elif all(in_catch(one.at) for one in made) and not any(
            one.name == "fail" for one in find(case.function.body, Call)
        ):
            if not is_missed_elsewhere(made[0].at):
                yield Match(made[0].at, _ONLY_THROWN.format(_title(case)))
        else:
            yield from _in_handlers(case, made)


def _in_lost_coroutine(case: Case, made: list[Assertion]) -> Call | None:
    """Return the call of a function of the test that asserts everything and that nobody awaits."""
    inner = {id(one) for one in (function_of(assertion.at) for assertion in made) if one is not None}
    function = function_of(made[0].at) if made else None
    if function is None or function is case.function or len(inner) != 1 or not function.asynchronous:
        return None
    uses = [name for name in find(case.function.body, Name) if name.id == function.name]
    calls = [name.parent for name in uses if isinstance(name.parent, Call) and name.parent.callee is name]
    if len(calls) != len(uses) or not all(_is_dropped(call) for call in calls):
        return None
    return calls[0] if calls and function.module.language == "python" else None


def _is_dropped(call: Call) -> bool:
    """Tell whether nobody keeps a coroutine, nor the task that it is made: a task fails for itself alone."""
    around = call.parent
    if isinstance(around, Call) and around.name in _TASKS and around.args[:1] == [call]:
        around = around.parent
    return isinstance(around, ExprStatement)


def _tells_by_itself(module: Module, case: Case) -> bool:
    """Tell whether a test fails by other means: a plan, a callback that has to be called, a fixture that compares."""
    params = case.function.params
    if any(param.name in _FIXTURES for param in params):
        return True
    if module.language != "python" and (len(params) > 1 or any(param.name in _CALLBACKS for param in params)):
        return True
    return any(_plans(call) for call in find(case.function.body, Call))


def _plans(call: Call) -> bool:
    """Tell whether a call says how many assertions are to come: ``t.plan(2)``, and no ``rehearsal.plan(day)``."""
    count = strip(call.args[0]) if len(call.args) == 1 else None
    return call.name == "plan" and (isinstance(count, Name) or (isinstance(count, Literal) and count.value is not None))


def _none(module: Module, case: Case) -> Iterator[Match]:
    function = case.function
    calls = list(find(function.body, Call))
    if not function.body or not calls or asserts_elsewhere(module, function):
        return
    silent = found(_RUNS_THROUGH, case.title) or any(call.name == "Promise" for call in calls)
    # A fake that throws is a wire across the way of what is not to be done.
    silent = silent or (found(_NOT_DONE, case.title) and any(True for _ in find(function.body, Throw)))
    silent = silent or found(_CONTENT, module.text_of(function)[:_READ]) or found(_SAID, _documented(function))
    silent = silent or throws_in_another(module, function)
    swallows = _swallows(function)
    how = "whatever the code does" if swallows else "as long as nothing throws"
    yield Match(
        case.at,
        f"The test '{_title(case)}' asserts nothing: it passes {how}.",
        confidence=Confidence.POSSIBLE if silent and not swallows else None,
    )


def _swallows(function: Function) -> bool:
    """Tell whether the last thing that a test does is tried, and passed over in silence where it fails."""
    last = function.body[-1]
    if not isinstance(last, Try) or last.orelse or any(True for _ in find(last.final, Call)):
        return False
    quiet = (not any(True for _ in find(handler.body, Call | Throw)) for handler in last.handlers)  # type: ignore[arg-type]  # a union works as a kind
    kinds = [[getattr(strip(kind), "id", "") for kind in one.types] for one in last.handlers]
    return bool(kinds) and all(quiet) and all(not named or _WHOLE & set(named) for named in kinds)


def _documented(function: Function) -> str:
    """Return what a test of Python says of itself in its first line."""
    first = function.body[0] if function.body else None
    value = first.value if isinstance(first, ExprStatement) else None
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""


def _in_handlers(case: Case, made: list[Assertion]) -> Iterator[Match]:
    """Speak where everything is asserted in a ``catch`` that nothing makes sure to reach."""
    if _fails_itself(case):
        return
    for one in made:
        handler = in_handler(one.at)
        around = next((a for a in ancestors(handler) if isinstance(a, Try)), None) if handler is not None else None
        if around is None or any(True for _ in find(around.body, Throw)) or around.orelse:
            return
        if any(isinstance(one, Throw) for one in siblings(around, case.function.module) if behind(one, around)):
            return  # where nothing is thrown, the test throws behind it
    if guarding_try(made[0].at) is None:
        yield Match(
            made[0].at,
            _ONLY_THROWN.format(_title(case)),
        )


def _fails_itself(case: Case) -> bool:
    """Tell whether a test fails by a call where it comes to what it is not to come to."""
    return any(call.name == "fail" for call in find(case.function.body, Call))


def _is_planned(case: Case) -> bool:
    """Tell whether a test says how much is to be asserted, so that what is not reached is told."""
    calls = find(case.function.body, Call)
    return any(call.name in ("assertions", "hasAssertions") or _plans(call) for call in calls)


def _title(case: Case) -> str:
    title = " ".join(case.title.split())
    return title if len(title) <= 60 else title[:59] + "…"
