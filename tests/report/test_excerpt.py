"""The carets stand under the very characters that a finding is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.core.location import Edit, Location
from reviewer.report.colour import Style
from reviewer.report.excerpt import Excerpts, view
from reviewer.report.options import RenderOptions
from reviewer.report.page import Page
from reviewer.report.width import columns


def page_of(*lines: str, width: int = 80, unicode: bool = True) -> Page:
    return Page(RenderOptions(width=width, unicode=unicode, sources=lambda _subject, _path: list(lines)))


def shown(page: Page, place: Location) -> list[str]:
    Excerpts(page, "subject", 3).show(place, "^", Style.PLAIN)
    return page.lines


def under(text: str, offset: int, length: int) -> str:
    """Return the characters of a line that stand in some columns."""
    found, column = "", 0
    for character in text:
        if offset <= column < offset + length:
            found += character
        column += columns(character)
    return found


def test_tabs_are_expanded_and_the_carets_follow():
    assert shown(page_of("\t\tif (x) {"), Location("a", 1, 7, 1, 8)) == [
        "  1 │         if (x) {",
        "    │             ^",
    ]


def test_wide_characters_take_two_columns():
    assert shown(page_of('"name": "天気", "x": 1'), Location("a", 1, 10, 1, 12)) == [
        '  1 │ "name": "天気", "x": 1',
        "    │          ^^^^",
    ]


def test_a_character_that_hides_is_shown_and_underlined_whole():
    assert shown(page_of("a\u202eb"), Location("a", 1, 2, 1, 3)) == ["  1 │ a<U+202E>b", "    │  ^^^^^^^^"]


def test_an_empty_span_gets_one_caret():
    assert shown(page_of("abc"), Location("a", 1, 2, 1, 2))[1] == "    │  ^"


def test_a_span_behind_the_end_of_the_line_gets_a_caret_there():
    assert shown(page_of("abc"), Location("a", 1, 99, 1, 120))[1] == "    │    ^"


def test_a_place_beyond_the_file_shows_nothing():
    assert shown(page_of("abc"), Location("a", 7, 1, 7, 2)) == []


def test_a_file_that_cannot_be_had_shows_nothing():
    assert shown(Page(RenderOptions(sources=lambda _subject, _path: None)), Location("a", 1, 1, 1, 2)) == []
    assert shown(Page(RenderOptions()), Location("a", 1, 1, 1, 2)) == []


def test_a_short_span_of_several_lines_is_shown_whole():
    assert shown(page_of("one", "two", "three", "four"), Location("a", 1, 1, 3, 6)) == [
        "  1 │ ╭ one",
        "  2 │ │ two",
        "  3 │ ╰ three",
    ]


def test_a_long_span_is_shown_by_its_first_and_last_line():
    lines = [f"line {number}" for number in range(1, 30)]
    assert shown(page_of(*lines), Location("a", 2, 1, 20, 5)) == [
        "  2 │ ╭ line 2",
        "  ⋮ │ │",
        " 20 │ ╰ line 20",
    ]


def test_a_span_that_ends_before_a_line_does_not_show_that_line():
    assert shown(page_of("one", "two", "three"), Location("a", 1, 1, 3, 1)) == ["  1 │ ╭ one", "  2 │ ╰ two"]


def test_pure_ascii_draws_without_box_characters():
    assert shown(page_of("é", "b", unicode=False), Location("a", 1, 1, 2, 2)) == ["  1 | / <U+00E9>", "  2 | \\ b"]


@pytest.mark.parametrize("start", [0, 5, 60, 300, 5000, 99_990])
def test_in_a_long_line_the_span_stays_in_sight(start):
    line = "".join(chr(ord("a") + index % 26) for index in range(100_000))
    seen = view(page_of(), line, start, start + 10, 70)
    assert columns(seen.text) <= 70
    assert under(seen.text, seen.offset, seen.length) == line[start : start + 10]


@given(
    st.text(alphabet=st.sampled_from("ab \t天é\u202e👍"), max_size=600),
    st.integers(0, 700),
    st.integers(0, 700),
    st.integers(20, 120),
)
def test_no_view_is_wider_than_its_room_nor_its_carets_outside(line, start, length, room):
    seen = view(page_of(), line, start, start + length, room)
    assert columns(seen.text) <= room
    assert 0 <= seen.offset <= columns(seen.text)
    assert 1 <= seen.length <= max(1, room)


def preview(page: Page, place: Location, replacement: str) -> list[str]:
    Excerpts(page, "subject", 3).preview(Edit(place, replacement))
    return page.lines


def test_an_edit_is_shown_before_and_after():
    assert preview(page_of("a", "return true;"), Location("a", 2, 8, 2, 12), "false") == [
        "  2 - return true;",
        "  2 + return false;",
    ]


def test_a_line_that_goes_is_shown_as_gone():
    assert preview(page_of("a", "b", "c"), Location("a", 2, 1, 3, 1), "") == ["  2 - b"]
    assert preview(page_of("a", "b"), Location("a", 2, 1, 3, 1), "") == ["  2 - b"]


def test_lines_that_come_are_shown_as_new():
    assert preview(page_of("a", "c"), Location("a", 2, 1, 2, 1), "b\n") == ["  2 + b"]


def test_a_large_edit_is_not_shown():
    assert preview(page_of("a"), Location("a", 1, 1, 1, 2), "x\n" * 20) == []


def test_an_edit_outside_the_file_is_not_shown():
    assert preview(page_of("a"), Location("a", 9, 1, 9, 2), "x") == []
