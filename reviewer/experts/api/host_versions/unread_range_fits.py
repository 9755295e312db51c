"""API049: a range of versions that can't be read fits every host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Function, If, Literal, Name, Return, Try, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_FITS: Final = word_set(
    "accepts compatible compat satisfies satisfied supports supported fits meets matches runs works"
)
_VERSIONED: Final = word_set("version versions range ranges semver specifier requirement")
_READS: Final = frozenset("exec match fullmatch parse parseRange valid validRange coerce".split())

_OF_RANGES: Final = word_set(
    "parse parsed match matches satisfies satisfied valid coerce version versions range ranges semver specifier "
    "specifiers requirement contains compare split exec int fits in"
)
"""Words of calls that read a version or a range, or hold one against the other."""


@module_check("API049", words=_FITS)
def unread_range_fits(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question whether a host fits for what it answers where the range or the version is none."""
    if module.is_test or module.words.isdisjoint(_VERSIONED):
        return
    for function in module.functions:
        said = set(words(function.name))
        told = {word for param in function.params for word in words(param.name)} | said
        if not said & _FITS or not told & (_VERSIONED | {"host", "api", "engine"}):
            continue
        yes = next(_where_it_was_unread(module, function), None)
        if yes is not None:
            yield Match(
                yes,
                f"'{function.name}' says yes where it could not read what it was asked about: a range with a slip of "
                "the pen fits every host, and the plugin is started on one that it was never made for.",
                fix="Say no, or throw an error that names the range.",
            )


def _where_it_was_unread(module: Module, function: Function) -> Iterator[Node]:
    """Yield the answers of yes in a handler of what reads a version, and behind a reading that gave nothing."""
    for guard in find(function.body, Try, into_functions=False):
        reads = any(_OF_RANGES & set(words(call.name)) for call in calls_in(guard.body, into_functions=False))
        for handler in guard.handlers:
            last = handler.body[-1] if handler.body else None
            if reads and isinstance(last, Return) and _is_yes(last):
                yield last
    for branch in find(function.body, If, into_functions=False):
        read = _read_in(module, _nothing(branch.test))
        last = branch.body[-1] if branch.body else None
        if read and exits(branch.body) and isinstance(last, Return) and _is_yes(last):
            yield last


def _is_yes(answer: Return) -> bool:
    value = strip(answer.value) if answer.value is not None else None
    return isinstance(value, Literal) and value.value is True


def _nothing(test: Expr) -> Expr | None:
    """Return what a test asks whether it is nothing: ``match === null``, ``not match``."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        return strip(test.operand)
    if (
        isinstance(test, Binary)
        and test.op == "=="
        and isinstance(other := strip(test.right), Literal)
        and other.value is None
    ):
        return strip(test.left)
    return None


def _read_in(module: Module, asked: Expr | None) -> bool:
    """Tell whether something is what came of the reading of a text."""
    made = module.scopes.origin(asked) if isinstance(asked, Name) else asked
    return isinstance(made, Call) and made.name in _READS
