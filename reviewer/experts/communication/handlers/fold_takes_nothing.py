"""COM371: a value is handed through several, and whatever one of them gives back takes its place, nothing as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Await, Binary, Call, ExprStatement, For, If, Literal, Name, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement
    from reviewer.experts.check import Inquiry

_MANY: Final = HANDLERS | frozenset(
    "chain links link filters filter steps step stages stage hooks hook taps shapers".split()
)
"""Words of what is gone through, each of which is somebody else's."""
_NOTHING: Final = regex(r"\b(?:undefined|void|null|None|Any|any|unknown|object|Optional)\b|^[A-Z]$|<[A-Z]>")
"""How a declared answer says that it may be nothing, or says nothing about it."""


@module_check("COM371", words=_MANY)
def fold_takes_nothing(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop in which an answer gets a name, and takes the place of what was handed over by it."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for loop in module.all(For):
        given = names_in(loop.target) if loop.target is not None else set()
        over = set(last_words(loop.iterable)) if loop.iterable is not None else set()
        function = function_of(loop)
        if function is None:
            continue
        for answer in find(loop.body, Assign, into_functions=False):
            current = _handed(answer, given) if over & _MANY or _runs_hook(answer) else ""
            put = _puts(loop.body, answer, current) if current else None
            if put is None or not _given_back(function.body, current) or _is_looked_at(loop.body, answer):
                continue
            if any(_helper_looks(module, call) for call in calls_in(answer, into_functions=False)):
                continue
            yield Match(
                put,
                f"Whatever comes back takes the place of '{current}': one that changes it in place, and gives back "
                "nothing, leaves nothing to all that come after it.",
                related=((answer, "the answer of one"),),
                fix="Take an answer only where there is one: `if changed is not None: current = changed`.",
            )


def _helper_looks(module: Module, call: Call) -> bool:
    """Tell whether the function that runs one of them promises an answer, or looks itself whether there is one."""
    helper = callee(module, call)
    if helper is None:
        return False
    if helper.returns and not _NOTHING.search(helper.returns):
        return True
    return any(
        test.op == "??" or (test.op in ("==", "!=") and any(map(_is_nothing, (test.left, test.right))))
        for test in find(helper.body, Binary)
    )


def _is_nothing(side: Expr) -> bool:
    return isinstance(side, Literal) and side.value is None


def _runs_hook(answer: Assign) -> bool:
    """Tell whether an answer comes from a function that runs something of others by its name: ``callHook(…)``."""
    made = strip(answer.value) if answer.value is not None else None
    return isinstance(made, Call) and bool(set(words(made.name)) & _MANY)


def _handed(answer: Assign, given: set[str]) -> str:
    """Return the value that is handed to what the loop is at, by a call that is waited for and is given both."""
    made = answer.value
    if not isinstance(answer.target, Name) or answer.op != "=" or not isinstance(made, Await):
        return ""
    for call in calls_in(made, into_functions=False):
        told = [strip(arg) for arg in call.args]
        if any(isinstance(one, Name) and one.id in given for one in told):
            kept = answer.target.id
            if any(kept in names_in(one) for one in told):
                return kept  # current = await run(plugin, hook, current)
            others = [name for one in told if not names_in(one) & given for name in sorted(names_in(one))]
            return others[-1] if others else ""
    return ""


def _puts(body: list[Statement], answer: Assign, current: str) -> Assign | None:
    """Return where a loop gives the answer to the name under which the value is handed over."""
    if isinstance(answer.target, Name) and answer.target.id == current:
        return answer
    for statement in body:
        put = strip(statement.value) if isinstance(statement, ExprStatement) else statement
        if not isinstance(put, Assign) or put.value is None or put.op != "=":
            continue
        value, target = strip(put.value), put.target
        if isinstance(target, Name) and target.id == current and isinstance(value, Name):
            return put if isinstance(answer.target, Name) and value.id == answer.target.id else None
    return None


def _given_back(body: list[Statement], current: str) -> bool:
    return any(one.value is not None and current in names_in(one.value) for one in find(body, Return))


def _is_looked_at(body: list[Statement], answer: Assign) -> bool:
    """Tell whether a test in the loop is about the answer, or a call is given it to look at."""
    name = answer.target.id if isinstance(answer.target, Name) else ""
    if answer.value is not None and name in names_in(answer.value):
        return any(name in names_in(one.test) for one in find(body, If, into_functions=False))
    tests: list[Node] = [one.test for one in find(body, If, into_functions=False)]
    checks = [
        call for call in find(body, Call, into_functions=False) if any(name in names_in(arg) for arg in call.args)
    ]
    return any(name in names_in(one) for one in tests) or bool(checks)
