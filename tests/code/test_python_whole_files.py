"""The lowering of Python on real files, on files that are made to hurt, and on damaged ones."""

from __future__ import annotations

import ast
import asyncio
import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.code.module import Module
from reviewer.code.syntax import Array, Call, Cast, Class, Function, If, Literal, Node, Object, Opaque, Template

_STANDARD = Path(sysconfig.get_paths()["stdlib"])
_ASYNCIO = sorted(Path(asyncio.__file__).parent.glob("*.py"))
_OTHERS = [_STANDARD / name for name in ("argparse.py", "dataclasses.py", "enum.py", "typing.py", "tarfile.py")]

_KEPT = {
    "call": (Call, Cast, Template),
    "dictionary": (Object,),
    "list": (Array,),
    "set": (Array,),
    "lambda": (Function,),
    "if_statement": (If,),
}
"""Parser's nodes that each have one node of their own in the tree."""
_WORDS = (
    "def|class|lambda|(|)|[|]|{|}|:|,|.|=|==|:=|->|@|*|**|+|-|if|else|elif|for|in|while|try|except|finally|with|as|match"
    "|case|import|from|async|await|yield|return|raise|a|b|1|'x'|f'{a}'|is|not|and|or|;|...|_|type|print|del|\n|\n |\n  "
)


def lowered(source: str | bytes) -> Module:
    """Lower a whole file."""
    module = Module("plugin.py", source.encode() if isinstance(source, str) else source)
    assert module.all_nodes is not None
    return module


def raw_nodes(module: Module, types) -> list:
    """Return the parser's nodes of some types, types of Python left out."""
    found, pending = [], [module.tree.root_node]
    while pending:
        raw = pending.pop()
        if raw.type in ("type", "type_alias_statement", "ERROR"):
            continue
        if raw.type in types:
            found.append(raw)
        pending.extend(raw.named_children)
    return found


@pytest.mark.parametrize("path", [*_ASYNCIO, *_OTHERS], ids=lambda path: path.name)
def test_a_file_of_the_standard_library_is_lowered_whole(path):
    source = path.read_bytes()
    module = lowered(source)
    assert module.problems == ()

    expected = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    functions = [node for node in expected if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = [function for function in module.functions if function.kind != "arrow"]
    assert sorted(function.name for function in found) == sorted(node.name for node in functions)
    assert {f.name for f in found if f.asynchronous} == {
        node.name for node in functions if isinstance(node, ast.AsyncFunctionDef)
    }
    classes = [node.name for node in expected if isinstance(node, ast.ClassDef)]
    assert sorted(cls.name for cls in module.classes) == sorted(classes)

    reached: dict[int, Node] = {node.raw.id: node for node in module.all_nodes if isinstance(node, _all_kept())}
    for raw in raw_nodes(module, _KEPT):
        assert isinstance(reached.get(raw.id), _KEPT[raw.type]), (raw.start_point, raw.text[:80])


def _all_kept() -> tuple[type, ...]:
    return tuple(kind for kinds in _KEPT.values() for kind in kinds)


@pytest.mark.parametrize("path", _OTHERS, ids=lambda path: path.name)
def test_the_strings_of_a_file_have_the_values_that_python_gives_them(path):
    source = path.read_bytes()
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    expected = {node.value for node in nodes if isinstance(node.value, str)}
    sums = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.BinOp)]
    expected |= {_added(each) for each in sums}
    module = lowered(source)
    found = {n.value for n in module.all_nodes if isinstance(n, Literal) and isinstance(n.value, str)}
    in_templates = {
        item.value for n in module.all_nodes if isinstance(n, Template) for item in n.items if isinstance(item, Literal)
    }
    # ast joins the pieces of concatenated f-strings and counts annotations; everything else is equal.
    assert found - expected - in_templates == set()


def _added(node: ast.expr) -> str:
    """Return the text that constants give when they are added; nothing for anything else."""
    if isinstance(node, ast.BinOp):
        left, right = _added(node.left), _added(node.right)
        return left + right if left and right else ""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_a_file_is_lowered_the_same_in_whatever_order_it_is_asked():
    source = (_STANDARD / "dataclasses.py").read_bytes()
    first = lowered(source)
    second = Module("plugin.py", source)
    assert second.body
    definitions = list(second.definitions.values())
    random.Random(7).shuffle(definitions)  # noqa: S311 - a fixed order, no secret
    for definition in definitions:
        if isinstance(definition, Function):
            assert definition.body is not None
    nodes = zip(first.all_nodes, second.all_nodes, strict=True)
    assert all(type(a) is type(b) and a.raw.byte_range == b.raw.byte_range for a, b in nodes)


def depth(module: Module) -> int:
    """Return how many nodes stand one inside another."""
    deepest, pending = 0, [(statement, 1) for statement in module.body]
    while pending:
        node, level = pending.pop()
        deepest = max(deepest, level)
        pending.extend((child, level + 1) for child in node.children())
    return deepest


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 20_000 + "1" + ")" * 20_000,
        "x = " + "[" * 20_000 + "]" * 20_000,
        "x = " + "{1: " * 5_000 + "1" + "}" * 5_000,
        "x = " + "a[1, " * 5_000 + "1" + "]" * 5_000,
        "x = " + "not " * 20_000 + "y",
        "x = " + "f(" * 20_000 + ")" * 20_000,
        "x = a" + ".b" * 20_000,
        "x = a" + "()" * 20_000,
        "x = " + "a if b else " * 5_000 + "c",
        "x = " + "[y for y in " * 5_000 + "z" + "]" * 5_000,
        "x = " + "await " * 5_000 + "y",
        "x = " + "(y := " * 5_000 + "z" + ")" * 5_000,
        "(" * 300 + "a" + ",)" * 300 + " = x",
        "match x:\n case " + "[" * 5_000 + "a" + "]" * 5_000 + ": pass",
        "".join(" " * level + "if x:\n" for level in range(800)) + " " * 800 + "y",
        "".join(" " * level + "class A:\n" for level in range(800)) + " " * 800 + "y",
        "".join(" " * level + "try:\n" for level in range(800)) + " " * 800 + "y",
        "".join(" " * level + "def f():\n" for level in range(300)) + " " * 300 + "y",
    ],
    ids=lambda source: source[:12],
)
def test_what_is_nested_too_deeply_is_cut_and_the_module_says_so(source):
    module = lowered(source)
    assert module.too_deep
    assert any(isinstance(node, Opaque) and node.kind == "too-deep" for node in module.all_nodes)
    assert depth(module) < 1000


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "1 + " * 50_000 + "f()",
        "x = " + "a and " * 50_000 + "f()",
        "x = " + "a < " * 50_000 + "f()",
        "if a: b\n" + "elif a: b\n" * 5_000 + "else: f()",
        "a = " * 20_000 + "f()",
        ", ".join(["a"] * 20_000) + " = f(" + "1, " * 1_000 + ")",
        "x = " + "'a' " * 20_000 + "+ f()",
        "x = f(" + "1, " * 50_000 + ")",
        "(" * 5_000 + "a" + ")" * 5_000 + " = f()",
    ],
    ids=lambda source: source[:12],
)
def test_what_is_long_is_lowered_whole_without_growing_deep(source):
    module = lowered(source)
    assert not module.too_deep
    assert [call.name for call in module.all_nodes if isinstance(call, Call)] == ["f"]
    assert depth(module) < 500


def test_comparisons_inside_comparisons_do_not_multiply():
    source = "x < (" * 60 + "f()" + ") < x" * 60
    module = lowered(source)
    assert len(module.all_nodes) < 2_000
    assert len([node for node in module.all_nodes if isinstance(node, Call)]) == 1
    assert depth(module) < 500


def test_a_pattern_with_many_names_does_not_multiply_its_value():
    source = ", ".join(f"a{i}" for i in range(500)) + " = {" + "'k': [1, 2, 3], " * 500 + "}"
    count, pending = 0, list(lowered(source).body)
    while pending:
        node = pending.pop()
        count += 1
        pending.extend(node.children())
    assert count < 20_000


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_lowered_without_an_exception(data):
    source = bytearray((_STANDARD / "asyncio" / "queues.py").read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(source) - 2))
        length = data.draw(st.integers(0, 12))
        source[place : place + length] = data.draw(
            st.sampled_from([b"", b"(", b"]", b":", b"\xff", b"\0", b"'", b"\n", b"="])
        )
    for node in lowered(bytes(source)).all_nodes:
        for child in node.children():
            assert isinstance(child, Node)
            assert child.parent is not None


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(_WORDS.split("|")),
        max_size=60,
    )
)
def test_words_in_any_order_are_lowered_without_an_exception(words):
    module = lowered(" ".join(words))
    assert all(isinstance(node, Node) for node in module.all_nodes)
    assert all(isinstance(cls.name, str) for cls in module.all_nodes if isinstance(cls, Class))
