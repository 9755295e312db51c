"""What two spellings of a type tell for sure about what may be passed or has to be expected."""

from __future__ import annotations

import pytest

from reviewer.experts.interface.release import breaking_is_allowed, has_come
from reviewer.experts.interface.types import alternatives, narrowed, unpromised, widened


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("string | number", "string", ("number",)),
        ("Optional[str]", "str", ("None",)),
        ("Foo | null", "Foo", ("null",)),
        ('"a" | "b"', '"a"', ("'b'",)),
        ("Literal['a', 'b']", 'Literal["a"]', ("'b'",)),
        ("any", "string", ("any",)),
        ("string", "number", ("string",)),
        ("string", "string | undefined", ()),
        ("Foo", "Bar", ()),
        ("Foo | Bar", "Baz", ()),
        ("(a: string | number) => void", "(a: string) => void", ()),
        ("Map<string, A|B>", "Map<string,A | B>", ()),
        ('"list[int]"', "list[int]", ()),
        ("boolean", "true | false", ()),
        ('"a" | "b"', "string", ()),
        ("int", "float", ()),
        ("", "string", ()),
        ("string", "", ()),
    ],
)
def test_a_type_is_narrowed_where_that_is_sure(before: str, after: str, lost: tuple[str, ...]):
    assert narrowed(before, after) == lost


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ("string", "string | undefined", ("undefined",)),
        ("str", "str | None", ("None",)),
        ("Foo", "Foo | Bar", ("Bar",)),
        ("void", "string", ()),
        ("None", "str", ()),
        ("Foo", "Foo2", ()),
        ("string", "unknown", ("unknown",)),
        ("string", "any", ("any",)),
    ],
)
def test_a_type_is_widened_where_that_is_sure(before: str, after: str, more: tuple[str, ...]):
    assert widened(before, after) == more


def test_what_is_optional_could_be_undefined_all_along():
    assert widened("string[]", "string[] | undefined", optional=True) == ()
    assert narrowed("string | undefined", "string", optional=True) == ()


def test_promises_and_brackets_are_seen_through():
    assert unpromised("Promise<string | null>") == ("string | null", True)
    assert unpromised("Coroutine[Any, Any, int]") == ("int", True)
    assert unpromised("string") == ("string", False)
    assert alternatives("((string)) | (number)") == {"string", "number"}


@pytest.mark.parametrize(
    "text", ["<" * 5000, "[" * 5000, "|" * 5000, '"' * 4999, "a<b," * 5000, "(" * 3000 + ")" * 3000]
)
def test_text_made_to_be_slow_is_cut(text: str):
    assert isinstance(alternatives(text), frozenset)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("1.2.3", "2.0.0", True),
        ("1.2.3", "1.3.0", False),
        ("0.2.0", "0.3.0", True),
        ("0.2.0", "0.2.1", False),
        ("1.0", "2", True),
        ("v1.0.0", "v2.0.0-rc.1", True),
        ("1.2.3", "", False),
        ("next", "2.0.0", False),
        ("1" * 100, "2.0.0", False),
    ],
)
def test_a_version_says_whether_things_may_break(before: str, after: str, *, allowed: bool):
    assert breaking_is_allowed(before, after) is allowed


def test_a_promised_version_has_come_or_not():
    assert has_come("2.0", "2.0.0")
    assert not has_come("2.0", "1.9.9")
    assert not has_come("soon", "2.0.0")
