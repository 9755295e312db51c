"""REG027, second part: of several releases that fit a range the one is taken that happens to be listed first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_FITS: Final = word_set("satisfies satisfy fits fit matches match allows within")
"""Words of a call that holds a version against a range."""
_RANGES: Final = word_set("range ranges spec specifier constraint constraints wanted requirement")
_LISTS: Final = word_set("releases versions published offers available candidates index tags")
"""Words of a list of what was published."""
_ORDERS: Final = word_set(
    "sort sorted rsort order ordered newest highest latest max maximum best reduce compare rcompare reverse reversed "
    "desc descending toreversed"
)
_LEAST: Final = 2


@module_check("REG027", words=_FITS | {"specifier"})
def first_that_fits(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice by a range for something that puts in order what fits."""
    if module.is_test:
        return
    for node in module.some(Call, Index):
        found = _taken_first(module, node)
        function = function_of(node)
        if found is None or function is None or _words_of(function.body) & _ORDERS:
            continue
        listed = path_words(found) | _words_of(found)
        if listed & _ORDERS or not _comes_from_outside(module, found):
            continue
        yield Match(
            node,
            f"'{short(module.text_of(node))}' takes the first release that fits, in whatever order they are listed: "
            "an old one with known holes is installed where a newer one would fit as well.",
            fix="Put those that fit in order by their numbers, and take the highest.",
            confidence=None if listed & _LISTS else Confidence.POSSIBLE,
        )


def _taken_first(module: Module, node: Node) -> Expr | None:
    """Return the list of which a node takes the first one that fits a range."""
    if isinstance(node, Index):
        key = strip(node.key)
        if not isinstance(key, Literal) or key.value != 0:
            return None
        made = module.scopes.origin(node.object)
        if isinstance(made, Call) and made.name == "filter" and made.receiver is not None and made.args:
            return made.receiver if _holds_against(made.args[0]) else None
        if isinstance(made, Comprehension) and len(made.clauses) == 1:
            return made.clauses[0][1] if any(_is_fit(one) for one in made.tests) else None
        return None
    if not isinstance(node, Call) or not node.args:
        return None
    if node.name == "find" and node.receiver is not None:
        return node.receiver if _holds_against(node.args[0]) else None
    every = strip(node.args[0])
    if node.name == "next" and node.receiver is None and isinstance(every, Comprehension) and len(every.clauses) == 1:
        fits = any(_is_fit(one) or _is_in_range(module, one) for one in every.tests)
        return every.clauses[0][1] if fits else None
    return None


def _is_in_range(module: Module, test: Expr) -> bool:
    """Tell whether a version is held against a parsed range: ``release.version in SpecifierSet(wanted)``."""
    return any(
        one.op == "in" and module.resolve(one.right).startswith("packaging.specifiers.SpecifierSet")
        for one in find(test, Binary)
    )


def _holds_against(by: Expr) -> bool:
    test = strip(by)
    return isinstance(test, Function) and len(test.params) == 1 and any(map(_is_fit, find(test.body, Call)))


def _is_fit(test: Expr) -> bool:
    """Tell whether a test holds a version against a range: ``satisfies(release.version, range)``."""
    for call in calls_in(test):
        given = [strip(arg) for arg in call.args]
        ranged = any(path_words(arg) & _RANGES for arg in given) or (
            call.receiver is not None and bool(path_words(call.receiver) & _RANGES)
        )
        if set(words(call.name)) & _FITS and ranged:
            return True
    return False


def _comes_from_outside(module: Module, listed: Expr) -> bool:
    """Tell whether a list is none of those that the program puts in order itself, or writes down."""
    held = strip(listed)
    made = module.scopes.origin(held) if isinstance(held, Name) else held
    if isinstance(made, Call | Member | Index):
        return not (_words_of(made) & _ORDERS)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    return len(bound) < _LEAST and not any(isinstance(one, Assign) for one in bound)


def _words_of(made: Node | Sequence[Node]) -> set[str]:
    """Return the words of the calls in some code."""
    return {word for call in calls_in(made) for word in words(call.name)}
