"""SEC020: permission is asked for what one part of the request names, and used is what another part names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Binary, Call, Expr, Member, Name, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.operations import guards
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_PARTS: Final = word_set("query body params headers header payload form json args data input options match")


@module_check("SEC020", words=TRIGGERS | {"demand", "require", "guard", "check", "ensure"})
def other_part_used(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each guard is asked about, and for the same member of another part behind it."""
    if module.is_test:
        return
    for call in module.all(Call):
        asked = [one for arg in call.args if (one := _part(strip(arg))) is not None]
        function = function_of(call)
        if not asked or function is None or not guards(module, function, call):
            continue
        for member in asked:
            other = _other(module, function, call, member)
            if other is not None:
                yield Match(
                    other,
                    f"Asked about is '{short(module.text_of(member))}', and used is "
                    f"'{short(module.text_of(other))}', which the sender fills in by itself.",
                    related=((call, "asked here"),),
                )
                break


def _part(expr: Expr) -> Member | None:
    """Return a member of a part of a request: ``params.clinic``."""
    if not isinstance(expr, Member) or not isinstance(strip(expr.object), Name | Member):
        return None
    return expr if set(last_words(expr.object)) & _PARTS else None


def _other(module: Module, function: Function, guard: Call, asked: Member) -> Member | None:
    """Return the same member of another part that a call behind the guard gets, where nobody compares the two."""
    holder = module.text_of(asked.object)
    for node in after(guard):
        if not isinstance(node, Call):
            continue
        for arg in node.args:
            for part in find(arg, Member, into_functions=False):
                if part.name == asked.name and _part(part) is not None and module.text_of(part.object) != holder:
                    return None if _compared(function, asked.name) else part
    return None


def _compared(function: Function, name: str) -> bool:
    return any(
        test.op in ("==", "!=") and sum(part.name == name for part in find(test, Member)) > 1
        for test in find(function.body, Binary)
    )
