"""Lines fit into the columns of a terminal, whatever script they are written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.report.width import clip, columns, wrap

VISIBLE = st.text(alphabet=st.sampled_from("ab. é天気한e\u0301👍"), max_size=120)


@pytest.mark.parametrize(("text", "size"), [("abc", 3), ("天気", 4), ("e\u0301", 1), ("👍", 2), ("", 0), ("ﬀ", 1)])
def test_columns_are_counted_as_a_terminal_draws_them(text, size):
    assert columns(text) == size


@given(VISIBLE, st.integers(10, 60))
def test_no_wrapped_line_is_wider_than_it_may_be_and_no_word_is_lost(text, width):
    lines = wrap(text, width)
    assert lines
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(VISIBLE, st.integers(4, 60))
def test_clipped_text_fits(text, width):
    assert columns(clip(text, width, "…")) <= width


def test_words_stay_whole_where_they_fit():
    assert wrap("the quick brown fox", 10) == ["the quick", "brown fox"]
    assert wrap("", 10) == [""]
    assert wrap("abcdefghijklmno p", 10) == ["abcdefghij", "klmno p"]
