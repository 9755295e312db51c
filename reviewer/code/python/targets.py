"""What Python binds: targets of assignments, taken apart, and the patterns of ``match``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from reviewer.code.form import build
from reviewer.code.python.expressions import Expressions, christen
from reviewer.code.python.frame import DEEPEST, Repeated
from reviewer.code.syntax import Member, Name, Spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Assign, Expr, Node, Statement

_SEQUENCES: Final = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list"})
_STARS: Final = frozenset({"list_splat_pattern", "list_splat"})
_DEEPEST_TARGET: Final = 8
"""Patterns inside patterns that are taken apart; what is deeper is assigned whole."""


class Supply(Protocol):
    """What an assignment is given: an expression for each place where its value stands."""

    @property
    def items(self) -> list[Expr]:
        """The items of a list or tuple that is written out, else none."""
        ...

    def take(self) -> Expr:
        """Return the expression for the next place."""
        ...


class _Item:
    """One item of a value, a negative index counting from its end."""

    items: ClassVar[list[Expr]] = []

    def __init__(self, raw: RawNode, value: Supply, index: int) -> None:
        self._raw = raw
        self._value = value
        self._index = index

    def take(self) -> Expr:
        """Return ``value[index]`` for the next place."""
        key = build.literal(self._raw, self._index, str(self._index))
        return build.index(self._raw, self._value.take(), key)


class Targets(Expressions):
    """Lowers assignments and the patterns of ``match``."""

    def __init__(self, module: Module) -> None:
        """Take the module; see `Frame`."""
        super().__init__(module)
        self._statements.update({"assignment": self._assignment, "augmented_assignment": self._augmented})
        self._patterns: dict[str, Callable[[RawNode], Expr]] = {
            "dotted_name": self._value_or_capture,
            "as_pattern": self._as_pattern,
            "splat_pattern": self._splat_pattern,
            "list_pattern": self._sequence_pattern,
            "tuple_pattern": self._sequence_pattern,
            "union_pattern": self._parts_pattern,
            "class_pattern": self._parts_pattern,
            "dict_pattern": self._parts_pattern,
            "complex_pattern": self._parts_pattern,
            "keyword_pattern": self._keyword_pattern,
        }

    # Assignments

    def _assignment(self, raw: RawNode, out: list[Statement]) -> None:
        """Lower ``a = b = x`` to one assignment for each name that is bound."""
        lefts: list[RawNode] = []
        typed: RawNode | None = None
        current: RawNode | None = raw
        while current is not None and current.type == "assignment":
            left = current.child_by_field_name("left")
            if left is not None:
                lefts.append(left)
            typed = typed or current.child_by_field_name("type")
            current = current.child_by_field_name("right")
        assignments: list[Assign] = []
        if current is None:
            assignments.extend(build.assign(raw, self.expr(left), None) for left in lefts)
        else:
            shared = Repeated(self.expr(current))
            for left in lefts:
                self._apart(raw, left, shared, assignments, 0)
        out.extend(build.statement(raw, assignment) for assignment in assignments)
        if typed is not None:
            annotation = self.annotation(typed)
            for assignment in assignments:
                assignment.type = annotation
            out.extend(build.statement(raw, evaluated) for evaluated in self.evaluated([typed]))

    def _augmented(self, raw: RawNode, out: list[Statement]) -> None:
        operator = raw.child_by_field_name("operator")
        spelled = operator.type if operator is not None else "="
        assignment = build.assign(raw, self.child(raw, "left"), self.child(raw, "right"), spelled)
        out.append(build.statement(raw, assignment))

    def _apart(self, raw: RawNode, left: RawNode, value: Supply, found: list[Assign], depth: int) -> None:
        """Append one assignment for each name of a target such as ``a, (b, *c)``."""
        targets = self.parts(left) if left.type in _SEQUENCES else []
        while left.type == "tuple_pattern" and len(targets) == 1 and len(left.children) == 3:  # (a) = x
            left = targets[0]
            targets = self.parts(left) if left.type in _SEQUENCES else []
        if targets and depth < _DEEPEST_TARGET:
            self._items(raw, targets, value, found, depth + 1)
        else:
            target, given = self.expr(left), value.take()
            if isinstance(target, Name | Member):
                christen(given, target.id if isinstance(target, Name) else target.name)
            found.append(build.assign(raw, target, given))

    def _items(self, raw: RawNode, targets: list[RawNode], value: Supply, found: list[Assign], depth: int) -> None:
        """Append the assignments of the targets that share one value, item by item where it shows them."""
        stars = [position for position, target in enumerate(targets) if target.type in _STARS]
        star = stars[0] if stars else len(targets)
        items = value.items
        if len(items) == len(targets) and not stars and not any(isinstance(item, Spread) for item in items):
            for target, item in zip(targets, items, strict=True):
                self._apart(raw, target, Repeated(item), found, depth)
            return
        for position, target in enumerate(targets):
            if position == star:
                rest = build.index(raw, value.take(), build.opaque(raw, [], "slice"))
                found.append(build.assign(raw, self.group(target, self.parts(target)), rest))
            else:
                index = position if position < star else position - len(targets)
                self._apart(raw, target, _Item(raw, value, index), found, depth)

    # Patterns of match

    def arms(self, raws: list[RawNode], subject: Repeated) -> tuple[list[Expr], list[Expr]]:
        """Lower the pattern of an arm to its tests and what it binds; without tests it takes everything.

        ``case 1 | 2`` has two tests; ``case x`` has none and is the assignment ``x = subject``.
        Names that are bound deeper in a pattern are assignments without a value inside its test.
        """
        if len(raws) != 1:
            items = [self.pattern(raw) for raw in raws]
            return ([build.array(raws[0], items)] if raws else []), []
        raw = raws[0]
        bound: list[Expr] = []
        for _ in range(_DEEPEST_TARGET):
            parts = self.parts(raw)
            if raw.type in ("case_pattern", "tuple_pattern") and len(parts) == 1 and _only_brackets(raw):
                raw = parts[0]
            elif raw.type == "as_pattern" and len(parts) == 2:
                bound.append(build.assign(raw, self._name(parts[1]), subject.take()))
                raw = parts[0]
            else:
                break
        parts = self.parts(raw)
        if raw.type == "union_pattern":
            return [self.pattern(part) for part in parts], bound
        if raw.type == "case_pattern" and not parts and self.text(raw) == "_":
            return [], bound
        if raw.type == "dotted_name" and len(parts) == 1:
            bound.append(build.assign(raw, self._name(parts[0]), subject.take()))
            return [], bound
        return [self.pattern(raw)], bound

    def pattern(self, raw: RawNode) -> Expr:
        """Lower a pattern: values to expressions, names that are bound to assignments without a value."""
        if self._depth >= DEEPEST:
            return self.too_deep(raw)
        self._depth += 1
        node = self._patterns.get(raw.type, self._other_pattern)(raw)
        self._depth -= 1
        return node

    def _name(self, raw: RawNode) -> Name:
        return build.name(raw, self.identifier(raw))

    def _other_pattern(self, raw: RawNode) -> Expr:
        """Lower a bracketed pattern, the wildcard, or a constant."""
        if raw.type != "case_pattern":
            return self.expr(raw)
        parts = self.parts(raw)
        if len(parts) == 1:
            inner = self.pattern(parts[0])
            return build.unary(raw, "-", inner) if raw.children[0].type == "-" else inner
        return build.opaque(raw, [self.pattern(part) for part in parts], "case_pattern")

    def _value_or_capture(self, raw: RawNode) -> Expr:
        parts = self.parts(raw)
        return build.assign(raw, self._name(parts[0]), None) if len(parts) == 1 else self.expr(raw)

    def _as_pattern(self, raw: RawNode) -> Expr:
        parts = self.parts(raw)
        items: list[Node] = [self.pattern(part) for part in parts[:1]]
        items.extend(build.assign(part, self._name(part), None) for part in parts[1:])
        return build.opaque(raw, items, "as_pattern")

    def _splat_pattern(self, raw: RawNode) -> Expr:
        parts = self.parts(raw)
        captured = build.assign(raw, self._name(parts[0]), None) if parts else build.opaque(raw, [], "wildcard")
        return build.spread(raw, captured, double=raw.children[:1] != [] and raw.children[0].type == "**")

    def _sequence_pattern(self, raw: RawNode) -> Expr:
        kind = "tuple" if raw.type == "tuple_pattern" else "list"
        return build.array(raw, [self.pattern(part) for part in self.parts(raw)], kind)

    def _parts_pattern(self, raw: RawNode) -> Expr:
        """Lower what holds patterns; a class and the keys of a dict are values, not names that are bound."""
        items: list[Node] = []
        for position, part in enumerate(self.parts(raw)):
            value = position == 0 and raw.type == "class_pattern"
            items.append(self.expr(part) if value else self.pattern(part))
        return build.opaque(raw, items, raw.type)

    def _keyword_pattern(self, raw: RawNode) -> Expr:
        """Lower ``x=pattern``: the name is an attribute of the class and binds nothing."""
        return build.opaque(raw, [self.pattern(part) for part in self.parts(raw)[1:]], "keyword_pattern")


def _only_brackets(raw: RawNode) -> bool:
    """Tell whether a pattern is another one in parentheses, or a plain wrapper of it."""
    return all(child.is_named or child.type in "()" for child in raw.children)
