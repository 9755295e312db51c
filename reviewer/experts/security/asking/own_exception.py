"""SEC030: the check of rights has an exception for one plugin by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Literal, strip
from reviewer.code.text.ideas import GRANTS, HOST_NAMES, RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.values.own_names import is_own_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = GRANTS | word_set(
    "may can has allows allowed permitted granted authorized authorised check permission permissions "
    "access policy is entitled"
)
_RIGHTS: Final = RIGHTS | word_set(
    "may can allows allowed permitted granted authorized authorised access policy acl entitled"
)
_SELF: Final = HOST_NAMES | {"self", "root", "admin", "internal", ""}
"""Names of the host itself."""


@module_check("SEC030", words=_RIGHTS)
def own_exception(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question for a right beside which one plugin's id is enough."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op != "or":
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if _is_one_plugin(one) and _asks_for_right(other):
                yield Match(
                    one,
                    f"'{module.text_of(one)}' goes past the check of rights: the host knows one plugin by its name, "
                    "and whatever is installed under that name may do the same.",
                    severity=Severity.MEDIUM,
                )
                break


def _is_one_plugin(expr: Expr) -> bool:
    """Tell whether an expression compares the id of a plugin with one that is written out."""
    expr = strip(expr)
    if not isinstance(expr, Binary) or expr.op != "==":
        return False
    for one, other in ((expr.left, expr.right), (expr.right, expr.left)):
        text = strip(other)
        if isinstance(text, Literal) and isinstance(text.value, str) and is_own_name(one):
            return text.value.lower() not in _SELF
    return False


def _asks_for_right(expr: Expr) -> bool:
    return any(
        set(words(call.name)) & _ASKS and (set(words(call.name)) | path_words(call.receiver)) & _RIGHTS and call.args
        for call in find(expr, Call, into_functions=False)
    )
