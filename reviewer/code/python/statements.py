"""Python's statements, definitions apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.python.frame import Repeated
from reviewer.code.python.targets import Targets
from reviewer.code.syntax import Array, Call, Imported, Index, Member, Name

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Case, Expr, Handler, Statement

_BASES: Final = frozenset({"attribute", "subscript", "call"})
_LONGEST_LADDER: Final = 200
"""Branches of one ``if … elif …`` that become nested nodes."""


class Statements(Targets):
    """Lowers statements."""

    def __init__(self, module: Module) -> None:
        """Take the module; see `Frame`."""
        super().__init__(module)
        self._statements.update(
            {
                "expression_statement": self._expression_statement,
                "return_statement": self._return,
                "if_statement": self._if,
                "for_statement": self._for,
                "while_statement": self._while,
                "try_statement": self._try,
                "with_statement": self._with,
                "match_statement": self._match,
                "raise_statement": self._raise,
                "assert_statement": self._assert,
                "delete_statement": self._delete,
                "global_statement": self._global,
                "nonlocal_statement": self._global,
                "pass_statement": self._pass,
                "break_statement": self._jump,
                "continue_statement": self._jump,
                "import_statement": self._import,
                "import_from_statement": self._import_from,
                "future_import_statement": self._import_from,
                "type_alias_statement": self._type_alias,
                "print_statement": self._print,
                "exec_statement": self._print,
                "block": self._inner_block,
            }
        )

    # Simple statements

    def _expression_statement(self, raw: RawNode, out: list[Statement]) -> None:
        parts = self.parts(raw)
        if len(parts) != 1:
            out.append(build.statement(raw, self.group(raw, parts)))
            return
        handler = self._statements.get(parts[0].type)
        if handler is not None:
            handler(parts[0], out)
        else:
            out.append(build.statement(raw, self.expr(parts[0])))

    def _return(self, raw: RawNode, out: list[Statement]) -> None:
        parts = self.parts(raw)
        out.append(build.return_(raw, self.group(raw, parts) if parts else None))

    def _raise(self, raw: RawNode, out: list[Statement]) -> None:
        cause = raw.child_by_field_name("cause")
        parts = [part for part in self.parts(raw) if part != cause]
        value = self.group(raw, parts) if parts else None
        out.append(build.throw(raw, value, self.expr(cause) if cause is not None else None))

    def _assert(self, raw: RawNode, out: list[Statement]) -> None:
        parts = self.parts(raw)
        message = self.group(raw, parts[1:]) if len(parts) > 1 else None
        out.append(build.assertion(raw, self.group(raw, parts[:1]), message))

    def _delete(self, raw: RawNode, out: list[Statement]) -> None:
        pending = self.exprs(self.parts(raw))[::-1]
        targets: list[Expr] = []
        while pending:
            target = pending.pop()
            if isinstance(target, Array):
                pending.extend(reversed(target.items))
            else:
                targets.append(target)
        out.append(build.delete(raw, targets))

    def _global(self, raw: RawNode, out: list[Statement]) -> None:
        names = [build.name(part, self.identifier(part)) for part in self.parts(raw)]
        out.append(build.statement(raw, build.opaque(raw, names, raw.type)))

    def _pass(self, raw: RawNode, out: list[Statement]) -> None:
        """Lower ``pass`` to nothing: an empty body is empty in every language."""

    def _jump(self, raw: RawNode, out: list[Statement]) -> None:
        out.append(build.jump(raw, "break" if raw.type == "break_statement" else "continue"))

    def _inner_block(self, raw: RawNode, out: list[Statement]) -> None:
        """Lower a block that stands alone, as it does in text that does not parse."""
        out.extend(self.block(raw))

    def _print(self, raw: RawNode, out: list[Statement]) -> None:
        """Lower ``print x`` and ``exec x`` of Python 2 to the calls that they became."""
        keyword = raw.children[0]
        callee = build.name(keyword, keyword.type)
        out.append(build.statement(raw, build.call(raw, callee, self.exprs(self.parts(raw)))))

    def _type_alias(self, raw: RawNode, out: list[Statement]) -> None:
        left = raw.child_by_field_name("left")
        inner = left.named_children[0] if left is not None and left.named_children else None
        if inner is not None and inner.type in _BASES:
            target = self._type_call(raw, inner)
        else:
            target = build.name(left if left is not None else raw, self.annotation(left).split("[")[0].strip())
        out.append(build.statement(raw, build.assign(raw, target, self.child(raw, "right"))))

    def _type_call(self, raw: RawNode, target: RawNode) -> Expr:
        """Lower the target of ``type(x).y = z``, which the parser takes for the alias of a type."""
        whole = self.expr(target)
        node, base = whole, target.named_children[0]
        while base.type in _BASES and isinstance(node, Member | Index | Call):
            node, base = node.callee if isinstance(node, Call) else node.object, base.named_children[0]
        keyword = build.name(raw.children[0], "type")
        if isinstance(node, Call):
            node.callee = build.call(raw, keyword, _arguments(node.callee, base))
            node.callee.parent = node
        elif isinstance(node, Member | Index):
            node.object = build.call(raw, keyword, _arguments(node.object, base))
            node.object.parent = node
        return whole

    # Imports

    def _import(self, raw: RawNode, out: list[Statement]) -> None:
        """Lower ``import a.b, c as d``: one statement for each module."""
        modules = raw.children_by_field_name("name")
        for module in modules:
            whole = raw if len(modules) == 1 else module
            alias = module.child_by_field_name("alias")
            named = module.child_by_field_name("name") if alias is not None else module
            source = self.dotted(named) if named is not None else ""
            local = self.identifier(alias) if alias is not None else source.split(".")[0]
            bound = source if alias is not None else local
            if self._outer is None and source in ("typing", "typing_extensions"):
                self._typing.add(local)
            imported = Imported(local, "*", bound, type_only=self._type_only)
            out.append(build.import_(whole, [imported], source))

    def _import_from(self, raw: RawNode, out: list[Statement]) -> None:
        origin = raw.child_by_field_name("module_name")
        source = self.dotted(origin) if origin is not None else "__future__"
        names: list[Imported] = []
        for part in raw.children_by_field_name("name"):
            alias = part.child_by_field_name("alias")
            named = part.child_by_field_name("name") if alias is not None else part
            name = self.dotted(named) if named is not None else ""
            local = self.identifier(alias) if alias is not None else name
            names.append(Imported(local, name, source, type_only=self._type_only))
            if self._outer is None and name == "cast" and source in ("typing", "typing_extensions"):
                self._casts.add(local)
        if not names and any(child.type == "wildcard_import" for child in raw.named_children):
            names.append(Imported("*", "*", source, type_only=self._type_only))
        out.append(build.import_(raw, names, source))

    # Compound statements

    def _body(self, raw: RawNode) -> list[Statement]:
        """Lower the block of a clause, and whatever the parser could not place before it."""
        out: list[Statement] = []
        for part in raw.named_children:
            if part.type == "block" or part.is_error:
                self.statement(part, out)
        return out

    def _if(self, raw: RawNode, out: list[Statement]) -> None:
        alternatives: list[RawNode] = []
        orelse: list[Statement] = []
        for part in raw.named_children:
            if part.type == "elif_clause":
                alternatives.append(part)
            elif part.type == "else_clause":
                orelse.extend(self._body(part))
        # A ladder longer than any that a person writes goes on flat, so that its depth is bounded.
        flat = [self._branch(clause, []) for clause in alternatives[_LONGEST_LADDER:]]
        orelse[:0] = flat
        for clause in reversed(alternatives[:_LONGEST_LADDER]):
            orelse = [self._branch(clause, orelse)]
        out.append(self._branch(raw, orelse))

    def _branch(self, raw: RawNode, orelse: list[Statement]) -> Statement:
        test = self.child(raw, "condition")
        type_only = self._type_only
        self._type_only = type_only or _last_name(test) == "TYPE_CHECKING"
        body = self._body(raw)
        self._type_only = type_only
        return build.if_(raw, test, body, orelse)

    def _else(self, raw: RawNode) -> list[Statement]:
        clause = raw.child_by_field_name("alternative")
        return self._body(clause) if clause is not None else []

    def _for(self, raw: RawNode, out: list[Statement]) -> None:
        iterable = [part for part in raw.children_by_field_name("right") if part.is_named]
        node = build.for_(raw, self.child(raw, "left"), self.group(raw, iterable), self._body(raw), self._else(raw))
        node.asynchronous = _is_async(raw)
        out.append(node)

    def _while(self, raw: RawNode, out: list[Statement]) -> None:
        """Lower a loop; what stands under its ``else`` follows it in a block."""
        out.append(build.while_(raw, self.child(raw, "condition"), self._body(raw)))
        clause = raw.child_by_field_name("alternative")
        if clause is not None:
            out.append(build.block(clause, self._body(clause)))

    def _try(self, raw: RawNode, out: list[Statement]) -> None:
        body: list[Statement] = []
        handlers: list[Handler] = []
        orelse: list[Statement] = []
        final: list[Statement] = []
        for part in raw.named_children:
            if part.type in ("except_clause", "except_group_clause"):
                handlers.append(self._handler(part))
            elif part.type == "else_clause":
                orelse.extend(self._body(part))
            elif part.type == "finally_clause":
                final.extend(self._body(part))
            elif part.type == "block" or part.is_error:
                self.statement(part, body)
        out.append(build.try_(raw, body, handlers, orelse, final))

    def _handler(self, raw: RawNode) -> Handler:
        types: list[Expr] = []
        caught = ""
        for part in self.parts(raw):
            if part.type == "block" or part.is_error:
                continue
            value, alias = _named(part)
            if alias is not None:
                caught = self.identifier(alias)
            caught_type = self.expr(value)
            types.extend(caught_type.items if isinstance(caught_type, Array) else [caught_type])
        return build.handler(raw, types, caught, self._body(raw))

    def _with(self, raw: RawNode, out: list[Statement]) -> None:
        items: list[tuple[Expr, Expr | None]] = []
        for clause in raw.named_children:
            if clause.type != "with_clause":
                continue
            for item in self.parts(clause):
                value, alias = _named(item)
                items.append((self.expr(value), self.expr(alias) if alias is not None else None))
        out.append(build.with_(raw, items, self._body(raw), _is_async(raw)))

    def _match(self, raw: RawNode, out: list[Statement]) -> None:
        subjects = [part for part in raw.children_by_field_name("subject") if part.is_named]
        subject = self.group(raw, subjects)
        shared = Repeated(subject)
        switched = shared.take()
        body = raw.child_by_field_name("body")
        clauses = body.named_children if body is not None else []
        cases: list[Case] = []
        for clause in clauses:
            if clause.type == "case_clause":
                cases.append(self._case(clause, shared))
            else:
                self.statement(clause, out)  # what the parser could not place
        out.append(build.switch(raw, switched, cases))

    def _case(self, raw: RawNode, subject: Repeated) -> Case:
        parts = self.parts(raw)
        tests, bound = self.arms([part for part in parts if part.type == "case_pattern"], subject)
        guard: Expr | None = None
        for part in parts:
            if part.type == "if_clause":
                guard = self.group(part, self.parts(part))
        bindings: list[Statement] = [build.statement(assignment.raw, assignment) for assignment in bound]
        return build.case(raw, tests, guard, [*bindings, *self._body(raw)])


def _arguments(bracketed: Expr, raw: RawNode) -> list[Expr]:
    """Return what stands in the brackets of a call that was taken for something in brackets."""
    return bracketed.items if raw.type == "tuple" and isinstance(bracketed, Array) else [bracketed]


def _last_name(test: Expr) -> str:
    """Return the last part of a name, empty for anything else."""
    if isinstance(test, Name):
        return test.id
    return test.name if isinstance(test, Member) else ""


def _is_async(raw: RawNode) -> bool:
    """Tell whether a statement starts with ``async``."""
    return raw.children[0].type == "async"


def _named(raw: RawNode) -> tuple[RawNode, RawNode | None]:
    """Split ``value as name``, in brackets or not, into the value and the name, which may be None."""
    value = raw
    for _ in range(4):
        if value.type in ("with_item", "parenthesized_expression") and len(value.named_children) == 1:
            value = value.named_children[0]
        elif value.type == "conditional_expression" and value.named_children[-1].type == "as_pattern":
            # ``with one() if asked else other() as held``: the name is that of the whole choice
            alias = value.named_children[-1].child_by_field_name("alias")
            return value, alias.named_children[0] if alias is not None and alias.named_children else None
        elif value.type == "as_pattern":
            alias = value.child_by_field_name("alias")
            inner = value.named_children[0]
            if alias is not None and alias.named_children:
                return inner, alias.named_children[0]
            return inner, None
        else:
            break
    return (raw.named_children[0] if raw.type == "with_item" and raw.named_children else raw), None
