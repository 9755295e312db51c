"""Fields of a record that the host fills in by itself, beside those that it copies from what a plugin says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value
from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import Assign, Call, Expr, For, Literal, Name, Object, Param, Regex, strip
from reviewer.code.walk import find
from reviewer.experts.security.asked import is_declaration, is_read_text
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class

_SCHEMA: Final = frozenset({"type", "enum", "const", "pattern", "anyOf", "oneOf", "allOf", "$ref"})
"""Keys of a schema of JSON by which it says what a member may be."""


def host_fills(module: Module, holder: Expr, field: str) -> bool:
    """Tell whether every place that makes a record of its class gives a field what no plugin said.

    ``Step(info["id"], trust="house" if self._known(digest) else "guest")``: the id is the plugin's, the trust is not.
    """
    cls = class_of_value(module, holder)
    if cls is None or module.project is None or cls.module.project is not module.project:
        return False
    name, names = cls.name, frozenset(one.name for one in cls.fields)
    if field not in names:
        return False
    work = module.project.answers(f"fields given to {name}", lambda at: _given(at, name, names), {name}, tests=False)
    said = [told for given in work for which, told in given if which == field]
    return bool(said) and not any(said)


def says_so(module: Module, value: Expr) -> Expr | None:
    """Return what a plugin says of itself among what a value is made of, through names of the same function."""
    for part in _parts(module, value, 0):
        found = step(part)
        if found is not None and (is_declaration(module, found[0]) or is_read_text(module, found[0])):
            return part
    return None


def _parts(module: Module, value: Expr, depth: int) -> Iterator[Expr]:
    for part in find(value, Expr):
        yield part
        if isinstance(part, Name) and depth == 0:
            for bound in module.scopes.lookup(part.id, part):
                if isinstance(bound, Assign) and bound.value is not None:
                    yield from _parts(module, bound.value, depth + 1)


def _given(module: Module, name: str, names: frozenset[str]) -> frozenset[tuple[str, bool]]:
    """Return the fields that a file gives to records of a class, and whether what it gives is a plugin's word."""
    return frozenset((field, says_so(module, value) is not None) for field, value in _handed(module, name, names))


def _handed(module: Module, name: str, names: frozenset[str]) -> Iterator[tuple[str, Expr]]:
    for call in module.calls((name,)):
        made = list(given_fields(module, call))
        yield from made or _by_constructor(module, call)
    for record in module.all(Object):
        keys = set(record.keys)
        if len(keys & names) * 2 > len(names) and not _describes(module, record):
            entries = ((str(key.value), value) for key, value in record.entries if isinstance(key, Literal))
            yield from (entry for entry in entries if not _says_type(entry[1]))


def _describes(module: Module, record: Object) -> bool:
    """Tell whether an object is handed to what makes a schema of it: ``shape({ id: text(ID), trust: oneOf("a") })``."""
    handed = isinstance(record.parent, Call) and record in record.parent.args
    described = [strip(value) for _key, value in record.entries]
    if not handed or not all(isinstance(value, Call | Regex) for value in described):
        return False
    bound = (one for name in find(record, Name) for one in module.scopes.lookup(name.id, name))
    return not any(isinstance(one, Param | For) for one in bound)  # of nobody's values, and so of all


def _says_type(value: Expr) -> bool:
    """Tell whether a value is a part of a schema, which says what may be given and gives nothing itself."""
    return isinstance(value, Object) and not _SCHEMA.isdisjoint(value.keys)


def _by_constructor(module: Module, call: Call) -> Iterator[tuple[str, Expr]]:
    cls = class_of_value(module, call)
    maker: Class | None = cls
    made = next((one for one in maker.methods if one.kind == "constructor"), None) if maker is not None else None
    for position, param in enumerate(made.params if made is not None else []):
        value = call.arg(position, param.name)
        if value is not None:
            yield param.name, value
