"""Which expressions are text, not lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import callee, declared_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Field,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    Unary,
    strip,
)
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.reaching.sql_columns import column_of, holds_text

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MAKERS: Final = word_set(
    "join toLowerCase toUpperCase trim lower upper strip casefold toString String str replace replaceAll format "
    "substring padStart decode readFileSync read_text getenv"
)
_DEEPEST: Final = 6
_TYPES: Final = frozenset({"string", "str", "string|undefined", "string|null", "str|None", "Optional[str]"})


def is_text(module: Module, expr: Expr | None, depth: int = 0) -> bool:
    """Tell whether an expression is certainly a text where it is anything."""
    if expr is None or depth > _DEEPEST:
        return False
    expr = strip(expr)
    if isinstance(expr, Literal | Template):
        return isinstance(expr, Template) or isinstance(expr.value, str)
    if isinstance(expr, Binary):
        if expr.op == "+":
            return is_text(module, expr.left, depth + 1) or is_text(module, expr.right, depth + 1)
        return expr.op in ("??", "or") and is_text(module, expr.right, depth + 1)
    if isinstance(expr, Conditional):
        return is_text(module, expr.then, depth + 1) and is_text(module, expr.other, depth + 1)
    if isinstance(expr, Call):
        return _call_is_text(module, expr, depth)
    if isinstance(expr, Index):
        if last_name(expr.object) == "headers" or _is_cell(module, expr):
            return True
        return _holds_texts(module, expr.object) or holds_text(column_of(module, expr))
    if not isinstance(expr, Name | Member):
        return False
    named = _named_is_text(module, expr, depth) or holds_text(column_of(module, expr))
    return named or _is_asked_for_text(module, expr)


def _is_asked_for_text(module: Module, expr: Name | Member) -> bool:
    """Tell whether something is used only where it was found to be a text: ``typeof rule === "string" && …``."""
    if isinstance(expr, Name) and len(module.scopes.lookup(expr.id, expr)) != 1:
        return False  # what was a text when it was asked about may have been split since
    spelled = module.text_of(expr)
    return any(_finds_text(module, one.test, spelled) is one.holds for one in conditions(expr))


def _finds_text(module: Module, test: Expr, spelled: str) -> bool | None:
    """Return whether a test holds for texts or for what is none; None where it asks for something else."""
    if isinstance(test, Binary) and test.op in ("==", "!=", "===", "!=="):
        kind, said = strip(test.left), strip(test.right)
        if isinstance(kind, Unary) and kind.op == "typeof" and isinstance(said, Literal) and said.value == "string":
            return test.op[0] == "=" if module.text_of(kind.operand) == spelled else None
    if isinstance(test, Call) and test.name == "isinstance" and len(test.args) == 2:
        of, kind = strip(test.args[0]), strip(test.args[1])
        return True if isinstance(kind, Name) and kind.id == "str" and module.text_of(of) == spelled else None
    return None


def _is_cell(module: Module, part: Index) -> bool:
    """Tell whether a value is one part of a text that was split: ``const [name, air] = line.split(";").map(trim)``."""
    if not isinstance(part.key, Literal) or not isinstance(part.key.value, int):
        return False
    made = module.scopes.origin_by(part.object, _split_before)
    return isinstance(made, Call) and made.name == "split"


def _split_before(made: Expr) -> Expr | None:
    """Return the list of which another was made without changing what its items say."""
    if not isinstance(made, Call) or made.name not in ("map", "filter", "slice"):
        return None
    by = strip(made.args[0]) if made.args else None
    answers = [one.value for one in returns_of(by)] if isinstance(by, Function) else []
    same = answers and all(isinstance(one, Call) and one.name in _MAKERS for one in answers)
    return made.receiver if made.name != "map" or same else None


def _holds_texts(module: Module, table: Expr) -> bool:
    """Tell whether a table that is written out holds texts alone: ``const ROLES = { viewer: "read list", … }``."""
    made = module.scopes.origin(table)
    if isinstance(made, Call) and made.name == "freeze" and made.args:
        made = strip(made.args[0])
    values = [strip(value) for _key, value in made.entries] if isinstance(made, Object) else []
    return bool(values) and all(isinstance(one, Literal) and isinstance(one.value, str) for one in values)


def _call_is_text(module: Module, call: Call, depth: int) -> bool:
    if call.name in _MAKERS:
        return True
    if call.name in ("get", "getattr", "pop"):
        default = call.arg(2 if call.name == "getattr" else 1, "default")
        return isinstance(default, Literal) and isinstance(default.value, str)
    target = callee(module, call)
    if target is None:
        return False
    if target.returns:
        return target.returns.replace(" ", "") in _TYPES
    values = [node.value for node in returns_of(target)]
    return bool(values) and all(is_text(target.module, value, depth + 1) for value in values)


def _named_is_text(module: Module, expr: Name | Member, depth: int) -> bool:
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    if any(isinstance(one, Param) and one.rest for one in bound):
        return False  # ``*types: str`` is a list of them
    declared = declared_type(module, expr).replace(" ", "").strip("'\"")
    if declared:
        return declared in _TYPES
    if isinstance(expr, Member):
        kinds = {field.type.replace(" ", "").strip("'\"") for field in module.all(Field) if field.name == expr.name}
        if kinds:
            return kinds <= _TYPES
    if isinstance(expr, Name):
        for binding in bound:
            if isinstance(binding, Assign) and binding.default is not None:
                return is_text(module, binding.default, depth + 1)
    origin = module.scopes.origin(expr)
    if isinstance(origin, Param):
        return origin.type.replace(" ", "") in _TYPES
    return isinstance(origin, Expr) and origin is not expr and is_text(module, origin, depth + 1)
