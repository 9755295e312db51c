"""What an expression comes to when a look-up in it finds nothing.

The rule about permissions that fail open stands on this: whatever the spelling, a decision
that is "yes" for somebody whom no rule knows is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Unary,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.experts.security.fails_open.selections import selected_from
from reviewer.experts.security.vocabulary import ALLOWING, REFUSING, says

if TYPE_CHECKING:
    from reviewer.code.module import Module


class Outcome(Struct, frozen=True):
    """What a value is: ``nothing``, ``constant``, ``empty`` (a collection), ``thing``, ``throws`` or ``unknown``."""

    kind: str
    value: str | int | float | bool | bytes | None = None
    parts: Expr | None = None
    """For a thing, the expression that makes it."""
    caused: bool = False
    """True where it is so only because the look-up found nothing."""


UNKNOWN: Final = Outcome("unknown")
THROWS: Final = Outcome("throws", caused=True)
NOTHING: Final = Outcome("nothing", caused=True)
Absent: TypeAlias = "Callable[[Expr], bool]"

_DEEPEST: Final = 40
_ENDLESS: Final = frozenset(
    {"Number.POSITIVE_INFINITY", "Number.MAX_SAFE_INTEGER", "Number.MAX_VALUE", "math.inf", "sys.maxsize"}
)
"""Numbers that nothing exceeds."""
_COMPARISONS: Final = frozenset({"==", "!=", "<", ">", "<=", ">="})
_GIVE_UNDEFINED: Final = frozenset({"get", "find", "at", "pop", "shift", "has"})
"""Calls on tables and lists that give ``undefined``, never ``null``, where they find nothing."""


class Absence:
    """Evaluates expressions of one module under the assumption that certain look-ups find nothing."""

    def __init__(self, module: Module, absent: Absent) -> None:
        """Take the module and the test that tells which expressions find nothing."""
        self._module = module
        self._absent = absent
        self._python = module.language == "python"

    def evaluate(self, expr: Expr, depth: int = 0) -> Outcome:
        """Return what an expression comes to."""
        expr = uncast(expr)
        if depth > _DEEPEST:
            return UNKNOWN
        if isinstance(expr, Await):
            return self.evaluate(expr.value, depth + 1)
        if self._absent(expr):
            return self._default(expr, depth)
        handler = _HANDLERS.get(type(expr))
        return handler(self, expr, depth) if handler is not None else UNKNOWN

    def truth(self, expr: Expr) -> tuple[bool | None, bool]:
        """Return whether an expression holds (None where unknown), and whether the absence is the reason."""
        outcome = self.evaluate(expr)
        return self._truth(outcome), outcome.caused

    def _truth(self, outcome: Outcome) -> bool | None:
        if outcome.kind == "nothing":
            return False
        if outcome.kind == "constant":
            return bool(outcome.value)
        if outcome.kind == "empty":
            return not self._python
        if outcome.kind == "thing":
            return True
        return None

    def _default(self, expr: Expr, depth: int) -> Outcome:
        """Return what a look-up itself gives in place of nothing: the default of ``get(key, default)``."""
        if isinstance(expr, Call) and expr.name in ("get", "pop", "setdefault") and self._python:
            default = expr.arg(1, "default")
            if default is not None:
                found = self.evaluate(default, depth + 1)
                return Outcome(found.kind, found.value, found.parts, caused=True)
        if isinstance(expr, Comprehension | Call) and selected_from(self._module, expr) is not None:
            return Outcome("empty", caused=True)
        if isinstance(expr, Call) and expr.name == "has":
            return Outcome("constant", False, caused=True)
        if isinstance(expr, Binary):
            return Outcome("constant", expr.op == "not in", caused=True)
        if isinstance(expr, Index) and self._python:
            return THROWS
        return NOTHING

    # Kinds of expressions

    def _literal(self, expr: Literal, _depth: int) -> Outcome:
        return Outcome("nothing") if expr.value is None else Outcome("constant", expr.value)

    def _name(self, expr: Name, depth: int) -> Outcome:
        if expr.id == "Infinity":
            return Outcome("constant", inf)
        if expr.id == "undefined":
            return Outcome("nothing")
        bindings = self._module.scopes.lookup(expr.id, expr)
        values = [b for b in bindings if not (isinstance(b, Assign) and b.value is None)]
        if len(values) != 1 or not isinstance(values[0], Assign) or values[0].op not in ("=", ":="):
            return UNKNOWN
        assign = values[0]
        if assign.value is None or assign.raw.start_byte > expr.raw.start_byte:
            return UNKNOWN
        found = self.evaluate(assign.value, depth + 1)
        if found.kind == "nothing" and assign.default is not None:
            other = self.evaluate(assign.default, depth + 1)
            return Outcome(other.kind, other.value, other.parts, caused=found.caused)
        return found

    def _member(self, expr: Member, depth: int) -> Outcome:
        if self._module.resolve(expr) in _ENDLESS:
            return Outcome("constant", inf)
        if isinstance(expr.object, Name) and expr.object.id[:1].isupper() and says(expr, ALLOWING | REFUSING):
            return Outcome("constant", words(expr.name)[-1])  # Verdict.Granted
        base = self.evaluate(expr.object, depth + 1)
        if base.kind in ("nothing", "throws"):
            return self._of_nothing(base, expr.optional, expr.object)
        if base.kind == "empty":
            if expr.name in ("length", "size"):
                return Outcome("constant", 0, caused=base.caused)
            return Outcome("nothing", caused=base.caused) if not self._python else UNKNOWN
        if base.kind == "thing" and base.parts is not None:
            return self._part(base, expr.name, depth)
        return UNKNOWN

    def _part(self, base: Outcome, name: str, depth: int) -> Outcome:
        value: Expr | None = None
        if isinstance(base.parts, Object):
            value = base.parts.get(name)
            if value is None and not base.parts.spreads and not self._python:
                return Outcome("nothing", caused=base.caused)
        elif isinstance(base.parts, Call):
            value = base.parts.keywords.get(name)
        if value is None:
            return UNKNOWN
        found = self.evaluate(value, depth + 1)
        return Outcome(found.kind, found.value, found.parts, caused=base.caused or found.caused)

    def _of_nothing(self, base: Outcome, optional: bool, below: Expr) -> Outcome:
        if base.kind == "throws":
            return base
        if optional or _short_circuits(below):
            return base
        return Outcome("throws", caused=base.caused)

    def _index(self, expr: Index, depth: int) -> Outcome:
        base = self.evaluate(expr.object, depth + 1)
        if base.kind in ("nothing", "throws"):
            return self._of_nothing(base, expr.optional, expr.object)
        if base.kind == "empty":
            return Outcome("throws" if self._python else "nothing", caused=base.caused)
        if isinstance(expr.key, Literal) and isinstance(expr.key.value, str) and base.kind == "thing":
            return self._part(base, expr.key.value, depth)
        return UNKNOWN

    def _object(self, expr: Object, _depth: int) -> Outcome:
        if not expr.entries:
            return Outcome("empty")
        return Outcome("thing", parts=expr)

    def _array(self, expr: Array, _depth: int) -> Outcome:
        return Outcome("thing", parts=expr) if expr.items else Outcome("empty")

    def _conditional(self, expr: Conditional, depth: int) -> Outcome:
        test = self.evaluate(expr.test, depth + 1)
        holds = self._truth(test)
        if holds is None:
            return test if test.kind == "throws" else self._either(expr.then, expr.other, depth)
        found = self.evaluate(expr.then if holds else expr.other, depth + 1)
        return Outcome(found.kind, found.value, found.parts, caused=test.caused or found.caused)

    def _either(self, one: Expr, other: Expr, depth: int) -> Outcome:
        first, second = self.evaluate(one, depth + 1), self.evaluate(other, depth + 1)
        return first if (first.kind, first.value) == (second.kind, second.value) else UNKNOWN

    def _unary(self, expr: Unary, depth: int) -> Outcome:
        value = self.evaluate(expr.operand, depth + 1)
        if value.kind == "throws":
            return value
        if expr.op == "not":
            holds = self._truth(value)
            return UNKNOWN if holds is None else Outcome("constant", not holds, caused=value.caused)
        if expr.op == "typeof" and value.kind == "nothing":
            return Outcome("constant", "undefined", caused=value.caused)
        return UNKNOWN

    def _binary(self, expr: Binary, depth: int) -> Outcome:
        left = self.evaluate(expr.left, depth + 1)
        if left.kind == "throws":
            return left
        if expr.op in ("and", "or"):
            holds = self._truth(left)
            if holds is None:
                return self._undecided(expr, depth)
            if holds is (expr.op == "or"):
                return left
            right = self.evaluate(expr.right, depth + 1)
            return Outcome(right.kind, right.value, right.parts, caused=left.caused or right.caused)
        if expr.op == "??":
            if left.kind != "nothing":
                return left
            right = self.evaluate(expr.right, depth + 1)
            return Outcome(right.kind, right.value, right.parts, caused=left.caused or right.caused)
        right = self.evaluate(expr.right, depth + 1)
        if expr.op in _COMPARISONS:
            return self._compare(expr, left, right)
        if expr.op in ("in", "not in"):
            return self._contains(right, left, expr.op == "in")
        return UNKNOWN

    def _undecided(self, expr: Binary, depth: int) -> Outcome:
        right = self.evaluate(expr.right, depth + 1)
        holds = self._truth(right)
        if holds is (expr.op == "or"):  # unknown or true; unknown and false
            return Outcome("constant", holds, caused=right.caused)
        return UNKNOWN

    def _compare(self, expr: Binary, left: Outcome, right: Outcome) -> Outcome:
        caused = left.caused or right.caused
        if left.caused and left.value == inf and right.kind == "unknown" and expr.op not in ("==", "!="):
            return Outcome("constant", expr.op in (">", ">="), caused=True)
        if right.caused and right.value == inf and left.kind == "unknown" and expr.op not in ("==", "!="):
            return Outcome("constant", expr.op in ("<", "<="), caused=True)
        if "unknown" in (left.kind, right.kind) or "throws" in (left.kind, right.kind):
            return right if right.kind == "throws" else UNKNOWN
        if expr.op in ("==", "!="):
            if "nothing" in (left.kind, right.kind):
                same = left.kind == right.kind and not self._differ(expr)
            elif left.kind == right.kind == "constant":
                same = left.value == right.value and isinstance(left.value, bool) == isinstance(right.value, bool)
            else:
                same = False
            return Outcome("constant", same is (expr.op == "=="), caused=caused)
        if "nothing" in (left.kind, right.kind):
            return Outcome("throws" if self._python else "constant", False, caused=caused)
        a, b = left.value, right.value
        if isinstance(a, int | float) and isinstance(b, int | float):
            return Outcome("constant", _ORDERS[expr.op](a, b), caused=caused)
        return UNKNOWN

    def _differ(self, expr: Binary) -> bool:
        """Tell whether a strict comparison is with ``null``, which a look-up in a table without result is not."""
        sides = [uncast(expr.left), uncast(expr.right)]
        if not expr.strict or not any(isinstance(side, Literal) and side.raw_text == "null" for side in sides):
            return False
        asked = next((side for side in sides if not isinstance(side, Literal)), None)
        if asked is None or is_this_member(asked):
            return False
        made = self._module.scopes.origin(asked)
        if isinstance(made, Call):
            return made.name in _GIVE_UNDEFINED
        return isinstance(made, Member | Index) and not is_this_member(made)

    def _contains(self, collection: Outcome, item: Outcome, positive: bool) -> Outcome:
        caused = collection.caused or item.caused
        if collection.kind == "empty":
            return Outcome("constant", not positive, caused=caused)
        if collection.kind == "nothing":
            return Outcome("throws", caused=caused)
        held = _literals(collection)
        if held is None or item.kind not in ("nothing", "constant"):
            return UNKNOWN
        inside = item.value in held if item.kind == "constant" else None in held
        return Outcome("constant", inside is positive, caused=caused)

    def _call(self, expr: Call, depth: int) -> Outcome:
        receiver = expr.receiver
        if receiver is None:
            return self._plain_call(expr, depth)
        base = self.evaluate(receiver, depth + 1)
        optional = isinstance(expr.callee, Member) and (expr.callee.optional or expr.optional)
        if base.kind in ("nothing", "throws"):
            return self._of_nothing(base, optional, receiver)
        if expr.name in ("includes", "has", "__contains__") and expr.args:
            return self._contains(base, self.evaluate(expr.args[0], depth + 1), True)
        if base.kind == "empty":
            if expr.name == "every":
                return Outcome("constant", True, caused=base.caused)
            if expr.name == "some":
                return Outcome("constant", False, caused=base.caused)
            if expr.name == "get":
                default = expr.arg(1, "default")
                if default is None or not self._python:
                    return Outcome("nothing", caused=base.caused)
                found = self.evaluate(default, depth + 1)
                return Outcome(found.kind, found.value, found.parts, caused=base.caused)
            if expr.name in (
                "filter",
                "map",
                "flat",
                "flatMap",
                "slice",
                "values",
                "keys",
                "items",
                "split",
                "entries",
            ):
                return base
        return UNKNOWN

    def _plain_call(self, expr: Call, depth: int) -> Outcome:
        if expr.name in ("Boolean", "bool") and len(expr.args) == 1:
            value = self.evaluate(expr.args[0], depth + 1)
            holds = self._truth(value)
            if value.kind == "throws":
                return value
            return UNKNOWN if holds is None else Outcome("constant", holds, caused=value.caused)
        if expr.name in ("Set", "Map", "set", "dict", "list", "frozenset", "tuple"):
            if not expr.args and not expr.keywords:
                return Outcome("empty")
            if len(expr.args) == 1:
                value = self.evaluate(expr.args[0], depth + 1)
                return Outcome("empty", caused=value.caused) if value.kind == "nothing" else value
        if expr.name == "len" and expr.args:
            value = self.evaluate(expr.args[0], depth + 1)
            return Outcome("constant", 0, caused=value.caused) if value.kind == "empty" else UNKNOWN
        if expr.name in ("all", "any") and len(expr.args) == 1 and isinstance(expr.args[0], Comprehension):
            over = self.evaluate(expr.args[0].clauses[0][1], depth + 1)
            if over.kind == "throws":
                return over
            if over.kind == "empty":
                return Outcome("constant", expr.name == "all", caused=over.caused)
            return UNKNOWN
        if expr.new or (self._python and expr.name[:1].isupper()):
            return Outcome("thing", parts=expr)
        return UNKNOWN


def _short_circuits(expr: Expr) -> bool:
    """Tell whether ``?.`` stands earlier in the same chain, so that the rest of it isn't run."""
    node: Expr = uncast(expr)
    while isinstance(node, Member | Index | Call):
        if node.optional:
            return True
        node = uncast(node.callee if isinstance(node, Call) else node.object)
    return False


def _literals(collection: Outcome) -> list[object] | None:
    if not isinstance(collection.parts, Array):
        return None
    items = [uncast(item) for item in collection.parts.items]
    if all(isinstance(item, Literal) for item in items):
        return [item.value for item in items if isinstance(item, Literal)]
    return None


_ORDERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_HANDLERS: Final[dict[type, Callable[..., Outcome]]] = {
    Literal: Absence._literal,
    Name: Absence._name,
    Member: Absence._member,
    Index: Absence._index,
    Object: Absence._object,
    Array: Absence._array,
    Conditional: Absence._conditional,
    Unary: Absence._unary,
    Binary: Absence._binary,
    Call: Absence._call,
}
