"""Objects that refuse what their holder was not granted: whoever holds one is the one whose rights it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, If, Literal, Member, Throw, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.syntax import Class, Expr, Node


def refuses_itself(cls: Class) -> bool:
    """Tell whether a class throws where one right, named in its code, is not among those that it was made with."""
    return any(
        any(isinstance(one, Throw) for one in test.body)
        and any(_asks_for_one(part) for part in find(test.test, Member))
        for method in cls.methods
        if method.kind != "constructor"
        for test in find(method.body, If)
    )


def _asks_for_one(held: Member) -> bool:
    """Tell whether a field is asked for a text: ``"files" not in self._rights``, ``!this.#rights.has("files")``."""
    if not is_this_member(held):
        return False
    around: Node | None = held.parent
    if isinstance(around, Binary):
        return around.op in ("in", "not in") and around.right is held and _text(around.left)
    call = around.parent if isinstance(around, Member) and around.name in ("has", "includes") else None
    return isinstance(call, Call) and call.callee is around and bool(call.args) and _text(call.args[0])


def _text(value: Expr) -> bool:
    inner = strip(value)
    return isinstance(inner, Literal) and isinstance(inner.value, str)
