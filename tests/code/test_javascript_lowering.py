"""JavaScript and TypeScript become the normalised tree."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Conditional,
    Export,
    ExprStatement,
    For,
    Function,
    If,
    Import,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Regex,
    Return,
    Switch,
    Template,
    Try,
    While,
)
from reviewer.code.walk import find, walk


def lowered(source: str, path: str = "a.ts") -> Module:
    return Module(path, source.encode())


def first(source: str):
    """Return the value of the first statement."""
    statement = lowered(source).body[0]
    assert isinstance(statement, ExprStatement)
    return statement.value


def test_operators_have_one_spelling():
    value = first("a === b && !c || d !== e;")
    assert isinstance(value, Binary)
    assert value.op == "or"
    assert (value.left.op, value.right.op) == ("and", "!=")
    assert value.right.strict
    assert value.left.right.op == "not"


def test_destructuring_becomes_one_assignment_per_name():
    module = lowered("const { a, b: { c = 1 }, ...rest } = f(); const [p, , q] = g;")
    made = {node.target.id: node for node in find(module.body, Assign)}
    assert set(made) == {"a", "c", "rest", "p", "q"}
    assert isinstance(made["a"].value, Member)
    assert made["a"].value.name == "a"
    assert isinstance(made["c"].value, Member)
    assert made["c"].value.object.name == "b"
    assert isinstance(made["c"].default, Literal)
    assert isinstance(made["q"].value, Index)
    assert made["q"].value.key.value == 2


def test_what_fields_of_a_parameter_are_where_nobody_gives_them_is_in_the_tree():
    module = lowered("function f({ ask = fetch, at: { now = Date.now } = {} } = {}) { ask(now()); }")
    (function,) = find(module.body, Function)
    (param,) = function.params
    assert param.fields == {"ask": "ask", "at.now": "now"}
    assert {local: module.text_of(value) for local, value in param.fallbacks.items()} == {
        "ask": "fetch",
        "now": "Date.now",
    }
    assert {"fetch", "Date"} <= {name.id for name in find(function, Name)}
    assert param.fallbacks["ask"].parent is param


def test_a_shared_value_is_visited_once():
    module = lowered("const { a, b, c } = make();")
    assert [call.name for call in find(module.body, Call)] == ["make"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('"a\\n\\x41\\u{42}"', "a\nAB"),
        ("'it\\'s'", "it's"),
        ("`plain`", "plain"),
        ("0x10", 16),
        ("1_000", 1000),
        ("1.5", 1.5),
    ],
)
def test_literals_have_their_value(source, value):
    node = first(f"({source});")
    assert isinstance(node, Literal)
    assert node.value == value


@pytest.mark.parametrize("source", ["undefined", "null", "void 0"])
def test_nothing_has_one_value_and_keeps_its_spelling(source):
    node = first(f"({source});")
    assert isinstance(node, Literal)
    assert node.value is None


def test_a_template_keeps_text_and_holes_apart():
    node = first("`a${b.c}d`;")
    assert isinstance(node, Template)
    assert [type(item) for item in node.items] == [Literal, Member, Literal]
    assert [hole.name for hole in node.holes] == ["c"]


def test_a_template_of_nothing_but_texts_is_the_text_that_it_makes():
    node = first('`Bearer ${"tdl-9f2c"}`;')
    assert isinstance(node, Literal)
    assert node.value == "Bearer tdl-9f2c"


def test_casts_are_kept_and_parentheses_are_not():
    node = first("((x as Foo)!).y;")
    assert isinstance(node, Member)
    assert isinstance(node.object, Cast)
    assert (node.object.kind, node.object.value.kind, node.object.value.type) == ("!", "as", "Foo")


@pytest.mark.parametrize(
    ("source", "said"),
    [("x as Map<string, Foo>", "Map<string, Foo>"), ("<Foo<Bar>>x", "Foo<Bar>"), ("x satisfies Foo<Bar>", "Foo<Bar>")],
)
def test_a_cast_says_the_whole_type(source, said):
    node = first(f"({source});")
    assert isinstance(node, Cast)
    assert node.type == said


def test_a_concise_arrow_returns_its_value():
    node = first("(async ({ a: b }, c = 1, ...d) => b);")
    assert isinstance(node, Function)
    assert node.asynchronous
    assert node.kind == "arrow"
    assert [param.name for param in node.params] == ["", "c", "d"]
    assert node.params[0].fields == {"a": "b"}
    assert node.params[2].rest
    assert isinstance(node.body[0], Return)


def test_an_anonymous_function_has_the_name_it_is_kept_under():
    module = lowered("const run = () => 1; x.go = function () {}; const o = { do: () => 2, m() {} };")
    assert [f.name for f in module.functions] == ["run", "go", "do", "m"]


def test_classes_have_their_members():
    module = lowered(
        "abstract class A extends B<X> implements C { #p = 1; private static readonly q?: Map<string, number>;"
        " constructor(private readonly a: string, b = 2) { super(); } get v(): number { return 1 }"
        " static async *m(): void {} handler = () => 1; abstract t(): void; }"
    )
    cls = module.classes[0]
    assert [base.id for base in cls.bases] == ["B", "C"]
    assert [(f.name, f.private, f.static, f.readonly) for f in cls.fields] == [
        ("#p", True, False, False),
        ("q", True, True, True),
        ("a", True, False, True),
    ]
    kinds = {m.name: (m.kind, m.asynchronous, m.static, m.signature_only) for m in cls.methods}
    assert kinds == {
        "constructor": ("constructor", False, False, False),
        "v": ("getter", False, False, False),
        "m": ("method", True, True, False),
        "handler": ("method", False, False, False),
        "t": ("method", False, False, True),
    }
    assert cls.methods[0].params[0].access == "private"


def test_a_parameter_property_is_a_field_that_the_constructor_fills():
    module = lowered("class A { constructor(protected bus: Bus, size = 1) { super(); } run() { this.bus.emit(); } }")
    cls = module.classes[0]
    assert [(field.name, field.type) for field in cls.fields] == [("bus", "Bus")]
    (kept,) = module.scopes.field_values(cls, "bus")
    assert module.text_of(kept) == "bus"
    assert module.scopes.origin(kept) is cls.methods[0].params[0]


def test_a_function_that_a_field_holds_is_a_method_unless_something_else_is_put_there():
    module = lowered("class A { private run = async () => 1; onEnd = () => {}; f(g) { this.onEnd = g; } }")
    cls = module.classes[0]
    assert [(m.name, m.kind, m.private, m.asynchronous) for m in cls.methods] == [
        ("run", "method", True, True),
        ("f", "method", False, False),
    ]
    assert [field.name for field in cls.fields] == ["onEnd"]


def test_interfaces_and_object_types_are_classes_of_their_kind():
    module = lowered("interface A extends B { x?: string; m?(a: T): Promise<void> } type O = { a: string } & P;")
    a, o = module.classes
    assert (a.kind, o.kind) == ("interface", "type")
    assert (a.fields[0].name, a.fields[0].optional, a.fields[0].type) == ("x", True, "string")
    assert (a.methods[0].name, a.methods[0].returns, a.methods[0].signature_only) == ("m", "Promise<void>", True)
    assert [base.id for base in o.bases] == ["P"]


def test_statements_have_their_parts():
    module = lowered(
        "for (const [k, v] of m) a(); for (const k in o) {} for (let i = 0; i < 3; i++) {}"
        "try { a() } catch (e) { b() } finally { c() }"
        "switch (x) { case 1: case 2: a(); break; default: b() } while (y) {} if (a) b(); else if (c) d(); else { e() }"
    )
    of, in_, counting, attempt, switch, loop, branch = module.body
    assert isinstance(of, For)
    assert (of.style, in_.style, counting.style) == ("of", "in", "c")
    assert isinstance(attempt, Try)
    assert attempt.handlers[0].name == "e"
    assert len(attempt.final) == 1
    assert isinstance(switch, Switch)
    assert [[t.value for t in case.tests] for case in switch.cases] == [[1, 2], []]
    assert isinstance(loop, While)
    assert isinstance(branch, If)
    assert isinstance(branch.orelse[0], If)
    assert len(branch.orelse[0].orelse) == 1


def test_imports_and_exports_name_what_they_bind():
    module = lowered(
        'import d, { e as f, type G } from "./m.js"; import * as I from "i"; export { f as h };'
        ' export * from "./x"; export default class Foo {} export const k = 1;'
    )
    names = [(n.local, n.name, n.source, n.type_only) for n in module.imports]
    assert names == [
        ("d", "default", "./m.js", False),
        ("f", "e", "./m.js", False),
        ("G", "G", "./m.js", True),
        ("I", "*", "i", False),
    ]
    exports = [node.names for node in module.body if isinstance(node, Export)]
    assert exports == [[("h", "f")], [("*", "*")], [("default", "Foo")], [("k", "k")]]
    assert isinstance(module.body[0], Import)


def test_objects_keep_entries_methods_and_spreads():
    node = first('({ a, b: 1, [c]: 2, ...d, m() {}, get x() { return 1 }, "s-t": 3 });')
    assert isinstance(node, Object)
    assert node.keys == ["a", "b", "m", "x", "s-t"]
    assert [s.id for s in node.spreads] == ["d"]
    assert isinstance(node.get("a"), Name)
    assert node.get("x").kind == "getter"


def test_jsx_keeps_what_it_calls():
    module = lowered("const x = <A b={f(1)}>{g(2)}<c/></A>;", "a.tsx")
    assert sorted(call.name for call in find(module.body, Call)) == ["f", "g"]


def test_every_node_knows_its_parent():
    module = lowered("class A { m() { if (a) { return () => b.c(d ? e : f) } } } const { x, y } = z;")
    for node in walk(module.body):
        for child in node.children():
            assert child.parent is not None, child


def test_other_constructs_are_kept():
    assert isinstance(first("/ab+c/gi;"), Regex)
    assert isinstance(first("a ? b : c;"), Conditional)
    assert isinstance(first("a, b;"), Opaque)


@pytest.mark.parametrize(
    "source",
    ["class {", "function (", "a..b", "const = ", "({", "`${", "import {", "if (", "async x => {", "<a><b>"],
)
def test_broken_code_is_lowered_as_far_as_it_goes(source):
    module = lowered(source)
    list(walk(module.body))
    assert module.problems == ("syntax error",)


def test_code_nested_too_deeply_is_cut_and_said():
    module = lowered("(" * 5_000 + "x" + ")" * 5_000)
    list(walk(module.body))
    assert "nested too deeply" in module.problems


@pytest.mark.parametrize("source", ["1 + " * 50_000 + "f()", "a && " * 50_000 + "f()", "f()" + " + 'a'" * 20_000])
def test_a_long_chain_of_operators_is_lowered_whole_without_growing_deep(source):
    module = lowered(f"x = {source};\nlast(x);")
    assert module.problems == ()
    assert [node.name for node in module.all_nodes if isinstance(node, Call)] == ["f", "last"]


def test_a_text_that_is_written_in_many_pieces_is_one_text():
    value = first("words = " + " + ".join(f"'w{number}|'" for number in range(500)) + ";").value
    assert isinstance(value, Literal)
    assert value.value == "".join(f"w{number}|" for number in range(500))


@pytest.mark.parametrize("path", ["a.js", "a.ts"])
def test_a_chain_that_begins_with_an_awaited_bracket_is_awaited_as_a_whole(path):
    module = lowered("async function f(u) {\n  const text = await (await fetch(u)).text();\n}\n", path)
    made = next(find(module.all_nodes, Assign))
    assert isinstance(made.value, Await)
    call = made.value.value
    assert isinstance(call, Call)
    assert call.name == "text"
    assert isinstance(call.receiver, Await)
    assert module.resolve(call) == "fetch().text()"
    assert [one.name for one in find(module.body, Call)] == ["text", "fetch"]


def test_an_awaited_call_of_a_bracket_is_awaited():
    module = lowered("async function f(load) {\n  await (load ?? g)(1);\n}\n", "a.js")
    statement = next(find(module.all_nodes, ExprStatement))
    assert isinstance(statement.value, Await)
    assert isinstance(statement.value.value, Call)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("async function f(s) { const a = (await s.get<Mark[]>('k')) ?? []; }", ["get"]),
        ("async function f(g, x) { await g<T>(x); }", ["g"]),
        ("async function f(s) { await s.load<T>('k').first(); }", ["first", "load"]),
    ],
)
def test_an_awaited_call_with_type_arguments_is_awaited(source, names):
    module = lowered(source, "a.ts")
    (waited,) = module.all(Await)
    assert isinstance(waited.value, Call)
    assert [one.name for one in find(module.body, Call)] == names


@pytest.mark.parametrize("name", ["self", "desk"])
def test_a_name_that_is_only_ever_this_means_this(name):
    source = f"class A {{ go() {{ const {name} = this; return {{ end() {{ return {name}.done; }} }}; }} }}"
    (member,) = [node for node in Module("a.js", source.encode()).all(Member) if node.name == "done"]
    assert isinstance(member.object, Name)
    assert member.object.id == "this"


def test_a_name_that_is_a_parameter_elsewhere_keeps_its_meaning():
    source = "class A { go() { const self = this; return self.done; } }\nconst end = (self) => self.done;"
    members = [node for node in Module("a.js", source.encode()).all(Member) if node.name == "done"]
    assert [getattr(member.object, "id", "") for member in members] == ["self", "self"]


@pytest.mark.parametrize("path", ["a.ts", "a.js"])
def test_a_method_keeps_its_decorators_in_both_languages_and_past_remarks(path):
    source = 'class A {\n  @needs("a.read") // why\n  @once\n  /** says more */\n  list() {}\n  plain() {}\n}'
    module = Module(path, source.encode())
    spelled = {method.name: [module.text_of(one) for one in method.decorators] for method in module.functions}
    assert spelled == {"list": ['needs("a.read")', "once"], "plain": []}
