"""API014: a function promises a value and gives what ``get`` gives for a key that isn't there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of, use_of
from reviewer.code.syntax import Assign, Binary, Call, Cast, Function, If, Literal, Name, Return, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.api.types.declared import promised
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
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
                    confidence=Confidence.POSSIBLE
                    if _is_asserted(answer) and not _may_be_gone(table, access)
                    else None,
                )


def _is_asserted(answer: Return) -> bool:
    """Tell whether the code says with ``!`` that the key is there, which may be so for a reason."""
    return isinstance(answer.value, Cast) and answer.value.kind == "!"


def _may_be_gone(table: Table, access: Access) -> bool:
    """Tell whether anybody may ask for any key, entries are taken out, and others of the object reckon with that."""
    function, call = access.function, access.node
    key = strip(call.args[0]) if isinstance(call, Call) else None
    if function is None or function.private or not isinstance(key, Name) or not table.of("delete"):
        return False
    if all(param.name != key.id for param in function.params) or len(function.body) != 1:
        return False
    return any(
        other.function is not function and isinstance(other.node, Call) and _is_looked_at(other.node)
        for other in table.of("read")
    )


def _is_looked_at(call: Call) -> bool:
    """Tell whether what ``get`` gives is asked after: ``const held = all.get(id); if (!held) return;``."""
    use = use_of(call)
    name = use.by.target if isinstance(use.by, Assign) else None
    function = function_of(call)
    if not isinstance(name, Name) or function is None or (isinstance(use.by, Assign) and use.by.value is not call):
        return False
    return any(name.id in names_in(test.test) for test in find(function.body, If, into_functions=False))


def _asked_before(function: Function, read: Access, accesses: list[Access]) -> bool:
    """Tell whether the function asks for the key, or puts something under it, before it takes the value."""
    for other in accesses:
        if other.function is function and other is not read and other.how in ("has", "write", "read"):
            return True
    return any(
        node.op in ("==", "!=") and any(isinstance(strip(side), Literal) for side in (node.left, node.right))
        for node in find(function.body, Binary)
    )
