"""PAT002: a record that is there to be a key is spelled as a text, and one of its members goes into nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee, named_type
from reviewer.code.syntax import Assign, Call, Function, Index, Member, Name, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Param
    from reviewer.experts.check import Inquiry

_LAST: Final = frozenset({"key", "keys"})
_ASKS: Final = frozenset({"get", "has", "set", "delete", "pop", "put", "peek"})
_MOST: Final = 8
"""Members of a record, and calls of one function, that are looked at."""


@module_check("PAT002", words=_LAST)
def key_record_cut(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes one text of a record whose type is called a key."""
    if module.is_test:
        return
    for function in module.functions:
        answer = function.body[-1] if function.body else None
        if function.signature_only or not isinstance(answer, Return) or answer.value is None:
            continue
        for param in function.params:
            left = _left_out(module, function, param)
            if left and _makes_keys(module, function):
                yield Match(
                    answer,
                    f"'{left}' is a part of '{param.type.strip()}' and does not get into this text: two keys that "
                    "differ in it alone are one, and the second one who asks is given what was kept for the first.",
                    fix=f"Put '{left}' into the text as well.",
                )


def _left_out(module: Module, function: Function, param: Param) -> str:
    """Return the member of a key that a function does not read; nothing where it may read them all."""
    said = words(param.type.strip())
    record = named_type(module, param.type) if said and said[-1] in _LAST else None
    if record is None or record.methods or not 1 < len(record.fields) <= _MOST:
        return ""
    if any(field.optional for field in record.fields):
        return ""
    own = [name for name in find(function.body, Name) if name.id == param.name]
    used = {one.parent.name for one in own if isinstance(one.parent, Member) and strip(one.parent.object) is one}
    if any(not isinstance(one.parent, Member) for one in own) or len(used) < 2:
        return ""
    return next((field.name for field in record.fields if field.name not in used), "")


def _makes_keys(module: Module, function: Function) -> bool:
    """Tell whether something is looked up, or kept, under what a function answers."""
    for call in list(module.calls((function.name,)))[:_MOST] if function.name else ():
        if callee(module, call) is not function:
            continue
        around = call.parent
        if isinstance(around, Call) and around.name in _ASKS and any(one is call for one in around.args):
            return True
        if isinstance(around, Index | Assign):
            return True
    return False
