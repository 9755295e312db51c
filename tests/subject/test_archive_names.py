"""Names inside archives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.subject.archive_names import colliding, name_problem, path_of, shown, wrapping


@given(st.text(max_size=60))
def test_a_name_without_a_problem_stays_inside(name):
    if name_problem(name, folder=False) is None:
        parts = path_of(name).split("/")
        assert all(part not in ("", ".", "..") for part in parts)
        assert shown(name) == name


@given(st.text(max_size=600))
def test_a_shown_name_is_one_short_line(name):
    text = shown(name)
    assert text.isprintable() or not any(letter in text for letter in "\n\r\x1b\x00")
    assert len(text) <= 8 * 512 + 1


@pytest.mark.parametrize(
    ("paths", "top"),
    [
        (["package/a", "package/b/c"], "package/"),
        (["a", "b/c"], ""),
        (["x/a", "y/a"], ""),
        (["src/a"], ""),
        ([], ""),
    ],
)
def test_the_wrapping_is_the_one_folder_that_holds_everything(paths, top):
    assert wrapping(paths) == top


def test_paths_that_can_not_all_exist_collide():
    assert set(colliding(["a", "b", "a", "c/d", "c", "e/f"])) == {"a", "c"}
