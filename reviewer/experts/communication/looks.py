"""Whether code looks at what it was handed before it uses it."""

from __future__ import annotations

from typing import Final

from reviewer.code.syntax import Binary, Call, Function, Unary
from reviewer.code.text.words import words
from reviewer.code.walk import names_in, walk

_CHECKS: Final = frozenset(
    "validate valid parse check schema assert verify ensure guard isinstance decode sanitize coerce normalize conforms "
    "is test has own integer finite array safe string number text to as".split()
)
CONVERTS: Final = frozenset({"String", "Number", "Boolean", "parseInt", "parseFloat", "JSON"})


def looked_at(function: Function, names: set[str]) -> bool:
    """Tell whether a type is tested, a check is called, or a field is held against something that is no fixed kind."""
    for node in walk(function.body):
        if isinstance(node, Unary) and node.op == "typeof" and names_in(node) & names:
            return True
        compares = isinstance(node, Binary) and node.op in ("instanceof", "in", "<", ">", "<=", ">=")
        if compares and names_in(node) & names:
            return True
        if isinstance(node, Call) and names_in(list(node.args)) & names and _is_check(node):
            return True
    return False


def _is_check(call: Call) -> bool:
    return call.name not in CONVERTS and bool(set(words(call.name)) & _CHECKS)
