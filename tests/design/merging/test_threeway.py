"""Two changes become one text, and what collides is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.design.merging.threeway import BETWEEN, GENERATED, YOURS, is_marked, merge

BASE = "one\ntwo\nthree\nfour\nfive\n"


def test_changes_in_different_places_both_stand() -> None:
    yours, generated = BASE.replace("one", "my one"), BASE.replace("five", "new five")
    assert merge(BASE, yours, generated) == (yours.replace("five", "new five"), 0)


def test_the_same_change_on_both_sides_does_not_collide() -> None:
    assert merge(BASE, BASE.replace("two", "2"), BASE.replace("two", "2")).collisions == 0


def test_what_collides_stands_twice_between_marks() -> None:
    merged = merge(BASE, BASE.replace("three", "mine"), BASE.replace("three", "theirs"))
    assert merged == (f"one\ntwo\n{YOURS}mine\n{BETWEEN}theirs\n{GENERATED}four\nfive\n", 1)
    assert is_marked(merged.text)


def test_a_mark_stands_on_its_own_line_where_the_text_has_no_end_of_line() -> None:
    merged = merge("one", "mine", "theirs")
    assert merged.text == f"{YOURS}mine\n{BETWEEN}theirs\n{GENERATED}"


def test_windows_line_endings_of_a_person_stay_and_collide_with_nothing() -> None:
    yours = BASE.replace("one", "my one").replace("\n", "\r\n")
    merged = merge(BASE, yours, BASE.replace("five", "new five"))
    assert merged == ("my one\r\ntwo\r\nthree\r\nfour\r\nnew five\r\n", 0)


LINES = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "", "}", "  x"]), max_size=12)


@given(LINES, LINES, st.lists(st.tuples(st.integers(0, 12), st.text("xyzäß\u2028\x0b", min_size=1)), max_size=5))
def test_no_line_that_a_person_wrote_is_ever_lost(
    base: list[str], generated: list[str], edits: list[tuple[int, str]]
) -> None:
    mine = [f"mine {number} {text}" for number, (_, text) in enumerate(edits)]
    yours = list(base)
    for (place, _), line in zip(edits, mine, strict=True):
        yours.insert(min(place, len(yours)), line)
    texts = ["".join(f"{line}\n" for line in lines) for lines in (base, yours, generated)]
    merged = merge(texts[0], texts[1], texts[2]).text
    assert [line for line in merged.split("\n") if line.startswith("mine ")] == [
        line for line in yours if line.startswith("mine ")
    ]
