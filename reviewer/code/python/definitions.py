"""Python's functions and classes, and the entry of its lowering."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.form.tree import adopt
from reviewer.code.python.expressions import christen
from reviewer.code.python.frame import DEEPEST_FUNCTION, Surroundings
from reviewer.code.python.statements import Statements
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Expr,
    ExprStatement,
    Field,
    Function,
    Index,
    Literal,
    Member,
    Name,
)
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Param, Statement

_GETTERS: Final = frozenset({"property", "cached_property", "abstractproperty"})
_WITHOUT_RECEIVER: Final = frozenset({"staticmethod"})
_STATIC: Final = frozenset({"staticmethod", "classmethod", "abstractstaticmethod", "abstractclassmethod"})
_ABSTRACT: Final = frozenset({"abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod"})
_INNER: Final = frozenset({"function_definition", "class_definition", "lambda"})
_YIELD: Final = regex(rb"\byield\b")


class PythonLowering(Statements):
    """Turns the parse tree of a Python module into the normalised tree, a function at a time."""

    def __init__(self, module: Module) -> None:
        """Take the module; it is not parsed before `body` or `fill` is called."""
        super().__init__(module)
        self._surroundings: dict[int, Surroundings] = {}
        self._statements.update(
            {
                "function_definition": self._definition,
                "class_definition": self._definition,
                "decorated_definition": self._decorated,
            }
        )

    # Entry

    def body(self, nodes: list[RawNode], outer: Function | None) -> list[Statement]:
        """Lower the statements of the module, or of a function that is around them."""
        self._enter(outer)
        out: list[Statement] = []
        for raw in nodes:
            self.statement(raw, out)
        for statement in out:
            statement.parent = outer
        return out

    def fill(self, function: Function) -> None:
        """Lower the parameters and the body of one function."""
        raw = function.raw
        if raw.type == "decorated_definition":
            raw = raw.child_by_field_name("definition") or raw
        around = self._enter(function)
        function._params = self._params(raw, function, around)
        if raw.type == "lambda":
            value = self.child(raw, "body")
            function._body = [build.return_(value.raw, value)]
        else:
            function._body = self._body(raw)
        build.take(function, function._params)
        build.take(function, function._body)

    def _enter(self, function: Function | None) -> Surroundings:
        """Take up the surroundings of a function's body, or of the module's top level for None."""
        around = self._surroundings.get(function.raw.id) if function is not None else None
        if around is None:
            around = Surroundings("", "", 0, type_only=False)
        self._depth = 0
        self._outer = function
        self._owner = None
        self._receiver = around.receiver
        self._level = around.level
        self._type_only = around.type_only
        return around

    # Functions

    def function(self, raw: RawNode, whole: RawNode) -> Function | None:
        """Make the one function of a definition or lambda; ``whole`` includes its decorators."""
        known = self._module.definitions.get(raw.id)
        if isinstance(known, Function):
            return known
        if self._level >= DEEPEST_FUNCTION:
            return None
        if raw.type == "lambda":
            node = build.function(raw, self._module, "", "arrow", self._outer)
            receiver = self._receiver if self._receiver not in self._param_names(raw) else ""
        else:
            named = raw.child_by_field_name("name")
            identifier = self.identifier(named) if named is not None else ""
            node = build.function(whole, self._module, identifier, "function", self._outer)
            node.asynchronous = raw.children[0].type == "async"
            node.returns = self.annotation(raw.child_by_field_name("return_type"))
            node.private = _is_private(identifier)
            node.decorators = [*self._decorators(whole), *self._evaluated_types(raw)]
            build.take(node, node.decorators)
            receiver = self._classify(node, raw)
        node.generator = self._yields(raw)
        self._surroundings[node.raw.id] = Surroundings(receiver, self._receiver, self._level + 1, self._type_only)
        self._module.definitions[raw.id] = self._module.definitions[whole.id] = node
        return node

    def _decorators(self, whole: RawNode) -> list[Expr]:
        if whole.type != "decorated_definition":
            return []
        return [self.group(part, self.parts(part)) for part in whole.named_children if part.type == "decorator"]

    def _evaluated_types(self, raw: RawNode) -> list[Expr]:
        """Lower the types of a signature that hold calls: Python runs them with the decorators."""
        body = raw.child_by_field_name("body")
        if body is None or self._source.count(b"(", raw.start_byte, body.start_byte) < 2:
            return []
        types = [part.child_by_field_name("type") for part in self._param_parts(raw)]
        types.append(raw.child_by_field_name("return_type"))
        return self.evaluated([found for found in types if found is not None])

    def _classify(self, node: Function, raw: RawNode) -> str:
        """Set what a function's class and decorators make of it; return the name that is ``this`` in it."""
        names = [_last_name(decorator) for decorator in node.decorators]
        abstract = not _ABSTRACT.isdisjoint(names)
        owner = self._owner
        node.signature_only = "overload" in names or self._is_stub(
            raw, empty=abstract or (owner is not None and owner.kind == "interface")
        )
        receiver = self._receiver if self._receiver not in self._param_names(raw) else ""
        if owner is None:
            return receiver
        node.owner = owner
        node.kind = "method"
        node.static = not _STATIC.isdisjoint(names)
        if node.name == "__init__":
            node.kind = "constructor"
        elif not _GETTERS.isdisjoint(names) or "getter" in names:
            node.kind = "getter"
        elif "setter" in names:
            node.kind = "setter"
        return self._first_param(raw) if _WITHOUT_RECEIVER.isdisjoint(names) else ""

    def _is_stub(self, raw: RawNode, *, empty: bool) -> bool:
        """Tell whether a body is only ``...``; with ``empty`` also ``pass``, a docstring, ``raise``."""
        body = raw.child_by_field_name("body")
        if body is None or body.named_child_count > 4:
            return False
        kinds = [self._stub_part(part) for part in self.parts(body)]
        allowed = ("...", "text", "pass", "raise") if empty else ("...", "text")
        return bool(kinds) and all(kind in allowed for kind in kinds) and (empty or "..." in kinds)

    def _stub_part(self, raw: RawNode) -> str:
        if raw.type == "pass_statement":
            return "pass"
        if raw.type == "raise_statement":
            return "raise" if "NotImplementedError" in self.text(raw)[:40] else ""
        inner = raw.named_children
        if raw.type != "expression_statement" or len(inner) != 1:
            return ""
        return {"ellipsis": "...", "string": "text", "concatenated_string": "text"}.get(inner[0].type, "")

    @cached_property
    def _yield_positions(self) -> list[int]:
        return [match.start() for match in _YIELD.finditer(self._source)]

    def _yields(self, raw: RawNode) -> bool:
        """Tell whether a function yields itself: looks only where the word is written."""
        positions = self._yield_positions
        body = raw.child_by_field_name("body")
        pending = [body] if body is not None else []
        while pending:
            node = pending.pop()
            first = bisect_left(positions, node.start_byte)
            if first == len(positions) or positions[first] >= node.end_byte or node.type in _INNER:
                continue
            if node.type == "yield":
                return True
            pending.extend(node.children)
        return False

    # Parameters

    def _param_parts(self, raw: RawNode) -> list[RawNode]:
        params = raw.child_by_field_name("parameters")
        return self.parts(params) if params is not None else []

    def _param_names(self, raw: RawNode) -> set[str]:
        return {self.identifier(named) for named in map(_param_name, self._param_parts(raw)) if named is not None}

    def _first_param(self, raw: RawNode) -> str:
        """Return the name of the first parameter that an object can be passed to by position, or nothing."""
        for part in self._param_parts(raw):
            named = _param_name(part)
            if named is None or part.type.endswith("splat_pattern") or _is_rest(part):
                return ""
            return self.identifier(named)
        return ""

    def _params(self, raw: RawNode, function: Function, around: Surroundings) -> list[Param]:
        self._receiver = around.outer_receiver
        params: list[Param] = []
        for position, part in enumerate(self._param_parts(raw)):
            own = function.owner is not None and position == 0 and around.receiver
            if not own and part.type not in ("positional_separator", "keyword_separator"):
                params.append(self._param(part))
        self._receiver = around.receiver
        return params

    def _param(self, raw: RawNode) -> Param:
        named = _param_name(raw)
        fallback = raw.child_by_field_name("value")
        annotation = self.annotation(raw.child_by_field_name("type"))
        value = self.expr(fallback) if fallback is not None else None
        node = build.param(raw, self.identifier(named) if named is not None else "", annotation, value)
        node.rest = _is_rest(raw)
        node.optional = fallback is not None
        if named is None:
            node.fields = {str(i): self.text(part) for i, part in enumerate(self.parts(raw))}
        if value is not None:
            christen(value, node.name)
        return node

    # Definitions as statements

    def _decorated(self, raw: RawNode, out: list[Statement]) -> None:
        definition = raw.child_by_field_name("definition")
        if definition is None:
            out.append(build.statement(raw, self.rest(raw)))
        else:
            self._define(definition, raw, out)

    def _definition(self, raw: RawNode, out: list[Statement]) -> None:
        self._define(raw, raw, out)

    def _define(self, raw: RawNode, whole: RawNode, out: list[Statement]) -> None:
        node = self._class(raw, whole) if raw.type == "class_definition" else self.function(raw, whole)
        out.append(node if node is not None else build.statement(whole, self.too_deep(whole)))

    # Classes

    def _class(self, raw: RawNode, whole: RawNode) -> Class:
        known = self._module.definitions.get(raw.id)
        if isinstance(known, Class):
            return known
        named = raw.child_by_field_name("name")
        identifier = self.identifier(named) if named is not None else ""
        node = build.class_(whole, self._module, identifier, "class", self._outer)
        self._module.definitions[raw.id] = self._module.definitions[whole.id] = node
        node.decorators = self._decorators(whole)
        supers = raw.child_by_field_name("superclasses")
        for part in self.parts(supers) if supers is not None else []:
            if part.type == "keyword_argument":
                assignment = build.assign(part, self.child(part, "name"), self.child(part, "value"))
                node.rest.append(build.statement(part, assignment))
            else:
                node.bases.append(self.expr(part))
        if any(_last_name(base) == "Protocol" and not _of_connections(base) for base in node.bases):
            node.kind = "interface"
        owner, self._owner = self._owner, node
        self._members(node, self._body(raw))
        self._owner = owner
        adopt(node, None)
        return node

    def _members(self, node: Class, statements: list[Statement]) -> None:
        """Sort the statements of a class body into fields, methods and the rest."""
        frozen = any(_is_frozen(decorator) for decorator in node.decorators)
        for statement in statements:
            if isinstance(statement, Function):
                node.methods.append(statement)
                continue
            assignment = statement.value if isinstance(statement, ExprStatement) else None
            if isinstance(assignment, Assign) and assignment.op == "=" and isinstance(assignment.target, Name):
                node.fields.append(_field(assignment, frozen=frozen))
            else:
                node.rest.append(statement)


def _of_connections(base: Expr) -> bool:
    """Tell whether a base is ``asyncio.Protocol``, which reads a connection, and not the one of ``typing``."""
    return isinstance(base, Member) and isinstance(base.object, Name) and base.object.id == "asyncio"


def _field(assignment: Assign, *, frozen: bool) -> Field:
    """Make the field that an assignment at class level declares."""
    identifier = assignment.target.id if isinstance(assignment.target, Name) else ""
    annotation = assignment.type
    node = build.field(assignment.raw, identifier, annotation, assignment.value)
    outermost = annotation.split("[")[0].rpartition(".")[2].strip()
    node.static = (assignment.value is not None and not annotation) or outermost == "ClassVar"
    node.readonly = frozen or "Final" in re.findall(r"\w+", annotation)[:4]
    node.optional = outermost == "NotRequired"
    node.private = _is_private(identifier)
    if assignment.value is not None:
        christen(assignment.value, identifier)
    return node


def _is_private(identifier: str) -> bool:
    """Tell whether a name says that it is not for others; names like ``__init__`` are Python's own."""
    return identifier.startswith("_") and not (identifier.startswith("__") and identifier.endswith("__"))


def _last_name(expr: Expr) -> str:
    """Return the last part of what a decorator or a base names: ``setter`` for ``x.setter``."""
    for _ in range(4):
        if isinstance(expr, Call):
            expr = expr.callee
        elif isinstance(expr, Index):
            expr = expr.object
    if isinstance(expr, Name):
        return expr.id
    return expr.name if isinstance(expr, Member) else ""


def _is_frozen(decorator: Expr) -> bool:
    """Tell whether a decorator makes a data class whose fields can't be set again."""
    if not isinstance(decorator, Call) or decorator.name not in ("dataclass", "define", "attrs", "s"):
        return False
    frozen = decorator.keywords.get("frozen")
    return isinstance(frozen, Literal) and frozen.value is True


def _param_name(raw: RawNode) -> RawNode | None:
    """Return the parser's node of a parameter's name, or None for a pattern or a separator."""
    node: RawNode | None = raw
    for _ in range(3):
        if node is None or node.type == "identifier":
            return node
        if node.type in ("tuple_pattern", "positional_separator", "keyword_separator"):
            return None
        named = node.child_by_field_name("name")
        node = named if named is not None else next(iter(node.named_children), None)
    return None


def _is_rest(raw: RawNode) -> bool:
    """Tell whether a parameter takes what is left: ``*args`` or ``**kwargs``, with or without a type."""
    first = raw.named_children[0] if raw.type == "typed_parameter" and raw.named_children else raw
    return first.type in ("list_splat_pattern", "dictionary_splat_pattern")
