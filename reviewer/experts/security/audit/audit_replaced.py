"""SEC079: each record of an audit trail replaces the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Call, Expr, Function, Literal, Name, Object, Param, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, surroundings
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRITES: Final = frozenset({"writeFile", "writeFileSync", "write_text", "write_bytes"})
_ONE: Final = frozenset("entry record event row item line fact action denial".split())
_MOVES: Final = frozenset({"rename", "renameSync", "replace", "move"})
"""Calls that put a whole file in the place of another."""
_MOST: Final = 60
"""Parts of what is written that are followed."""
_ALL: Final = frozenset("all entries records events rows items lines rotate export snapshot".split())


@module_check("SEC079", words=AUDITS)
def audit_replaced(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every write of a whole file in a function that records one thing."""
    if module.is_test:
        return
    for call in module.calls(_WRITES | {"open"}):
        function = function_of(call)
        if function is None or not _records(function, call) or not _replaces(module, call):
            continue
        if _of_all(function) or any(isinstance(one, Call) and one.name in _MOVES for one in after(call)):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call))}' writes the file anew for each record: of what happened only the last is "
            "kept.",
        )


def _of_all(function: Function) -> bool:
    """Tell whether a function is there to save the whole of something, and not to note one thing."""
    said = {word for param in function.params for word in words(param.name)}
    return words(function.name)[:1] in (("save",), ("write",), ("persist",), ("store",), ("flush",)) and not said & _ONE


def _records(function: Function, call: Call) -> bool:
    """Tell whether a function of an audit trail is given one record."""
    said = surroundings(function)
    for part in [*call.args[:1], *([call.receiver] if call.receiver is not None else [])]:
        said |= set(last_words(part))
    if isinstance(call.parent, With):
        said |= {word for _, target in call.parent.items for word in last_words(target)}
    return bool(said & AUDITS) and bool(function.params) and not said & _ALL


def _replaces(module: Module, call: Call) -> bool:
    if call.name == "open":
        mode = call.arg(1, "mode") if call.receiver is None else call.arg(0, "mode")
        said = mode.value if isinstance(mode, Literal) and isinstance(mode.value, str) else ""
        return said.startswith("w") and "x" not in said  # a file that must not be there yet replaces none
    data = call.arg(0) if call.name.startswith("write_") else call.arg(1)
    if data is None or _appends(module, call):
        return False
    parts = [*walk(data)]
    for part in parts:  # what a variable of the function holds is written as well
        made = module.scopes.origin(part) if isinstance(part, Name) and len(parts) < _MOST else None
        if isinstance(made, Expr) and made is not part and function_of(made) is function_of(call):
            parts.extend(walk(made))
    if any(isinstance(part, Call) and set(words(part.name)[:1]) & {"read", "load"} for part in parts):
        return False
    return any(_is_given(module, part) for part in parts if isinstance(part, Name)) and not (
        any(isinstance(part, Name) and set(last_words(part)) & _ALL for part in parts)
    )


def _appends(module: Module, call: Call) -> bool:
    for argument in call.args[2:]:
        options = module.scopes.origin(argument)
        flag: Expr | None = options.get("flag") if isinstance(options, Object) else None
        if isinstance(flag, Literal) and str(flag.value).startswith("a"):
            return True
    return False


def _is_given(module: Module, name: Name) -> bool:
    bindings = module.scopes.lookup(strip(name).id, name)  # type: ignore[attr-defined]  # a name stays one
    return any(isinstance(one, Param) and isinstance(one.parent, Function) for one in bindings)
