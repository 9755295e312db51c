"""API005: versions are made decimal numbers, of which 6.10 is less than 6.9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.api.vocabulary import HOSTS, VERSIONS
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_FITS: Final = VERSIONS | frozenset({"supports", "compatible", "fits", "runs", "works"})
"""Words of a question whether something is made for a host."""
_READS: Final = frozenset({"parseFloat", "float"})


@module_check("API005", words={"float"})
def version_as_decimal(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of two numbers that were read from versions."""
    if module.is_test:
        return
    for test in module.all(Binary):
        if test.op not in _ORDER:
            continue
        sides = [_read(module, test.left), _read(module, test.right)]
        read = [one for one in sides if one is not None]
        if len(read) < len(sides) or not any(map(_is_version, read)) or any(_is_told(one) for one in read):
            continue
        yield Match(
            test,
            f"'{short(module.text_of(test))}' compares versions as decimal numbers: '6.10' is 6.1 there, and older "
            "than '6.9'; what stands behind the second dot is lost.",
        )


def _read(module: Module, side: Expr) -> Expr | None:
    """Return what a side reads as a decimal number: ``release`` of ``Number.parseFloat(release)``."""
    side = strip(side)
    made = module.scopes.origin(side) if isinstance(side, Name) else side
    if isinstance(made, Call) and made.name in _READS and len(made.args) == 1 and not made.new:
        return made.args[0]
    return None


def _is_told(value: Expr) -> bool:
    """Tell whether a text is a version by its own name: how those are compared is told elsewhere."""
    return bool(set(last_words(value)) & VERSIONS)


def _is_version(value: Expr) -> bool:
    """Tell whether a text is the version of a host by the function in which it is compared."""
    if any(True for _ in find(value, Call)):
        return False  # a part of it: ``version.split(".")[0]``
    function = function_of(value)
    around = set(words(function.name)) if function is not None else set()
    return bool(set(last_words(value)) & HOSTS and around & _FITS)
