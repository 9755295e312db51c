"""SEC620: a pattern of the program's own that takes for ever on a text that nearly fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Expr, Literal, Regex, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name
from reviewer.experts.security.values.pattern_splits import splits
from reviewer.experts.tooling import is_foreign, is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_OF_PYTHON: Final = frozenset(
    {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
)
_WORDS: Final = frozenset(
    {"re", "reg", "exp", "regexp", "regex", "test", "match", "exec", "replace", "search", "split"}
)


@module_check("SEC620", words=_WORDS | {"pattern", "matchall"})
def pattern_backtracks(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pattern that is written out."""
    if module.is_test or is_foreign(module.path) or is_tooling(module):
        return
    for at, pattern, whole in _patterns(module):
        if splits(pattern, whole=whole):
            yield Match(
                at,
                f"In '{short(pattern)}' what is repeated may be divided in any number of ways: each further sign of a "
                "text that does not fit doubles the time, and forty of them hold up the program.",
            )


def _patterns(module: Module) -> Iterator[tuple[Node, str, bool]]:
    """Yield (place, pattern, whether it must fit the whole text)."""
    for written in module.all(Regex):
        yield written, written.pattern, False
    if module.language != "python":
        for call in module.calls(("RegExp",)):
            if isinstance(given := _text(call.arg(0)), str):
                yield call, given, False
        return
    for call in module.calls(_OF_PYTHON):
        named = module.resolve(call.callee)
        if named.startswith(("re.", "regex.")) and isinstance(given := _text(call.arg(0, "pattern")), str):
            whole = call.name == "fullmatch" or (call.name == "compile" and _fits_whole(module, call))
            yield call, given, whole


def _text(expr: Expr | None) -> str | None:
    held = strip(expr) if expr is not None else None
    return held.value if isinstance(held, Literal) and isinstance(held.value, str) else None


def _fits_whole(module: Module, made: Expr) -> bool:
    """Tell whether the name that a pattern is kept under is asked to fit the whole text."""
    kept = made.parent
    name = last_name(kept.target) if isinstance(kept, Assign) else ""
    return bool(name) and any(last_name(call.receiver) == name for call in module.calls(("fullmatch",)))
