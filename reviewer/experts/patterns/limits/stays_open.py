"""PAT560: what cuts a plugin off after failures lets it in again only when it succeeds, which it can't any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, If, Literal, Member, Return, Unary, strip
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node
    from reviewer.experts.check import Inquiry

_FAILS: Final = word_set("fail fails failed failure failures error errors errored crash crashed trip tripped strike")
_SUCCEEDS: Final = word_set("succeed succeeds succeeded success successes ok worked passed good done completed")
_CLOSED: Final = word_set(
    "open opened tripped broken blocked disabled quarantined suspended off banned out paused muted benched barred"
)
"""Words of what says that somebody is cut off."""
_ASKS: Final = word_set("allows allow allowed may can is available ready permits should closed healthy usable lets")
_LATER: Final = frozenset({"setTimeout", "call_later", "setInterval", "Timer", "call_at", "create_task"})
_BEGINS: Final = frozenset({"constructor", "__init__"})


@module_check("PAT560", words=_FAILS)
def stays_open(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that cuts somebody off after failures for who else than a success ends that."""
    if module.is_test or inquiry.subject.kind == "plugin" or any(True for _ in module.calls(_LATER)):
        return
    for cls in module.classes:
        if cls.kind != "class":
            continue
        asks = [one for one in cls.methods if set(spelled(one.name)) & _ASKS]
        for name, sets, ends in (*_tables(module, cls), *_flags(module, cls)):
            if not set(spelled(name)) & _CLOSED or not sets or not ends:
                continue
            if not all(set(spelled(one.name)) & _FAILS for one in sets):
                continue
            if not all(set(spelled(one.name)) & _SUCCEEDS for one in ends):
                continue
            gate = next((at for method in asks if (at := _refuses(method, name)) is not None), None)
            if gate is not None:
                yield Match(
                    gate,
                    f"Who is in '{name.removeprefix('#')}' is asked no more, and leaves it only by an answer that "
                    "succeeds: after a short trouble a plugin stays cut off until the host starts anew.",
                    fix="After some time, let one call through as a trial, and close again where it succeeds.",
                )
                break


def _tables(module: Module, cls: Class) -> Iterator[tuple[str, list[Function], list[Function]]]:
    """Yield the tables of a class, with who puts something in and who takes it out, where nobody reads the values."""
    for table in tables(module):
        if table.owner is not cls or table.of("read", "iterate"):
            continue
        sets = [one.function for one in table.of("write") if one.function is not None]
        ends = [one.function for one in table.of("delete", "clear") if one.function is not None]
        yield table.name, sets, ends


def _flags(module: Module, cls: Class) -> Iterator[tuple[str, list[Function], list[Function]]]:
    """Yield the flags of a class that are said to be true in some methods, and false in others."""
    sets: dict[str, list[Function]] = {}
    ends: dict[str, list[Function]] = {}
    mixed: set[str] = set()
    for assign in module.all(Assign):
        target = strip(assign.target)
        if not is_this_member(target) or class_of(assign) is not cls:
            continue
        function = function_of(assign)
        if function is None or function.name in _BEGINS:
            continue
        value = strip(assign.value) if assign.value is not None else None
        if isinstance(value, Literal) and value.value in (True, False):
            (sets if value.value else ends).setdefault(target.name, []).append(function)
        else:
            mixed.add(target.name)
    yield from ((name, sets[name], ends.get(name, [])) for name in sets if name not in mixed)


def _refuses(method: Function, name: str) -> Node | None:
    """Return where a method says no for what is cut off, and for no other reason that time could change."""
    for answer in find(method.body, Return, into_functions=False):
        value = strip(answer.value) if answer.value is not None else None
        negated = isinstance(value, Unary) and value.op == "not" and _asks_for(value.operand, name)
        absent = isinstance(value, Binary) and value.op == "not in" and last_name(strip(value.right)) == name
        if negated or absent:
            return answer
    for test in find(method.body, If, into_functions=False):
        asked = strip(test.test)
        if exits(test.body) and (_asks_for(asked, name) or _is_in(asked, name)):
            return test
    return None


def _asks_for(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    if isinstance(expr, Call):
        return expr.name == "has" and expr.receiver is not None and last_name(strip(expr.receiver)) == name
    return (isinstance(expr, Member) and is_this_member(expr) and expr.name == name) or _is_in(expr, name)


def _is_in(expr: Expr, name: str) -> bool:
    return isinstance(expr, Binary) and expr.op == "in" and last_name(strip(expr.right)) == name
