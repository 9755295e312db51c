"""Entries that are no records: lists, functions and texts, and the members that such have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Name,
    Object,
    Param,
    Spread,
    strip,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

LISTS_HAVE: Final = frozenset(
    "length at concat entries every fill filter find findIndex findLast flat flatMap forEach includes indexOf join "
    "keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toReversed toSorted "
    "toSpliced unshift values with append extend index count insert remove clear copy".split()
)
"""Members of lists and tuples, in either language."""
_FUNCTIONS_HAVE: Final = frozenset(
    "call apply bind name length prototype arguments caller toString cache_clear cache_info".split()
)
_TEXTS_HAVE: Final = frozenset(dir(str)) | frozenset(
    "length at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match matchAll "
    "normalize padEnd padStart repeat replaceAll search slice startsWith substring substr toLowerCase toUpperCase "
    "toLocaleLowerCase toLocaleUpperCase toString trim trimEnd trimStart valueOf".split()
)
SETS_HAVE: Final = frozenset(dir(set)) | frozenset(
    "has add delete clear size forEach keys values entries union intersection difference symmetricDifference "
    "isSubsetOf isSupersetOf isDisjointFrom".split()
)
"""Members of sets, in either language."""
_COLLECTIONS: Final = {
    "set": SETS_HAVE,
    "map": frozenset("get set has delete clear size forEach keys values entries getOrInsert".split()),
}
"""What the entries of a table of tables have."""


def plain_shape(module: Module, table: Table) -> tuple[str, frozenset[str], dict[str, str]] | None:
    """Return what the entries of a table are, what members they have, and under which place an inner key stands.

    None where they are no lists, functions or texts, or now this and now that.
    """
    kinds: set[str] = set()
    inner: dict[str, str] = {}
    places = 0
    if not table.of("write"):
        return _made_by_default(table)
    for access in table.of("write"):
        for value in _stored(module, table, access):
            kind = _kind(module, value)
            if not kind:
                return None
            kinds.add(kind)
            if isinstance(value, Array):
                fixed = [] if any(isinstance(item, Spread) for item in value.items) else value.items
                places = max(places, len(fixed))
                for place, item in enumerate(map(strip, fixed)):
                    inner.update(dict.fromkeys(item.keys if isinstance(item, Object) else (), f"[{place}]"))
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind == "list":
        return "a list", LISTS_HAVE | frozenset(map(str, range(places))), inner
    if kind in _COLLECTIONS:
        return f"a {kind}", _COLLECTIONS[kind], {}
    return ("a function", _FUNCTIONS_HAVE, {}) if kind == "function" else ("a text", _TEXTS_HAVE, {})


def _made_by_default(table: Table) -> tuple[str, frozenset[str], dict[str, str]] | None:
    """Return the same for a table that makes its entries itself: ``defaultdict(list)``."""
    made = strip(value) if (value := getattr(table.declared, "value", None)) is not None else None
    of = strip(made.args[0]) if isinstance(made, Call) and made.name == "defaultdict" and made.args else None
    if isinstance(of, Name) and of.id in ("list", "deque"):
        return "a list", LISTS_HAVE, {}
    return ("a set", SETS_HAVE, {}) if isinstance(of, Name) and of.id == "set" else None


def _stored(module: Module, table: Table, access: Access) -> Iterator[Expr | Param | None]:
    """Yield what a write may store; what the table holds already, and is put back, says nothing new."""
    if access.value is None or (isinstance(access.node, Assign) and access.node.op != "="):
        yield None
        return
    value = module.scopes.origin(access.value)
    if isinstance(value, Binary) and value.op in ("??", "or") and _is_own_entry(table, value.left):
        yield strip(value.right)
    else:
        yield value if isinstance(value, Expr | Param) else None


def _is_own_entry(table: Table, value: Expr) -> bool:
    """Tell whether a value is what the table holds already."""
    return any(strip(value) is access.node for access in table.of("read"))


def _kind(module: Module, value: Expr | Param | None) -> str:
    """Return whether a stored value is a list, a set, a map, a function or a text; nothing for another thing."""
    if isinstance(value, Array):
        return "list" if value.kind in ("list", "tuple") else "set"
    if isinstance(value, Call) and isinstance(value.callee, Name):
        made = value.callee.id if value.new else ""
        return {"Set": "set", "Map": "map"}.get(made, "set" if value.callee.id == "set" and not value.new else "")
    if isinstance(value, Function):
        return "function"
    if isinstance(value, Param):
        declared = value.type.strip("'\" ")
        named = named_type(module, declared) if declared.isidentifier() else None
        if isinstance(named, Class) and named.kind == "type" and not named.fields and not named.methods:
            declared = named.module.text_of(named).partition("=")[2].strip(" ;\n")
        return "function" if declared.startswith(("Callable[", "typing.Callable[")) or _is_arrow(declared) else ""
    return "text" if isinstance(value, Literal) and isinstance(value.value, str) else ""


def _is_arrow(declared: str) -> bool:
    """Tell whether a type is one of a function alone: ``(order: Order) => void``."""
    return declared.startswith("(") and "=>" in declared and "&" not in declared and "{" not in declared
