"""REG047: what verifies a package is written, and nothing calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.syntax import Throw
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.registry.verification import SIGNED, comparisons, is_verification
from reviewer.experts.uncalled import uncalled_functions

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function


@module_check("REG047", words=SIGNED | {"verify"})
def verifier_uncalled(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions that nothing calls for one that refuses a package whose digest or signature is wrong."""
    if module.is_test:
        return
    for function in uncalled_functions(inquiry, module):
        if _verifies(module, function):
            yield Match(
                function,
                f"'{function.name}' refuses what has the wrong digest or signature, and nothing calls it: whatever was "
                "brought is used as it came.",
                fix="Call it on what was brought, before anything of it is unpacked, stored or run.",
            )


def _verifies(module: Module, function: Function) -> bool:
    proves = any(inside(one.node, function) for one in comparisons(module))
    proves = proves or any(is_verification(call) for call in calls_in(function.body))
    return proves and any(True for _ in find(function.body, Throw))
