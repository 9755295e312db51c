"""API366: a caret range is taken to admit every version of its major, below 1.0 as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Binary,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Regex,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.version_parts import is_major

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NARROWER: Final = frozenset({"minor", "min", "patch", "tilde"})
_LIBRARIES: Final = ("semver", "semantic-version", "packaging", "compare-versions")


@module_check("API366", words={"major", "maj", "caret"})
def caret_below_one(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that read carets and compare majors, for a look at zero."""
    if module.is_test or any(one.source in _LIBRARIES for one in module.imports):
        return
    spoken: set[int] = set()
    for node in module.all(Binary):
        function = function_of(node)
        if function is None or id(function) in spoken or not _widest(node):
            continue
        if not _reads_caret(module, function) or any(_knows_zero(one) for one in reached(module, function)):
            continue
        spoken.add(id(function))
        yield Match(
            node,
            f"'{short(module.text_of(node))}' is all that a caret asks for here, below 1.0 as well: '^0.2.3' takes "
            "0.9.0, although every minor step of a 0.x may break.",
        )


def _widest(node: Binary) -> bool:
    """Tell whether a comparison of majors, or the next major as a bound, stands alone."""
    if node.op == "==":
        if not (is_major(node.left) and is_major(node.right)):
            return False
    elif node.op == "+":
        right = strip(node.right)
        if not is_major(node.left) or not (isinstance(right, Literal) and right.value == 1):
            return False
    else:
        return False
    around = statement_of(node)
    return around is None or not said_in(around) & _NARROWER or node.op == "+"


def _reads_caret(module: Module, function: Function) -> bool:
    """Tell whether a function, or the one that calls it, tells ranges by a caret."""
    if "caret" in words(function.name):
        return True
    return any(_has_caret(one) for one in (function, *_callers(module, function)))


def _callers(module: Module, function: Function) -> Iterator[Function]:
    for call in module.calls((function.name,)) if function.name else ():
        caller = function_of(call)
        if caller is not None and caller is not function:
            yield caller


def _has_caret(function: Function) -> bool:
    texts = (one.value for one in find(function.body, Literal))
    return any(isinstance(one, str) and one.strip("\"'") in ("^", "~^", "^~") for one in texts) or any(
        _in_pattern(one.pattern) for one in find(function.body, Regex)
    )


def _in_pattern(pattern: str) -> bool:
    """Tell whether a pattern reads a caret, and does not only begin at the beginning."""
    inner = pattern.replace("[^", "[")
    return "\\^" in inner or any("^" in part.split("]", 1)[0] for part in inner.split("[")[1:])


def _knows_zero(function: Function) -> bool:
    """Tell whether a function asks whether a major is zero."""
    asked = (one for kind in (Name, Member, Index) for one in find(function.body, kind))
    return any(is_major(one) and _asks(one) for one in asked)


def _asks(major: Expr) -> bool:
    """Tell whether a major is held against a number, or taken for true where it is not zero."""
    around = major.parent
    if isinstance(around, Binary):
        other = strip(around.right if around.left is major else around.left)
        number = isinstance(other, Literal) and around.op not in ("+", "-")
        return around.op in ("and", "or") or number
    if isinstance(around, If | Conditional):
        return around.test is major
    return isinstance(around, Unary) and around.op == "not"
