"""API014: a function promises a value and gives what ``get`` gives for a key that isn't there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Binary, Call, Cast, Function, Literal, Return, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.api.types.declared import promised
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry


@module_check("API014", words={"get"})
def missing_entry_returned(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function with a declared type that returns what it looked up in a table."""
    if module.is_test:
        return
    for table in tables(module) if module.language != "javascript" else ():
        if table.kind != "map":
            continue
        for access in table.of("read"):
            function = access.function
            call = access.node
            if not isinstance(call, Call) or call.name != "get" or len(call.args) != 1 or function is None:
                continue
            answer = next((one for one in returns_of(function) if one.value and strip(one.value) is call), None)
            if answer is None or _asked_before(function, access, table.accesses):
                continue
            kind = promised(module, function)
            if kind:
                nothing = "None" if module.language == "python" else "undefined"
                yield Match(
                    answer,
                    f"'{function.name}' promises {kind} and gives {nothing} where '{table.name}' has no such key: "
                    "callers fail later, far from the cause.",
                    confidence=Confidence.POSSIBLE if _is_asserted(answer) else None,
                )


def _is_asserted(answer: Return) -> bool:
    """Tell whether the code says with ``!`` that the key is there, which may be so for a reason."""
    return isinstance(answer.value, Cast) and answer.value.kind == "!"


def _asked_before(function: Function, read: Access, accesses: list[Access]) -> bool:
    """Tell whether the function asks for the key, or puts something under it, before it takes the value."""
    for other in accesses:
        if other.function is function and other is not read and other.how in ("has", "write", "read"):
            return True
    return any(
        node.op in ("==", "!=") and any(isinstance(strip(side), Literal) for side in (node.left, node.right))
        for node in find(function.body, Binary)
    )
