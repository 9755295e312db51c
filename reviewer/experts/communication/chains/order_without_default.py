"""COM043: steps are sorted by a number that not every one of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ORDERS: Final = word_set("priority prio order weight rank position precedence importance")


@module_check("COM043", words=_ORDERS)
def order_without_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each sort by a member that plugins give, for what it is where they leave it out."""
    if module.is_test:
        return
    for call in module.calls({"sort", "toSorted", "sorted"}):
        compared = _by_difference(module, call) if module.language != "python" else _by_key(module, call)
        if compared is None:
            continue
        place, member = compared
        if _may_be_missing(module, member):
            yield Match(
                place,
                f"'{member}' may be left out, and is compared as it is: without it "
                + (
                    "None meets a number, and the sort fails for all."
                    if module.language == "python"
                    else "the difference is NaN, and the order of all of them is any."
                ),
                confidence=Confidence.LIKELY,
                severity=Severity.MEDIUM,
                fix=f"Give '{member}' a default where the entry is made, and break ties by what is always there.",
            )


def _by_difference(module: Module, call: Call) -> tuple[Expr, str] | None:
    """Return (place, member) of ``sort((a, b) => a.priority - b.priority)``."""
    given = definition(module, call.args[0]) if call.args else None
    if not isinstance(given, Function) or len(given.params) != 2:
        return None
    for node in find(given.body, Binary):
        left, right = strip(node.left), strip(node.right)
        if node.op == "-" and isinstance(left, Member) and isinstance(right, Member) and left.name == right.name:
            return (node, left.name) if set(words(left.name)) & _ORDERS else None
    return None


def _by_key(module: Module, call: Call) -> tuple[Expr, str] | None:
    """Return (place, member) of ``sorted(steps, key=lambda step: step.priority)``."""
    given = call.keywords.get("key")
    key = definition(module, given) if given is not None else None
    answer = key.body[-1] if isinstance(key, Function) and key.body else None
    value = strip(answer.value) if isinstance(answer, Return) and answer.value is not None else None
    if isinstance(value, Array) and value.items:
        value = strip(value.items[0])
    name = ""
    if isinstance(value, Member):
        name = value.name
    elif isinstance(value, Index) and isinstance(value.key, Literal):
        name = str(value.key.value)
    return (value, name) if value is not None and set(words(name)) & _ORDERS else None


def _may_be_missing(module: Module, member: str) -> bool:
    """Tell whether an entry is made with what a plugin gave for a member, or gave not."""
    declared = [field for cls in module.all(Class) for field in cls.fields if field.name == member]
    if module.language == "typescript":
        return any(field.optional for field in declared) and not _is_filled_in(module, member)
    for made in module.all(Object):
        value = made.get(member)
        if value is not None and _left_open(module, value, member):
            return True
    if module.language == "python":
        return any(
            value is not None and _left_open(module, value, member)
            for call in module.all(Call)
            for value in [call.keywords.get(member)]
        ) or any("None" in field.type and isinstance(field.value, Literal) for field in declared)
    return False


def _is_filled_in(module: Module, member: str) -> bool:
    """Tell whether what an entry lacks is given to it here: ``if (!step.priority) step.priority = 100``."""
    return any(
        isinstance(target := strip(assign.target), Member)
        and target.name == member
        and assign.value is not None
        and last_name(assign.value) != member
        for assign in module.all(Assign)
    )


def _left_open(module: Module, value: Expr, member: str) -> bool:
    """Tell whether a value is what somebody else gave, taken as it is."""
    value = strip(value)
    function = function_of(value)
    if function is None or function.private or _looked_at(function, member):
        return False
    if isinstance(value, Call):
        return value.name == "get" and len(value.args) == 1 and module.language == "python"
    if module.language == "python":
        return False
    if isinstance(value, Name):
        for binding in module.scopes.lookup(value.id, value):
            if isinstance(binding, Param) and binding.parent is function and value.id in binding.fields.values():
                text = module.text_of(binding).replace(" ", "")
                return f"{value.id}=" not in text
    return False


def _looked_at(function: Function, member: str) -> bool:
    """Tell whether a function looks at a value before it keeps it: it tests its type, or names it in an error."""
    for node in walk(function.body):
        if isinstance(node, Call) and node.name in ("isFinite", "isInteger", "isSafeInteger", "isNaN", "Number", "int"):
            return True
        if isinstance(node, Template) and any(getattr(hole, "id", "") == member for hole in node.holes):
            return True
        if isinstance(node, Literal) and node.value == "number":
            return True
    return False
