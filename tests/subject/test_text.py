"""Source bytes made into UTF-8."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.subject.text import decode_source


def kinds(data: bytes, path: str = "a.py") -> list[str]:
    return [flag.kind for flag in decode_source(data, path).flags]


def test_plain_text_is_kept_as_it_is():
    assert decode_source("x = 'ä'\r\n".encode(), "a.py").text_bytes == "x = 'ä'\r\n".encode()
    assert kinds("x = 'ä'\r\n".encode()) == []


def test_a_byte_order_mark_is_taken_away():
    assert decode_source(b"\xef\xbb\xbfx = 1", "a.js").text_bytes == b"x = 1"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_and_said(encoding):
    decoded = decode_source("eval(x); eval(y)".encode(encoding), "a.js")
    assert decoded.text_bytes == b"eval(x); eval(y)"
    assert [flag.kind for flag in decoded.flags] == ["encoding"]


def test_a_latin_1_comment_is_honoured():
    decoded = decode_source(b"# -*- coding: latin-1 -*-\nx = '\xe4'\n", "a.py")
    assert decoded.text_bytes.decode() == "# -*- coding: latin-1 -*-\nx = 'ä'\n"
    assert decoded.flags == ()


def test_a_coding_comment_of_another_language_is_a_comment():
    assert kinds(b"# coding: utf-7\n", "a.js") == []


@pytest.mark.parametrize("name", [b"utf-7", b"rot13", b"unicode_escape", b"idna"])
def test_an_encoding_that_can_hide_code_is_said(name):
    decoded = decode_source(b"#!/usr/bin/python\n# coding: " + name + b"\nx = 1", "a.py")
    assert [(flag.kind, flag.line) for flag in decoded.flags] == [("foreign-encoding", 2)]
    assert decoded.problems[0].startswith("line 2: declares the encoding")


@pytest.mark.parametrize("name", [b"cp1252", b"windows-1251", b"koi8-r", b"iso-8859-15"])
def test_an_encoding_that_agrees_on_plain_letters_hides_no_code(name):
    decoded = decode_source(b"# coding: " + name + b"\nx = 1", "a.py")
    assert [flag.kind for flag in decoded.flags] == ["encoding"]


def test_a_coding_comment_below_code_does_not_count():
    assert kinds(b"x = 1\n# coding: utf-7\n") == []


def test_bytes_that_are_not_valid_text_are_said_with_their_place():
    decoded = decode_source(b"a = 1\nb = '\xff'\n", "a.py")
    assert [(flag.kind, flag.line, flag.column) for flag in decoded.flags] == [("not-utf-8", 2, 6)]
    assert decoded.text_bytes.decode() == "a = 1\nb = '\ufffd'\n"


def test_a_nul_byte_does_not_end_the_file():
    decoded = decode_source(b"// a\0b\neval(x)", "a.js")
    assert decoded.text_bytes == b"// a b\neval(x)"
    assert [(flag.kind, flag.line, flag.column) for flag in decoded.flags] == [("nul", 1, 5)]


def test_a_lone_carriage_return_ends_a_comment():
    decoded = decode_source(b"# x\rexec(1)\r\n", "a.py")
    assert decoded.text_bytes == b"# x\nexec(1)\r\n"
    assert [(flag.kind, flag.line, flag.column) for flag in decoded.flags] == [("carriage-return", 1, 4)]


def test_direction_changing_characters_are_found_where_they_stand():
    flags = decode_source("a\nif x: # \u202e } \u2066\n".encode(), "a.py").flags
    assert [(flag.kind, flag.line, flag.column) for flag in flags] == [("bidi", 2, 9), ("bidi", 2, 13)]


def test_hidden_characters_are_found():
    assert kinds("x = 'a\U000e0041'".encode()) == ["hidden"]
    assert kinds("x = '❤️ 👩\u200d👧'".encode()) == []
    assert kinds("x = '\U0001f3f4\u200d\U000e0067\u200d\U000e0062\u200d\U000e0065\u200d\U000e007f'".encode()) == []


def test_a_file_of_bad_characters_gives_few_flags():
    assert len(decode_source("\u202e".encode() * 5000, "a.js").flags) == 20


@given(st.binary(max_size=300), st.sampled_from(["a.py", "a.js"]))
def test_any_bytes_become_text_that_is_valid(data, path):
    decoded = decode_source(data, path)
    text = decoded.text_bytes.decode("utf-8")
    assert "\0" not in text
    assert "\r" not in text.replace("\r\n", "")
    lines = text.split("\n")
    assert all(1 <= flag.line <= len(lines) for flag in decoded.flags)


@given(st.text(st.characters(blacklist_characters="\0\r\ufeff", blacklist_categories=["Cs"]), min_size=2))
def test_valid_text_comes_out_as_it_went_in(text):
    assert decode_source(text.encode("utf-8"), "a.js").text_bytes.decode() == text
    assert decode_source(text.encode("utf-16"), "a.js").text_bytes.decode() == text
