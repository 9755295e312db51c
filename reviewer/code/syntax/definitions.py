"""Functions, classes and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax.node import Expr, Node, Statement

if TYPE_CHECKING:
    from reviewer.code.form.field_names import Named
    from reviewer.code.module import Module


class Param(Node):
    """A parameter. ``name`` is empty for a pattern; ``fields`` then maps property to local name."""

    __slots__ = ("access", "default", "fallbacks", "fields", "name", "optional", "rest", "type")
    parts = ("default", "fallbacks")
    name: str
    type: str
    default: Expr | None
    rest: bool
    optional: bool
    fields: dict[str, str]
    fallbacks: dict[str, Expr]
    """What the fields of a pattern are where nobody gives them, by local name."""
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
        "names_fields",
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
    names_fields: dict[str, Named]
    """The locals that name a field of ``this`` here and in the functions inside; complete once the body is lowered."""
    _params: list[Param] | None
    _body: list[Statement] | None

    @property
    def keeps_this(self) -> bool:
        """Nobody who calls it changes its ``this``: it is an arrow, or a function in the closure of a factory."""
        held = self.raw.parent is not None and self.raw.parent.type == "variable_declarator"
        closed = self.kind == "method" and (held or self.raw.type == "function_declaration")
        return closed or self.raw.type == "arrow_function"

    @property
    def params(self) -> list[Param]:
        """The parameters without ``self`` and ``cls``."""
        if self._params is None:
            self.module.fill(self)
        return self._params or []

    @property
    def body(self) -> list[Statement]:
        """The statements."""
        if self._body is None:
            self.module.fill(self)
        return self._body or []


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
