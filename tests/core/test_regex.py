"""A pattern is compiled when it is first asked, and then answers as a compiled one does."""

from __future__ import annotations

import re

import pytest

from reviewer.core.regex import regex


def test_nothing_is_compiled_before_the_first_question(monkeypatch):
    made: list[str] = []
    compiled = re.compile
    monkeypatch.setattr("re.compile", lambda text, flags=0: made.append(text) or compiled(text, flags))
    word = regex(r"\bword\b", re.IGNORECASE)
    assert made == []
    assert word.search("a WORD") is not None
    assert word.search("words") is None
    assert made == [r"\bword\b"]
    assert word.fullmatch("Word") is not None


@pytest.mark.parametrize("text", ["a1b22", "", "-7-"])
def test_every_member_answers_as_that_of_a_compiled_pattern(text):
    lazy, ready = regex(r"\d+"), re.compile(r"\d+")
    assert lazy.findall(text) == ready.findall(text)
    assert lazy.sub("#", text) == ready.sub("#", text)
    assert lazy.split(text) == ready.split(text)
    assert [hit.span() for hit in lazy.finditer(text)] == [hit.span() for hit in ready.finditer(text)]
    assert (lazy.pattern, lazy.flags, lazy.groups) == (ready.pattern, ready.flags, ready.groups)


def test_bytes_are_looked_through_too():
    assert regex(rb"\n+").split(b"a\n\nb") == [b"a", b"b"]


def test_a_mistake_is_raised_at_the_first_use():
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("")
