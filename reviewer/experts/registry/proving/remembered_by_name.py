"""REG080: what was made of one version is remembered under the name alone, and answers for every other version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import named_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    If,
    Index,
    Member,
    Name,
    Param,
    Throw,
    Try,
    is_nothing,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.vocabulary import DIGESTS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_ENTERED: Final = frozenset(("set", "setdefault", "put"))
"""How a table is given one more entry, under a key of its own."""


@module_check("REG080", words={"map", "dict", "ordereddict"})
def remembered_by_name(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every table that remembers what a function makes of a record which has a version."""
    if module.is_test:
        return
    for table in tables(module):
        for access in table.of("write") if table.kind == "map" else ():
            key = _own_name(module, access)
            asked = _asked_before(module, table, access) if key is not None else None
            if key is None or asked is None or access.function is None or _is_exchanged(module, table, access):
                continue
            if _is_there_already(asked, access):
                continue
            if _is_under_way(module, table, access.function) or _is_refused(asked) or _is_replaced(module, asked):
                continue
            if _made_of_version(module, access, access.function, key[0]):
                yield Match(
                    asked.node,
                    f"What is made of a version of '{key[0].name}' is remembered in '{table.name}' under "
                    f"'{key[1].name}' alone: whoever asks for another version is given what was made of the first.",
                )
                break


def _own_name(module: Module, access: Access) -> tuple[Param, Member] | None:
    """Return the given record and the one member of it that is the key, where that is no version and no digest."""
    key = module.scopes.origin(access.key) if access.key is not None else None
    holder = strip(key.object) if isinstance(key, Member) else None
    if not isinstance(key, Member) or not isinstance(holder, Name) or set(words(key.name)) & (VERSIONS | DIGESTS):
        return None
    given = next((one for one in module.scopes.lookup(holder.id, holder) if isinstance(one, Param)), None)
    return (given, key) if given is not None and given.name == holder.id else None


def _asked_before(module: Module, table: Table, access: Access) -> Access | None:
    """Return where the same function looks under the same key before it makes anything."""
    text = module.text_of(access.key) if access.key is not None else ""
    return next(
        (
            one
            for one in table.of("read", "has")
            if one.function is access.function
            and one.key is not None
            and module.text_of(one.key) == text
            and one.node.start < access.node.start
        ),
        None,
    )


def _is_refused(asked: Access) -> bool:
    """Tell whether whoever finds something there is refused, and given nothing of it: ``if name in table: raise``."""
    return any(
        isinstance(around, If)
        and inside(asked.node, around.test)
        and isinstance(around.body[0] if around.body else None, Throw)
        for around in ancestors(asked.node)
    )


def _is_replaced(module: Module, asked: Access) -> bool:
    """Tell whether what stands there is taken out to be replaced: ``old = table[key]`` ends where nothing does."""
    taken = isinstance(asked.node, Index) and module.language == "python"
    return taken and not any(isinstance(around, Try | If | Conditional) for around in ancestors(asked.node))


def _is_there_already(asked: Access, access: Access) -> bool:
    """Tell whether an entry is made only where one was found, to take its place: ``if (!old) return;`` before it."""
    around = next((one for one in ancestors(asked.node) if isinstance(one, Assign)), None)
    name = around.target.id if around is not None and isinstance(around.target, Name) else ""
    return bool(name) and any(
        (isinstance(strip(one.test), Name) and name in names_in(one.test) and one.holds)
        or (
            isinstance(test := strip(one.test), Binary)
            and name in names_in(test)
            and any(is_nothing(side) for side in (test.left, test.right))
            and (test.op in ("!=", "!==", "is not")) is one.holds
        )
        for one in conditions(access.node)
    )


def _is_exchanged(module: Module, table: Table, access: Access) -> bool:
    """Tell whether a function takes out what it found before it puts another in its place."""
    text = module.text_of(access.key) if access.key is not None else ""
    return any(
        one.function is access.function and one.key is not None and module.text_of(one.key) == text
        for one in table.of("delete")
        if one.node.start < access.node.start
    )


def _is_under_way(module: Module, table: Table, function: Function) -> bool:
    """Tell whether an entry goes when the work is done, in a ``finally`` of the function that enters it."""
    for end in table.of("delete"):
        if not inside(end.node, function):
            continue
        for around in ancestors(end.node):
            settled = isinstance(around, Call) and around.name in ("finally", "add_done_callback")
            if settled or (isinstance(around, Try) and any(inside(end.node, one) for one in around.final)):
                return True
    return False


def _made_of_version(module: Module, access: Access, function: Function, record: Param) -> bool:
    """Tell whether what is remembered is made by a call that is given the version, or a record that has one."""
    held = strip(access.value) if access.value is not None else None
    made = [held] if held is not None else []
    if isinstance(held, Name):
        bound = [one for one in module.scopes.lookup(held.id, held) if isinstance(one, Assign)]
        made = [one.value for one in bound if one.value is not None and inside(one, function)]
    whole = _has_version(module, record)
    made = [
        one for one in made if getattr(strip(one), "name", "") not in ("create_task", "ensure_future")
    ]  # under way, not kept
    for part in made:
        for call in calls_in(part):
            if call.name in _ENTERED and len(call.args) > 1:
                return False  # what is remembered keeps every version apart: a table of tables
            for arg in (*call.args, *call.keywords.values()):
                if isinstance(strip(arg), Name) and getattr(strip(arg), "id", "") == record.name and whole:
                    return True
                if any(
                    set(words(member.name)) & VERSIONS and getattr(strip(member.object), "id", "") == record.name
                    for member in find(arg, Member)
                ):
                    return True
    return False


def _has_version(module: Module, record: Param) -> bool:
    """Tell whether the type of a record has a member for its version."""
    declared = named_type(module, record.type) if record.type else None
    return declared is not None and any(set(words(field.name)) & VERSIONS for field in declared.fields)
