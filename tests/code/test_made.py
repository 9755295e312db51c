"""What a value may be, and what a text is put together from."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.made import pieces, values_of
from reviewer.code.syntax import Call


def _argument(path: str, text: str):
    """The module and the first argument of the call of ``sink`` in it."""
    module = Project([path], lambda _path: text.encode()).module(path)
    assert module is not None
    call = next(call for call in module.all(Call) if call.name == "sink")
    return module, call.args[0]


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("a.js", "const a = b ? c : d; sink(a);", ["c", "d"]),
        ("a.js", "const a = b ?? c; sink(a);", ["b", "c"]),
        ("a.js", "function make() { return given; } sink(make());", ["given"]),
        ("a.js", "function f(given) { sink(given); }", ["given"]),
        ("a.js", "class A { #env = all; run() { sink(this.#env); } }", ["all"]),
        (
            "a.py",
            "def make():\n    env = dict(all)\n    env['x'] = 1\n    return env\n\n\nsink(make())\n",
            ["dict(all)"],
        ),
        ("a.py", "a = b\nb = a\nsink(a)\n", []),
    ],
)
def test_a_value_is_followed_through_names_choices_and_functions(path, text, said):
    module, argument = _argument(path, text)
    assert [where.text_of(value) for where, value in values_of(module, argument)] == said


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("a.js", "sink(`a ${b} c`);", ["a ", "b", " c"]),
        ("a.js", "sink([a, b].join('-'));", ["a", "b"]),
        (
            "a.js",
            "function f(w) { const all = ['x']; if (w) all.push(w); sink(`q ${all.join(' ')}`); }",
            ["q ", "'x'", "w"],
        ),
        ("a.js", "const line = (who, what) => `${who}: ${what}`; sink(line(name, 'left'));", ["name", ": ", "'left'"]),
        ("a.py", "def f(c):\n    q = 'a' + c\n    q += ' %s' % d\n    sink(q)\n", ["'a'", "c", "' %s'", "d"]),
        ("a.py", "sink('{} {}'.format(a, b))\n", ["a", "'{} {}'", "b"]),
        ("a.py", "def f(c):\n    sink(c)\n", ["c"]),
    ],
)
def test_a_text_is_taken_apart_wherever_it_is_put_together(path, text, said):
    module, argument = _argument(path, text)
    assert [where.text_of(piece) for where, piece in pieces(module, argument)] == said


def test_a_text_that_never_ends_is_taken_apart_only_so_far():
    module, argument = _argument("a.js", "function f() { return `${f()} ${f()}`; } sink(f());")
    assert len(pieces(module, argument)) <= 80
