"""TOML, the values by the standard library and the places by a scan."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.subject.document import DocumentError, Value
from reviewer.subject.documents.toml import parse_toml

WORDS = st.text(st.sampled_from("abxyz-_1"), min_size=1, max_size=4)
PARTS = WORDS | st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=5).map(json.dumps)
DOTTED = st.lists(PARTS, min_size=1, max_size=3).map(".".join)
SCALARS = st.sampled_from(
    [
        "1",
        "-2.5",
        "true",
        '"a # b"',
        "'c = \\'",
        '"""x\n"y" \\""""',
        "'''q'''''",
        "1979-05-27 07:32:00",
        "0xff",
        '"\\u00e9"',
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[ " + ",\n ".join(items) + " # c\n]")
        | st.lists(st.tuples(DOTTED, inner), max_size=2).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=6,
)
LINES = st.one_of(
    st.tuples(DOTTED, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    DOTTED.map(lambda key: f"[{key}]"),
    DOTTED.map(lambda key: f"[[ {key} ]] # c"),
    st.just("# comment = [1"),
    st.just(""),
)


def told(error: DocumentError) -> None:
    """Hold an error against what every error has: words, and a place."""
    assert error.message
    assert error.location.line >= 1
    assert error.location.column >= 1


def cut(text: str, place) -> str:
    lines = text.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


def plain(data):
    """The parser's values with dates as text, as documents hold them."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return data if isinstance(data, bool | int | float | str) else str(data)


def members(value: Value):
    for name, member in value.members():
        yield name, member
        yield from members(member)
    for item in value.items():
        yield from members(item)


@given(st.lists(LINES, max_size=8).map("\n".join))
@settings(max_examples=600, deadline=None)
def test_values_are_what_the_standard_library_reads_and_places_hold_their_text(text):
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(DocumentError):
            parse_toml("a.toml", text.encode())
        return
    document = parse_toml("a.toml", text.encode())
    assert document.format == "toml"
    assert document.root.plain() == plain(expected)
    for name, member in members(document.root):
        assert tomllib.loads(cut(text, member.key) + " = 1") == {name: 1}
        if member.kind not in ("object", "array"):
            assert plain(tomllib.loads("x = " + cut(text, member.location))) == {"x": member.data}


@given(st.text(st.sampled_from("ab.=[]{}\"'#\n ,1\\") | st.characters(), max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        parse_toml("a.toml", text.encode("utf-8", "replace"))
    except DocumentError as error:
        told(error)


def test_places_of_tables_keys_and_values():
    text = '[project]\nname = "x"\n\n[project.entry-points."host.plugins"]\nmine = "a:b"\n\n[[tool.x]]\na = 1\n[[tool.x]]\na = 2\n'
    root = parse_toml("pyproject.toml", text.encode()).root
    assert cut(text, root.get("project", "name").location) == '"x"'
    group = root.get("project", "entry-points", "host.plugins")
    assert cut(text, group.key) == '"host.plugins"'
    assert cut(text, group.location) == '[project.entry-points."host.plugins"]\nmine = "a:b"'
    assert cut(text, root.get("tool", "x", 1).location) == "[[tool.x]]\na = 2"
    assert root.get("tool", "x", 1, "a").location.line == 10


def test_windows_line_ends_are_read():
    assert parse_toml("a.toml", b"a = 1\r\n[b]\r\nc = '''x\r\ny'''\r\n").root.plain() == {
        "a": 1,
        "b": {"c": "x\ny"},
    }


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a = ", "invalid value", 1),
        ("a = 1\na = 2", "overwrite", 2),
        ("\n\na = [", "invalid", 3),
        ("a = " + "[" * 70, "nested deeper than 64", 1),
        (".".join(["a"] * 40) + " = 1", "more than 32 parts", 1),
        ("a = " + "1" * 5000, "too long", 1),
        ('a = "open', "unterminated", 1),
    ],
)
def test_a_fault_is_told_with_its_place(text, message, line):
    with pytest.raises(DocumentError) as caught:
        parse_toml("a.toml", text.encode())
    assert message in caught.value.message.lower()
    assert caught.value.location.line == line


def test_a_key_of_ten_thousand_parts_is_refused_at_once():
    with pytest.raises(DocumentError, match="more than 32 parts"):
        parse_toml("a.toml", (".a" * 10_000)[1:].encode() + b" = 1")


def test_depth_by_dotted_keys_in_inline_tables_is_bounded():
    key = ".".join(["a"] * 30)
    text = f"{key} = " + "{" + f"{key} = " + "{" + f"{key} = " + "{" + f"{key} = 1" + "}}}"
    with pytest.raises(DocumentError, match="nested deeper than 100"):
        parse_toml("a.toml", text.encode())
