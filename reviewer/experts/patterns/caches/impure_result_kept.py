"""PAT029: a decorator keeps a result that depends on the clock or on chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Function
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.wrapped import wrapped

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = frozenset(
    "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today time.time "
    "time.time_ns time.localtime time.gmtime time.monotonic Date.now performance.now process.hrtime "
    "process.hrtime.bigint Temporal.Now.instant pendulum.now arrow.now arrow.utcnow django.utils.timezone.now".split()
)
_CHANCE: Final = frozenset(
    "Math.random crypto.randomUUID crypto.randomBytes crypto.getRandomValues uuid.uuid4 uuid.uuid1 uuid.v4 nanoid "
    "os.urandom".split()
)
_CHANCES: Final = ("random.", "secrets.", "numpy.random.")
_LASTING: Final = frozenset({"ttl_cache", "cachedmethod", "cached", "acached", "cache_result", "cached_result"})
"""Decorators whose results end by themselves, or may."""


@module_check("PAT029", words={"cache", "memoize", "memoized", "cached", "memo", "mem"})
def impure_result_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a function whose results are kept for good asks what time it is, or draws lots."""
    if module.is_test:
        return
    for kept in wrapped(module):
        if kept.by in _LASTING or _has_end(module, kept.node):
            continue
        asked = _asks(module, kept.function)
        if asked is None or (asked[1] == "chance" and _for_each(kept.function)):
            continue
        call, what, here = asked
        through = "" if here else f" through '{call.name}'"
        yield Match(
            kept.node,
            f"'{kept.by}' keeps what '{kept.function.name or 'the function'}' gave at first, but its result depends on "
            f"{what}{through}: every later caller gets the answer of that moment.",
            related=((call, f"{what} is asked here"),) if here else (),
        )


def _for_each(function: Function) -> bool:
    """Tell whether a draw is given to each argument for good: the function takes it, and does not look at it."""
    used = names_in(function.body)
    return bool(function.params) and not any(param.name in used for param in function.params)


def _has_end(module: Module, node: object) -> bool:
    """Tell whether the results are kept for a time alone."""
    call = node if isinstance(node, Call) else None
    return call is not None and any(
        word in module.text_of(call).lower() for word in ("ttl", "maxage", "max_age", "expire", "seconds", "timeout")
    )


def _asks(module: Module, function: Function) -> tuple[Call, str, bool] | None:
    """Return a call by which a function, or a function of the file that it calls, asks for what changes."""
    for call in find(function.body, Call):
        what = _changing(module, call)
        if what and function_of(call) is function:
            return call, what, True
        reached = callee(module, call)
        if reached is None or reached is function or reached.module is not module:
            continue
        for inner in find(reached.body, Call):
            what = _changing(module, inner)
            if what and function_of(inner) is reached and not reached.params:
                return call, what, False
    return None


def _changing(module: Module, call: Call) -> str:
    name = module.resolve(call.callee)
    if name in _CLOCKS or (name == "Date" and not call.args):
        return "the clock"
    return "chance" if name in _CHANCE or name.startswith(_CHANCES) else ""
