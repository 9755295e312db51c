"""SEC092: a plugin says in its manifest how much it may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Array, Binary, Call, Expr, Literal, Member, Name, Object, strip
from reviewer.code.text.ideas import MANIFESTS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LIMITS: Final = frozenset(
    "timeout timeoutMs memoryLimit memory maxMemory memoryMb maxOldGenerationSizeMb maxYoungGenerationSizeMb "
    "codeRangeSizeMb stackSizeMb maxBuffer cpuLimit quota limit mem_limit memory_limit timeout_ms cpus".split()
)
_CAPS: Final = frozenset({"min", "clamp", "bounded", "limit", "cap", "atMost", "at_most"})
_NUMBERS: Final = frozenset({"int", "float", "Number", "parseInt", "parseFloat"})
"""Calls that make a number of what they are given, however large."""
_MOST: Final = 40
"""Records of options of one call that are looked at."""
_TIMED: Final = frozenset({"timeout", "deadline", "timed"})
_STARTS: Final = frozenset(
    "Worker fork spawn execFile Popen run create_subprocess_exec Isolate VM wait_for timeout isolate start sandbox "
    "runInContext setrlimit".split()
)


@module_check("SEC092", words=MANIFESTS)
def limit_from_manifest(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every limit that a worker, a process or a call is given."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for call in module.all(Call):
        for name, value in (*(_limits(module, call) if _starts(module, call) else ()), *_timed(call)):
            made = module.scopes.origin(value)
            capped = _is_capped(value) or (isinstance(made, Expr) and _is_capped(made))
            if not capped and any("manifest" in trace(module, one).kinds() for one in _largest(module, value)):
                at = made if made is not value and isinstance(made, Expr) and _is_worked_out(value, made) else value
                if id(at) in spoken:
                    continue
                spoken.add(id(at))
                yield Match(
                    at,
                    f"'{short(module.text_of(value))}' is what the plugin asks for, and becomes its limit ('{name}'): "
                    "it gets as much as it wants.",
                )


def _starts(module: Module, call: Call) -> bool:
    """Tell whether a call starts something, by its name or by that of the function it is the promise of."""
    if call.name in _STARTS:
        return True
    made = module.scopes.origin(call.callee) if isinstance(call.callee, Name) and "promisify" in module.words else None
    started = strip(made.args[0]) if isinstance(made, Call) and made.name == "promisify" and made.args else None
    return started is not None and last_name(started) in _STARTS


def _limits(module: Module, call: Call) -> Iterator[tuple[str, Expr]]:
    yield from ((name, value) for name, value in call.keywords.items() if name in _LIMITS)
    if call.name == "setrlimit" and len(call.args) == 2:
        yield from (("setrlimit", value) for value in _in_units(call.args[1]))
    pending: list[Expr] = [one for argument in call.args for one in _options(module, argument)]
    for _ in range(_MOST):
        if not pending:
            return
        options = pending.pop()
        for key, value in options.entries if isinstance(options, Object) else ():
            name = str(key.value) if isinstance(key, Literal) else ""
            inner = _options(module, value) if name not in _LIMITS else []
            if inner:
                pending += inner
            elif name in _LIMITS:
                yield name, value


def _in_units(pair: Expr) -> Iterator[Expr]:
    """Yield the soft and the hard limit of a process, without what makes bytes of it: ``(mb << 20, mb << 20)``."""
    both = strip(pair)
    for one in both.items if isinstance(both, Array) else ():
        made = strip(one)
        yield strip(made.left) if isinstance(made, Binary) and made.op in ("*", "<<") else made


def _options(module: Module, value: Expr) -> list[Expr]:
    """Return the records of options of the file that a value may be, whichever function makes them."""
    if not isinstance(value, Object | Name | Call):
        return []
    return [made for where, made in values_of(module, value) if where is module and isinstance(made, Object)]


def _timed(call: Call) -> Iterator[tuple[str, Expr]]:
    """Yield the time that a call is given: ``withTimeout(work, ms)``, ``asyncio.wait_for(work, seconds)``."""
    said = words(call.name)
    if call.name == "wait_for" or (set(said) & _TIMED and said[0] not in ("set", "clear")):
        timed = [one for one in call.args if isinstance(one, Literal) and isinstance(one.value, int)]
        given = call.args[-1:] if not timed else []  # what stands beside a written time is a label
        yield from (("time", value) for value in given if isinstance(strip(value), Name | Member))


def _is_worked_out(value: Expr, made: Expr) -> bool:
    """Tell whether a limit is worked out in the function that uses it, or in one around, and kept under a name."""
    around, home = function_of(value), function_of(made)
    while around is not None and around is not home:
        around = around.outer
    return isinstance(value, Name) and isinstance(made, Call | Binary) and around is home


def _largest(module: Module, value: Expr) -> list[Expr]:
    """Return what a limit can be as large as: each of those of which ``Math.max`` takes the largest."""
    made = module.scopes.origin(value)
    call = strip(made) if isinstance(made, Expr) else None
    largest = [value, *call.args] if isinstance(call, Call) and call.name == "max" else [value]
    return [*largest, *(part for one in largest for part in _taken_for_numbers(module, one))]


def _taken_for_numbers(module: Module, value: Expr) -> list[Expr]:
    """Return what a number is made of: ``int(manifest["memory"])``."""
    made = module.scopes.origin(value)
    call = strip(made) if isinstance(made, Expr) else None
    return call.args[:1] if isinstance(call, Call) and call.name in _NUMBERS else []


def _is_capped(value: Expr) -> bool:
    return any(
        set(words(call.name)) & {"min", "clamp", "cap", "bounded"} or call.name in _CAPS for call in calls_in(value)
    )
