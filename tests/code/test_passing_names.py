"""What gets a name only to be returned, or handed on, in the next statement stands there by itself."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module


def _body(path: str, text: str) -> list[str]:
    """What the statements of the function ``f`` are made of."""
    module = Module(path, text.encode())
    function = next(one for one in module.functions if one.name == "f")
    return [repr(node).split()[0][1:] for statement in function.body for node in statement.children()[:1]]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("const answer = ask(n); return answer;", ["Call"]),
        ("const answer = await ask(n); return answer;", ["Await"]),
        ("const both = a && b; return both as boolean;", ["Cast"]),
        ("const row = { n }; list.push(row);", ["Call"]),
        ("const row = make(n); await list.put(row, n);", ["Await"]),
        # the name is needed, or says more than the value
        ("const answer = ask(n); log(answer); return answer;", ["Assign", "Call", "Name"]),
        ("const answer = ask(n); go(); return answer;", ["Assign", "Call", "Name"]),
        ("const answer: Reply = ask(n); return answer;", ["Assign", "Name"]),
        ("const pause = Math.min(n, 9); say(pause);", ["Assign", "Call"]),
        ("const { answer } = ask(n); use(answer);", ["Assign", "Call"]),
        ("const row = make(n); row.put();", ["Assign", "Call"]),
    ],
)
def test_a_name_that_a_value_only_passes_by_is_gone(body: str, left: list[str]) -> None:
    assert _body("a.ts", f"async function f(n, list) {{ {body} }}") == left


def test_a_name_of_python_is_gone_as_well() -> None:
    assert _body(
        "a.py", "def f(n, rows):\n    row = make(n)\n    rows.append(row)\n    got = ask(n)\n    return got\n"
    ) == [
        "Call",
        "Call",
    ]


def test_a_call_that_was_moved_is_found_by_its_name() -> None:
    module = Module(
        "a.js", b"function f(n) {\n  const made = make(n);\n  list.push(made);\n}\nfunction g() { make(2); }\n"
    )
    assert [call.line for call in module.calls(("make",))] == [2, 5]
