"""SEC006: what somebody wrote into a file, a page or a row is taken for true because it is not empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.sql_statements import runs_in
from reviewer.experts.security.deciding.decisions import decision_functions, is_decision
from reviewer.experts.security.reaching.sql_columns import declarations, holds_text
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TRUTHS: Final = frozenset({"Boolean", "bool"})
_PARSES: Final = frozenset({"parse", "loads", "load", "safe_load"})
_PARSERS: Final = frozenset({"JSON", "json", "yaml", "YAML", "toml", "tomllib", "tomli", "TOML"})
_SELECTED: Final = regex(r"(?i)^\s*select\s+(?:distinct\s+)?(?:\w+\.)?(\w+)\s+from\b")
_LOOKED_AT: Final = frozenset({"isinstance", "isArray", "isInteger", "isFinite", "test", "match"})


@module_check("SEC006", words={"boolean", "bool"})
def parsed_text_truth(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each conversion to yes or no of what may be any text."""
    if module.is_test:
        return
    for call in module.calls(_TRUTHS):
        if call.receiver is not None or len(call.args) != 1:
            continue
        value = strip(call.args[0])
        text = short(module.text_of(value))
        if _is_attribute(value) and _refuses_by(call):
            yield Match(
                call,
                f"'{text}' is a text where there is such an attribute: every text is true, \"false\" as well, and an "
                "attribute without a value is not.",
            )
        elif _is_parsed(module, value) and _others_are_looked_at(module, call, value) and _decides(inquiry, module):
            yield Match(
                call,
                f'\'{text}\' is whatever the file says: every text is true, "no" and "false" as well, where the other '
                "members are looked at before they are believed.",
            )
        elif (column := _text_column(module, value)) and _in_decision(call):
            yield Match(
                call,
                f"'{text}' is a text of the column '{column}': every text is true, \"0\" and \"off\" as well.",
            )


def _is_attribute(value: Expr) -> bool:
    """Tell whether a value is an attribute of an element of a page: ``frame.dataset.muted``."""
    if isinstance(value, Member):
        held = strip(value.object)
        return isinstance(held, Member) and held.name == "dataset"
    return isinstance(value, Call) and value.name == "getAttribute" and len(value.args) == 1


def _refuses_by(call: Call) -> bool:
    """Tell whether what a conversion gives is kept, and something is thrown or ended where it holds or not."""
    kept, function = call.parent, function_of(call)
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name) or function is None:
        return False
    name = kept.target.id
    for test in find(function.body, If):
        thrown = any(isinstance(one, Throw) for one in test.body)
        if thrown and any(_is_name(part, name) for part in _sides(test.test)):
            return True
    return False


def _sides(test: Expr) -> Iterator[Expr]:
    """Yield what a condition asks by itself, without the ``not`` before it."""
    held = strip(test)
    while isinstance(held, Unary) and held.op == "not":
        held = strip(held.operand)
    if isinstance(held, Binary) and held.op in ("and", "or"):
        yield from _sides(held.left)
        yield from _sides(held.right)
    else:
        yield held


def _is_name(part: Expr, name: str) -> bool:
    return isinstance(part, Name) and part.id == name


def _is_parsed(module: Module, value: Expr) -> bool:
    """Tell whether a value is a member of what was parsed in the same function."""
    found = step(value)
    held = strip(found[0]) if found is not None else None
    made = module.scopes.origin(held) if isinstance(held, Name) else None
    if not isinstance(made, Call) or made.name not in _PARSES or made.receiver is None:
        return False
    parser = strip(made.receiver)
    return isinstance(parser, Name) and parser.id in _PARSERS


def _others_are_looked_at(module: Module, call: Call, value: Expr) -> bool:
    """Tell whether another member of the same thing is looked at before it is believed."""
    found, function = step(value), function_of(call)
    if found is None or function is None:
        return False
    holder = module.text_of(found[0])
    for test in find(function.body, If):
        if not exits(test.body):
            continue
        for asked in find(test.test, Call):
            if asked.name in _LOOKED_AT and any(_is_of(module, one, holder) for one in asked.args):
                return True
        for asked_type in find(test.test, Unary):
            if asked_type.op == "typeof" and _is_of(module, asked_type.operand, holder):
                return True
    return False


def _is_of(module: Module, part: Expr, holder: str) -> bool:
    found = step(strip(part))
    return found is not None and module.text_of(found[0]) == holder


def _decides(inquiry: Inquiry, module: Module) -> bool:
    return bool(decision_functions(inquiry, module))


def _in_decision(call: Node) -> bool:
    function = function_of(call)
    return isinstance(call.parent, Return) and isinstance(function, Function) and is_decision(function)


def _text_column(module: Module, value: Expr) -> str:
    """Return the column of texts of which a value is the one that was selected: ``row[0]``, ``row and row[0]``."""
    if isinstance(value, Binary) and value.op == "and":
        value = strip(value.right)
    function = function_of(value)
    first = isinstance(value, Index) and isinstance(value.key, Literal) and value.key.value == 0
    held = strip(value.object) if isinstance(value, Index) else None
    if not first or not isinstance(held, Name) or function is None or isinstance(module.scopes.origin(held), Param):
        return ""
    selected = [hit[1].lower() for run in runs_in(function) if (hit := _SELECTED.match(run.text))]
    if len(selected) != 1:
        return ""
    declared = declarations(module).get(selected[0], set())
    return selected[0] if declared and all(holds_text(one) for one in declared) else ""
