"""Expressions of the normalised tree."""

from __future__ import annotations

from typing import Final

from reviewer.code.syntax.node import Expr, Node


class Name(Expr):
    """A name: ``x``, ``this``, ``super``."""

    __slots__ = ("id",)
    id: str


class Member(Expr):
    """``object.name`` or ``object?.name``; a private name keeps its ``#``."""

    __slots__ = ("name", "object", "optional")
    parts = ("object",)
    object: Expr
    name: str
    optional: bool


class Index(Expr):
    """``object[key]``; a Python slice has an `Opaque` key."""

    __slots__ = ("key", "object", "optional")
    parts = ("object", "key")
    object: Expr
    key: Expr
    optional: bool


class Call(Expr):
    """A call, or with ``new`` a construction in JavaScript.

    ``args`` are the positional arguments (a `Spread` stands for many), ``keywords`` Python's
    named ones; ``**x`` is a `Spread` in ``args``. ``import(x)`` is a call of ``Name("import")``.
    A tagged template is a call whose one argument is the template.
    """

    __slots__ = ("args", "callee", "keywords", "new", "optional")
    parts = ("callee", "args", "keywords")
    callee: Expr
    args: list[Expr]
    keywords: dict[str, Expr]
    new: bool
    optional: bool

    @property
    def name(self) -> str:
        """The last part of what is called: ``exec`` for ``a.b.exec(x)``; empty where there is none."""
        callee = self.callee
        if type(callee) is Name:
            return callee.id
        callee = strip(callee)
        if isinstance(callee, Member):
            return callee.name
        return callee.id if isinstance(callee, Name) else ""

    @property
    def receiver(self) -> Expr | None:
        """The object whose method is called, or None for a plain function."""
        callee = strip(self.callee)
        return callee.object if isinstance(callee, Member) else None

    def arg(self, position: int, keyword: str = "") -> Expr | None:
        """The argument at a position (from 0) or by keyword, or None."""
        if keyword and keyword in self.keywords:
            return self.keywords[keyword]
        if 0 <= position < len(self.args):
            before = self.args[: position + 1]
            return None if any(isinstance(arg, Spread) for arg in before) else before[-1]
        return None


class Literal(Expr):
    """A constant: text, number, true or false, nothing; a number is an int or a float.

    ``raw_text`` keeps the spelling, which tells ``null`` from ``undefined``.
    """

    __slots__ = ("raw_text", "value")
    value: str | int | float | bool | bytes | None
    raw_text: str


class Regex(Expr):
    """A regular expression literal of JavaScript."""

    __slots__ = ("flags", "pattern")
    pattern: str
    flags: str


class Template(Expr):
    """A string with holes: template string or f-string. Constant stretches are `Literal`."""

    __slots__ = ("items",)
    parts = ("items",)
    items: list[Expr]

    @property
    def holes(self) -> list[Expr]:
        """The expressions that are put into the text."""
        return [item for item in self.items if not isinstance(item, Literal)]


class Object(Expr):
    """An object literal or a dict.

    ``entries`` are (key, value): the key is a `Literal` for a plain name or string, any
    expression for a computed key, None for a spread (the value is then the spread object).
    Methods, getters and setters are entries whose value is a `Function`.
    """

    __slots__ = ("entries",)
    parts = ("entries",)
    entries: list[tuple[Expr | None, Expr]]

    def get(self, name: str) -> Expr | None:
        """The value of a plain key, the last one where it is repeated, or None."""
        found = None
        for key, value in self.entries:
            if isinstance(key, Literal) and key.value == name:
                found = value
        return found

    @property
    def keys(self) -> list[str]:
        """The plain keys in source order."""
        return [str(key.value) for key, _ in self.entries if isinstance(key, Literal)]

    @property
    def spreads(self) -> list[Expr]:
        """The objects spread into this one, in source order."""
        return [value for key, value in self.entries if key is None]


class Array(Expr):
    """A list, tuple or set; ``kind`` is ``list``, ``tuple`` or ``set``."""

    __slots__ = ("items", "kind")
    parts = ("items",)
    items: list[Expr]
    kind: str


class Unary(Expr):
    """``not x``, ``-x``, ``typeof x``, ``delete x``, ``void x``, ``++`` and ``--``."""

    __slots__ = ("op", "operand")
    parts = ("operand",)
    op: str
    operand: Expr


class Binary(Expr):
    """A binary operation, comparison or logical connection; see the module for the operators.

    ``a < b < c`` of Python is ``(a < b) and (b < c)``.
    """

    __slots__ = ("left", "op", "right", "strict")
    parts = ("left", "right")
    op: str
    left: Expr
    right: Expr
    strict: bool
    """True for ``===``, ``!==``, ``is`` and ``is not``, and for every comparison of Python."""


class Conditional(Expr):
    """``test ? then : other``, ``then if test else other``."""

    __slots__ = ("other", "test", "then")
    parts = ("test", "then", "other")
    test: Expr
    then: Expr
    other: Expr


class Assign(Expr):
    """An assignment or a declaration, as a statement or inside an expression.

    ``declare`` is ``const``, ``let``, ``var``, ``using`` or, for a plain assignment and for
    Python, empty. ``op`` is ``=``, ``+=``, ``??=``, … or ``:=``. ``value`` is None for a
    declaration without a value; ``type`` is the text of the annotation or empty; ``default``
    is the fallback of a destructured name. Targets that can't be flattened are `Opaque`.
    """

    __slots__ = ("declare", "default", "op", "target", "type", "value")
    parts = ("target", "value", "default")
    target: Expr
    value: Expr | None
    op: str
    declare: str
    type: str
    default: Expr | None


class Await(Expr):
    """``await x``."""

    __slots__ = ("value",)
    parts = ("value",)
    value: Expr


class Yield(Expr):
    """``yield x`` or ``yield from x``; the value may be None."""

    __slots__ = ("value",)
    parts = ("value",)
    value: Expr | None


class Spread(Expr):
    """``...x``, ``*x`` or ``**x``."""

    __slots__ = ("double", "value")
    parts = ("value",)
    value: Expr
    double: bool


class Cast(Expr):
    """A type assertion: ``x as T``, ``x!``, ``x satisfies T``, ``<T>x``, ``cast(T, x)``."""

    __slots__ = ("kind", "type", "value")
    parts = ("value",)
    value: Expr
    type: str
    kind: str


class Comprehension(Expr):
    """``[element for target in iterable if test]``; ``clauses`` are the (target, iterable) pairs."""

    __slots__ = ("clauses", "element", "tests")
    parts = ("element", "clauses", "tests")
    element: Expr
    clauses: list[tuple[Expr, Expr]]
    tests: list[Expr]


class Opaque(Expr):
    """Anything without a node of its own (JSX, slices, patterns); its children are kept."""

    __slots__ = ("items", "kind")
    parts = ("items",)
    items: list[Node]
    kind: str
    """The parser's node type."""


def strip(expr: Expr) -> Expr:
    """See through casts and awaits to the expression that gives the value."""
    while isinstance(expr, _SEEN_THROUGH):
        expr = expr.value
    return expr


_SEEN_THROUGH: Final = (Cast, Await)


def uncast(expr: Expr) -> Expr:
    """See through casts alone."""
    while isinstance(expr, Cast):
        expr = expr.value
    return expr


def is_nothing(expr: Expr | None) -> bool:
    """Tell whether an expression spells nothing: ``None``, ``null``, ``undefined``; no expression is none."""
    made = strip(expr) if expr is not None else None
    return (isinstance(made, Literal) and made.value is None) or (isinstance(made, Name) and made.id == "undefined")


def is_zero(expr: Expr | None) -> bool:
    """Tell whether an expression spells the number nought; ``false`` is none."""
    made = strip(expr) if expr is not None else None
    return isinstance(made, Literal) and not isinstance(made.value, bool) and made.value == 0
