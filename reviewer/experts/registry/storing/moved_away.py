"""REG392: a file or folder is moved a second time from where the first move took it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Assign, Call, Expr, Literal, Name, Try, strip
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_MOVES: Final = ("rename", "renameSync", "move", "moveSync")
_PATHS: Final = ("fs", "fs/promises", "fs-extra", "fsp", "promises", "os", "shutil", "node:fs", "node:fs/promises")


@module_check("REG392", words={"rename", "move"})
def moved_away(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each move for a later one of the same source, with nothing that brings it back between them."""
    if module.is_test:
        return
    for first in module.calls(_MOVES):
        function, source = function_of(first), _source(module, first)
        if function is None or not source:
            continue
        for again in after(first):
            if not isinstance(again, Call) or again is first or _source(module, again) != source:
                continue
            if again.raw.start_byte <= first.raw.end_byte or _tried_again(first, again):
                continue
            if not _brought_back(module, function, first, again, source):
                yield Match(
                    again,
                    f"'{short(source)}' was moved away on line {first.line}, and here it is moved again: there is "
                    "nothing under that name, and what should have been put in place stays where it is.",
                    related=((first, "moved away here"),),
                )
            break


def _source(module: Module, call: Call) -> str:
    """Return what a call moves, as it is spelled; nothing for what is no move of a path."""
    if call.name not in _MOVES or call.receiver is None or len(call.args) < 2 or isinstance(call.args[0], Literal):
        return ""
    named = module.resolve(call.receiver).removeprefix("node:")
    return module.text_of(strip(call.args[0])) if named in _PATHS or named.endswith(("fs.promises", ".fs")) else ""


def _tried_again(first: Call, again: Call) -> bool:
    """Tell whether the second move stands in the handler of the first one, which failed then."""
    return any(
        isinstance(around, Try)
        and any(inside(first, one) for one in around.body)
        and any(inside(again, handler) for handler in around.handlers)
        for around in ancestors(first)
    )


def _brought_back(module: Module, function: Function, first: Call, again: Call, source: str) -> bool:
    """Tell whether something is put under the name between the two: by any call that gets it, or a new value."""
    start, end = first.raw.end_byte, again.raw.start_byte
    for call in find(function.body, Call):
        if start <= call.raw.start_byte < end and any(_spells(module, arg, source) for arg in call.args):
            return True
    return any(
        start <= one.raw.start_byte < end and isinstance(one.target, Name) and one.target.id == source
        for one in find(function.body, Assign)
    )


def _spells(module: Module, expr: Expr, source: str) -> bool:
    return module.text_of(strip(expr)) == source
