"""API019: a member is read of data that was held against a closed schema, which does not know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Index, Literal, Member, Name, Object, strip
from reviewer.code.walk import find, function_of
from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_VALIDATES: Final = frozenset({"validate", "iter_errors", "is_valid", "check", "best_match"})
_WORDS: Final = frozenset({"validate", "validator", "jsonschema", "schema", "ajv"})


@module_check("API019", words=_WORDS)
def outside_schema(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is read of each variable that the one schema of the file was held against."""
    if module.is_test:
        return
    schemas = [made for made in module.all(Object) if _is_closed(made)]
    if len(schemas) != 1:
        return
    properties = schemas[0].get("properties")
    known = properties.keys if isinstance(properties, Object) and not properties.spreads else []
    if not known:
        return
    for name, function in _validated(module):
        reads: list[Index | Member] = [*find(function.body, Index), *find(function.body, Member)]
        for index in reads:
            key = _key(index)
            held = strip(index.object)
            if not key or not isinstance(held, Name) or held.id != name or key in known:
                continue
            if _is_put(index) or _is_asked(function, name, key):
                continue
            close = nearest(key, known)
            yield Match(
                index,
                f"'{key}' is read of '{name}', and the schema that '{name}' has to fit knows no such member"
                + (f" (it has '{close}')" if close else "")
                + " and allows no other: where the data is valid, it is never there.",
                related=((schemas[0], "the schema"),),
            )


def _is_closed(made: Object) -> bool:
    """Tell whether an object is a JSON Schema of an object that lets no unknown member pass; not one inside another."""
    closed, kind = made.get("additionalProperties"), made.get("type")
    around = made.parent
    return (
        isinstance(closed, Literal)
        and closed.value is False
        and isinstance(kind, Literal)
        and kind.value == "object"
        and isinstance(around, Assign | Call)
    )


def _validated(module: Module) -> Iterator[tuple[str, Function]]:
    """Yield the variables that are held against a schema, each with the function that does so."""
    seen: set[tuple[str, int]] = set()
    compiled = {
        made.target.id
        for made in module.all(Assign)
        if isinstance(made.target, Name) and isinstance(made.value, Call) and made.value.name == "compile"
    }
    for call in module.calls(_VALIDATES | compiled):
        given: Expr | None = strip(call.args[0]) if call.args else call.keywords.get("instance")
        function = function_of(call)
        if isinstance(given, Name) and function is not None and (given.id, id(function)) not in seen:
            seen.add((given.id, id(function)))
            yield given.id, function


def _key(read: Index | Member) -> str:
    """Return the member that is read; nothing for what is called, and in Python for what is no key."""
    if isinstance(read, Index):
        return read.key.value if isinstance(read.key, Literal) and isinstance(read.key.value, str) else ""
    function, around = function_of(read), read.parent
    called = isinstance(around, Call) and around.callee is read
    python = function is None or function.module.language == "python"
    return "" if called or python or read.name == "length" else read.name


def _is_put(index: Index | Member) -> bool:
    return isinstance(index.parent, Assign) and index.parent.target is index


def _is_asked(function: Function, name: str, key: str) -> bool:
    """Tell whether the function asks whether the member is there, or puts it in itself."""
    for test in find(function.body, Binary):
        asked = strip(test.left)
        if test.op in ("in", "not in") and isinstance(asked, Literal) and asked.value == key:
            return True
    return any(
        isinstance(assign.target, Index | Member)
        and _key(assign.target) == key
        and isinstance(strip(assign.target.object), Name)
        and getattr(strip(assign.target.object), "id", "") == name
        for assign in find(function.body, Assign)
    )
