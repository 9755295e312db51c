"""SEC510: what somebody wrote, as it came with a message, is written to a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Binary, Call, Expr, Index, Literal, Member, Name, Object, Template, Yield, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LEVELS: Final = frozenset("log info warn warning error critical exception notice".split())
_LOGGERS: Final = word_set("logger log logging logs")
"""What writes to a log that is kept; a console is read by whoever started the program."""
_PROSE: Final = word_set(
    "text body content transcript comment note notes prompt letter mail utterance essay passage diagnosis remark"
)
"""Last words of what holds a text that a person wrote."""
_MADE: Final = word_set("reg regex regexp pattern html css sql json xml query")
"""Words of a text that a program puts together or reads."""
_SENT: Final = frozenset({"message", "request"})
_SAME: Final = frozenset({"str", "String", "strip", "trim", "repr", "stringify", "dumps"})
"""Calls that leave a text as it is."""
_KEEPERS: Final = frozenset({"get", "pop"})


@module_check("SEC510", words=_LOGGERS)
def prose_logged(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at everything that is logged for texts that came with a message."""
    if module.is_test:
        return
    for call in module.calls(_LEVELS):
        if call.receiver is None or not set(last_words(call.receiver)) & _LOGGERS:
            continue
        for value in _logged(call):
            if _is_record(module, value) or _hands_on(module, call) or _is_logger(call):
                continue
            if (
                _PROSE & set(_named(value)[-1:])
                and not _MADE & set(_named(value))
                and trace(module, value).kinds() & _SENT
            ):
                yield Match(
                    call,
                    f"'{shown(module, value, 40)}' is what somebody wrote, and stands in the log as a whole: it is "
                    "kept there for long and read by many.",
                )
                break


def _is_record(module: Module, value: Expr) -> bool:
    """Tell whether a value is no text that somebody wrote, but what a program sent: ``self.get_json_body()``."""
    made = module.scopes.origin(value)
    made = strip(made.value) if isinstance(made, Await) else made
    named = value.id if isinstance(value, Name) else ""
    if {"response", "resp", "reply"} & set(words(named)) or _is_of_answer(made):
        return True  # what a server answered
    return isinstance(made, Call) and "json" in words(made.name)


def _is_logger(call: Call) -> bool:
    """Tell whether a function is itself one that logs what it is told: ``logOnce(key, text)``."""
    function = function_of(call)
    return function is not None and bool(set(words(function.name)) & (_LEVELS | {"debug", "trace"}))


def _is_of_answer(made: object) -> bool:
    """Tell whether a text is taken out of the answer of a server: ``yield treq.text_content(response)``."""
    taken = strip(made.value) if isinstance(made, Yield) and made.value is not None else made
    if not isinstance(taken, Call):
        return False
    said = {word for arg in taken.args for word in last_words(arg)[-1:]} | set(last_words(taken.receiver))
    return bool(said & {"response", "resp"})


def _hands_on(module: Module, call: Call) -> bool:
    """Tell whether what is logged has a level of its own, as a line of another log: ``log(LEVELS[msg.level], …)``."""
    level = module.scopes.origin(call.args[0]) if call.name == "log" and len(call.args) > 1 else None
    return isinstance(level, Index | Call) or (isinstance(level, Member) and words(level.name)[-1:] == ("level",))


def _logged(call: Call) -> Iterator[Expr]:
    """Yield the values that a line of a log shows as they are."""
    for argument in (*call.args, *call.keywords.values()):
        pending = [argument]
        while pending:
            value = strip(pending.pop())
            if isinstance(value, Template):
                pending += value.holes
            elif isinstance(value, Binary) and value.op in ("+", "%"):
                pending += [value.left, value.right]
            elif isinstance(value, Object):
                pending += [part for _key, part in value.entries]
            elif isinstance(value, Call) and value.name in _SAME:
                pending += [inner for inner in (value.arg(0) or value.receiver,) if inner is not None]
            else:
                yield value


def _named(value: Expr) -> tuple[str, ...]:
    """Return the words of the name under which a text is known: ``text``, ``ticket.body``, ``args["note"]``."""
    key: Expr | None = None
    if isinstance(value, Index):
        key = value.key
    elif isinstance(value, Call) and value.name in _KEEPERS:
        key = value.arg(0)
    elif isinstance(value, Name | Member):
        return words(value.id if isinstance(value, Name) else value.name)
    return words(str(key.value)) if isinstance(key, Literal) and isinstance(key.value, str) else ()
