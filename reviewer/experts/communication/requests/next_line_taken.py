"""COM026: a request is written to a pipe that all share, and the next line is taken for its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Binary, Call, Expr, Function, Literal, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.turns.taking_turns import called_guarded, locked
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset("readline readuntil readexactly recv receive read recv_json receive_json".split())
_WRITES: Final = frozenset({"write", "send", "writelines", "send_json", "send_text", "send_bytes", "sendall"})
_TURNS: Final = frozenset("lock mutex semaphore queue turn turns busy chain serial exclusive running".split())
"""Words of a function whose callers take turns."""
_EVENTS: Final = frozenset({"line", "data", "message"})
_HEARD: Final = frozenset({"lines", "reader", "stdout", "output", "incoming"})
"""Words of what is listened to for the answers of another thing that is written to."""
_GREETS: Final = frozenset(
    "connect handshake login authenticate auth hello start init initialize initialise open setup negotiate ping".split()
)
"""First words of functions that speak with the other side before anybody else can."""


@module_check("COM026", words=_READS | {"once"})
def next_line_taken(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that writes what it was given and gives back what is read next, without any turn."""
    if module.is_test:
        return
    for wait in module.all(Await):
        function = function_of(wait)
        if function is None or not function.params or _greets(function):
            continue
        read = next((call for call in find(wait, Call) if _reads(call) and _base(call) is not None), None)
        written = _written_before(function, wait, read) if read is not None else None
        if read is None or written is None or not _gives(function) or _tells_apart(function):
            continue
        turns = bool(said_in(function.body) & _TURNS) if read.name == "once" else locked(wait, function)
        if turns or called_guarded(function):
            continue
        yield Match(
            wait,
            f"What '{read.name}' gives next is taken for the answer to this request: of two callers at the same time "
            "each may get the answer of the other, and one that came late answers the next.",
            related=((written, "asked here"),),
        )


def _greets(function: Function) -> bool:
    said = words(function.name)
    return bool(said and said[0] in _GREETS)


def _reads(call: Call) -> bool:
    """Tell whether a call gives what comes next: ``readline()``, or the event of the next line."""
    said = strip(call.args[1]) if call.name == "once" and call.receiver is None and len(call.args) > 1 else None
    return call.name in _READS or (isinstance(said, Literal) and said.value in _EVENTS)


def _base(call: Call) -> Expr | None:
    """Return the field of the object that a call is made on: ``this.process`` of ``this.process.stdout.readline()``.

    Of ``once(this.lines, "line")`` it is what is listened to.
    """
    given = call.args[0] if call.name == "once" and call.receiver is None and call.args else call.receiver
    made = strip(given) if given is not None else None
    while isinstance(made, Member) and not is_this_member(made):
        made = strip(made.object)
    return made if is_this_member(made) else None


def _written_before(function: Function, wait: Await, read: Call) -> Call | None:
    """Return the call that wrote something of what the function was given, to the other side of the same pipe."""
    given = {param.name for param in function.params}
    for call in find(function.body, Call, into_functions=False):
        if call.name not in _WRITES or call.raw.start_byte > wait.raw.start_byte or _base(call) is None:
            continue
        if _is_pair(_base(call), _base(read)) and any(_made_of(function, arg, given) for arg in call.args):
            return call
    return None


def _is_pair(written: Expr | None, read: Expr | None) -> bool:
    """Tell whether two fields are one thing, or the two ends of one: ``self._writer`` and ``self._reader``."""
    if not isinstance(written, Member) or not isinstance(read, Member):
        return False
    ends = {*words(written.name), *words(read.name)}
    if isinstance(read.parent, Call) and read.parent.name == "once":
        return written.name != read.name and bool(ends & _HEARD)  # of one and the same it is told elsewhere
    return written.name == read.name or bool(ends & {"reader", "stdout"} and ends & {"writer", "stdin"})


def _made_of(function: Function, arg: Expr, given: set[str]) -> bool:
    """Tell whether something written is made of what the function was given, through one variable or two."""
    names = set(names_in(arg))
    for _ in range(2):
        for name in list(names):
            for bound in function.module.scopes.table(function).get(name, []):
                made = bound.value if isinstance(bound, Assign) else None
                names |= set(names_in(made)) if made is not None else set()
    return bool(names & given)


def _gives(function: Function) -> bool:
    return any(one.value is not None for one in returns_of(function))


def _tells_apart(function: Function) -> bool:
    """Tell whether the function holds an id of the answer against that of what it asked."""
    for test in find(function.body, Binary, into_functions=False):
        if test.op in ("==", "!=") and any(
            "id" in words(getattr(part, "name", "") or getattr(part, "id", "") or str(getattr(part, "value", "")))
            for part in find(test, Expr)
        ):
            return True
    return False
