"""SEC447: the first rule that fits decides, so that a later one that forbids has no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Return,
    strip,
)
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.registry.sql_statements import runs_in
from reviewer.experts.registry.sql_text import place
from reviewer.experts.security.deciding.decisions import readers
from reviewer.experts.security.reaching.sql_columns import declarations, named_values
from reviewer.experts.security.values.access import step
from reviewer.experts.security.vocabulary import ALLOWING, REFUSING, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_YES: Final = word_set("allow allowed grant granted permit permitted accept approve")
_NO: Final = REFUSING | {"bar", "barred", "prohibit", "reject"}
_RANKED: Final = frozenset("priority priorities precedence specific specificity weight weights rank ranks".split())
"""Words of a list whose order somebody has thought about."""
_ORDERS: Final = frozenset("sort sorted toSorted reverse reversed orderBy sortBy".split())
_EFFECTS: Final = frozenset("effect verdict decision mode action access kind outcome type policy ruling".split())
_ONE_ROW: Final = regex(r"\blimit\s{1,9}1\b")
_BY_AGE: Final = regex(r"\border\s{1,9}by\s{1,9}(?:\w{1,60}\.)?(?:id|rowid|created\w{0,20}|seq|position|at)\b")


@module_check("SEC447", words=_YES | ALLOWING & {"allow", "grant", "permit"})
def first_rule_decides(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at decisions that pick one rule of a list, where rules allow and forbid."""
    if module.is_test or module.words & _RANKED:
        return
    seen: set[int] = set()
    for function in readers(module):
        if id(function) in seen or _asks_for_refusals(function):
            continue
        seen.add(id(function))
        for at in (*_picked(module, function), *_looped(function)):
            if _some_forbid(inquiry):
                yield Match(
                    at,
                    f"The first rule that fits decides in '{function.name}': one that forbids, and was entered after "
                    "one that allows, has no effect.",
                )
        for table, where in _rows(module, function):
            yield Match(
                where,
                f"The oldest row of '{table}' that fits decides in '{function.name}': a refusal that is entered after "
                "a grant has no effect.",
            )


def _asks_for_refusals(function: Function) -> bool:
    """Tell whether a function asks whether any rule refuses: then it does not matter which stands first."""
    return any(
        call.name in ("some", "any", "every", "all") and any(says(one, _NO) or says(one, _YES) for one in _texts(call))
        for call in find(function.body, Call)
    )


def _texts(call: Call) -> Iterator[Expr]:
    yield from find(call, Literal)
    yield from find(call, Member)


def _is_granting(test: Binary, rule: str) -> bool:
    """Tell whether a comparison asks whether the effect of a rule is to allow."""
    right = strip(test.right)
    if test.op not in ("==", "!=") or not (says(right, _YES) or says(right, _NO)):
        return False
    holder = _effect_of(test.left)
    return isinstance(holder, Name) and holder.id == rule


def _effect_of(expr: Expr) -> Expr | None:
    """Return the rule whose effect an expression is: ``rule.effect``, ``rule["effect"]``."""
    read = step(strip(expr))
    return strip(read[0]) if read is not None and read[1].lower() in _EFFECTS else None


def _picked(module: Module, function: Function) -> Iterator[Expr]:
    """Yield where one rule is picked by a name, and its effect is the answer."""
    for assign in find(function.body, Assign, into_functions=False):
        kept = assign.target.id if isinstance(assign.target, Name) and assign.value is not None else ""
        tests = find(function.body, Binary, into_functions=False) if kept else ()
        if any(_is_granting(test, kept) for test in tests) and _is_first(module, assign.value):
            yield assign
    for test in find(function.body, Binary, into_functions=False):
        first = _effect_of(test.left)
        if first is not None and test.op in ("==", "!=") and says(strip(test.right), _YES) and _is_first(module, first):
            yield test


def _is_first(module: Module, value: Expr | None) -> bool:
    """Tell whether a value is the first that fits: ``rules.find(…)``, ``next(r for r in …)``, ``fitting[0]``."""
    value = strip(value) if value is not None else None
    if isinstance(value, Index) and isinstance(value.key, Literal) and value.key.value == 0:
        listed = module.scopes.origin(value.object) if isinstance(strip(value.object), Name) else value.object
        return isinstance(listed, Call | Comprehension) and _narrows(listed)
    if not isinstance(value, Call) or not value.args:
        return False
    if value.name == "find" and isinstance(strip(value.args[0]), Function):
        return not any(one.name in _ORDERS for one in find(value, Call))
    return value.name == "next" and isinstance(strip(value.args[0]), Comprehension) and _narrows(strip(value.args[0]))


def _narrows(listed: Expr | None) -> bool:
    ordered = any(one.name in _ORDERS for one in find(listed, Call)) if listed is not None else True
    return not ordered and (isinstance(listed, Comprehension) or (isinstance(listed, Call) and listed.name == "filter"))


def _looped(function: Function) -> Iterator[Expr]:
    """Yield the answers that leave a loop with the effect of the first rule that fits."""
    for loop in find(function.body, For, into_functions=False):
        target = loop.target
        ordered = loop.iterable is None or any(one.name in _ORDERS for one in find(loop.iterable, Call))
        if not isinstance(target, Name) or ordered:
            continue
        for test in (one for one in loop.body if isinstance(one, If)):
            answer = test.body[-1] if test.body else None
            said = answer.value if isinstance(answer, Return) else None
            if isinstance(said, Binary) and _is_granting(said, target.id):
                yield said


def _some_forbid(inquiry: Inquiry) -> bool:
    """Tell whether rules forbid, too, anywhere in the subject."""
    project = inquiry.project
    return project.once(
        "security.forbids", lambda: any(project.answers("security.forbids", _forbids, _NO, tests=False))
    )


def _forbids(module: Module) -> bool:
    return any(says(one, _NO - {"no", "none", "off", "never", "n", "false"}) for one in module.all(Literal))


def _rows(module: Module, function: Function) -> Iterator[tuple[str, Location]]:
    """Yield the tables of which one row is asked for by age, where a column says whether the row allows or forbids."""
    for run in runs_in(function):
        text = run.text.lower()
        aged = _BY_AGE.search(text)
        if run.verb != "select" or aged is None or _ONE_ROW.search(text) is None:
            continue
        for column, declared in declarations(module).items():
            values = {value.lower() for one in declared for value in named_values(one)}
            if column in text and values & _YES and values & _NO:
                source = module.source.decode("utf-8", "replace")
                start = max(source.find(run.text), 0) + aged.start()
                yield next(iter(sorted(run.tables)), "?"), place(module.path, source, start, start + len(aged[0]))
                break
