"""COM033: the lines of a program are read to their end and parsed, however long one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, For, Function, Member, Name, strip
from reviewer.code.walk import calls_in, class_of, find, function_of, names_in
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSES: Final = frozenset({"loads", "raw_decode", "validate_json", "model_validate_json"})


@module_check("COM033", words={"popen"})
def lines_unlimited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over the output of a program that this process also writes to, for what it does with a line."""
    if module.is_test or module.language != "python":
        return
    for loop in module.all(For):
        target = strip(loop.target) if loop.target is not None else None
        if loop.iterable is None or not isinstance(target, Name) or loop.asynchronous:
            continue
        made = _program(module, loop.iterable)
        if made is None or not _speaks_both_ways(made) or not _parsed(module, loop, target.id):
            continue
        yield Match(
            loop,
            "A line may be of any length here: a program that writes and never ends its line fills the memory of this "
            "process.",
            fix="Read with 'readline(most + 1)', and end the program when a line is longer than 'most'.",
            related=((made, "the program"),),
        )


def _program(module: Module, stream: Expr) -> Call | None:
    """Return the ``Popen`` whose output is gone through: ``self._process.stdout``, by a name or directly."""
    stream = strip(stream)
    made = module.scopes.origin(stream) if isinstance(stream, Name) else stream
    if not isinstance(made, Member) or made.name != "stdout":
        return None
    held = strip(made.object)
    if is_this_member(held):
        cls = class_of(held)
        given = module.scopes.field_values(cls, held.name) if cls is not None else []
        values = [strip(one) for one in given]
    else:
        origin = module.scopes.origin(held)
        values = [origin] if isinstance(origin, Expr) else []
    return next((one for one in values if isinstance(one, Call) and one.name == "Popen"), None)


def _speaks_both_ways(made: Call) -> bool:
    """Tell whether a program is spoken with, and not only listened to while it works."""
    given = strip(made.keywords["stdin"]) if "stdin" in made.keywords else None
    return isinstance(given, Member | Name) and (getattr(given, "name", "") or getattr(given, "id", "")) == "PIPE"


def _parsed(module: Module, loop: For, name: str) -> bool:
    """Tell whether a line is a message: parsed here, or in the function that it is handed to."""
    for call in calls_in(loop.body):
        if name not in names_in(call.args):
            continue
        if call.name in _PARSES:
            return True
        target = definition(module, call.callee)
        if isinstance(target, Function) and any(one.name in _PARSES for one in calls_in(target.body)):
            return True
    around = function_of(loop)
    named = {one.target.id for one in find(loop.body, Assign) if isinstance(one.target, Name)}
    return around is not None and any(
        call.name in _PARSES and names_in(call.args) & named for call in calls_in(loop.body)
    )
