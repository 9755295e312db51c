"""REG001: a version is put on the list of its name, and nobody looks whether it stands there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Binary, Call, Expr, Function, If, Member, Name, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.entering import enters, of_a_registry
from reviewer.experts.registry.vocabulary import REGISTERS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"append", "push", "unshift", "insert", "add"})
_ASKS: Final = frozenset("any some find findIndex includes has filter next remove pop discard exists every".split())
_NAMES: Final = frozenset({"name", "id", "key", "slug"})


@module_check("REG001", words=REGISTERS)
def version_listed_twice(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of versions, kept under a name, that an entering function makes longer."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for table in tables(module):
        if table.kind != "map":
            continue
        for access in table.of("write", "read"):
            function = access.function
            if function is None or enters(function) is not function or not of_a_registry(table, function):
                continue
            key = strip(access.key) if access.key is not None else None
            given = _given(module, key)
            if key is None or given is None or not _has_version(module, given) or _is_asked(function):
                continue
            put = next((call for call in calls_in(function.body) if _puts(module, call, access.node, given)), None)
            if put is not None:
                yield Match(
                    put,
                    f"'{function.name}' puts '{given.name}' on the list in '{table.name}' without looking whether that "
                    f"version of '{short(module.text_of(key))}' is there already: which of the two is found is left to "
                    "chance.",
                )
                break


def _given(module: Module, key: Expr | None) -> Param | None:
    """Return the parameter whose own name is the key."""
    holder = strip(key.object) if isinstance(key, Member) and key.name in _NAMES else None
    if not isinstance(holder, Name):
        return None
    return next((one for one in module.scopes.lookup(holder.id, holder) if isinstance(one, Param)), None)


def _has_version(module: Module, given: Param) -> bool:
    declared = named_type(module, given.type) if given.type else None
    if declared is not None:
        return any(set(words(field.name)) & VERSIONS for field in declared.fields)
    function = given.parent
    read = find(function.body, Member) if isinstance(function, Function) else ()
    return any(one.name == "version" and getattr(strip(one.object), "id", "") == given.name for one in read)


def _puts(module: Module, call: Call, entry: object, given: Param) -> bool:
    """Tell whether a call puts the parameter on the list that the table holds."""
    held = strip(call.args[-1]) if call.name in _PUTS and call.args and call.receiver is not None else None
    if not isinstance(held, Name) or held.id != given.name or call.receiver is None:
        return False
    listed = strip(call.receiver)
    made = module.scopes.origin(listed) if isinstance(listed, Name) else listed
    parts = [made.left] if isinstance(made, Binary) and made.op in ("??", "or") else [made]
    return any(isinstance(part, Expr) and strip(part) is entry for part in parts)


def _is_asked(function: Function) -> bool:
    """Tell whether a function looks at what is listed: by a test of versions, or a search."""
    if any(call.name in _ASKS for call in calls_in(function.body)):
        return True
    tests = (one.test for one in find(function.body, If))
    asked = any(member.name == "version" for test in tests for member in find(test, Member))
    return asked or any(one.op in ("in", "not in") for one in find(function.body, Binary))
