"""The lowering of one JavaScript or TypeScript module: where its parts meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.javascript import definitions, expressions, statements
from reviewer.code.javascript.awaited import AwaitedCalls
from reviewer.code.javascript.non_null import LastOperands
from reviewer.code.javascript.this_names import this_names
from reviewer.code.syntax import Statement

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function

DEEPEST: Final = 200
"""Nesting of expressions and blocks that is followed; deeper code becomes one opaque node."""


class JavaScriptLowering:
    """Makes normalised nodes; ``outer`` is the function whose body is being lowered."""

    def __init__(self, module: Module) -> None:
        """Take the module that the nodes belong to."""
        self.module = module
        self.outer: Function | None = None
        self.leaving = ""
        """What ``return;`` says here where it leaves a body that runs for each item: ``continue``."""
        self._depth = 0
        self._awaited = AwaitedCalls(module.source)
        self.last_operands = LastOperands()
        self.this_names = this_names(module.source)

    def body(self, nodes: list[RawNode], outer: Function | None) -> list[Statement]:
        """Lower a list of statements that stand in ``outer``, or at the top level for None."""
        before, self.outer = self.outer, outer
        depth, self._depth = self._depth, 0
        leaving, self.leaving = self.leaving, ""
        try:
            return self.statements(nodes)
        finally:
            self.outer, self._depth, self.leaving = before, depth, leaving

    def fill(self, function: Function) -> None:
        """Lower the parameters and the body of a function."""
        before, self.outer = self.outer, function
        depth, self._depth = self._depth, 0
        leaving, self.leaving = self.leaving, ""
        try:
            definitions.fill(self, function)
        finally:
            self.outer, self._depth, self.leaving = before, depth, leaving

    def statements(self, nodes: list[RawNode]) -> list[Statement]:
        """Lower statements; one parser's node may give several, or none."""
        lowered: list[Statement] = []
        for raw in nodes:
            if raw.type != "comment":
                lowered.extend(self.statement(raw))
        return lowered

    def statement(self, raw: RawNode) -> list[Statement]:
        """Lower one statement."""
        make = statements.MAKERS.get(raw.type)
        if make is None:
            return [self._as_statement(raw)]
        if self._depth > DEEPEST:
            self.module.too_deep = True
            return [build.statement(raw, build.opaque(raw, [], "too-deep"))]
        self._depth += 1
        try:
            return make(self, raw)
        finally:
            self._depth -= 1

    def _as_statement(self, raw: RawNode) -> Statement:
        value = self.expr(raw)
        return value if isinstance(value, Statement) else build.statement(raw, value)

    def block(self, raw: RawNode | None) -> list[Statement]:
        """Lower the statements of a block, or a single statement that stands for one."""
        if raw is None:
            return []
        if raw.type == "statement_block":
            return self.statements(raw.named_children)
        return self.statements([raw])

    def expr(self, raw: RawNode | None) -> Expr:
        """Lower one expression; None, which broken code gives, becomes an opaque node."""
        if raw is None:
            return build.opaque(self.module.tree.root_node, [], "missing")
        make = expressions.MAKERS.get(raw.type)
        if make is None:
            return self.opaque(raw)
        if self._depth > DEEPEST:
            self.module.too_deep = True
            return build.opaque(raw, [], "too-deep")
        self._depth += 1
        try:
            return self._awaiting(raw) or make(self, raw)
        finally:
            self._depth -= 1

    def awaited(self, raw: RawNode) -> RawNode | None:
        """Return what a call waits for that is really an ``await`` in brackets, or None."""
        return self._awaited.value_of(raw)

    def _awaiting(self, raw: RawNode) -> Expr | None:
        """Lower ``await (x).y()``, which the parser takes for a call of a function named await."""
        call = self._awaited.call_in(raw)
        if call is None:
            return None
        return build.await_(raw, self.expr(raw) if call.id != raw.id else self.expr(self._awaited.value_of(call)))

    def opaque(self, raw: RawNode) -> Expr:
        """Keep an expression without a node of its own, with its children."""
        if self._depth > DEEPEST:
            self.module.too_deep = True
            return build.opaque(raw, [], "too-deep")
        self._depth += 1
        try:
            parts: list[Expr | Statement] = []
            for child in raw.named_children:
                kind = child.type
                if kind in statements.MAKERS:
                    parts.extend(self.statement(child))
                elif kind not in _SILENT:
                    parts.append(self.expr(child))
            return build.opaque(raw, parts, raw.type)
        finally:
            self._depth -= 1


_SILENT: Final = frozenset(
    {
        "comment",
        "property_identifier",
        "jsx_text",
        "type_annotation",
        "type_arguments",
        "type_parameters",
        "string_fragment",
        "escape_sequence",
    }
)
"""Children that carry no value."""
