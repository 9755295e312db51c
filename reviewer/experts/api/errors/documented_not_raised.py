"""API445: a function promises an error of its own in its description and lets another one through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import Class, ExprStatement, Index, Literal, Name, Return, Throw, strip
from reviewer.code.walk import calls_in, find
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_NAMED: Final = regex(r"\b[A-Z][A-Za-z0-9]{3,}\b")
_ERRORS: Final = frozenset({"Exception", "Error", "ValueError", "LookupError", "RuntimeError", "KeyError", "TypeError"})
_PLAIN: Final = frozenset({"sort", "slice", "sorted", "toSorted", "strip", "trim", "lower", "toLowerCase", "len"})
"""Calls that never fail as the contract says."""


@module_check("API445", words={"exception", "error"})
def documented_not_raised(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that return what they look up, for an error of the subject that their description names."""
    if module.is_test:
        return
    for function in module.functions:
        answer = _looked_up(function)
        if answer is None:
            continue
        said = _NAMED.findall(_described(module, function))
        promised = next((name for name in said if _is_own_error(module, name)), "")
        if promised:
            yield Match(
                answer,
                f"The description of '{function.name}' promises {promised}, and nothing here raises it: whoever "
                "catches it is hit by another error, or by an answer that is no value.",
                confidence=Confidence.LIKELY,
            )


def _looked_up(function: Function) -> Return | None:
    """Return the only answer of a function where it is an element, and nothing in the function throws or calls on."""
    if function.signature_only or next(find(function.body, Throw), None) is not None:
        return None
    answers = list(find(function.body, Return, into_functions=False))
    value = strip(answers[0].value) if len(answers) == 1 and answers[0].value is not None else None
    if not isinstance(value, Index) or any(call.name not in _PLAIN for call in calls_in(function.body)):
        return None
    return answers[0]


def _described(module: Module, function: Function) -> str:
    """Return the text that describes a function: its docstring, or the comment that stands before it."""
    first = function.body[0] if function.body else None
    text = strip(first.value) if isinstance(first, ExprStatement) else None
    if isinstance(text, Literal) and isinstance(text.value, str):
        return text.value
    if module.language == "python":
        return ""
    before = module.source[: function.raw.start_byte].rstrip()
    for word in (b"default", b"export"):
        before = before.removesuffix(word).rstrip()
    start = before.rfind(b"/**")
    return before[start:].decode("utf-8", "replace") if before.endswith(b"*/") and start >= 0 else ""


def _is_own_error(module: Module, name: str) -> bool:
    """Tell whether a name is that of an error which the subject declares."""
    found = next((one for one in module.classes if one.name == name), None)
    if found is None:
        named = next((one for one in module.all(Name) if one.id == name), None)
        target = definition(module, named) if named is not None else _imported(module, name)
        found = target if isinstance(target, Class) else None
    if found is None:
        return False
    bases = {getattr(strip(base), "id", "") for one in lineage(found) for base in one.bases}
    return bool(bases & _ERRORS)


def _imported(module: Module, name: str) -> object:
    """Return what a file imports under a name, which it may name in its descriptions alone."""
    for one in module.imports:
        if one.local == name and module.project is not None:
            return module.project.definition(module, one)
    return None
