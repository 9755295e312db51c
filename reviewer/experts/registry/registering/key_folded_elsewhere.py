"""REG091: the id of a manifest is folded where it is read, and a registry looks ids up as they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, Expr, Literal, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import MANIFESTS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.vocabulary import PASSING

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_FOLDS: Final = frozenset({"toLowerCase", "toLocaleLowerCase", "toUpperCase", "lower", "casefold", "upper"})
_IDS: Final = frozenset({"id", "name", "slug", "key"})


@module_check("REG091", words={"registry", "plugins", "catalog", "store"} | MANIFESTS)
def key_folded_elsewhere(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold how a registry is asked against how the readers of manifests make the ids."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or table.owner is None or set(words(table.name)) & PASSING:
            continue
        member = _entered_under(module, table)
        asked = next((one for one in table.of("read", "has") if _as_given(module, one)), None) if member else None
        if asked is None or _folds_besides(table, asked):
            continue
        made = folded_where_made(inquiry, module, member)
        if made:
            yield Match(
                asked.node,
                f"'{short(module.text_of(asked.key)) if asked.key is not None else ''}' is looked up as it comes, and "
                f"'{made}' folds the {member} of every manifest: what others spell with capital letters is there and "
                "can't be found.",
            )


def _folds_besides(table: Table, asked: Access) -> bool:
    """Tell whether the class folds something, but for the keys by which other methods look into the same table."""
    others = [one.key for one in table.of("read", "has") if one.key is not None and one.function is not asked.function]
    keys = {id(call) for key in others for call in calls_in(key)}
    return table.owner is not None and any(
        call.name in _FOLDS and id(call) not in keys for call in calls_in(table.owner)
    )


def _entered_under(module: Module, table: Table) -> str:
    """Return the member of a thing that was handed in under which all entries are made, or an empty string."""
    found: set[str] = set()
    for write in table.of("write"):
        key = strip(write.key) if write.key is not None else None
        root = strip(key.object) if isinstance(key, Member) else None
        bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
        if not isinstance(key, Member) or key.name not in _IDS or not all(isinstance(b, Param) for b in bound):
            return ""
        found.add(key.name)
    return found.pop() if len(found) == 1 else ""


def _as_given(module: Module, access: Access) -> bool:
    """Tell whether a key is the very parameter of a method that others call."""
    key, function = strip(access.key) if access.key is not None else None, access.function
    if not isinstance(key, Name) or function is None or function.owner is None or function.private:
        return False
    bound = module.scopes.lookup(key.id, key)
    return bool(bound) and all(isinstance(one, Param) and one.parent is function for one in bound)


def folded_where_made(inquiry: Inquiry, module: Module, member: str) -> str:
    """Return the file in which manifests are made with a folded id, where it is another one than the registry's."""
    folds = b"|".join(sorted(name.encode() for name in _FOLDS))
    folded = re.compile(re.escape(member.encode()) + rb"[\"']?\s{0,9}[:=\]).][^\n]{0,200}\.(?:" + folds + rb")\b")
    for other in inquiry.project.modules(naming=_FOLDS, tests=False, showing=folded.search):
        if other is module or MANIFESTS.isdisjoint(other.words):
            continue
        for made in other.all(Object):
            value = made.get(member)
            if value is not None and _is_fold(value) and _has(made, "version"):
                return other.path
        if any(_is_fold(value) for value in _given_to_records(other, member)):
            return other.path
    return ""


def _given_to_records(module: Module, member: str) -> Iterator[Expr]:
    """Yield what records with a version are made with for a member: ``Manifest(raw["id"].lower(), …)``."""
    for call in module.all(Call):
        made = definition(module, call.callee) if call.name[:1].isupper() else None
        names = _members(made) if isinstance(made, Class) else []
        if member in names and "version" in names:
            value = call.arg(names.index(member), member)
            if value is not None:
                yield value


def _members(made: Class) -> list[str]:
    """Return what a record is made with, in order: the parameters of its constructor, or else its fields."""
    maker = made.method("constructor") or made.method("__init__")
    return [one.name for one in (maker.params if maker is not None else made.fields)]


def _is_fold(value: Expr) -> bool:
    value = strip(value)
    return isinstance(value, Call) and value.name in _FOLDS


def _has(made: Object, name: str) -> bool:
    return any(isinstance(key, Literal) and key.value == name for key, _value in made.entries)
