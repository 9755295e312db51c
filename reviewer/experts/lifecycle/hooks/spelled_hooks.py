"""Hooks in words of a host's own: what is called when a plugin is entered, and when it is taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import use_of
from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.reach.links import definition
from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import Array, Assign, Call, Class, Function, Index, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.lifecycle.bringing.brought import brought_names, is_brought, loads_something
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.bringing.loading import brings_in
from reviewer.experts.lifecycle.guests.kept import keeps_strangers
from reviewer.experts.lifecycle.guests.kept_as import is_kept_as
from reviewer.experts.lifecycle.hooks.handed_in import handed_in_hooks, is_step_of_life, keeps
from reviewer.experts.lifecycle.hooks.opposites import (
    answers,
    bare_hooks,
    contract_hooks,
    interfaces,
    joining_hooks,
    opposite_hooks,
    turns_round,
)
from reviewer.experts.lifecycle.hooks.spelled import Spelled
from reviewer.experts.lifecycle.hooks.state_hooks import state_hooks
from reviewer.experts.lifecycle.hooks.used_hooks import used_hooks
from reviewer.experts.lifecycle.values import last_word, part_name, root_name, value_class
from reviewer.experts.lifecycle.vocabulary import saves, stops

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Access


def spelled_hooks(module: Module) -> dict[str, Spelled]:
    """Return the members that a host calls as hooks of its plugins, by name, whatever they are called.

    Members of an interface, and of what was brought in, that undo each other by their names (``fit`` and
    ``unfit``) are such hooks, and the only two of an interface that wait, of which one is handed an object to work
    with and the other nothing. Else a
    start is handed something in the function that makes the instance or enters it in a table; a stop is
    called in the one that takes it out. Only members of an interface or protocol of the subject count, and
    of what was just loaded or made by a factory that was handed in: of anything else nobody can say that a
    stranger wrote it.
    """
    known = module.memory.get("lifecycle.spelled_hooks")
    if not isinstance(known, dict):
        known = module.memory["lifecycle.spelled_hooks"] = _find(module)
    return known


def _find(module: Module) -> dict[str, Spelled]:
    found: dict[str, Spelled] = {}
    contracts = interfaces(module)
    for cls in contracts:
        pair = _pair_of(module, cls)
        if pair is not None:
            _note(found, cls, *pair)
            found.update(state_hooks(module, cls, pair))
    if contracts:
        _from_uses(module, {id(cls) for cls in contracts}, found)
    for noun in sorted(brought_names(module)):
        for start, stop in _opposite_calls(module, noun):
            _note(found, noun, start, stop)
    whole: set[str] = set()
    for noun, start, stop in handed_in_hooks(module):
        found.setdefault(start, Spelled("start", noun))
        if stop:
            found.setdefault(stop, Spelled("stop", noun))
            whole.add(noun)
    used = None if any(hook.kind == "stop" for hook in found.values()) else used_hooks(module)
    for noun in sorted(used[0]) if used is not None else ():
        _note(found, noun, used[1], used[2]) if used is not None else None
    if not any(access.how == "delete" for table in tables(module) for access in table.accesses):
        return found
    for table in tables(module):
        starts = [s for access in table.of("write") for s in _called(module, access, entering=True)]
        ends = [s for access in table.of("delete") for s in _called(module, access, entering=False)]
        paired = [hook.owner for hook in found.values() if not isinstance(hook.owner, str)]
        for owner, name in starts:
            for other, end in ends:
                if (
                    owner == other
                    and name != end
                    and not saves(end)
                    and not (isinstance(owner, str) and owner in whole)
                    and not any(owner is one for one in paired)
                ):
                    _note(found, owner, name, end)
    return found


def _pair_of(module: Module, cls: Class) -> tuple[str, str] | None:
    """Return the members of a contract that wake an instance and put it to rest, as its declaration tells."""
    pair = opposite_hooks(cls) or contract_hooks(cls)
    if pair is not None:
        return pair
    bare = bare_hooks(cls) or (joining_hooks(cls) if loads_something(module.source) else None)
    return bare if bare is not None and keeps_strangers(module, cls) else None


def _opposite_calls(module: Module, noun: str) -> Iterator[tuple[str, str]]:
    """Yield the members of what was brought in that are called without a use for an answer, and undo each other."""
    called = {
        callee.name
        for call in module.all(Call)
        if isinstance(callee := strip(call.callee), Member)
        and (part_name(callee.object) == noun or is_kept_as(module, callee.object, noun))
        and use_of(call).how in ("dropped", "argument", "returned")
    }
    for start in sorted(called):
        for stop in sorted(called):
            if start != stop and turns_round(start, stop):
                yield start, stop


def _note(found: dict[str, Spelled], owner: Class | str, start: str, stop: str) -> None:
    found.setdefault(start, Spelled("start", owner))
    found.setdefault(stop, Spelled("stop", owner))


def _from_uses(module: Module, contracts: set[int], found: dict[str, Spelled]) -> None:
    """Note what is called of a new instance of an interface with something, and without anything where it ends."""
    starts: dict[int, tuple[Class, str]] = {}
    ends: dict[int, str] = {}
    for call in module.all(Call):
        for member, given in member_calls(call):
            cls = value_class(module, member.object)
            if cls is None or id(cls) not in contracts or answers(cls, member.name):
                continue
            function = outermost(call)
            if (given and _a_stranger_made(module, member.object)) or _entered_here(module, call, member, cls):
                starts.setdefault(id(cls), (cls, member.name))
            elif not given and function is not None and _ends_one(module, call, function):
                ends.setdefault(id(cls), member.name)
    for key, (cls, name) in starts.items():
        if key in ends and ends[key] != name:
            _note(found, cls, name, ends[key])


def _entered_here(module: Module, call: Call, member: Member, cls: Class) -> bool:
    """Tell whether what is called stands where an instance that strangers made is entered into a table of the host."""
    held, function = strip(member.object), outermost(call)
    return (
        isinstance(held, Name)
        and function is not None
        and is_step_of_life(member.name)
        and keeps(module, function, held.id)
        and keeps_strangers(module, cls)
    )


def _ends_one(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a function puts an instance to rest, by its name or because it takes one out of a table."""
    if any(stops(name) for name in _names_around(call, function)):
        return True
    return any(
        access.function is function and access.key is not None
        for table in tables(module)
        for access in table.of("delete")
    )


def _names_around(call: Call, function: Function) -> set[str]:
    inner = function_of(call)
    return {function.name, *((inner.name,) if inner is not None else ())}


def member_calls(call: Call) -> Iterator[tuple[Member, bool]]:
    """Yield each member that a call calls, or hands to what will call it, and whether it is given something."""
    callee = strip(call.callee)
    if isinstance(callee, Member):
        yield callee, bool(call.args or call.keywords)
    if call.name in RUNNERS:
        for position, arg in enumerate(call.args):
            handed = strip(arg)
            if isinstance(handed, Member):
                yield handed, len(call.args) > position + 1
                return


def _called(module: Module, access: Access, *, entering: bool) -> Iterator[tuple[Class | str, str]]:
    """Yield (interface, member) for what is called of the instance in the function of an access."""
    function = outermost(access.node)
    if function is None:
        return
    names = _instance_names(function, access, entering=entering)
    for call, own in _with_helper(module, function, names, entering=entering):
        for callee, given in member_calls(call):
            if given is not entering:
                continue
            if root_name(callee.object) not in own and last_word(callee.object) not in own:
                continue
            cls = value_class(module, callee.object)
            if cls is not None:
                if cls.kind == "interface" and any(method.name == callee.name for method in cls.methods):
                    yield cls, callee.name
            elif not entering or _a_stranger_made(module, callee.object):
                yield last_word(callee.object), callee.name


def _with_helper(
    module: Module, function: Function, names: set[str], *, entering: bool
) -> Iterator[tuple[Call, set[str]]]:
    """Yield the calls of a function, and of helpers to which it hands what it takes out, with the names for that."""
    for call in calls_in(function.body):
        yield call, names
        target = definition(module, call.callee) if not entering else None
        if not isinstance(target, Function) or target.module is not module or target is function:
            continue
        handed = {
            param.name
            for param, arg in zip(target.params, call.args, strict=False)
            if root_name(arg) in names or last_word(arg) in names
        }
        if handed:
            for inner in calls_in(target.body):
                yield inner, handed


def _a_stranger_made(module: Module, instance: Expr) -> bool:
    """Tell whether an instance comes from code that was just loaded, or from a factory that was handed in."""
    if is_brought(module, instance):
        return True
    made = _of_new_record(module, instance) or module.scopes.origin(instance)
    if isinstance(made, Member) and made.name == "default":
        made = module.scopes.origin(made.object)  # const { default: addon } = await import(file)
    if not isinstance(made, Call):
        return False
    if isinstance(strip(made.callee), Index):
        return True  # a factory out of a table
    if brings_in(module, made):
        return True
    maker = strip(made.callee)
    while isinstance(maker, Member):
        maker = strip(maker.object)
    source = module.scopes.origin(maker)
    if isinstance(source, Member | Index):
        source = module.scopes.origin(source.object)
    if isinstance(source, Call):
        return brings_in(module, source)
    return isinstance(source, Param) and source.parent is function_of(made) and isinstance(made.callee, Name)


def _of_new_record(module: Module, instance: Expr) -> Expr | None:
    """Return what a member of a record that was made here was given: ``running.show`` of ``Running(name, Show())``."""
    instance = strip(instance)
    record = module.scopes.origin(instance.object) if isinstance(instance, Member) else None
    if not isinstance(instance, Member):
        return None
    if isinstance(record, Object):
        return strip(held) if (held := record.get(instance.name)) is not None else None
    given = dict(given_fields(module, record)) if isinstance(record, Call) else {}
    return given.get(instance.name)


def _instance_names(function: Function, access: Access, *, entering: bool) -> set[str]:
    """Return the variables that hold what is entered in a table, or what is taken from it."""
    if entering:
        parts: list[Node] = [access.value] if access.value is not None else []
        return {node.id for part in parts for node in find(part, Name)} - {"this"}
    table = _table_name(access)
    return {
        name.id
        for assign in find(function.body, Assign)
        if assign.value is not None and _speaks_of(assign.value, table)
        for name in find(assign.target, Name)
        if isinstance(assign.target, Name | Array)
    }


def _table_name(access: Access) -> str:
    node = access.node
    holder: Expr | None = node.receiver if isinstance(node, Call) else getattr(node, "object", None)
    return last_word(holder) if holder is not None else ""


def _speaks_of(value: Expr, table: str) -> bool:
    return any(last_word(node) == table for kind in (Name, Member) for node in find(value, kind))
