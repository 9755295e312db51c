"""JSON, with and without comments."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.subject.document import DocumentError, Value
from reviewer.subject.documents.json import parse_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def told(error: DocumentError) -> None:
    """Hold an error against what every error has: words, and a place."""
    assert error.message
    assert error.location.line >= 1
    assert error.location.column >= 1


def text_at(text: str, value: Value) -> str:
    return _cut(text, value.location)


def _cut(text: str, place) -> str:
    lines = text.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


def walk(value: Value):
    yield value
    for _, member in value.members():
        yield from walk(member)
    for item in value.items():
        yield from walk(item)


@given(PLAIN, st.sampled_from([None, 2]), st.booleans())
@settings(deadline=None)
def test_values_are_what_the_standard_library_reads_and_places_hold_their_text(data, indent, ascii_only):
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    document = parse_json("a.json", text.encode())
    assert document.format == "json"
    assert document.root.plain() == json.loads(text)
    for value in walk(document.root):
        assert json.loads(text_at(text, value)) == value.plain()
    for value in walk(document.root):
        for name, member in value.members():
            assert json.loads(_cut(text, member.key)) == name


@given(st.text(st.sampled_from('{}[]":,0123456789.eE-+truefalsn \n\\u"d8/*') | st.characters(), max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_as_the_standard_library_does_or_refused_with_a_place(text):
    data = text.encode("utf-8", "replace")
    try:
        document = parse_json("a.json", data)
    except DocumentError as error:
        told(error)
        return
    if document.format == "json":
        assert document.root.plain() == json.loads(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    try:
        parse_json("a.json", data)
    except DocumentError as error:
        told(error)


def test_places_count_characters_from_one():
    root = parse_json("p/plugin.json", '{\n  "naïve": ["ä", 12]\n}\n'.encode()).root
    value = root.get("naïve", 1)
    assert (value.location.line, value.location.column, value.location.end_column) == (2, 18, 20)
    member = root.get("naïve")
    assert (member.key.column, member.key.end_column) == (3, 10)
    assert (member.place.column, member.place.end_column) == (3, 21)
    assert (root.location.line, root.location.end_line, root.location.end_column) == (1, 3, 2)
    assert value.location.path == "p/plugin.json"


def test_comments_and_trailing_commas_are_read_and_told():
    text = '// head\n{"a": [1, 2,], /* in\nside */ "b": {"c": null,},}\n// tail'
    document = parse_json("a.json", text.encode())
    assert document.format == "jsonc"
    assert document.root.plain() == {"a": [1, 2], "b": {"c": None}}
    assert document.get("b").key.line == 3


def test_a_comment_mark_inside_a_text_is_text():
    assert parse_json("a.json", b'{"a": "// no /* comment"}').format == "json"


def test_repeated_keys_are_told_with_both_places_and_the_last_counts():
    document = parse_json("a.json", b'{"a": [{}, {"x/y": 1, "x/y": 2}], "b": 1,\n "b": 2}')
    assert document.root.plain() == {"a": [{}, {"x/y": 2}], "b": 2}
    assert [(one.pointer, one.first.line, one.again.line) for one in document.repeated] == [
        ("/a/1/x~1y", 1, 1),
        ("/b", 1, 2),
    ]


def test_a_byte_order_mark_is_passed_over():
    assert parse_json("a.json", b'\xef\xbb\xbf{"a": 1}').get("a").location.column == 7


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("", "expected a value, found the end", 1, 1),
        ('{"a": 1', "expected ',' or '}', found the end", 1, 8),
        ('{\n  "a" 1}', "expected ':' after the key, found '1'", 2, 7),
        ('{"a": undefined}', "undefined is not JSON", 1, 7),
        ("[NaN]", "NaN is not JSON", 1, 2),
        ("[-Infinity]", "-Infinity is not JSON", 1, 2),
        ("{a: 1}", "expected a key in double quotes, found 'a'", 1, 2),
        ("{'a': 1}", 'expected a key in double quotes, found "\'"', 1, 2),
        ("[01]", "expected a number, found '01'", 1, 2),
        ("[1e999]", "too large", 1, 2),
        ("[" + "9" * 2000 + "]", "more than 1000 digits", 1, 2),
        (r'["\ud800"]', "half of a surrogate pair", 1, 2),
        (r'["\q"]', "unknown escape", 1, 3),
        (r'["\u12"]', "four hexadecimal digits", 1, 4),
        ('["a\nb"]', "not closed on its line", 1, 2),
        ('["a\tb"]', "control character", 1, 4),
        ("[1] x", "expected the end of the file, found 'x'", 1, 5),
        ("[1,,2]", "expected a value, found ','", 1, 4),
        ("/* open", "the comment is not closed", 1, 1),
        ("[" * 101 + "]" * 101, "nested deeper than 100", 1, 101),
    ],
)
def test_a_fault_is_told_with_what_was_expected_and_its_place(text, message, line, column):
    with pytest.raises(DocumentError) as caught:
        parse_json("a.json", text.encode())
    assert message in caught.value.message
    assert (caught.value.location.line, caught.value.location.column) == (line, column)


def test_a_hundred_levels_are_read():
    assert parse_json("a.json", b"[" * 100 + b"]" * 100).root.kind == "array"


def test_a_hundred_thousand_levels_are_refused_at_once():
    with pytest.raises(DocumentError, match="nested deeper"):
        parse_json("a.json", b"[" * 100_000)


def test_bytes_that_are_not_utf_8_are_refused_with_their_place():
    with pytest.raises(DocumentError, match="0xff") as caught:
        parse_json("a.json", b'{\n "\xff": 1}')
    assert (caught.value.location.line, caught.value.location.column) == (2, 3)


def test_size_and_count_are_bounded():
    with pytest.raises(DocumentError, match="larger than 1 MB"):
        parse_json("a.json", b" " * 1_000_001)
    with pytest.raises(DocumentError, match="more than 100,000 values"):
        parse_json("a.json", b"[" + b"0," * 100_001 + b"0]")
