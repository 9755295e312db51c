"""No text of a stranger acts in a sink, whatever it holds."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.report.escape.plain_json import dump
from reviewer.report.escape.sarif import message, relative_uri
from reviewer.report.escape.terminal import FIELD_LIMIT, field, no_command, shorten, show

ANY_TEXT = st.text(alphabet=st.characters(), max_size=200) | st.text(
    alphabet=st.sampled_from(
        "\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\xad\u200b\u200e\u202e\u2028\u2066\ufeff\ufe0f\udcff\ue000\U000e0041#:[](a"
    ),
    max_size=60,
)
ACTING = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


@given(ANY_TEXT)
def test_what_is_shown_holds_no_character_that_acts(text):
    assert not {unicodedata.category(character) for character in show(text)} & ACTING


@given(ANY_TEXT)
def test_in_ascii_only_visible_ascii_is_left(text):
    assert all(" " <= character <= "~" for character in show(text, ascii_only=True))


@given(ANY_TEXT)
def test_showing_twice_changes_nothing(text):
    assert show(show(text)) == show(text)
    assert show(show(text, ascii_only=True), ascii_only=True) == show(text, ascii_only=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ünïcode and 天気", "plain text, ünïcode and 天気"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("\x9b31m", "<U+009B>31m"),
        ("a\nb\tc\r", "a<U+000A>b<U+0009>c<U+000D>"),
        ("gnp\u202eexe", "gnp<U+202E>exe"),
        ("\u2066\u2069\u200b\u200d\ufeff", "<U+2066><U+2069><U+200B><U+200D><U+FEFF>"),
        ("\u2028\u2029", "<U+2028><U+2029>"),
        ("\udcff", "<U+DCFF>"),
        ("\ue000\U000f0000", "<U+E000><U+F0000>"),
        ("\U000e0041", "<U+E0041>"),
        ("a\ufe0fb\U000e0100\u3164", "a<U+FE0F>b<U+E0100><U+3164>"),
        ("##vso[task.setvariable variable=x]1", "#<U+0023>vso[task.setvariable variable=x]1"),
        ("##[error]x ##teamcity[x]", "#<U+0023>[error]x #<U+0023>teamcity[x]"),
        ("## A heading", "## A heading"),
    ],
)
def test_characters_that_act_are_shown_as_code_points(text, shown):
    assert show(text) == shown


def test_a_line_cannot_start_with_a_workflow_command():
    assert no_command("  ::error file=a::b") == "  <U+003A>:error file=a::b"
    assert no_command("x ::error::") == "x ::error::"


def test_a_long_field_is_cut_and_says_so():
    assert shorten("a" * FIELD_LIMIT) == "a" * FIELD_LIMIT
    assert shorten("a" * (FIELD_LIMIT + 7)) == "a" * FIELD_LIMIT + "... (7 more characters)"
    assert len(field("\x1b" * 10**6)) < FIELD_LIMIT * 10


@given(
    st.recursive(st.none() | ANY_TEXT, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("ab"), inner))
)
def test_json_is_ascii_without_control_characters_and_every_reader_takes_it(data):
    text = dump(data)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")


def test_json_holds_no_command_for_a_build_service_and_means_the_same():
    for text in ("##vso[task.complete]x", "\\##[error]", "###teamcity[x", "## heading"):
        dumped = dump([text])
        assert "##vso[" not in dumped
        assert "##[" not in dumped
        assert json.loads(dumped) == [text]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_json_keeps_text_exactly(text):
    assert json.loads(dump([text])) == [text]


@given(
    st.lists(
        ANY_TEXT | st.sampled_from(["..", ".", "/", "C:\\x", "//host/share", "a/../../b", "https://e.example/x"]),
        max_size=4,
    )
)
def test_an_address_in_sarif_is_relative_and_never_climbs(parts):
    uri = relative_uri(*parts)
    assert uri.isascii()
    assert uri.isprintable()
    split = urlsplit(uri)
    assert (split.scheme, split.netloc, split.query, split.fragment) == ("", "", "", "")
    assert not uri.startswith("/")
    assert ".." not in uri.split("/")
    assert b".." not in unquote_to_bytes(uri).replace(b"\\", b"/").split(b"/")


@pytest.mark.parametrize(
    ("parts", "uri"),
    [
        (("plugins/weather", "src/a b.ts"), "plugins/weather/src/a%20b.ts"),
        ((".", "src/a.ts"), "src/a.ts"),
        (("./x/", "a#b?c%2e.ts"), "x/a%23b%3Fc%252e.ts"),
        (("../up", "../../etc/passwd"), "up/etc/passwd"),
        (("C:\\work\\plugin", "a.ts"), "work/plugin/a.ts"),
        (("", "data:text/html,x"), "data%3Atext/html%2Cx"),
        (("", "caf\udce9.js"), "caf%E9.js"),
        (("", ""), "."),
    ],
)
def test_paths_become_addresses(parts, uri):
    assert relative_uri(*parts) == uri


@given(ANY_TEXT)
def test_a_message_in_sarif_is_one_visible_line_without_links(text):
    shown = message(f"[{text}](https://evil.example)")
    assert "](" not in shown
    assert not {unicodedata.category(character) for character in shown} & ACTING
