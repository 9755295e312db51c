"""Who calls a function: in its own file, in others, under another name, and when nobody can say any more."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.call_sites import MOST_CALLERS, call_sites
from reviewer.code.syntax import Function

HOME = b"def weigh(sheep):\n    return sheep\n\n\nweigh(1)\n"


def sites(files):
    project = Project(list(files), lambda path: files[path])
    module = project.module("herd/scale.py")
    function = next(one for one in module.all(Function) if one.name == "weigh")
    found = call_sites(module, function)
    return None if found is None else [(where.path, call.line) for where, call in found]


@pytest.mark.parametrize(
    "text",
    [
        b"from .scale import weigh\n\nweigh(2)\n",
        b"from .scale import weigh as _weigh\n\n_weigh(2)\n",
        b"from herd.scale import (\n    weigh as _weigh,\n)\n\n\n_weigh(2)\n",
    ],
)
def test_calls_in_other_files_are_found_also_where_the_name_is_kept_private(text):
    last = text.count(b"\n")
    assert sites({"herd/scale.py": HOME, "herd/gate.py": text}) == [("herd/scale.py", 5), ("herd/gate.py", last)]


def test_what_only_has_the_same_name_is_passed_over():
    text = b"from .scale import shear\n\n\ndef weigh(hay):\n    return hay\n\n\nweigh(shear)\n"
    assert sites({"herd/scale.py": HOME, "herd/gate.py": text}) == [("herd/scale.py", 5)]


def test_nobody_can_say_who_calls_what_is_called_all_over():
    users = {f"herd/gate{number}.py": b"from .scale import weigh\n\nweigh(2)\n" for number in range(MOST_CALLERS + 1)}
    assert sites({"herd/scale.py": HOME, **users}) is None
