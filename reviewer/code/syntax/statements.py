"""Statements of the normalised tree."""

from __future__ import annotations

from reviewer.code.syntax.node import Expr, Node, Statement


class ExprStatement(Statement):
    """An expression for its effect."""

    __slots__ = ("value",)
    parts = ("value",)
    value: Expr


class Return(Statement):
    """``return x``; the value may be None. A concise arrow body is one, too."""

    __slots__ = ("value",)
    parts = ("value",)
    value: Expr | None


class Throw(Statement):
    """``throw x`` or ``raise x``; a bare ``raise`` has no value."""

    __slots__ = ("cause", "value")
    parts = ("value", "cause")
    value: Expr | None
    cause: Expr | None


class If(Statement):
    """``if``; an ``elif`` is an `If` alone in ``orelse``."""

    __slots__ = ("body", "orelse", "test")
    parts = ("test", "body", "orelse")
    test: Expr
    body: list[Statement]
    orelse: list[Statement]


class For(Statement):
    """A loop over something, or a C-style loop (``style`` ``c``, with ``init``/``test``/``update`` in ``header``).

    ``style`` is ``of``, ``in`` (keys of an object, JavaScript only) or ``c``.
    """

    __slots__ = ("asynchronous", "body", "header", "iterable", "orelse", "style", "target")
    parts = ("header", "target", "iterable", "body", "orelse")
    style: str
    header: list[Node]
    target: Expr | None
    iterable: Expr | None
    body: list[Statement]
    orelse: list[Statement]
    asynchronous: bool


class While(Statement):
    """``while`` and ``do … while``."""

    __slots__ = ("body", "test")
    parts = ("test", "body")
    test: Expr
    body: list[Statement]


class Handler(Statement):
    """A ``catch`` or ``except`` clause; ``types`` is empty where everything is caught."""

    __slots__ = ("body", "name", "types")
    parts = ("types", "body")
    types: list[Expr]
    name: str
    body: list[Statement]


class Try(Statement):
    """``try`` with its handlers, its ``else`` and its ``finally``."""

    __slots__ = ("body", "final", "handlers", "orelse")
    parts = ("body", "handlers", "orelse", "final")
    body: list[Statement]
    handlers: list[Handler]
    orelse: list[Statement]
    final: list[Statement]


class With(Statement):
    """``with a as b:``; ``items`` are (value, target or None). JavaScript's ``using`` is an `Assign`."""

    __slots__ = ("asynchronous", "body", "items")
    parts = ("items", "body")
    items: list[tuple[Expr, Expr | None]]
    body: list[Statement]
    asynchronous: bool


class Case(Statement):
    """One arm of a `Switch`; ``tests`` is empty for the default arm."""

    __slots__ = ("body", "guard", "tests")
    parts = ("tests", "guard", "body")
    tests: list[Expr]
    guard: Expr | None
    body: list[Statement]


class Switch(Statement):
    """``switch`` or ``match``."""

    __slots__ = ("cases", "subject")
    parts = ("subject", "cases")
    subject: Expr
    cases: list[Case]


class Block(Statement):
    """A bare block, a labelled statement, or anything whose statements simply run."""

    __slots__ = ("body",)
    parts = ("body",)
    body: list[Statement]


class Jump(Statement):
    """``break`` or ``continue``."""

    __slots__ = ("kind",)
    kind: str


class Delete(Statement):
    """``del x``; JavaScript's ``delete`` is a `Unary`."""

    __slots__ = ("targets",)
    parts = ("targets",)
    targets: list[Expr]


class Assert(Statement):
    """Python's ``assert``."""

    __slots__ = ("message", "test")
    parts = ("test", "message")
    test: Expr
    message: Expr | None


class Imported:
    """One imported name: ``local`` is bound to ``name`` of ``source``.

    ``name`` is ``default``, ``*`` (the module itself), or the exported name. ``source`` is as
    written: ``node:fs``, ``./x.js``, ``..pkg.mod``, ``os.path``.
    """

    __slots__ = ("lent", "local", "name", "source", "type_only")

    def __init__(self, local: str, name: str, source: str, *, type_only: bool) -> None:
        self.local = local
        self.name = name
        self.source = source
        self.type_only = type_only
        self.lent = False
        """What it means stands in the module that imports it, as if it were written there."""


class Import(Statement):
    """An import statement; ``require`` is a call and is found by name resolution."""

    __slots__ = ("names", "source")
    names: list[Imported]
    source: str


class Export(Statement):
    """``export``: ``names`` are (exported, local) pairs, ``body`` the declaration in it, if any.

    ``export default x`` has the name ``default`` and ``body`` with the declaration or an
    `ExprStatement`. ``source`` is set for ``export … from "…"``.
    """

    __slots__ = ("body", "names", "source")
    parts = ("body",)
    names: list[tuple[str, str]]
    body: list[Statement]
    source: str
