"""SEC078: a text from outside can write further lines into a record of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import callers, calls_here
from reviewer.code.reach.links import callee, named_type
from reviewer.code.reach.made import pieces
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, inside
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, last_words, surroundings, word_set
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRITES: Final = frozenset({"write", "appendFile", "appendFileSync", "writelines", "write_text", "print"})
_RECORDS: Final = AUDITS | word_set("log logs logfile history record records report denials events")
_TRAILS: Final = _RECORDS - {"records", "events", "report", "reports"}
_FREE: Final = word_set(
    "message msg text detail details note reason comment action event name title description value data payload "
    "input query label target resource topic url path error err exc exception failure summary remark warning words "
    "answer question subject object item what why info remarks request command"
)
"""Last words of values in which a line break may stand."""
_LINES: Final = word_set("line lines text entry record row")
"""Words of what a function is handed to write as it is."""
_SAFE: Final = word_set("json dumps stringify repr escape encode quote sanitize clean line safe")


@module_check("SEC078", words=_RECORDS)
def line_record(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every line that is put together and written to a file of records."""
    if module.is_test:
        return
    for call, ended in _written(module):
        line = _line(module, call, ended=ended)
        function = function_of(call)
        if line is None or function is None or not _is_record(call):
            continue
        hole = next((part for part in line if _is_free(module, part)), None)
        if hole is not None:
            made = _made_before(hole, call, function)
            yield Match(
                call if made is None else made,
                f"A line break in '{short(module.text_of(hole))}' begins a line of its own: whoever chooses it writes "
                "records in any other name.",
                # who escapes one part knows which of them come from outside
                confidence=Confidence.POSSIBLE if any(_is_escaped(part) for part in line) else None,
                related=() if made is None else ((call, "written here"),),
            )


def _written(module: Module) -> Iterator[tuple[Call, bool]]:
    """Yield the calls that write a text, and those of a function of the file that writes what it is handed.

    With each, whether a line break is put behind the text where it is written.
    """
    for call in module.calls(_WRITES | {"append"}):
        writer, ended = _writer(module, call)
        if writer is not None:
            yield from ((one, ended) for one in calls_here(module, writer) if callee(module, one) is writer)
        if call.name != "append" or set(last_words(call.receiver)) & _TRAILS:  # else of a list
            yield call, False


def _writer(module: Module, call: Call) -> tuple[Function | None, bool]:
    """Return the function around that writes a line it is handed, and whether it ends it: ``append(file, line)``."""
    for argument in call.args:
        given = strip(argument)
        parts = [given] if isinstance(given, Name) else [part for _, part in pieces(module, given)]
        ended = len(parts) > 1 and _breaks(parts[-1])
        line = strip(parts[0]) if len(parts) == 1 + ended else None
        bound = module.scopes.lookup(line.id, line) if isinstance(line, Name) else []
        param = bound[0] if len(bound) == 1 else None
        if isinstance(param, Param) and isinstance(param.parent, Function) and set(words(param.name)) & _LINES:
            return (param.parent, ended) if param.parent.name else (None, False)
    return None, False


def _made_before(hole: Expr, call: Call, function: Function) -> Expr | None:
    """Return the text that a line gets a name for before it is written: ``line = f"{now} {who} {what}"``."""
    if function_of(hole) is not function or inside(hole, call):
        return None
    made: Node = hole
    while isinstance(made.parent, Expr) and not isinstance(made.parent, Assign):
        made = made.parent
    whole = isinstance(made, Template | Binary) or (isinstance(made, Call) and made.name in ("join", "format"))
    return made if whole and isinstance(made, Expr) and isinstance(made.parent, Assign) else None


def _is_escaped(part: Expr) -> bool:
    made = strip(part)
    return isinstance(made, Call) and bool(set(words(made.name)) & _SAFE)


def _line(module: Module, call: Call, *, ended: bool) -> list[Expr] | None:
    """Return the values of a line that is written and ends in a line break, or is given one."""
    into = call.keywords.get("file") if call.name == "print" else None
    if call.name == "print" and (into is None or len(call.args) != 1):
        return None
    for argument in call.args:
        parts = [part for _, part in pieces(module, argument)]
        if any(_spells_out(part) for part in parts):
            continue
        if len(parts) > 1 and (ended or into is not None or _breaks(parts[-1])):
            return [part for part in parts if not isinstance(part, Literal) and not _breaks(part)]
    return None


def _spells_out(part: Expr) -> bool:
    """Tell whether a format writes a line break as two characters: ``%r``, ``{!r}``."""
    return isinstance(part, Literal) and isinstance(part.value, str) and ("%r" in part.value or "!r}" in part.value)


def _breaks(part: Node) -> bool:
    if isinstance(part, Name | Member) and last_name(part) in ("EOL", "linesep"):
        return True
    return isinstance(part, Literal) and isinstance(part.value, str) and part.value.endswith(("\n", "\\n"))


def _is_record(call: Call) -> bool:
    function = function_of(call)
    said = surroundings(function)
    for part in [*call.args[:1], *([call.receiver] if call.receiver is not None else [])]:
        said |= set(last_words(part))
    return bool(said & _RECORDS) and not set(last_words(call.receiver)) & {"stdout", "stderr", "res", "response"}


def _is_free(module: Module, hole: Expr) -> bool:
    """Tell whether a value is a parameter, or a part of one, that holds a free text as it came."""
    hole = base = _taken_from(module, _seen_through(strip(hole)))
    while not isinstance(base, Name) and getattr(base, "object", None) is not None:
        base = strip(base.object)  # type: ignore[attr-defined]  # members and items have an object
    if not isinstance(base, Name) or isinstance(hole, Call):
        return False
    bindings = module.scopes.lookup(base.id, base)
    given = any(isinstance(one, Param) for one in bindings) and not any(isinstance(one, Assign) for one in bindings)
    if given and _cleaned_by_callers(module, bindings):
        return False
    said = last_words(hole)
    typed = next((one.type for one in bindings if isinstance(one, Param)), "")
    if isinstance(hole, Member) and hole.object is base:  # the type of the field counts, where it is known
        holder = named_type(module, typed)
        typed = next((one.type for one in holder.fields if one.name == hole.name), "") if holder is not None else ""
    if typed and words(typed)[:1] not in ((), ("string",), ("str",), ("any",), ("unknown",), ("object",)):
        return False
    return given and bool(set(said[-1:]) & _FREE) and not set(said) & _SAFE


def _seen_through(hole: Expr) -> Expr:
    """Return the text of which a part is written, line breaks and all: ``String(text).slice(0, 80)``."""
    while isinstance(hole, Call):
        if hole.name in _OF_TEXTS and hole.receiver is not None:
            hole = strip(hole.receiver)
        elif hole.name in ("String", "str") and len(hole.args) == 1:
            hole = strip(hole.args[0])
        else:
            return hole
    return hole


_OF_TEXTS: Final = word_set(
    "slice substring substr trim strip rstrip lstrip trimEnd padEnd padStart ljust rjust toString toUpperCase "
    "toLowerCase upper lower normalize title"
)
"""What a text is asked for that leaves the line breaks inside where they are."""


def _cleaned_by_callers(module: Module, bindings: Sequence[object]) -> bool:
    """Tell whether all who call it hand over what a call has made of a text, or texts of their own.

    ``write(flat(text))``, ``journal.enter(caller, "order", key)``; of those in other files the ones that say so count.
    """
    param = next((one for one in bindings if isinstance(one, Param)), None)
    function = param.parent if param is not None else None
    if param is None or not isinstance(function, Function) or not function.name:
        return False
    at = next((place for place, one in enumerate(function.params) if one is param), -1)
    sites = [(module, call) for call in module.calls((function.name,)) if callee(module, call) is function]
    for other in callers(module, function.name):
        sites += [(other, call) for call in other.calls((function.name,)) if _may_run(other, call, function)]
    given = [call.arg(at, param.name) for _, call in sites]
    return bool(given) and all(one is not None and _is_own_text(strip(one)) for one in given)


def _may_run(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a call in another file is of this function, or of one that nobody knows with its name and length."""
    target = callee(module, call)
    if target is not None:
        return target is function
    return call.receiver is not None and len(call.args) == len(function.params)


def _is_own_text(given: Expr) -> bool:
    """Tell whether a text is one of the caller's own words, begins with them, or is what a call has made."""
    if isinstance(given, Conditional):
        return _is_own_text(strip(given.then)) and _is_own_text(strip(given.other))
    if isinstance(given, Template):
        first = given.items[0] if given.items else None
        return isinstance(first, Literal) and bool(_PREFIX.fullmatch(str(first.value))) and len(given.holes) == 1
    return isinstance(given, Literal) or (isinstance(given, Call) and _seen_through(given) is given)


_PREFIX: Final = regex(r"[a-z][\w-]*[.:/]")
"""What a name of an event begins with: ``engine.`` in front of the verb."""


def _taken_from(module: Module, hole: Expr) -> Expr:
    """Return the part of a parameter that a name was taken from: ``fact.note`` for ``const { note } = fact``."""
    bound = module.scopes.lookup(hole.id, hole) if isinstance(hole, Name) else []
    only = bound[0] if len(bound) == 1 else None
    made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    return made if isinstance(made, Member) else hole
