"""Path globs."""

from __future__ import annotations

import pytest

from reviewer.subject.globs import PathGlobs, glob_fits


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("*.js", "a/b/c.js", True),
        ("src/*.js", "src/a.js", True),
        ("src/*.js", "src/a/b.js", False),
        ("src/**/*.js", "src/a.js", True),
        ("src/**/*.js", "src/a/b/c.js", True),
        ("src/**", "src/a/b/c.js", True),
        ("src", "src/a.js", True),
        ("src", "lib/src/a.js", True),
        ("/src", "lib/src/a.js", False),
        ("src/", "src/a.js", True),
        ("./src/a.js", "src/a.js", True),
        ("**/x.ts", "x.ts", True),
        ("**/x.ts", "a/x.tsx", False),
        ("[ab].js", "a.js", True),
        ("a/*/c", "a/b/c/d.js", True),
    ],
)
def test_a_glob_fits_a_path_or_a_folder_above_it(glob, path, fits):
    assert (PathGlobs([glob]).match(path) == glob) is fits


def test_a_whole_path_is_asked_for_where_no_folder_counts():
    assert glob_fits("package.json", "a/package.json")
    assert not glob_fits("package.json", "package.json/x")
    assert glob_fits("META-INF/*.xml", "META-INF/plugin.xml")


def test_a_glob_of_many_stars_costs_little():
    assert PathGlobs(["**/" * 60 + "*a*a*a*a*a*b"]).match("/".join(["a" * 200] * 40)) is None
