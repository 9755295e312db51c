"""COM183: numbers are put into order as if they were text: 100 comes before 20."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Expr,
    Function,
    Member,
    Name,
    Return,
    Spread,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_NUMBERS: Final = word_set("priority priorities weight weights rank ranks timestamp timestamps port ports score scores")
"""Last words of what is a number wherever it stands."""


@module_check("COM183", words={"sort", "sorted"})
def numbers_sorted_as_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each sorting without a comparison for whether numbers are sorted."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("sort", "toSorted")):
        spelled = _spelled(module, call.args[0]) if call.args else None
        if spelled is not None:
            yield Match(
                spelled,
                f"'{short(module.text_of(spelled))}' compares numbers as text: 100 comes before 20, and 5 after 50.",
                fix="Compare the numbers themselves: '(a, b) => a.priority - b.priority'.",
            )
        if call.args or call.receiver is None or not _are_numbers(module, call.receiver):
            continue
        yield Match(
            call,
            f"'{call.name}()' without a comparison orders numbers as text: of '{short(module.text_of(call.receiver))}' "
            "100 comes before 20, and 5 after 50.",
            fix="Say how numbers compare: 'sort((a, b) => a - b)'.",
        )


def _spelled(module: Module, comparison: Expr) -> Expr | None:
    """Return where a comparison makes texts of two numbers first: ``String(a.rank) < String(b.rank)``."""
    function = definition(module, comparison)
    for node in walk(function.body) if isinstance(function, Function) else ():
        sides: list[Expr] = []
        if isinstance(node, Binary) and node.op in ("<", ">", "<=", ">="):
            sides = [node.left, node.right]
        elif isinstance(node, Call) and node.name in ("localeCompare", "compare") and node.args:
            sides = [node.args[0], *([node.args[1]] if node.name == "compare" else [node.receiver or node.args[0]])]
        if isinstance(node, Expr) and sides and all(_is_text_of_number(module, side) for side in sides):
            return node
    return None


def _is_text_of_number(module: Module, expr: Expr) -> bool:
    made: Expr | None = strip(expr)
    if isinstance(made, Template):
        made = made.items[0] if len(made.items) == 1 else None
    elif isinstance(made, Call) and made.name == "String" and made.args:
        made = made.args[0]
    elif isinstance(made, Call) and made.name == "toString" and made.receiver is not None:
        made = made.receiver
    else:
        return False
    return made is not None and (_says_number(made) or declared_type(module, made).strip() == "number")


def _are_numbers(module: Module, expr: Expr) -> bool:
    value = strip(expr)
    if isinstance(value, Array) and len(value.items) == 1 and isinstance(value.items[0], Spread):
        return _keys_are_numbers(module, value.items[0].value) or _are_numbers(module, value.items[0].value)
    if isinstance(value, Call):
        return _call_gives_numbers(module, value)
    if not isinstance(value, Name | Member):
        return False
    kind = declared_type(module, value).replace("readonly ", "").strip()
    if kind in ("number[]", "Array<number>", "ReadonlyArray<number>", "Set<number>"):
        return True
    made = module.scopes.origin(value)
    return isinstance(made, Array | Call) and _are_numbers(module, made)


def _call_gives_numbers(module: Module, call: Call) -> bool:
    if call.name == "from" and call.args:
        return _keys_are_numbers(module, call.args[0]) or _are_numbers(module, call.args[0])
    if call.name == "map" and call.args:
        by = strip(call.args[0])
        if isinstance(by, Name):
            return by.id in ("Number", "parseInt", "parseFloat")
        last = by.body[-1] if isinstance(by, Function) and len(by.body) == 1 else None
        given = strip(last.value) if isinstance(last, Return) and last.value is not None else None
        if not isinstance(given, Member):
            return False
        return bool(set(words(given.name)[-1:]) & _NUMBERS) or declared_type(module, given).strip() == "number"
    if call.new and call.name == "Set" and call.args:
        return _are_numbers(module, call.args[0])
    if call.name in ("filter", "slice", "concat") and call.receiver is not None:
        return _are_numbers(module, call.receiver)
    return _keys_are_numbers(module, call)


def _keys_are_numbers(module: Module, expr: Expr) -> bool:
    """Tell whether an expression gives the keys of a map whose keys are numbers."""
    call = strip(expr)
    if not isinstance(call, Call) or call.name != "keys" or call.receiver is None:
        return False
    holder = strip(call.receiver)
    kind = declared_type(module, holder) or _value_type(module, holder)
    if kind:
        return kind.replace(" ", "").startswith(("Map<number,", "ReadonlyMap<number,"))
    name = module.text_of(holder)
    keys = [one.args[0] for one in module.calls(("set",)) if one.args and _named(module, one) == name]
    return bool(keys) and all(_says_number(key) for key in keys)


def _value_type(module: Module, holder: Expr) -> str:
    """Return the declared type of what a map gives: of ``Map<string, Map<number, Tap>>`` the inner one."""
    made = module.scopes.origin(holder)
    if not isinstance(made, Call) or made.name != "get" or made.receiver is None:
        return ""
    kind = declared_type(module, made.receiver).replace(" ", "")
    head, _comma, inner = kind.partition(",")
    return inner.removesuffix(">") if head.split("<", 1)[0] in ("Map", "ReadonlyMap") and "<" not in head[4:] else ""


def _named(module: Module, call: Call) -> str:
    return module.text_of(strip(call.receiver)) if call.receiver is not None else ""


def _says_number(key: Expr) -> bool:
    key = strip(key)
    name = key.id if isinstance(key, Name) else key.name if isinstance(key, Member) else ""
    return bool(set(words(name)[-1:]) & _NUMBERS)
