"""PAT002: a key is made of some members of a small record, and leaves out the rest of what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Function, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.caches.beside_the_key import NAMES_IT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Param
    from reviewer.experts.check import Inquiry

_KEYS: Final = word_set("key keys cachekey keyof keyfor fingerprint")
_PLAIN: Final = frozenset({"string", "number", "boolean", "bigint", "Date", "str", "int", "float", "bool", "date"})
_HOW: Final = word_set("timeout deadline priority trace log signal retries ttl label title description note comment")
_MOST: Final = 8


@module_check("PAT002", words=_KEYS)
def key_of_some_members(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes a key for the members that it takes of each record."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or _KEYS.isdisjoint(words(function.name)) or len(function.body) != 1:
            continue
        for param in function.params:
            left = _left_out(module, function, param)
            if left:
                yield Match(
                    function.body[0],
                    f"The key is made of some members of '{param.name}', and '{left}' is not among them: where the "
                    "result depends on it, another value is answered with the old result.",
                    confidence=Confidence.POSSIBLE,
                )


def _left_out(module: Module, function: Function, param: Param) -> str:
    """Return the member of a record that its key leaves out; nothing where the record is not small and plain."""
    record = named_type(module, param.type) if param.type else None
    members = _plain_members(record) if record is not None else []
    used = {
        member.name
        for member in find(function.body, Member)
        if isinstance(holder := strip(member.object), Name) and holder.id == param.name
    }
    whole = any(name.id == param.name and not isinstance(name.parent, Member) for name in find(function.body, Name))
    if whole or len(used) < 2 or not used <= set(members) or any(not NAMES_IT.isdisjoint(words(one)) for one in used):
        return ""
    return next((one for one in members if one not in used and _HOW.isdisjoint(words(one))), "")


def _plain_members(record: Class) -> list[str]:
    """Return the members of a record that holds nothing but plain values."""
    if record.methods or not 2 < len(record.fields) <= _MOST:
        return []
    if any(field.type.strip() not in _PLAIN or field.optional for field in record.fields):
        return []
    return [field.name for field in record.fields]
