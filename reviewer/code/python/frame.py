"""Where a lowering stands: source, depth, function and class around, and what names mean there."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.code import build
from reviewer.code.syntax import Array

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr, Function, Node, Opaque, Statement

DEEPEST: Final = 200
"""Levels of statements and expressions inside one function that are lowered; CPython's parser has the same."""
DEEPEST_FUNCTION: Final = 100
"""Functions inside functions that are lowered."""
LONGEST_CHAIN: Final = 100
"""Operators of one chain (``a + b + …``) that become nested nodes; a longer one is flat and opaque."""

_COPIED: Final = 8
"""Parser nodes of an expression that is lowered again, rather than shared, at its second place."""
_SHARED: Final = 4096
"""Parser nodes that may stand at further places of one statement."""


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
        self._names: dict[bytes, str] = {}
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
        if spelled[:1] in ("'", '"') and spelled[-1:] == spelled[:1] and spelled.count(spelled[0]) == 2:
            return spelled[1:-1].strip()
        return spelled

    # Children

    @staticmethod
    def parts(raw: RawNode) -> list[RawNode]:
        """Return the named children without comments and line continuations."""
        return [child for child in raw.named_children if not child.is_extra or child.is_error]

    # Expressions

    def expr(self, raw: RawNode) -> Expr:
        """Lower an expression; one that is nested too deeply becomes opaque and is said so."""
        handler = self._expressions.get(raw.type)
        if handler is None:
            handler = self.rest
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
        return self.sequence(raw, raws) if raws else build.opaque(raw, [], "missing")

    def sequence(self, raw: RawNode, raws: list[RawNode]) -> Array:
        """Lower expressions that make one tuple."""
        return build.array(raw, self.exprs(raws), "tuple")

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
        self._depth += 1
        handler(raw, out)
        self._depth -= 1

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

    __slots__ = ("_frame", "_node", "_spent", "_used")

    def __init__(self, frame: Frame, node: Expr) -> None:
        """Take the expression as it was lowered for its first place."""
        self._frame = frame
        self._node = node
        self._used = False
        self._spent = 0

    @property
    def items(self) -> list[Expr]:
        """The items of a list or tuple that is written out, else none."""
        return self._node.items if isinstance(self._node, Array) else []

    def take(self) -> Expr:
        """Return the expression for the next place.

        A short one is lowered anew each time. A longer one is the same node each time, up to
        a bound, beyond which it is opaque: otherwise a few lines could make a walk endless.
        """
        if not self._used:
            self._used = True
            return self._node
        size = self._node.raw.descendant_count
        if size <= _COPIED:
            return self._frame.expr(self._node.raw)
        self._spent += size
        if self._spent <= _SHARED:
            return self._node
        return build.opaque(self._node.raw, [], "repeated")
