"""SEC064: what opens something for a time is drawn from numbers that can be worked out, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Binary, Call, Function, Index, Name, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.reaching.sinks import sinks
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_RANDOM: Final = frozenset(
    "Math.random random.random random.randint random.choice random.choices random.getrandbits random.randrange "
    "random.sample random.randbytes uuid.uuid1".split()
)
_CLOCKS: Final = frozenset(
    "Date.now Date.now() time.time time.time() datetime.now datetime.now() datetime.datetime.now() "
    "datetime.datetime.now datetime.datetime.utcnow() time.monotonic() time.monotonic performance.now()".split()
)


@module_check("SEC064", words={"random", "uuid"})
def expiring_key(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for keys that are drawn by chance, entered in a table with the time of their end, and handed out."""
    if module.is_test or is_tooling(module):
        return
    for sink in sinks(module, _RANDOM):
        function = function_of(sink.call)
        made = next((one for one in ancestors(sink.call) if isinstance(one, Assign | Function)), None)
        name = made.target if isinstance(made, Assign) else None
        if function is None or not isinstance(name, Name) or not _is_handed_out(function, name.id):
            continue
        if any(_ends_by_itself(module, value) for value in _entered(function, name.id)):
            yield Match(
                sink.call,
                f"'{name.id}' opens something until its time is over, and is made with '{sink.name}', whose numbers "
                "can be worked out from a few of them.",
            )


def _is_handed_out(function: Function, name: str) -> bool:
    return any(
        one.value is not None and any(part.id == name for part in find(one.value, Name)) for one in returns_of(function)
    )


def _entered(function: Function, name: str) -> Iterator[Expr]:
    """Yield what a table is given under a key of this name."""
    for node in find(function.body, Assign):
        target = node.target
        key = strip(target.key) if isinstance(target, Index) else None
        if isinstance(key, Name) and key.id == name and node.value is not None:
            yield node.value
    for call in find(function.body, Call):
        key = strip(call.args[0]) if call.name == "set" and len(call.args) == 2 else None
        if isinstance(key, Name) and key.id == name:
            yield call.args[1]


def _ends_by_itself(module: Module, value: Expr) -> bool:
    """Tell whether a value holds a time to come, and nobody who waits: ``now + DAY``, ``{ until: Date.now() + 5 }``."""
    waits = any(isinstance(one, Name) and one.id in ("resolve", "reject", "timer") for one in find(value, Name))
    return not waits and any(
        one.op == "+" and (any(_is_now(module, part) for part in find(one, Name)) or _has_clock(module, one))
        for one in find(value, Binary)
    )


def _is_now(module: Module, name: Name) -> bool:
    origin = module.scopes.origin(name)
    return isinstance(origin, Call) and module.resolve(origin.callee) in _CLOCKS


def _has_clock(module: Module, total: Binary) -> bool:
    return any(module.resolve(call.callee) in _CLOCKS for call in find(total, Call))
