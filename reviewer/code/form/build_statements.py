"""Constructors of statements and of definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.form.build_expressions import take
from reviewer.code.syntax import (
    Assert,
    Block,
    Case,
    Class,
    Delete,
    Export,
    ExprStatement,
    Field,
    For,
    Function,
    Handler,
    If,
    Import,
    Jump,
    Param,
    Return,
    Switch,
    Throw,
    Try,
    While,
    With,
)

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Imported, Node, Statement


def statement(raw: RawNode, value: Expr) -> ExprStatement:
    """Make an `ExprStatement`."""
    node = ExprStatement()
    node.raw, node.parent, node.value = raw, None, value
    value.parent = node
    return node


def return_(raw: RawNode, value: Expr | None) -> Return:
    """Make a `Return`."""
    node = Return()
    node.raw, node.parent, node.value = raw, None, value
    if value is not None:
        value.parent = node
    return node


def throw(raw: RawNode, value: Expr | None, cause: Expr | None = None) -> Throw:
    """Make a `Throw`."""
    node = Throw()
    node.raw, node.parent, node.value, node.cause = raw, None, value, cause
    if value is not None:
        value.parent = node
    if cause is not None:
        cause.parent = node
    return node


def if_(raw: RawNode, test: Expr, body: list[Statement], orelse: list[Statement]) -> If:
    """Make an `If`."""
    node = If()
    node.raw, node.parent = raw, None
    node.test, node.body, node.orelse = test, body, orelse
    test.parent = node
    take(node, body)
    take(node, orelse)
    return node


def for_(
    raw: RawNode, target: Expr, iterable: Expr, body: list[Statement], orelse: list[Statement] | None = None
) -> For:
    """Make a `For` of style ``of``, not asynchronous."""
    node = For()
    node.raw, node.parent, node.style, node.header, node.asynchronous = raw, None, "of", [], False
    node.target, node.iterable, node.body, node.orelse = target, iterable, body, orelse or []
    target.parent = iterable.parent = node
    take(node, body)
    take(node, node.orelse)
    return node


def counting_for(raw: RawNode, header: list[Node], body: list[Statement]) -> For:
    """Make a `For` of style ``c``; the header holds what there is of start, test and update."""
    node = For()
    node.raw, node.parent, node.style, node.header, node.asynchronous = raw, None, "c", header, False
    node.target, node.iterable, node.body, node.orelse = None, None, body, []
    take(node, header)
    take(node, body)
    return node


def while_(raw: RawNode, test: Expr, body: list[Statement]) -> While:
    """Make a `While`."""
    node = While()
    node.raw, node.parent, node.test, node.body = raw, None, test, body
    test.parent = node
    take(node, body)
    return node


def handler(raw: RawNode, types: list[Expr], caught: str, body: list[Statement]) -> Handler:
    """Make a `Handler`; ``caught`` is the name of what was caught or empty."""
    node = Handler()
    node.raw, node.parent = raw, None
    node.types, node.name, node.body = types, caught, body
    take(node, types)
    take(node, body)
    return node


def try_(
    raw: RawNode,
    body: list[Statement],
    handlers: list[Handler],
    orelse: list[Statement],
    final: list[Statement],
) -> Try:
    """Make a `Try`."""
    node = Try()
    node.raw, node.parent = raw, None
    node.body, node.handlers, node.orelse, node.final = body, handlers, orelse, final
    for part in (body, handlers, orelse, final):
        take(node, part)
    return node


def with_(
    raw: RawNode, items: list[tuple[Expr, Expr | None]], body: list[Statement], asynchronous: bool = False
) -> With:
    """Make a `With`."""
    node = With()
    node.raw, node.parent = raw, None
    node.items, node.body, node.asynchronous = items, body, asynchronous
    for value, target in items:
        value.parent = node
        if target is not None:
            target.parent = node
    take(node, body)
    return node


def case(raw: RawNode, tests: list[Expr], guard: Expr | None, body: list[Statement]) -> Case:
    """Make a `Case`; without tests it is the default arm."""
    node = Case()
    node.raw, node.parent = raw, None
    node.tests, node.guard, node.body = tests, guard, body
    take(node, tests)
    if guard is not None:
        guard.parent = node
    take(node, body)
    return node


def switch(raw: RawNode, subject: Expr, cases: list[Case]) -> Switch:
    """Make a `Switch`."""
    node = Switch()
    node.raw, node.parent, node.subject, node.cases = raw, None, subject, cases
    subject.parent = node
    take(node, cases)
    return node


def block(raw: RawNode, body: list[Statement]) -> Block:
    """Make a `Block`."""
    node = Block()
    node.raw, node.parent, node.body = raw, None, body
    take(node, body)
    return node


def jump(raw: RawNode, kind: str) -> Jump:
    """Make a `Jump` of kind ``break`` or ``continue``."""
    node = Jump()
    node.raw, node.parent, node.kind = raw, None, kind
    return node


def delete(raw: RawNode, targets: list[Expr]) -> Delete:
    """Make a `Delete`."""
    node = Delete()
    node.raw, node.parent, node.targets = raw, None, targets
    take(node, targets)
    return node


def assertion(raw: RawNode, test: Expr, message: Expr | None) -> Assert:
    """Make an `Assert`."""
    node = Assert()
    node.raw, node.parent, node.test, node.message = raw, None, test, message
    test.parent = node
    if message is not None:
        message.parent = node
    return node


def import_(raw: RawNode, names: list[Imported], source: str) -> Import:
    """Make an `Import`."""
    node = Import()
    node.raw, node.parent, node.names, node.source = raw, None, names, source
    return node


def export(raw: RawNode, names: list[tuple[str, str]], body: list[Statement], source: str = "") -> Export:
    """Make an `Export`."""
    node = Export()
    node.raw, node.parent = raw, None
    node.names, node.body, node.source = names, body, source
    take(node, body)
    return node


def param(raw: RawNode, local: str, annotation: str = "", fallback: Expr | None = None) -> Param:
    """Make a `Param`; ``rest``, ``optional``, ``fields``, ``fallbacks`` and ``access`` are False or empty."""
    node = Param()
    node.raw, node.parent = raw, None
    node.name, node.type, node.default = local, annotation, fallback
    node.rest = node.optional = False
    node.fields, node.fallbacks, node.access = {}, {}, ""
    if fallback is not None:
        fallback.parent = node
    return node


def function(raw: RawNode, module: Module, identifier: str, kind: str, outer: Function | None) -> Function:
    """Make a `Function` whose parameters and body are still to be lowered.

    ``owner`` is None, ``returns`` and ``decorators`` are empty, and all flags are False.
    """
    node = Function()
    node.raw, node.parent, node.module = raw, None, module
    node.name, node.kind, node.outer, node.owner = identifier, kind, outer, None
    node.asynchronous = node.generator = node.static = node.private = node.signature_only = False
    node.returns, node.decorators = "", []
    node.names_fields = {}
    node._params = node._body = None
    return node


def field(raw: RawNode, identifier: str, annotation: str = "", value: Expr | None = None) -> Field:
    """Make a `Field`; all flags are False."""
    node = Field()
    node.raw, node.parent = raw, None
    node.name, node.type, node.value = identifier, annotation, value
    node.static = node.readonly = node.private = node.optional = False
    if value is not None:
        value.parent = node
    return node


def class_(raw: RawNode, module: Module, identifier: str, kind: str, outer: Function | None) -> Class:
    """Make a `Class` without bases, decorators and members.

    Whoever adds them calls `reviewer.code.form.tree.adopt` when it is complete.
    """
    node = Class()
    node.raw, node.parent, node.module = raw, None, module
    node.name, node.kind, node.outer = identifier, kind, outer
    node.bases, node.decorators = [], []
    node.fields, node.methods, node.rest = [], [], []
    return node
