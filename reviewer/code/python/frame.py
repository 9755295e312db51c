"""Where a lowering stands: source, depth, function and class around, and what names mean there."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.code.form import build
from reviewer.code.syntax import Array, Literal, Name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr, Function, Node, Opaque, Statement

DEEPEST: Final = 200
"""Levels inside one function that are lowered, a statement counting double.

CPython itself takes 200 brackets and 100 indents. Together with at most three calls of this
package for a level it also keeps the lowering well inside CPython's own recursion limit of 1000.
"""
DEEPEST_FUNCTION: Final = 100
"""Functions inside functions that are lowered."""
LONGEST_CHAIN: Final = 100
"""Operators of one chain (``a + b + …``) that become nested nodes; a longer one is flat and opaque."""

SHARED_IN_STATEMENT: Final = 4096
"""Parser nodes of a value that may stand at further places of one statement."""
SHARED_IN_EXPRESSION: Final = 64
"""The same for an operand; expressions nest, so that what is shared could double at each level."""


class Surroundings(NamedTuple):
    """What is around a function, kept until its body is lowered."""

    receiver: str
    """The name that is ``this`` inside it, or empty."""
    outer_receiver: str
    """The name that is ``this`` where its parameters' defaults are evaluated, or empty."""
    level: int
    """How many functions are around it."""
    type_only: bool
    """It stands under ``if TYPE_CHECKING``."""


class Frame(ABC):
    """The state of a lowering, and the steps that every kind of node shares."""

    def __init__(self, module: Module) -> None:
        """Take the module whose tree is lowered; its source must be the text that was parsed."""
        self._module = module
        self._source = module.source
        self._names: dict[bytes, str] = dict(module.aliases)
        self._depth = 0
        self._outer: Function | None = None
        self._owner: Class | None = None
        self._receiver = ""
        self._level = 0
        self._type_only = False
        self._expressions: dict[str, Callable[[RawNode], Expr]] = {}
        self._statements: dict[str, Callable[[RawNode, list[Statement]], None]] = {}

    # Text

    def text(self, raw: RawNode) -> str:
        """Return the source text of a parser's node."""
        return self._source[raw.start_byte : raw.end_byte].decode("utf-8", "replace")

    def identifier(self, raw: RawNode) -> str:
        """Return a name as Python compares names: in the normal form NFKC."""
        spelled = self._source[raw.start_byte : raw.end_byte]
        known = self._names.get(spelled)
        if known is None:
            known = spelled.decode("utf-8", "replace")
            if not known.isascii():
                known = unicodedata.normalize("NFKC", known)
            self._names[spelled] = known
        return known

    def dotted(self, raw: RawNode) -> str:
        """Return a dotted name without the blanks that may stand around its dots."""
        return unicodedata.normalize("NFKC", "".join(self.text(raw).split()))

    def annotation(self, raw: RawNode | None) -> str:
        """Return the text of a type on one line, a quoted one without its quotes; empty for None."""
        if raw is None:
            return ""
        spelled = " ".join(self.text(raw).split())
        for alias, name in self._module.aliases.items():
            if (given := alias.decode()) in spelled:
                spelled = re.sub(rf"(?<![\w.]){given}(?!\w)", name, spelled)
        if spelled[:1] in ("'", '"') and spelled[-1:] == spelled[:1] and spelled.count(spelled[0]) == 2:
            return spelled[1:-1].strip()
        return spelled

    def evaluated(self, types: list[RawNode]) -> list[Expr]:
        """Lower the types that hold calls, each in an opaque of kind ``annotation``.

        A type is text for the rules; what Python runs to get it must not disappear from them.
        """
        return [
            build.opaque(raw, [self.expr(raw)], "annotation")
            for raw in types
            if b"(" in self._source[raw.start_byte : raw.end_byte]
            and not (raw.named_children and raw.named_children[0].type == "string")
        ]

    # Children

    @staticmethod
    def parts(raw: RawNode) -> list[RawNode]:
        """Return the named children without comments and line continuations."""
        children = raw.named_children
        for child in children:
            if child.is_extra:
                return [part for part in children if not part.is_extra or part.is_error]
        return children

    # Expressions

    def name(self, raw: RawNode) -> Name:
        """Lower a name; the receiver of a method is ``this``."""
        identifier = self.identifier(raw)
        return build.name(raw, "this" if identifier == self._receiver and identifier else identifier)

    def expr(self, raw: RawNode) -> Expr:
        """Lower an expression; one that is nested too deeply becomes opaque and is said so."""
        kind = raw.type
        if kind == "identifier":  # more than a third of all expressions
            return self.name(raw)
        handler = self._expressions.get(kind, self.rest)
        if self._depth >= DEEPEST:
            return self.too_deep(raw)
        self._depth += 1
        node = handler(raw)
        self._depth -= 1
        return node

    def exprs(self, raws: list[RawNode]) -> list[Expr]:
        """Lower a list of expressions."""
        return [self.expr(raw) for raw in raws]

    def child(self, raw: RawNode, field: str) -> Expr:
        """Lower the child in a field; a child that the parser did not find is opaque."""
        child = raw.child_by_field_name(field)
        return self.expr(child) if child is not None else build.opaque(raw, [], "missing")

    def group(self, raw: RawNode, raws: list[RawNode]) -> Expr:
        """Lower what should be one expression; several are a tuple, none is opaque."""
        if len(raws) == 1:
            return self.expr(raws[0])
        if not raws:
            return build.opaque(raw, [], "missing")
        self._depth += 1
        node = build.array(raw, self.exprs(raws), "tuple")
        self._depth -= 1
        return node

    def rest(self, raw: RawNode) -> Opaque:
        """Lower a node without a form of its own, or an error, to what it holds."""
        items: list[Node] = []
        for child in self.parts(raw):
            if child.type in self._expressions:
                items.append(self.expr(child))
            elif child.type in self._statements:
                statements: list[Statement] = []
                self.statement(child, statements)
                items.extend(statements)
            elif child.named_child_count:
                items.append(self.expr(child))
        return build.opaque(raw, items, raw.type)

    def too_deep(self, raw: RawNode) -> Opaque:
        """Give up on what is nested too deeply, and have the module say so."""
        self._module.too_deep = True
        return build.opaque(raw, [], "too-deep")

    # Statements

    def statement(self, raw: RawNode, out: list[Statement]) -> None:
        """Lower one statement and append what it becomes: nothing, one or several."""
        handler = self._statements.get(raw.type)
        if handler is None:
            if not raw.is_extra or raw.is_error:
                out.append(build.statement(raw, self.expr(raw)))
            return
        if self._depth >= DEEPEST:
            out.append(build.statement(raw, self.too_deep(raw)))
            return
        self._depth += 2
        handler(raw, out)
        self._depth -= 2

    def block(self, raw: RawNode | None) -> list[Statement]:
        """Lower the statements of a block; none is empty."""
        out: list[Statement] = []
        if raw is not None:
            for child in raw.named_children:
                self.statement(child, out)
        return out

    @abstractmethod
    def function(self, raw: RawNode, whole: RawNode) -> Function | None:
        """Make the one function of a definition or lambda, or None where functions nest too deeply."""


class Repeated:
    """An expression that stands at several places of the tree: ``x`` in ``a, b = x``."""

    __slots__ = ("_bound", "_node", "_spent", "_used")

    def __init__(self, node: Expr, bound: int = SHARED_IN_STATEMENT) -> None:
        """Take the expression as it was lowered for its first place, and how many parser nodes to share."""
        self._node = node
        self._bound = bound
        self._used = False
        self._spent = 0

    @property
    def items(self) -> list[Expr]:
        """The items of a list or tuple that is written out, else none."""
        return self._node.items if isinstance(self._node, Array) else []

    def take(self) -> Expr:
        """Return the expression for the next place.

        A name or a constant is made anew each time. Anything else is the same node each time,
        up to a bound, beyond which it is opaque: a few lines must not make a walk endless.
        """
        node = self._node
        if not self._used:
            self._used = True
            return node
        if isinstance(node, Name):
            return build.name(node.raw, node.id)
        if isinstance(node, Literal):
            return build.literal(node.raw, node.value, node.raw_text)
        self._spent += node.raw.descendant_count
        return node if self._spent <= self._bound else build.opaque(node.raw, [], "repeated")
