"""A text that a module gives a name is read as the text, wherever the name stands for it and nothing else."""

from __future__ import annotations

import pytest

from reviewer.code.form.named_texts import where_written
from reviewer.code.module import Module
from reviewer.code.syntax import Call, Literal

JS = 'const PAID = "order.paid";\n'
PY = 'PAID = "order.paid"\n\n\n'


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("a.js", JS + "sink(PAID);", "order.paid"),
        ("a.ts", 'export const PAID: string = "order.paid";\nfunction f() { return () => sink(PAID); }', "order.paid"),
        ("a.ts", JS + "class A { @sink(PAID) run() {} }", "order.paid"),
        ("a.py", PY + "def f():\n    sink(PAID)\n", "order.paid"),
        ("a.py", PY + "class A:\n    rows = sink(PAID)\n", "order.paid"),
        # another thing of the same name
        ("a.js", JS + "function f(PAID) { sink(PAID); }", None),
        ("a.js", JS + "function f() { const PAID = g(); return () => sink(PAID); }", None),
        ("a.js", 'let PAID = "order.paid";\nsink(PAID);', None),
        ("a.py", PY + 'PAID += ".v2"\nsink(PAID)\n', None),
        ("a.py", PY + "def f():\n    global PAID\n    PAID = g()\n\n\nsink(PAID)\n", None),
    ],
)
def test_a_name_of_a_text_is_the_text(path: str, text: str, value: str | None) -> None:
    module = Module(path, text.encode())
    call = next(one for one in module.all(Call) if one.name == "sink")
    given = call.args[0]
    assert (given.value if isinstance(given, Literal) else None) == value


def test_it_is_known_where_a_named_text_is_written() -> None:
    module = Module("a.py", (PY + "def f():\n    sink(PAID)\n").encode())
    (call,) = module.all(Call)
    assert module.text_of(call) == "sink(PAID)"
    (given,) = call.args
    assert isinstance(given, Literal)
    assert where_written(module, given).line == 1
