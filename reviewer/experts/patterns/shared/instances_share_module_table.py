"""PAT008: what each instance keeps for its own owner lies in one table of the module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Field, Function, Name, Param
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import FIRM_CACHES, PLUGINS, PRINCIPALS, TENANTS, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_SERVES: Final = word_set(
    "log logger options opts config settings deps context ctx host api app services store storage folder dir path root "
    "clock now fetch client bus hub events registry db database loader factory make create signal policy limits limit "
    "size max most ms timeout window windowms parent base"
)
"""Parameters of a constructor that say with what it works, and not for whom."""
_FOR_ALL: Final = FIRM_CACHES | word_set(
    "registry instances all known registered global globals shared singletons locks lock pending inflight modules "
    "schemas parsers types counters metrics"
)
"""Words of tables that are meant to be one for all."""


@module_check("PAT008", words=())
def instances_share_module_table(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of the module that only the instances of one class, or of one factory, fill."""
    if module.is_test:
        return
    for table in tables(module):
        writes = table.of("write")
        if table.scope is not None or not writes or set(spelled(table.name)) & _FOR_ALL:
            continue
        if table.owner is not None and not _is_static(table):
            continue
        home = _home(writes[0])
        if home is None or any(_home(one) is not home for one in writes):
            continue
        whose = [param for param in _given(home) if not set(spelled(param.name)) & _SERVES and param.name]
        if not whose or _single(module, home) or any(_tells_apart(one, whose) for one in table.accesses):
            continue
        listed = table.kind == "list"
        how = "without saying" if listed else "under keys that do not say"
        firm = any(set(spelled(param.name)) & (TENANTS | PLUGINS | PRINCIPALS) for param in whose)
        if listed and not (firm and any(_looks(one, home) for one in table.of("iterate"))):
            continue
        yield Match(
            table.declared,
            f"'{table.name}' belongs to the {'module' if table.owner is None else 'class'}, and all that is made for "
            f"one '{whose[0].name}' writes into it {how} which: "
            "they share what each was to have for itself.",
            related=((writes[0].node, "written here"),),
            confidence=None if firm else Confidence.POSSIBLE,
        )


def _home(access: Access) -> Class | Function | None:
    """Return the class, or the outermost function with parameters that makes closures, in which a table is used."""
    cls = class_of(access.node)
    if cls is not None:
        inside = access.function
        return None if inside is None or inside.static else cls
    function = access.function
    while function is not None and function.outer is not None:
        function = function.outer
    return function if function is not access.function else None


def _is_static(table: Table) -> bool:
    """Tell whether a table belongs to the class, and is reached by its name alone."""
    declared = table.declared
    return isinstance(declared, Field) and declared.static and declared.value is not None


def _looks(access: Access, home: Class | Function) -> bool:
    """Tell whether one of them goes through the list for what is its own."""
    return _home(access) is home


def _given(home: Class | Function) -> list[Param]:
    if isinstance(home, Function):
        return home.params
    begin = home.method("constructor") or home.method("__init__")
    return begin.params if begin is not None else []


def _single(module: Module, home: Class | Function) -> bool:
    """Tell whether the module itself makes the one that there is."""
    return any(
        call.function is None and isinstance(call.callee, Name) and call.callee.id == home.name
        for call in module.all(Call)
    )


def _tells_apart(access: Access, whose: list[Param]) -> bool:
    """Tell whether a key, or the value behind it, speaks of the one that the instance was made for."""
    names = {param.name for param in whose}
    parts = [part for part in (access.key, access.value) if part is not None]
    module = access.function.module if access.function is not None else None
    parts += [made for part in parts if module is not None and isinstance(made := module.scopes.origin(part), Expr)]
    return any(
        name.id in names or name.id in ("this", "self") for part in parts for name in find(part, Name)
    ) or _made_key(access, names)


def _made_key(access: Access, names: set[str]) -> bool:
    """Tell whether a key is a variable, or the result of a function, that may have a part for it."""
    key = access.key
    if isinstance(key, Call):
        return True
    function = access.function
    if not isinstance(key, Name) or function is None:
        return False
    bound = function.module.scopes.lookup(key.id, key)
    return key.id in names or not all(isinstance(one, Param) for one in bound)
