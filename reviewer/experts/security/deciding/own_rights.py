"""Objects that refuse what their holder was not granted: whoever holds one is the one whose rights it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, If, Index, Literal, Member, Name, Throw, strip
from reviewer.code.walk import find
from reviewer.experts.security.deciding.decisions import is_decision

if TYPE_CHECKING:
    from reviewer.code.syntax import Class, Expr, Node


def refuses_itself(cls: Class) -> bool:
    """Tell whether a class throws where one right, named in its code, is not among those that it was made with."""
    return any(
        any(isinstance(one, Throw) for one in test.body)
        and any(_asks_for_one(part) or _asks_own_question(cls, part) for part in find(test.test, Member))
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


def _asks_own_question(cls: Class, asked: Member) -> bool:
    """Tell whether a method is asked about a text that looks it up in a field of its own: ``self._holds("labels")``."""
    call = asked.parent
    if not is_this_member(asked) or not isinstance(call, Call) or call.callee is not asked or len(call.args) != 1:
        return False
    method = cls.method(asked.name)
    if method is None or not _text(call.args[0]) or len(method.params) != 1:
        return False
    given = method.params[0].name
    return any(isinstance(part, Name) and part.id == given and _is_looked_up(part) for part in find(method.body, Name))


def keyed_by_caller(cls: Class) -> bool:
    """Tell whether methods look up in a field whom they are told first: ``self.tools[name]``.

    Several of them do, or one that decides what somebody may. Such a class is the host's own: it serves all of those
    whom it has in that table.
    """
    seen: set[str] = set()
    for method in cls.methods:
        if method.kind != "method" or not method.params or method.name.startswith("_"):
            continue
        own = {name for part in find(method.body, Name) if part.id == method.params[0].name for name in _field_of(part)}
        if own & seen or (own and len(method.params) > 1 and is_decision(method)):
            return True
        seen |= own
    return False


def _field_of(key: Name) -> tuple[str, ...]:
    held = _looked_up_in(key)
    return (held.name,) if held is not None and is_this_member(held) else ()


def _is_looked_up(key: Name) -> bool:
    """Tell whether a name is the key by which something is looked up in a field: ``self._badges.get(badge)``."""
    return bool(_field_of(key))


def _looked_up_in(key: Name) -> Expr | None:
    """Return what a name is the key of, wherever that is."""
    around = key.parent
    held: Expr | None = None
    if isinstance(around, Index):
        held = around.object if around.key is key else None
    elif isinstance(around, Call) and around.name in ("get", "has", "includes") and around.args[:1] == [key]:
        held = around.receiver
    elif isinstance(around, Binary) and around.op in ("in", "not in"):
        held = around.right if around.left is key else None
    return held


def _text(value: Expr) -> bool:
    inner = strip(value)
    return isinstance(inner, Literal) and isinstance(inner.value, str)
