"""Each construct of Python, lowered from source text."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import (
    Array,
    Assert,
    Assign,
    Await,
    Binary,
    Block,
    Call,
    Cast,
    Class,
    Comprehension,
    Conditional,
    Delete,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Import,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Return,
    Spread,
    Statement,
    Switch,
    Template,
    Throw,
    Try,
    Unary,
    While,
    With,
    Yield,
)


def module(source: str) -> Module:
    """Lower a source text."""
    return Module("plugin.py", source.encode())


def spelled(node: Node | None) -> str:
    """Spell a node in one fixed way that shows its structure."""
    if node is None:
        return "-"
    spell = _SPELL.get(type(node))
    assert spell is not None, node
    return spell(node)


def listed(nodes) -> str:
    """Spell several nodes."""
    return ", ".join(spelled(node) for node in nodes)


def run(statements: list[Statement]) -> str:
    """Spell statements."""
    return "; ".join(spelled(statement) for statement in statements)


def _call(node: Call) -> str:
    keywords = [f"{key}={spelled(value)}" for key, value in node.keywords.items()]
    return f"{spelled(node.callee)}({', '.join([spelled(arg) for arg in node.args] + keywords)})"


def _assign(node: Assign) -> str:
    typed = f": {node.type}" if node.type else ""
    return f"{spelled(node.target)}{typed} {node.op} {spelled(node.value)}"


def _object(node: Object) -> str:
    return "{" + ", ".join(f"{spelled(key)}: {spelled(value)}" for key, value in node.entries) + "}"


def _comprehension(node: Comprehension) -> str:
    clauses = " ".join(f"for {spelled(target)} in {spelled(iterable)}" for target, iterable in node.clauses)
    return f"<{spelled(node.element)} {clauses} if {listed(node.tests)}>"


def _function(node: Function) -> str:
    params = ", ".join(f"{'*' if p.rest else ''}{p.name}:{p.type}={spelled(p.default)}" for p in node.params)
    return f"{node.kind} {node.name}({params}) -> {node.returns} {{{run(node.body)}}}"


def _try(node: Try) -> str:
    handlers = " ".join(f"except [{listed(h.types)}] {h.name} {{{run(h.body)}}}" for h in node.handlers)
    return f"try {{{run(node.body)}}} {handlers} else {{{run(node.orelse)}}} finally {{{run(node.final)}}}"


def _switch(node: Switch) -> str:
    cases = " ".join(f"[{listed(c.tests)}] if {spelled(c.guard)} {{{run(c.body)}}}" for c in node.cases)
    return f"switch {spelled(node.subject)} {cases}"


def _import(node: Import) -> str:
    names = ", ".join(f"{n.local}={n.name}@{n.source}{'?' if n.type_only else ''}" for n in node.names)
    return f"import {node.source} [{names}]"


def _class(node: Class) -> str:
    fields = ", ".join(f"{f.name}:{f.type}={spelled(f.value)}" for f in node.fields)
    methods = ", ".join(m.name for m in node.methods)
    return f"{node.kind} {node.name}({listed(node.bases)}) fields {fields} methods {methods} rest {run(node.rest)}"


_SPELL = {
    Name: lambda n: n.id,
    Literal: lambda n: repr(n.value),
    Member: lambda n: f"{spelled(n.object)}.{n.name}",
    Index: lambda n: f"{spelled(n.object)}[{spelled(n.key)}]",
    Call: _call,
    Template: lambda n: f"`{listed(n.items)}`",
    Object: _object,
    Array: lambda n: f"{n.kind}({listed(n.items)})",
    Unary: lambda n: f"({n.op} {spelled(n.operand)})",
    Binary: lambda n: f"({spelled(n.left)} {n.op}{'!' if n.strict else ''} {spelled(n.right)})",
    Conditional: lambda n: f"({spelled(n.test)} ? {spelled(n.then)} : {spelled(n.other)})",
    Assign: _assign,
    Await: lambda n: f"await {spelled(n.value)}",
    Yield: lambda n: f"yield {spelled(n.value)}",
    Spread: lambda n: f"{'**' if n.double else '*'}{spelled(n.value)}",
    Cast: lambda n: f"{n.kind}<{n.type}>{spelled(n.value)}",
    Comprehension: _comprehension,
    Opaque: lambda n: f"{n.kind}<{listed(n.items)}>",
    ExprStatement: lambda n: spelled(n.value),
    Return: lambda n: f"return {spelled(n.value)}",
    Throw: lambda n: f"throw {spelled(n.value)} from {spelled(n.cause)}",
    If: lambda n: f"if {spelled(n.test)} {{{run(n.body)}}} else {{{run(n.orelse)}}}",
    For: lambda n: (
        f"{'async ' if n.asynchronous else ''}for {n.style} {spelled(n.target)} in {spelled(n.iterable)}"
        f" {{{run(n.body)}}} else {{{run(n.orelse)}}}"
    ),
    While: lambda n: f"while {spelled(n.test)} {{{run(n.body)}}}",
    Try: _try,
    With: lambda n: (
        f"{'async ' if n.asynchronous else ''}with "
        + ", ".join(f"{spelled(value)} as {spelled(target)}" for value, target in n.items)
        + f" {{{run(n.body)}}}"
    ),
    Switch: _switch,
    Block: lambda n: f"{{{run(n.body)}}}",
    Jump: lambda n: n.kind,
    Delete: lambda n: f"del {listed(n.targets)}",
    Assert: lambda n: f"assert {spelled(n.test)}, {spelled(n.message)}",
    Import: _import,
    Function: _function,
    Class: _class,
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.b.c", "a.b.c"),
        ("a[0]", "a[0]"),
        ("a[1:2]", "a[slice<1, 2>]"),
        ("a[b, ::2]", "a[tuple(b, slice<2>)]"),
        ("f(a, *b, c=1, **d)", "f(a, *b, **d, c=1)"),
        ("f(x for x in y)", "f(<x for x in y if >)"),
        ("f(a)(b).c()", "f(a)(b).c()"),
        ("(a +  # why\n b)", "(a + b)"),
        ("f(  # why\n a)", "f(a)"),
        ("a \\\n . b", "a.b"),
        ("\uff45\uff58\uff45\uff43(x)", "exec(x)"),
        ("1_000, 0x1F, 1.5e3, 10", "tuple(1000, 31, 1500.0, 10)"),
        ("2j", "integer<>"),
        ("True, False, None, ...", "tuple(True, False, None, ellipsis<>)"),
        ("[1, *a], (1,), {1, 2}, ()", "tuple(list(1, *a), tuple(1), set(1, 2), tuple())"),
        ("{'a': 1, b: 2, **c}", "{'a': 1, b: 2, -: c}"),
        ("a - b - c", "((a - b) - c)"),
        ("a and b or not c", "((a and b) or (not c))"),
        ("-x ** ~y", "(- (x ** (~ y)))"),
        ("a < b", "(a <! b)"),
        ("a < b <= c", "((a <! b) and (b <=! c))"),
        ("a is b, a is not b, a == b", "tuple((a ==! b), (a !=! b), (a ==! b))"),
        ("a in b, a not in b", "tuple((a in! b), (a not in! b))"),
        ("a if b else c", "(b ? a : c)"),
        ("(n := f())", "n := f()"),
        ("await a", "await a"),
        ("lambda x, *y, z=1: x", "arrow (x:=-, *y:=-, z:=1) ->  {return x}"),
        ("[x for x in y if z for a, b in c]", "<x for x in y for tuple(a, b) in c if z>"),
        ("{k: v for k, v in x}", "<{k: v} for tuple(k, v) in x if >"),
        ("{x async for x in y if a if b}", "<x for x in y if a, b>"),
        ("print >>f, x", "print(chevron<f>, x)"),
        ("a <> b", "(a !=! b)"),
    ],
)
def test_an_expression_has_its_form(source, expected):
    assert run(module(source).body[:1]) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("'a\\n\\x41\\u00e9\\101\\N{BULLET}\\q'", "a\nAéA•\\q"),
        ("r'a\\n'", "a\\n"),
        ('"""a\nb"""', "a\nb"),
        ("'''it's'''", "it's"),
        ("'a\\\nb'", "ab"),
        ("''", ""),
        ("'\\ud800'", "\N{REPLACEMENT CHARACTER}"),
        ("'a' \"b\" r'\\c'", "ab\\c"),
        ("f'plain {{}}'", "plain {}"),
        ("b'a\\xff'", b"a\xff"),
        ("Rb'\\x'", b"\\x"),
        ("b'a' b'b'", b"ab"),
    ],
)
def test_a_string_has_the_value_that_python_gives_it(source, expected):
    [statement] = module(source).body
    assert statement.value.value == expected
    assert statement.value.raw_text == source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f'a{x!r:>{w}}b\\n{y=}'", "`'a', x, w, 'b\\n', y`"),
        ("'a' f'{x}' 'b'", "`'a', x, 'b'`"),
        ("f'{x, y}{ {1: 2}[1] }'", "`tuple(x, y), {1: 2}[1]`"),
        ("f'{f\"{x}\"}'", "``x``"),
        ("t'{x}'", "`x`"),
    ],
)
def test_a_string_with_holes_is_a_template(source, expected):
    assert run(module(source).body) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1", "a = 1"),
        ("a: int", "a: int = -"),
        ("a: 'Context' = x", "a: Context = x"),
        ("a.b: dict[str,\n int] = x", "a.b: dict[str, int] = x"),
        ("a.b[c] += x", "a.b[c] += x"),
        ("a = b = x", "a = x; b = x"),
        ("a, b = x", "a = x[0]; b = x[1]"),
        ("a, b = 1, c", "a = 1; b = c"),
        ("a, b = b, a", "a = b; b = a"),
        ("(a, b), [c] = x, y", "a = x[0]; b = x[1]; c = y[0]"),
        ("(a, b), c = x", "a = x[0][0]; b = x[0][1]; c = x[1]"),
        ("a, *b, c = x", "a = x[0]; b = x[slice<>]; c = x[-1]"),
        ("a, b = f()", "a = f()[0]; b = f()[1]"),
        ("a, b = *x, y", "a = tuple(*x, y)[0]; b = tuple(*x, y)[1]"),
        ("(a) = 1", "a = 1"),
        ("(a,) = x", "a = x[0]"),
        ("self.a, b[0] = x", "self.a = x[0]; b[0] = x[1]"),
        ("a = b, c = x", "a = x; b = x[0]; c = x[1]"),
        ("type(a).b = x", "type(a).b = x"),
        ("type(a).b[0](c, d).e = x", "type(a).b[0](c, d).e = x"),
        ("type(a, b)[c] = x", "type(a, b)[c] = x"),
        ("type A = int", "A = int"),
        ("type A[T] = list[T]", "A = generic_type<list, type_parameter<T>>"),
    ],
)
def test_an_assignment_binds_one_name_at_a_time(source, expected):
    assert run(module(source).body) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x; pass; y", "x; y"),
        ("if a: b\nelif c: d\nelse: e", "if a {b} else {if c {d} else {e}}"),
        ("for a, b in c: d\nelse: e", "for of tuple(a, b) in c {d} else {e}"),
        ("for x in a, b: continue", "for of x in tuple(a, b) {continue} else {}"),
        ("async def f():\n async for x in y: pass", "function f() ->  {async for of x in y {} else {}}"),
        ("while a: break\nelse: c", "while a {break}; {c}"),
        (
            "try: a\nexcept A as e: b\nexcept (B, C): c\nexcept: d\nelse: e\nfinally: f",
            "try {a} except [A] e {b} except [B, C]  {c} except []  {d} else {e} finally {f}",
        ),
        ("try: a\nexcept* A: b", "try {a} except [A]  {b} else {} finally {}"),
        ("try: a\nexcept A, B: b", "try {a} except [A, B]  {b} else {} finally {}"),
        ("with open(a) as b, c: d", "with open(a) as b, c as - {d}"),
        ("with (open(a) as b): d", "with open(a) as b {d}"),
        ("with (a as b, c as (d, e)): f", "with a as b, c as tuple(d, e) {f}"),
        ("async with a as b.c: d", "async with a as b.c {d}"),
        ("del a, (b.c, d[0])", "del a, b.c, d[0]"),
        ("assert a, b", "assert a, b"),
        ("raise", "throw - from -"),
        ("raise A(b) from c", "throw A(b) from c"),
        ("global a, b", "global_statement<a, b>"),
        ("nonlocal a", "nonlocal_statement<a>"),
        ("import a.b, c as d", "import a.b [a=*@a]; import c [d=*@c]"),
        ("import a.b as c", "import a.b [c=*@a.b]"),
        ("from .x import y as z, w", "import .x [z=y@.x, w=w@.x]"),
        ("from .. import q", "import .. [q=q@..]"),
        ("from x import *", "import x [*=*@x]"),
        ("from x import (a, # why\n b as c)", "import x [a=a@x, c=b@x]"),
        ("from __future__ import annotations", "import __future__ [annotations=annotations@__future__]"),
        (
            "if typing.TYPE_CHECKING:\n import a\nelse:\n import b",
            "if typing.TYPE_CHECKING {import a [a=*@a?]} else {import b [b=*@b]}",
        ),
        ("def f():\n x = yield\n yield from y", "function f() ->  {x = yield -; yield y}"),
        ("def f():\n return *a, b", "function f() ->  {return tuple(*a, b)}"),
    ],
)
def test_a_statement_has_its_form(source, expected):
    assert run(module(source).body) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("1 | 2 if z", "[1, 2] if z {go}"),
        ("-1", "[(- 1)] if - {go}"),
        ("'a' 'b'", "['ab'] if - {go}"),
        ("None", "[None] if - {go}"),
        ("_", "[] if - {go}"),
        ("other", "[] if - {other = x; go}"),
        ("(1 | 2) as q", "[1, 2] if - {q = x; go}"),
        ("a.b", "[a.b] if - {go}"),
        ("A(1, b, c=d)", "[class_pattern<A, 1, b = -, keyword_pattern<d = ->>] if - {go}"),
        ("[a, *_]", "[list(a = -, *wildcard<>)] if - {go}"),
        ("a, *b", "[list(a = -, *b = -)] if - {go}"),
        ("{'k': v, **rest}", "[dict_pattern<'k', v = -, **rest = ->] if - {go}"),
        ("str() | int()", "[class_pattern<str>, class_pattern<int>] if - {go}"),
    ],
)
def test_an_arm_of_match_has_its_tests_and_its_bindings(pattern, expected):
    assert run(module(f"match x:\n case {pattern}: go").body) == f"switch x {expected}"


def test_a_cast_is_one_where_the_file_imports_it_so():
    assert run(module("from typing import cast as c\nc('A', x)").body[1:]) == "cast<A>x"
    assert run(module("import typing as t\nt.cast(list[A], x)").body[1:]) == "cast<list[A]>x"
    assert run(module("from sqlalchemy import cast\ncast(a, B)").body[1:]) == "cast(a, B)"


def test_a_call_in_the_type_of_a_cast_does_not_disappear():
    assert run(module("from typing import cast\ncast(exec('x'), y)").body[1:]) == "cast(exec('x'), y)"


def test_a_call_in_an_annotation_does_not_disappear():
    found = module("def f(x: exec('a')) -> exec('b'): ...\ny: exec('c') = 1\nclass A:\n z: exec('d')\n")
    assert [call.args[0].value for call in found.calls(("exec",))] == ["a", "b", "c", "d"]


def test_a_lambda_is_named_after_where_it_is_put():
    found = module("a = lambda: 1\nb.c = lambda: 2\nf(on_load=lambda: 3, x={'k': lambda: 4})\ng(lambda: 5)")
    assert [function.name for function in found.functions] == ["a", "c", "on_load", "k", ""]


def test_an_expression_that_several_names_take_apart_is_visited_once():
    found = module("a, b = f(1, 2, 3, 4, 5)\nx < g(1, 2, 3, 4) < y\nc = d = h(1, 2, 3, 4)")
    calls = [node for node in found.all_nodes if isinstance(node, Call)]
    assert [spelled(call.callee) for call in calls] == ["f", "g", "h"]


@pytest.mark.parametrize("text", ["[*bus.heard(topic)]", "(*bus.heard(topic), 1)", "{*bus.heard(topic)}"])
def test_a_star_spreads_all_that_stands_behind_it(text):
    spread = next(node for node in module(f"x = {text}\n").all_nodes if isinstance(node, Spread))
    assert isinstance(spread.value, Call)
    assert isinstance(spread.value.receiver, Name)
    assert spread.value.name == "heard"
    assert spread.value.parent is spread
    assert module(f"x = {text}\n").text_of(spread.value) == "bus.heard(topic)"


def test_what_the_parser_could_not_place_is_kept():
    found = module("def g(): ok()\nfoo(a b(1) c)\nx = ) d(2)\nif x:\n  y(3\n")
    called = {call.name for call in found.all_nodes if isinstance(call, Call)}
    assert {"ok", "foo"} <= called
    assert found.problems == ("syntax error",)
    assert any(isinstance(node, Opaque) and node.kind == "ERROR" for node in found.all_nodes)


def test_every_node_knows_its_parent():
    found = module("@d(1)\nclass A(B):\n @e\n def f(self, x=g()):\n  return [lambda: y for y in x]\n")
    assert [statement.parent for statement in found.body] == [None]
    for node in found.all_nodes:
        for child in node.children():
            assert child.parent is node
    assert all(isinstance(node, Expr | Statement) or node.parent is not None for node in found.all_nodes)
