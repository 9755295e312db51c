"""Python's expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.python import strings
from reviewer.code.python.frame import DEEPEST, LONGEST_CHAIN, SHARED_IN_EXPRESSION, Frame, Repeated
from reviewer.code.python.spreads import whole_spread
from reviewer.code.syntax import Function, Literal, Member, Name, Spread
from reviewer.code.walk import find

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_COMPARISONS: Final = {"is": "==", "is not": "!=", "<>": "!="}
_CONSTANTS: Final = {"true": True, "false": False, "none": None}


class Expressions(Frame):
    """Lowers expressions."""

    def __init__(self, module: Module) -> None:
        """Take the module; see `Frame`."""
        super().__init__(module)
        self._casts: set[str] = set()
        """Local names of `typing.cast`."""
        self._typing: set[str] = set()
        """Local names of the module `typing`."""
        self._expressions.update(
            {
                "identifier": self.name,
                "attribute": self._attribute,
                "call": self._call,
                "string": self._string,
                "concatenated_string": self._concatenated,
                "integer": self._number,
                "float": self._number,
                "true": self._constant,
                "false": self._constant,
                "none": self._constant,
                "ellipsis": self._ellipsis,
                "subscript": self._subscript,
                "parenthesized_expression": self._parenthesized,
                "list": self._list,
                "list_pattern": self._list,
                "tuple": self._tuple,
                "tuple_pattern": self._tuple,
                "expression_list": self._tuple,
                "pattern_list": self._tuple,
                "set": self._set,
                "dictionary": self._dictionary,
                "binary_operator": self._operation,
                "boolean_operator": self._operation,
                "comparison_operator": self._comparison,
                "not_operator": self._unary,
                "unary_operator": self._unary,
                "conditional_expression": self._conditional,
                "lambda": self._lambda,
                "list_comprehension": self._comprehension,
                "set_comprehension": self._comprehension,
                "dictionary_comprehension": self._comprehension,
                "generator_expression": self._comprehension,
                "await": self._await,
                "yield": self._yield,
                "named_expression": self._named,
                "list_splat": self._splat,
                "list_splat_pattern": self._splat,
                "parenthesized_list_splat": self._splat,
                "dictionary_splat": self._double_splat,
                "dictionary_splat_pattern": self._double_splat,
                "pair": self._pair,
                "type": self._type,
                "dotted_name": self._dotted_name,
                "as_pattern_target": self._parenthesized,
            }
        )

    # Names

    def _attribute(self, raw: RawNode) -> Expr:
        children = raw.children
        parts = children[::2] if len(children) == 3 else self.parts(raw)
        if len(parts) != 2:
            return self.rest(raw)
        return build.member(raw, self.expr(parts[0]), self.identifier(parts[1]))

    def _dotted_name(self, raw: RawNode) -> Expr:
        parts = self.parts(raw)
        if not parts:
            return self.rest(raw)
        node: Expr = self.name(parts[0])
        for part in parts[1:]:
            node = build.member(raw, node, self.identifier(part))
        return node

    def _subscript(self, raw: RawNode) -> Expr:
        parts = self.parts(raw)
        if not parts:
            return self.rest(raw)
        return build.index(raw, self.expr(parts[0]), self.group(raw, parts[1:]))

    # Calls

    def _call(self, raw: RawNode) -> Expr:
        parts = raw.children
        if len(parts) != 2:
            parts = self.parts(raw)
        if len(parts) != 2:
            return self.rest(raw)
        callee = self.expr(parts[0])
        if parts[1].type != "argument_list":
            return build.call(raw, callee, [self.expr(parts[1])])
        args: list[Expr] = []
        keywords: dict[str, Expr] | None = None
        for part in self.parts(parts[1]):
            if part.type != "keyword_argument":
                args.append(self.expr(part))
                continue
            keywords = {} if keywords is None else keywords
            named = part.child_by_field_name("name")
            key = self.identifier(named) if named is not None else ""
            value = self.child(part, "value")
            keywords[key] = value
            christen(value, key)
        if len(args) == 2 and keywords is None and self._is_cast(callee, args):
            return build.cast(raw, args[1], self.annotation(args[0].raw), "cast")
        if isinstance(callee, Member) and callee.name == "format":
            text = build.formatted(raw, callee.object, args, keywords or {})
            if text is not None:
                return text
        return build.call(raw, callee, args, keywords)

    def _is_cast(self, callee: Expr, args: list[Expr]) -> bool:
        """Tell whether a call with two arguments is one of `typing.cast`, as the file's imports have it."""
        if isinstance(callee, Name):
            known = callee.id in self._casts
        else:
            known = (
                isinstance(callee, Member)
                and callee.name == "cast"
                and isinstance(callee.object, Name)
                and callee.object.id in self._typing
            )
        # The type is evaluated, too: a call in it must not disappear.
        evaluated = not isinstance(args[0], Literal) and "(" in self.text(args[0].raw)
        return known and not evaluated and not any(isinstance(arg, Spread) for arg in args)

    # Constants

    def _constant(self, raw: RawNode) -> Literal:
        return build.literal(raw, _CONSTANTS[raw.type], self.text(raw))

    def _ellipsis(self, raw: RawNode) -> Expr:
        return build.opaque(raw, [], "ellipsis")

    def _number(self, raw: RawNode) -> Expr:
        spelled = self.text(raw)
        value: int | float
        try:
            value = int(spelled.rstrip("lL"), 0) if raw.type == "integer" else float(spelled)
        except ValueError:
            # An imaginary number, an octal one of Python 2, or one with too many digits to convert.
            return build.opaque(raw, [], raw.type)
        return build.literal(raw, value, spelled)

    def _string(self, raw: RawNode) -> Expr:
        spelled = self.text(raw)
        start = strings.opening(spelled)
        if "f" in start.prefix or "t" in start.prefix:
            return _joined(raw, self._pieces(raw, start), spelled)
        return build.literal(raw, strings.constant(spelled), spelled)

    def _concatenated(self, raw: RawNode) -> Expr:
        items: list[Expr] = []
        for part in self.parts(raw):
            start = strings.opening(self.text(part)) if part.type == "string" else strings.Opening("", "")
            if "f" in start.prefix or "t" in start.prefix:
                items.extend(self._pieces(part, start))
            else:
                items.append(self.expr(part))
        return _joined(raw, items, self.text(raw))

    def _pieces(self, raw: RawNode, start: strings.Opening) -> list[Expr]:
        """Lower the stretches and the holes of an f-string; a hole in a format comes after its own."""
        items: list[Expr] = []
        for part in raw.named_children:
            if part.type == "string_content":
                spelled = self.text(part)
                value = strings.stretch(spelled.replace("{{", "{").replace("}}", "}"), start)
                items.append(build.literal(part, value, spelled))
            elif part.type == "interpolation" or part.is_error:
                items.extend(self._holes(part))
        return items

    def _holes(self, raw: RawNode) -> list[Expr]:
        if self._depth >= DEEPEST:
            return [self.too_deep(raw)]
        self._depth += 1
        holes: list[Expr] = []
        for part in self.parts(raw):
            if part.type in ("format_specifier", "format_expression"):
                holes.extend(self._holes(part))
            elif part.type != "type_conversion":
                holes.append(self.expr(part))
        self._depth -= 1
        return holes

    # Collections

    def _parenthesized(self, raw: RawNode) -> Expr:
        return self.group(raw, self.parts(raw))

    def _list(self, raw: RawNode) -> Expr:
        return build.array(raw, self._listed(raw))

    def _set(self, raw: RawNode) -> Expr:
        return build.array(raw, self._listed(raw), "set")

    def _tuple(self, raw: RawNode) -> Expr:
        return build.array(raw, self._listed(raw), "tuple")

    def _listed(self, raw: RawNode) -> list[Expr]:
        return [whole_spread(part, self.expr(part)) for part in self.parts(raw)]

    def _dictionary(self, raw: RawNode) -> Expr:
        entries: list[tuple[Expr | None, Expr]] = []
        for part in self.parts(raw):
            if part.type == "pair":
                entries.append(self._entry(part))
            elif part.type == "dictionary_splat":
                entries.append((None, self.group(part, self.parts(part))))
            else:
                entries.append((None, self.expr(part)))
        return build.mapping(raw, entries)

    def _entry(self, raw: RawNode) -> tuple[Expr, Expr]:
        parts = self.parts(raw)
        if len(parts) != 2:
            return build.opaque(raw, [], "missing"), self.rest(raw)
        key = self.expr(parts[0])
        value = self.expr(parts[1])
        if isinstance(key, Literal):
            christen(value, str(key.value))
        return key, value

    def _pair(self, raw: RawNode) -> Expr:
        """Lower the element of a dict comprehension: a dict with one entry."""
        return build.mapping(raw, [self._entry(raw)])

    def _splat(self, raw: RawNode) -> Expr:
        return build.spread(raw, self.group(raw, self.parts(raw)))

    def _double_splat(self, raw: RawNode) -> Expr:
        return build.spread(raw, self.group(raw, self.parts(raw)), double=True)

    # Operations

    def _operation(self, raw: RawNode) -> Expr:
        """Lower ``a + b + c`` along its left edge, without descending for each operator."""
        chain: list[tuple[RawNode, RawNode, RawNode]] = []
        kind, current = raw.type, raw
        while current.type == kind:
            left, right = current.child_by_field_name("left"), current.child_by_field_name("right")
            operator = current.child_by_field_name("operator")
            if left is None or right is None or operator is None:
                break
            chain.append((current, operator, right))
            current = left
        if not chain:
            return self.rest(raw)
        chain.reverse()
        node = self.expr(current) if current.type != kind else self.rest(current)
        if len(chain) > LONGEST_CHAIN:
            return build.opaque(raw, [node, *(self.expr(right) for _, _, right in chain)], kind)
        for whole, operator, right in chain:
            if operator.type == "+":
                grouped = current.type == "parenthesized_expression" and whole is chain[0][0]
                node = build.added(whole, node, self.expr(right), grouped=grouped)
            elif operator.type == "%":
                node = build.filled(whole, node, self.expr(right))
            else:
                node = build.binary(whole, operator.type, node, self.expr(right))
        return node

    def _comparison(self, raw: RawNode) -> Expr:
        operands: list[RawNode] = []
        operators: list[str] = []
        for child in raw.children:
            if not child.is_named:
                operators.append(_COMPARISONS.get(child.type, child.type))
            elif not child.is_extra or child.is_error:
                operands.append(child)
        if not operators or len(operands) != len(operators) + 1:
            return self.rest(raw)
        if len(operators) > LONGEST_CHAIN:
            return build.opaque(raw, self.exprs(operands), raw.type)
        whole: Expr | None = None
        left = self.expr(operands[0])
        for operator, operand in zip(operators, operands[1:], strict=True):
            right = self.expr(operand)
            shared = Repeated(right, SHARED_IN_EXPRESSION)
            test = build.binary(raw, operator, left, shared.take(), strict=True)
            whole = test if whole is None else build.binary(raw, "and", whole, test)
            if operand is not operands[-1]:
                left = shared.take()
        return whole if whole is not None else self.rest(raw)

    def _unary(self, raw: RawNode) -> Expr:
        operator = "not" if raw.type == "not_operator" else raw.children[0].type
        return build.unary(raw, operator, self.child(raw, "argument"))

    def _conditional(self, raw: RawNode) -> Expr:
        parts = self.parts(raw)
        if len(parts) != 3:
            return self.rest(raw)
        then, test, other = self.exprs(parts)
        return build.conditional(raw, test, then, other)

    def _await(self, raw: RawNode) -> Expr:
        return build.await_(raw, self.group(raw, self.parts(raw)))

    def _yield(self, raw: RawNode) -> Expr:
        parts = self.parts(raw)
        return build.yield_(raw, self.group(raw, parts) if parts else None)

    def _named(self, raw: RawNode) -> Expr:
        target, value = self.child(raw, "name"), self.child(raw, "value")
        if isinstance(target, Name):
            christen(value, target.id)
        return build.assign(raw, target, value, ":=")

    def _type(self, raw: RawNode) -> Expr:
        return self.group(raw, self.parts(raw))

    def _lambda(self, raw: RawNode) -> Expr:
        function = self.function(raw, raw)
        return function if function is not None else self.too_deep(raw)

    def _comprehension(self, raw: RawNode) -> Expr:
        """Lower a comprehension; a clause that binds the receiver's name takes it away."""
        parts = self.parts(raw)
        receiver = self._receiver
        if receiver and any(
            name.id == "this"
            for part in parts
            if part.type == "for_in_clause"
            for name in find(self.child(part, "left"), Name)
        ):
            self._receiver = ""
        elements: list[Expr] = []
        clauses: list[tuple[Expr, Expr]] = []
        tests: list[Expr] = []
        for part in parts:
            if part.type == "for_in_clause":
                iterable = [c for c in part.children_by_field_name("right") if c.is_named]
                clauses.append((self.child(part, "left"), self.group(part, iterable)))
            elif part.type == "if_clause":
                tests.append(self.group(part, self.parts(part)))
            else:
                elements.append(self.expr(part))
        self._receiver = receiver
        element = elements[0] if len(elements) == 1 else build.opaque(raw, elements, "missing")
        return build.comprehension(raw, element, clauses, tests)


def christen(value: Expr, identifier: str) -> None:
    """Give a function without a name the one that it is assigned to or stands under."""
    if isinstance(value, Function) and not value.name:
        value.name = identifier


def _joined(raw: RawNode, items: list[Expr], spelled: str) -> Expr:
    """Make one literal of constant pieces, a template of pieces with holes."""
    texts = [item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str)]
    if len(texts) == len(items):
        return build.literal(raw, "".join(texts), spelled)
    stretches = [item.value for item in items if isinstance(item, Literal) and isinstance(item.value, bytes)]
    if len(stretches) == len(items):
        return build.literal(raw, b"".join(stretches), spelled)
    return build.template(raw, items)
