"""What a caller has to pass to a function, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Expr, Literal, Object, Unary, strip
from reviewer.experts.interface.member import Parameter, Signature
from reviewer.experts.interface.types import unpromised

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node, Param

_LONGEST: Final = 80
"""Characters of a constant that is compared."""


def signature_of(module: Module, function: Function) -> Signature:
    """Return how a function is called."""
    returns, promised = unpromised(function.returns)
    passed = _passed(module, function) if module.language == "python" else {}
    parameters = tuple(_parameter(param, passed) for param in function.params)
    return Signature(parameters, returns, function.asynchronous or promised)


def _parameter(param: Param, passed: dict[int, str]) -> Parameter:
    default = constant(param.default)
    required = param.default is None and not param.optional and not param.rest
    how = passed.get(param.raw.start_byte, "position")
    return Parameter(param.name, param.type, required, param.rest, how, default)


def _passed(module: Module, function: Function) -> dict[int, str]:
    """Return how each parameter of a Python function may be passed, by where it stands."""
    raw = function.raw.child_by_field_name("definition") or function.raw
    listed = raw.child_by_field_name("parameters")
    found: dict[int, str] = {}
    how = "any"
    for child in listed.children if listed is not None else ():
        text = module.text(child)
        if child.type == "positional_separator" or text == "/":
            found = dict.fromkeys(found, "position")
        elif child.type == "keyword_separator" or text.startswith("*"):
            how = "keyword"
        elif child.is_named:
            found[child.start_byte] = how
    return found


def constant(value: Node | None) -> str:
    """Return the spelling of a plain constant; empty where a value is no such thing."""
    plain = strip(value) if isinstance(value, Expr) else value
    if isinstance(plain, Literal):
        return repr(plain.value)[:_LONGEST] if plain.raw_text != "undefined" else ""
    if isinstance(plain, Unary) and plain.op == "-" and isinstance(plain.operand, Literal):
        return f"-{plain.operand.value!r}"[:_LONGEST]
    if isinstance(plain, Array | Object) and not (plain.items if isinstance(plain, Array) else plain.entries):
        return "[]" if isinstance(plain, Array) else "{}"
    return ""
