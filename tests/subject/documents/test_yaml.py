"""YAML, event by event."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.subject.document import DocumentError, Value
from reviewer.subject.documents.yaml import parse_yaml

KEYS = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=6).filter(
    lambda key: key not in ("y", "n", "on", "off", "yes", "no", "true", "false", "null")
)
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, blacklist_categories=["Cc", "Cs"]))
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
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


def scalars(value: Value):
    if value.kind not in ("object", "array"):
        yield value
    for _, member in value.members():
        yield from scalars(member)
    for item in value.items():
        yield from scalars(item)


@given(PLAIN, st.sampled_from([True, False, None]))
@settings(deadline=None)
def test_values_are_what_the_safe_loader_reads(data, flow):
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)
    document = parse_yaml("a.yaml", text.encode())
    assert document.format == "yaml"
    assert document.root.plain() == yaml.safe_load(text)


@given(PLAIN)
@settings(deadline=None)
def test_the_place_of_a_value_in_flow_style_holds_its_text(data):
    text = yaml.safe_dump(data, default_flow_style=True, allow_unicode=True, width=10_000)
    for value in scalars(parse_yaml("a.yaml", text.encode()).root):
        assert yaml.safe_load(cut(text, value.location)) == value.data


@given(st.text(st.sampled_from("ab:- \n[]{}&*!|>'\"#?,%@`\t12.~<") | st.characters(), max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        parse_yaml("a.yaml", text.encode("utf-8", "replace"))
    except DocumentError as error:
        told(error)


def test_places_of_keys_values_and_blocks():
    text = "id: a.b\npermissions:\n  storage:\n    - read\n    - 'write'\nnote: |\n  one\n  two\nlast: 1\n"
    root = parse_yaml("plugin.yaml", text.encode()).root
    assert cut(text, root.get("id").location) == "a.b"
    assert cut(text, root.get("permissions").key) == "permissions"
    assert cut(text, root.get("permissions").location) == "storage:\n    - read\n    - 'write'"
    assert cut(text, root.get("permissions", "storage", 1).location) == "'write'"
    assert cut(text, root.get("note").location) == "|\n  one\n  two"
    assert root.location.end_line == 9


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: &x 1", "the anchor &x", 1),
        ("a: 1\nb: *x", "the alias *x", 2),
        ("a: 1\n<<: {b: 1}", "the merge key <<", 2),
        ("a: !!python/object/apply:os.system [x]", "the tag", 1),
        ("a: !!binary aGk=", "the tag", 1),
        ("a: 1\n---\nb: 2", "a second document", 2),
        ("? [a]\n: 1", "as a key", 1),
        ("a: [1", "expected ',' or ']'", 1),
        ("a: !!bool abc", "'abc' is no bool", 1),
        ("a: !!int abc", "'abc' is no int", 1),
        ('a: !!float ""', "'' is no float", 1),
        ("a: .inf", "no finite number", 1),
        ("a: " + "1" * 500, "more than 400 characters", 1),
        ("a: \x07", "U+0007", 1),
        ("[" * 60, "nested deeper than 50", 1),
        ("\n".join("  " * depth + "a:" for depth in range(60)), "nested deeper than 50", 51),
    ],
)
def test_a_fault_is_told_with_its_place(text, message, line):
    with pytest.raises(DocumentError) as caught:
        parse_yaml("a.yaml", text.encode())
    assert message in caught.value.message
    assert caught.value.location.line == line


def test_the_classic_bombs_are_refused():
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{after}: &{after} [{','.join(['*' + before] * 9)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for bomb in (laughs, "[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000):
        with pytest.raises(DocumentError):
            parse_yaml("a.yaml", bomb.encode())


def test_the_count_of_values_is_bounded():
    with pytest.raises(DocumentError, match="more than 20,000 values"):
        parse_yaml("a.yaml", b"- a\n" * 30_000)


def test_dates_stay_text_and_an_empty_file_is_null():
    assert parse_yaml("a.yaml", b"a: 2024-02-31\nb: !!timestamp x").root.plain() == {"a": "2024-02-31", "b": "x"}
    assert parse_yaml("a.yaml", b"").root.plain() is None


def test_repeated_keys_are_told():
    document = parse_yaml("a.yaml", b"a:\n  - b: 1\n    b: 2\n")
    assert [(one.pointer, one.first.line, one.again.line) for one in document.repeated] == [("/a/0/b", 2, 3)]
    assert document.root.plain() == {"a": [{"b": 2}]}
