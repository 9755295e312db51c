"""PAT002: a record that is there to be a key is spelled as a text, and one of its members goes into nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Index, Member, Name, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Param
    from reviewer.experts.check import Inquiry

_LAST: Final = frozenset({"key", "keys"})
_CALLED: Final = (("key",), ("keys",))
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
        cut = [(_left_out(module, function, param), param.type.strip()) for param in function.params]
        if function.owner is not None and not function.params:
            cut.append((_left_out_of_itself(function, function.owner), function.owner.name))
        for left, whole in cut:
            if left and _makes_keys(module, function):
                yield Match(
                    answer,
                    f"'{left}' is a part of '{whole}' and does not get into this text: two keys that "
                    "differ in it alone are one, and the second one who asks is given what was kept for the first.",
                    fix=f"Put '{left}' into the text as well.",
                )


def _left_out_of_itself(function: Function, record: Class) -> str:
    """Return the member of a key that the method of it which makes the text does not read."""
    fields = [field for field in record.fields if not field.static and "ClassVar" not in field.type]
    fields = [field for field in fields if not field.optional and field.value is None]
    if words(record.name)[-1:] not in _CALLED or not 1 < len(fields) <= _MOST or function.name.startswith("__"):
        return ""
    used = {one.name for one in find(function.body, Member) if is_this_member(one)}
    whole = any(one.id in ("this", "self") and not isinstance(one.parent, Member) for one in find(function.body, Name))
    named = {field.name for field in fields}
    if whole or len(used) < 2 or not used <= named:
        return ""
    return next((field.name for field in fields if field.name not in used), "")


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
