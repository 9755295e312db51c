"""COM023: the answer of a plugin that runs in a pool of threads is waited for without a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, Literal, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import COMMANDS, EXECUTES, first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SUBMITS: Final = frozenset({"submit", "run_coroutine_threadsafe"})


@module_check("COM023", words={"submit", "threadsafe"})
def answer_of_pool(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``result()`` of what a function hands to a pool because somebody asked for it by name."""
    if module.is_test or module.language != "python":
        return
    waits = [call for call in module.calls(("result",)) if call.receiver is not None]
    careful = any(_limited(call) for call in waits)
    for call in waits:
        function = function_of(call)
        handed = module.scopes.origin(call.receiver) if call.receiver is not None else None
        if _limited(call) or function is None or not isinstance(handed, Call) or handed.name not in _SUBMITS:
            continue
        if first_word(function.name) in EXECUTES and _asked_for(inquiry, module, function, handed):
            yield Match(
                call,
                f"'{function.name}' waits for the answer without a deadline: a plugin that never answers keeps its "
                "caller and one thread of the pool for ever.",
                confidence=None if careful else Confidence.POSSIBLE,
            )


def _limited(call: Call) -> bool:
    """Tell whether a waiting has a limit, and it is not ``None``."""
    given = call.arg(0, "timeout")
    return given is not None and not (isinstance(given, Literal) and given.value is None)


def _asked_for(inquiry: Inquiry, module: Module, function: Function, handed: Call) -> bool:
    """Tell whether what runs was named by whoever asks, and belongs to something that was looked up."""
    given: list[Expr] = [*handed.args, *handed.keywords.values()]
    read = [name for value in given for name in find(value, Name)]
    told = {param.name for param in function.params if set(words(param.name)) & COMMANDS}
    known = sources(inquiry, module)
    looked_up = any((source := known.of(strip(name))) is not None and source.looked_up for name in read)
    return looked_up and any(name.id in told for name in read)
