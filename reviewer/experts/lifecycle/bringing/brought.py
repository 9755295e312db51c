"""What a host calls the plugins that it brings in: followed from the loader through helpers, factories and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from reviewer.code.flow import returns_of
from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.reach.records import given_fields
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.lifecycle.bringing.loading import loads
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.project import Project

_DEEPEST: Final = 4
_MOST: Final = 400
"""Variables of one file that are looked at."""
_LOADS: Final = (
    *(b"import(", b"require(", b"import_module", b"exec_module"),
    *(b"entry_points", b"__import__", b"run_path", b"ModuleType("),
)
"""What stands in each file that brings code in."""


_TAKES: Final = frozenset({"get", "pop", "setdefault"})
_LATER: Final = frozenset({"create_task", "ensure_future", "shield", "wait_for", "resolve"})
"""Calls that give what they are handed, when it is there."""
_PENDING: Final = frozenset({"future", "task", "promise", "pending", "job"})
"""What holds a plugin only when it is through."""


def brought_names(module: Module) -> frozenset[str]:
    """Return what a module calls the plugins that it brings in: variables, and members of records that hold one."""
    return module.once("lifecycle.brought_names", lambda: frozenset(_names(module)))


def is_brought(module: Module, expr: Expr) -> bool:
    """Tell whether a value is code that was loaded by a name nobody wrote down, or what such code made."""
    return _is_brought(module, expr, 0)


def _names(module: Module) -> Iterator[str]:
    if not may_load(module):
        return
    asked = {last_word(call.receiver) for call in module.all(Call) if call.receiver is not None}
    named: set[str] = set()
    looked = 0
    for assign in module.all(Assign):
        if assign.value is None or not isinstance(strip(assign.value), Call | Member | Binary | Conditional | Index):
            continue
        name = last_word(assign.target) if isinstance(assign.target, Name | Member) else ""
        if not name or name in named or not _PENDING.isdisjoint(words(name)) or (looked := looked + 1) > _MOST:
            continue
        if is_brought(module, assign.value):
            named.add(name)
    for key, value in _members(module):
        held = strip(value)
        if (isinstance(held, Name) and held.id in named) or (
            key in asked and isinstance(held, Call) and is_brought(module, held)
        ):
            named.add(key)
    yield from named


def _members(module: Module) -> Iterator[tuple[str, Expr]]:
    """Yield (member, value) for what the records of a module are made of."""
    for record in module.all(Object):
        yield from ((str(key.value), value) for key, value in record.entries if isinstance(key, Literal))
    if module.language == "python":
        for call in module.all(Call):
            yield from given_fields(module, call)


def may_load(module: Module) -> bool:
    """Tell whether a module, or a file of the subject that it imports, brings code in at all."""
    if loads_something(module.source):
        return True
    project = module.project
    targets = {project.target(module.path, one.source) for one in module.imports} if project is not None else set()
    return project is not None and any(_file_loads(project, path) for path in sorted(targets) if path)


def _file_loads(project: Project, path: str) -> bool:
    try:
        return loads_something(project.text(path))
    except LookupError:  # a file that nobody reads
        return False


def loads_something(source: bytes) -> bool:
    """Tell whether code is brought in anywhere in a text."""
    return any(said in source for said in _LOADS)


def _is_brought(module: Module, expr: Expr, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    place = getattr(expr, "start", None)
    known = cast("dict[tuple[int, int], bool]", module.memory.setdefault("lifecycle.is_brought", {}))
    if place is None:  # what somebody made up for a moment
        return any(_came(where, value, depth) for where, value in values_of(module, expr))
    if (place, depth) not in known:
        known[place, depth] = any(_came(where, value, depth) for where, value in values_of(module, expr))
    return known[place, depth]


def _came(module: Module, value: Expr, depth: int) -> bool:
    if isinstance(value, Call):
        return _called(module, value, depth)
    if not isinstance(value, Member | Index):
        return False
    if isinstance(value, Index) and _kept_in_table(module, value.object, depth):
        return True
    for where, held in values_of(module, value.object):
        if isinstance(held, Object) and isinstance(value, Member):
            inner = held.get(value.name)
            if inner is not None and _is_brought(where, inner, depth + 1):
                return True
        elif isinstance(held, Call) and _came(where, held, depth + 1):
            return True
    return False


def _called(module: Module, value: Call, depth: int) -> bool:
    """Tell whether a call gives what it brings in, or what it was handed, or what such code makes."""
    if loads(module, value) or value.name == "module_from_spec" or _answered_elsewhere(module, value, depth):
        return True
    if value.name == "ModuleType" and _is_filled_here(value):
        return True
    if value.args and value.name in (*_LATER, "getattr"):
        return _is_brought(module, value.args[0], depth + 1)
    if value.name in _TAKES and value.receiver is not None and _kept_in_table(module, value.receiver, depth):
        return True
    maker = strip(value.callee)  # a factory or a class of what was loaded makes the plugin
    wrapped = module.scopes.origin(maker)
    if isinstance(wrapped, Call) and any(_answers_with(module, arg, depth) for arg in wrapped.args):
        return True  # const make = kept(async (file) => (await import(file)).default)
    return _is_brought(module, maker.object if isinstance(maker, Member) else maker, depth + 1)


def _answers_with(module: Module, handed: Expr, depth: int) -> bool:
    """Tell whether a function that is spelled out, and handed to a helper, gives what it brings in."""
    work = strip(handed)
    return isinstance(work, Function) and any(
        one.value is not None and _is_brought(module, one.value, depth + 1) for one in returns_of(work)
    )


def _is_filled_here(made: Call) -> bool:
    """Tell whether a module that is made empty is filled by running a text in it: ``exec(code, module.__dict__)``."""
    function = function_of(made)
    runs = find(function.body, Call) if function is not None else ()
    return any(call.name == "exec" and call.receiver is None and len(call.args) > 1 for call in runs)


def _answered_elsewhere(module: Module, call: Call, depth: int) -> bool:
    """Tell whether a function that a thread or a pool runs gives what it brought in: ``to_thread(read, path)``."""
    place = RUNNERS.get(call.name)
    ran = call.arg(place) if place is not None else None
    target = definition(module, ran) if ran is not None else None
    return isinstance(target, Function) and any(
        one.value is not None and _is_brought(target.module, one.value, depth + 1) for one in returns_of(target)
    )


def _kept_in_table(module: Module, table_of: Expr, depth: int) -> bool:
    """Tell whether a table that something is taken out of is given what is brought in."""
    holder = strip(table_of)
    return any(
        access.value is not None and _is_brought(module, access.value, depth + 1)
        for table in tables(module)
        if table.name == last_word(holder) and is_this_member(holder) is (table.owner is not None)
        for access in table.of("write")
    )
