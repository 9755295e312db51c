"""Constructors of expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import (
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
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node as RawNode

    from reviewer.code.syntax import Expr, Node


def take(parent: Node, children: Iterable[Node]) -> None:
    """Make ``parent`` the parent of each of the children."""
    for child in children:
        child.parent = parent


def name(raw: RawNode, identifier: str) -> Name:
    """Make a `Name`."""
    node = Name()
    node.raw, node.parent, node.id = raw, None, identifier
    return node


def member(raw: RawNode, base: Expr, attribute: str, optional: bool = False) -> Member:
    """Make a `Member`: ``base.attribute``."""
    node = Member()
    node.raw, node.parent = raw, None
    node.object, node.name, node.optional = base, attribute, optional
    base.parent = node
    return node


def index(raw: RawNode, base: Expr, key: Expr, optional: bool = False) -> Index:
    """Make an `Index`: ``base[key]``."""
    node = Index()
    node.raw, node.parent = raw, None
    node.object, node.key, node.optional = base, key, optional
    base.parent = key.parent = node
    return node


def call(raw: RawNode, callee: Expr, args: list[Expr], keywords: dict[str, Expr] | None = None) -> Call:
    """Make a `Call`; ``new`` and ``optional`` are False."""
    node = Call()
    node.raw, node.parent = raw, None
    node.callee, node.args, node.keywords = callee, args, keywords or {}
    node.new = node.optional = False
    callee.parent = node
    for arg in args:
        arg.parent = node
    if keywords:
        take(node, keywords.values())
    return node


def literal(raw: RawNode, value: str | float | bytes | None, raw_text: str) -> Literal:
    """Make a `Literal`; ``raw_text`` is its spelling."""
    node = Literal()
    node.raw, node.parent, node.value, node.raw_text = raw, None, value, raw_text
    return node


def regex(raw: RawNode, pattern: str, flags: str) -> Regex:
    """Make a `Regex`."""
    node = Regex()
    node.raw, node.parent, node.pattern, node.flags = raw, None, pattern, flags
    return node


def template(raw: RawNode, items: list[Expr]) -> Template:
    """Make a `Template` of literals and holes."""
    node = Template()
    node.raw, node.parent, node.items = raw, None, items
    take(node, items)
    return node


def mapping(raw: RawNode, entries: list[tuple[Expr | None, Expr]]) -> Object:
    """Make an `Object`: an object literal or a dict."""
    node = Object()
    node.raw, node.parent, node.entries = raw, None, entries
    for key, value in entries:
        if key is not None:
            key.parent = node
        value.parent = node
    return node


def array(raw: RawNode, items: list[Expr], kind: str = "list") -> Array:
    """Make an `Array` of kind ``list``, ``tuple`` or ``set``."""
    node = Array()
    node.raw, node.parent, node.items, node.kind = raw, None, items, kind
    take(node, items)
    return node


def unary(raw: RawNode, operator: str, operand: Expr) -> Unary:
    """Make a `Unary`."""
    node = Unary()
    node.raw, node.parent, node.op, node.operand = raw, None, operator, operand
    operand.parent = node
    return node


def binary(raw: RawNode, operator: str, left: Expr, right: Expr, strict: bool = False) -> Binary:
    """Make a `Binary`."""
    node = Binary()
    node.raw, node.parent, node.strict = raw, None, strict
    node.op, node.left, node.right = operator, left, right
    left.parent = right.parent = node
    return node


def conditional(raw: RawNode, test: Expr, then: Expr, other: Expr) -> Conditional:
    """Make a `Conditional`."""
    node = Conditional()
    node.raw, node.parent = raw, None
    node.test, node.then, node.other = test, then, other
    test.parent = then.parent = other.parent = node
    return node


def assign(raw: RawNode, target: Expr, value: Expr | None, operator: str = "=", declare: str = "") -> Assign:
    """Make an `Assign`; ``type`` is empty; see `default` for the fallback of a destructured name."""
    node = Assign()
    node.raw, node.parent = raw, None
    node.target, node.value, node.op = target, value, operator
    node.declare, node.type, node.default = declare, "", None
    target.parent = node
    if value is not None:
        value.parent = node
    return node


def default(assignment: Assign, fallback: Expr) -> Assign:
    """Give an assignment its fallback and return it."""
    assignment.default = fallback
    fallback.parent = assignment
    return assignment


def await_(raw: RawNode, value: Expr) -> Await:
    """Make an `Await`."""
    node = Await()
    node.raw, node.parent, node.value = raw, None, value
    value.parent = node
    return node


def yield_(raw: RawNode, value: Expr | None) -> Yield:
    """Make a `Yield`."""
    node = Yield()
    node.raw, node.parent, node.value = raw, None, value
    if value is not None:
        value.parent = node
    return node


def spread(raw: RawNode, value: Expr, double: bool = False) -> Spread:
    """Make a `Spread`; ``double`` for ``**x``."""
    node = Spread()
    node.raw, node.parent, node.value, node.double = raw, None, value, double
    value.parent = node
    return node


def cast(raw: RawNode, value: Expr, annotation: str, kind: str) -> Cast:
    """Make a `Cast` to the type of that text; ``kind`` is ``as``, ``!``, ``satisfies`` or ``cast``."""
    node = Cast()
    node.raw, node.parent = raw, None
    node.value, node.type, node.kind = value, annotation, kind
    value.parent = node
    return node


def comprehension(raw: RawNode, element: Expr, clauses: list[tuple[Expr, Expr]], tests: list[Expr]) -> Comprehension:
    """Make a `Comprehension`."""
    node = Comprehension()
    node.raw, node.parent = raw, None
    node.element, node.clauses, node.tests = element, clauses, tests
    element.parent = node
    for target, iterable in clauses:
        target.parent = iterable.parent = node
    take(node, tests)
    return node


def opaque(raw: RawNode, items: Sequence[Node], kind: str) -> Opaque:
    """Make an `Opaque` of a node type of the parser that keeps the children."""
    node = Opaque()
    node.raw, node.parent, node.items, node.kind = raw, None, list(items), kind
    take(node, items)
    return node
