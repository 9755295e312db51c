"""What languages spell in several ways is one node of the tree: texts that are put together, fallbacks for nothing."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import Binary, Call, Literal, Member, Name, Template


@pytest.mark.parametrize(
    ("path", "text", "items"),
    [
        ("a.js", "x = a + '/' + b;", ["a", "/", "b"]),
        ("a.js", "x = '' + a + b + '!';", ["a", "b", "!"]),
        ("a.js", "x = `${a}:` + b + '/' + c;", ["a", ":", "b", "/", "c"]),
        ("a.js", "x = 'at ' + (a + b);", ["at ", "a + b"]),
        ("a.js", "x = (a + b) + ' steps';", ["a + b", " steps"]),
        ("a.js", "x = count + 1 + ' steps';", ["count + 1", " steps"]),
        ("a.py", "x = '%s has 100%% of %d' % (a, b)", ["a", " has 100% of ", "b"]),
        ("a.py", "x = '%(b)s of %(a)s' % {'a': a, 'b': b}", ["b", " of ", "a"]),
        ("a.py", "x = '{} {{}} {b:>4}'.format(a, b=b)", ["a", " {} ", "b"]),
    ],
)
def test_each_spelling_of_a_text_with_values_is_a_template(path, text, items):
    module = Module(path, text.encode())
    (made,) = module.all(Template)
    assert [one.value if isinstance(one, Literal) else module.text_of(one) for one in made.items] == items


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("a.js", "x = a + b;", Binary),
        ("a.js", "x = a + 1;", Binary),
        ("a.py", "x = a % b", Binary),
        ("a.py", "x = '%s %s' % pair", Binary),
        ("a.py", "x = '%r' % a", Binary),
        ("a.py", "x = '{0} {0}'.format(a)", Call),
        ("a.py", "x = '{a.b}'.format(a=a)", Call),
        ("a.py", "x = '{} {}'.format(*pair)", Call),
        ("a.py", "x = layout.format(a)", Call),
        ("a.js", "x = 'a' + 'b';", Literal),
    ],
)
def test_what_may_be_something_else_stays_what_it_is(path, text, kind):
    module = Module(path, text.encode())
    assert not module.all(Template)
    value = next(node for node in module.all_nodes if isinstance(node, kind) and not isinstance(node, Name | Member))
    assert value.line == 1


@pytest.mark.parametrize(
    "text", ["y = x !== undefined ? x : z;", "y = x.a === null ? z : x.a;", "y = x != null ? x : z;"]
)
def test_a_choice_against_nothing_is_the_operator_for_it(text):
    module = Module("a.js", text.encode())
    (made,) = [node for node in module.all(Binary) if node.op == "??"]
    assert module.text_of(made.right) == "z"
