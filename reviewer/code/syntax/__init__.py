"""The normalised syntax tree: one set of nodes for JavaScript, TypeScript and Python.

Rules are written against these nodes, so a rule that is about meaning is written once.
Nodes are made lazily, a function body at a time, by the lowering of each language. What
differs only in spelling is the same here:

- ``this`` and the first parameter of a Python method are ``Name("this")``; ``#x``, ``_x``
  keep their spelling.
- ``undefined``, ``null`` and ``None`` are ``Literal(None)`` (see `Literal.raw`).
- template strings, f-strings, sums with a text in them, ``"%s" % x`` and ``"…".format(x)`` are
  `Template`; constants that are added to each other are one `Literal`.
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

from reviewer.code.syntax.definitions import (
    Class,
    Field,
    Function,
    Param,
)
from reviewer.code.syntax.expressions import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Conditional,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Regex,
    Spread,
    Template,
    Unary,
    Yield,
    is_nothing,
    is_zero,
    strip,
    uncast,
)
from reviewer.code.syntax.node import (
    Expr,
    Node,
    Statement,
)
from reviewer.code.syntax.statements import (
    Assert,
    Block,
    Case,
    Delete,
    Export,
    ExprStatement,
    For,
    Handler,
    If,
    Import,
    Imported,
    Jump,
    Return,
    Switch,
    Throw,
    Try,
    While,
    With,
)

__all__ = [
    "Array",
    "Assert",
    "Assign",
    "Await",
    "Binary",
    "Block",
    "Call",
    "Case",
    "Cast",
    "Class",
    "Comprehension",
    "Conditional",
    "Delete",
    "Export",
    "Expr",
    "ExprStatement",
    "Field",
    "For",
    "Function",
    "Handler",
    "If",
    "Import",
    "Imported",
    "Index",
    "Jump",
    "Literal",
    "Member",
    "Name",
    "Node",
    "Object",
    "Opaque",
    "Param",
    "Regex",
    "Return",
    "Spread",
    "Statement",
    "Switch",
    "Template",
    "Throw",
    "Try",
    "Unary",
    "While",
    "With",
    "Yield",
    "is_nothing",
    "is_zero",
    "strip",
    "uncast",
]
