"""The normalised syntax tree: one set of nodes for JavaScript, TypeScript and Python.

Rules are written against these nodes, so a rule that is about meaning is written once.
Nodes are made lazily, a function body at a time, by the lowering of each language. What
differs only in spelling is the same here:

- ``this`` and the first parameter of a Python method are ``Name("this")``; ``#x``, ``_x``
  keep their spelling.
- ``undefined``, ``null`` and ``None`` are ``Literal(None)`` (see `Literal.raw`).
- template strings, f-strings, ``"%s" % x`` and ``"…".format(x)`` stay what they are, except
  that the first two are both `Template`.
- ``===`` and ``is`` are ``==``, ``!==`` and ``is not`` are ``!=``; ``&&``, ``||``, ``!`` are
  ``and``, ``or``, ``not``; ``??`` stays.
- destructuring becomes one `Assign` per name: ``const {a: b = 1} = x`` is
  ``b = x.a`` with ``default`` set; the assignments share one span.
- a Python ``match`` is a `Switch`; ``for … of``, ``for … in`` and Python's ``for`` are `For`.
- a concise arrow body ``() => x`` and a ``lambda`` have the body ``[Return(x)]``.
- casts, parentheses and type assertions are `Cast` (kind ``as``, ``!``, ``satisfies``, ``cast``)
  or dropped (parentheses); `strip` sees through them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module


class Node:
    """A node of the tree; ``raw`` is the parser's node it came from, ``parent`` the node around it."""

    __slots__ = ("parent", "raw")
    parts: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes that hold children, in source order."""

    raw: RawNode
    parent: Node | None

    def children(self) -> Iterator[Node]:
        """Yield the direct children in source order; bodies of functions and classes included."""
        for part in self.parts:
            value = getattr(self, part)
            if value is None:
                continue
            if isinstance(value, Node):
                yield value
            else:
                yield from _nodes(value)

    @property
    def line(self) -> int:
        """First line, counting from 1."""
        return self.raw.start_point[0] + 1

    @property
    def end_line(self) -> int:
        """Last line, counting from 1."""
        return self.raw.end_point[0] + 1

    def __repr__(self) -> str:
        """Show kind and place, for the person who debugs a rule."""
        return f"<{type(self).__name__} line {self.line}>"


def _nodes(value: Any) -> Iterator[Node]:
    """Yield the nodes in a list, a dict, or a list of pairs."""
    items = value.values() if isinstance(value, dict) else value
    for item in items:
        if isinstance(item, Node):
            yield item
        elif isinstance(item, tuple):
            yield from (part for part in item if isinstance(part, Node))


class Expr(Node):
    """An expression."""

    __slots__ = ()


class Statement(Node):
    """A statement."""

    __slots__ = ()


# Expressions


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
        callee = strip(self.callee)
        if isinstance(callee, Name):
            return callee.id
        if isinstance(callee, Member):
            return callee.name
        return ""

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


# Statements


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

    __slots__ = ("local", "name", "source", "type_only")

    def __init__(self, local: str, name: str, source: str, *, type_only: bool) -> None:
        self.local = local
        self.name = name
        self.source = source
        self.type_only = type_only


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


# Definitions


class Param(Node):
    """A parameter. ``name`` is empty for a pattern; ``fields`` then maps property to local name."""

    __slots__ = ("access", "default", "fields", "name", "optional", "rest", "type")
    parts = ("default",)
    name: str
    type: str
    default: Expr | None
    rest: bool
    optional: bool
    fields: dict[str, str]
    access: str
    """TypeScript's parameter property: ``public``, ``private``, ``protected``, ``readonly`` or empty."""


class Function(Expr, Statement):
    """A function, method, arrow or lambda, as an expression or as a statement.

    ``kind`` is ``function``, ``arrow``, ``method``, ``constructor``, ``getter``, ``setter``
    (a Python property is a getter). ``params`` leaves out ``self``/``cls``. ``name`` is the
    declared name; for an anonymous function it is the name it is assigned to or the key it
    stands under, else empty. ``body`` is lowered when it is first asked for.
    """

    __slots__ = (
        "_body",
        "_params",
        "asynchronous",
        "decorators",
        "generator",
        "kind",
        "module",
        "name",
        "outer",
        "owner",
        "private",
        "returns",
        "signature_only",
        "static",
    )
    parts = ("decorators", "params", "body")
    name: str
    kind: str
    asynchronous: bool
    generator: bool
    static: bool
    private: bool
    """TypeScript ``private``, ``#name``, or a leading underscore in Python."""
    signature_only: bool
    """No body: an overload, an abstract or interface method, a Python stub body (``...``)."""
    returns: str
    """The text of the declared return type, or empty."""
    decorators: list[Expr]
    outer: Function | None
    """The function around this one."""
    owner: Class | None
    """The class whose member this is."""
    module: Module
    _params: list[Param] | None
    _body: list[Statement] | None

    @property
    def params(self) -> list[Param]:
        """The parameters without ``self`` and ``cls``."""
        if self._params is None:
            self.module.lowering.fill(self)
        assert self._params is not None  # noqa: S101 - narrows the type; fill() always sets it
        return self._params

    @property
    def body(self) -> list[Statement]:
        """The statements."""
        if self._body is None:
            self.module.lowering.fill(self)
        assert self._body is not None  # noqa: S101 - narrows the type; fill() always sets it
        return self._body


class Field(Statement):
    """A field of a class: declared, or assigned at class level; or a property of an interface."""

    __slots__ = ("name", "optional", "private", "readonly", "static", "type", "value")
    parts = ("value",)
    name: str
    type: str
    value: Expr | None
    static: bool
    readonly: bool
    private: bool
    optional: bool


class Class(Expr, Statement):
    """A class, a TypeScript interface or an object type alias, a Python protocol.

    ``kind`` is ``class``, ``interface`` (also a Python class with the base ``Protocol``) or
    ``type``. Members come in source order; a Python class body's other statements are kept
    in ``rest``.
    """

    __slots__ = ("bases", "decorators", "fields", "kind", "methods", "module", "name", "outer", "rest")
    parts = ("decorators", "bases", "fields", "methods", "rest")
    name: str
    kind: str
    bases: list[Expr]
    decorators: list[Expr]
    fields: list[Field]
    methods: list[Function]
    rest: list[Statement]
    outer: Function | None
    module: Module

    def method(self, name: str) -> Function | None:
        """The method of that name, with or without ``#`` or ``_``, the last one defined; or None."""
        found = None
        for method in self.methods:
            if method.name == name and not method.signature_only:
                found = method
        return found


def strip(expr: Expr) -> Expr:
    """See through casts and awaits to the expression that gives the value."""
    while isinstance(expr, Cast | Await):
        expr = expr.value
    return expr


def uncast(expr: Expr) -> Expr:
    """See through casts alone."""
    while isinstance(expr, Cast):
        expr = expr.value
    return expr
