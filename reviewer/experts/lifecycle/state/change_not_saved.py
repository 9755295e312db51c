"""LIF576: what others save after each change, one function changes and does not save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Literal, Member, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import TAKES_OUT
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_SAVES: Final = frozenset("save persist store flush touch sync dump checkpoint remember write".split())
"""First words of what puts a state away."""
_PUTS: Final = frozenset({"set", "put", "write", "update", "save", "setItem"})
_STORES: Final = frozenset("storage store memento db database localstorage cache disk".split())
_EARLY: Final = frozenset("restore load import read hydrate migrate init reset replace constructor".split())
"""First words of what fills a state with what was put away."""
_READS: Final = frozenset("read parse loads load deserialize deserialise".split())
"""Words of the calls that bring back what was put away."""
_GETS: Final = frozenset({"get", "getItem", "get_item"})
_SCHEMAS: Final = frozenset({"schema", "shape", "validator", "model"})
_OF_ONE: Final = frozenset("url uri int float number date time id key args name path bool duration".split())
"""Words of the calls that read one value which somebody gave: ``parseUrl(args.url)``."""
_SNAPSHOTS: Final = frozenset("snapshot state serialize serialise dump save persist tojson export stored".split())
_REMOVES: Final = (TAKES_OUT | frozenset("withdraw revoke forget delete expel cancel retract".split())) - {"evict"}
"""First words of what somebody asks for to have something taken out."""
_ENOUGH: Final = 2
"""Functions that save what they change, of which the rest can be told apart."""
_DEPTH: Final = 2
_MOST: Final = 60
"""Tables of one file that are looked at."""


@module_check("LIF576", words=_SAVES | _STORES)
def change_not_saved(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the functions that change one collection by whether they save it afterwards."""
    if module.is_test:
        return
    for table in tables(module)[:_MOST]:
        every = _changed(module, table)
        changed = [(function, node) for function, node in every if not _is_apart(function)]
        if len(changed) <= _ENOUGH and not _is_pair(table, changed):
            continue
        acts = [act for function, node in changed for act in _acts(module, function) if act[1].start > node.start]
        for act in dict.fromkeys(text for text, _call in acts):
            saving = [
                function for function, node in changed if any(text == act for text, _call in _acts(module, function))
            ]
            rest = [(function, node) for function, node in changed if not any(function is one for one in saving)]
            call = next(call for text, call in acts if text == act)
            enough = len(saving) >= _ENOUGH or (bool(saving) and _is_pair(table, changed))
            if not enough or len(rest) != 1 or not _puts_away(module, table, call):
                continue
            if any(definition(module, call.callee) is function for function, _node in every):
                continue  # a buffer, which is emptied where it is put away
            function, node = rest[0]
            if _saves_elsewhere(module, function, act) or _saved_for(module, function, act):
                continue
            yield Match(
                node,
                f"'{function.name}' changes '{table.name}' and never calls '{short(act)}', as "
                f"{' and '.join(repr(one.name) for one in saving[:2])} {'do' if saving[1:] else 'does'}: the change is "
                "gone after the next start.",
                related=((call, "saved here"),),
            )
            break


def _is_pair(table: Table, changed: list[tuple[Function, Node]]) -> bool:
    """Tell whether a collection has one function that enters something, and one that is asked to take it out."""
    if len(changed) != _ENOUGH:
        return False
    entered = {id(node) for node in (one.node for one in table.of("write"))}
    removed = {id(node) for node in (one.node for one in table.of("delete"))}
    ways = [(function, id(node) in entered, id(node) in removed) for function, node in changed]
    takes = [function for function, enters, removes in ways if removes and not enters]
    return len(takes) == 1 and not _REMOVES.isdisjoint(words(takes[0].name)[:1]) and any(one[1] for one in ways)


def _changed(module: Module, table: Table) -> list[tuple[Function, Node]]:
    """Return the functions that change a collection, each with where it does so first."""
    found: dict[int, tuple[Function, Node]] = {}
    again = module.scopes.fields(table.owner).get(table.name, ()) if table.owner is not None else ()
    nodes: list[Node] = [access.node for access in table.of("write", "delete", "clear")]
    nodes += [assign for assign in again if assign is not table.declared]
    for node in sorted(nodes, key=lambda one: one.raw.start_byte):
        function = _named(function_of(node))
        if function is not None and function is not table.scope:
            found.setdefault(id(function), (function, node))
    return list(found.values())


def _named(function: Function | None) -> Function | None:
    while function is not None and not function.name:
        function = function.outer
    return function


def _acts(module: Module, function: Function) -> list[tuple[str, Call]]:
    """Return the calls of a function that put a state away, each with how it is spelled."""
    found: list[tuple[str, Call]] = []
    for call in calls_in(function.body):
        if words(call.name)[:1] and words(call.name)[0] in _SAVES and len(call.args) <= 1:
            found.append((module.text_of(call.callee).replace("?.", "."), call))
        elif _puts_under_key(call):
            found.append((f"{last_name(call.callee)}({module.text_of(call.args[0])})", call))
    return found


def _puts_under_key(call: Call) -> bool:
    """Tell whether a call puts something into a store under a fixed key: ``storage.set("loans", …)``."""
    if call.name not in _PUTS or not call.args or call.receiver is None:
        return False
    first = call.args[0]
    fixed = isinstance(first, Literal) or last_name(first).isupper()
    return fixed and not _STORES.isdisjoint(last_words(call.receiver)[-1:])


def _puts_away(module: Module, table: Table, call: Call) -> bool:
    """Tell whether what is called puts this collection away, as far as its code can be seen."""
    if any(speaks_of(module, arg, table, _DEPTH) for arg in call.args):
        return True
    target = definition(module, call.callee)
    if isinstance(target, Function) and target.module is module:
        return speaks_of(module, target.body, table, _DEPTH)
    readers = (_named(access.function) for access in table.of("read", "iterate"))
    return any(reader is not None and not _SNAPSHOTS.isdisjoint(words(reader.name)) for reader in readers)


def speaks_of(module: Module, part: Node | list[Node] | object, table: Table, depth: int) -> bool:
    """Tell whether code, or a function that it calls within ``depth`` steps, names a table."""
    kind = Member if table.owner is not None else Name
    if any(last_name(one) == table.name for one in find(part, kind)):  # type: ignore[arg-type]  # bodies are nodes
        return True
    if not depth:
        return False
    targets = (definition(module, call.callee) for call in calls_in(part))  # type: ignore[arg-type]  # the same
    return any(isinstance(one, Function) and speaks_of(module, one.body, table, depth - 1) for one in targets)


def _is_apart(function: Function) -> bool:
    """Tell whether a function runs before, or after, all else: it fills the state, or ends with it."""
    first = words(function.name)[:1]
    apart = function.kind == "constructor" or is_starter(function.name) or is_stopper(function.name)
    return apart or function.name.startswith("__") or bool(set(first) & (_EARLY | _SAVES)) or _reads_back(function)


def _reads_back(function: Function) -> bool:
    """Tell whether a function reads what was put away: ``for (const one of parse(await readFile(file)))``."""
    return any(_brings_back(call) and not _checks_shape(call) for call in calls_in(function.body))


def _brings_back(call: Call) -> bool:
    """Tell whether a call reads more than one value that somebody gave, as ``parseUrl(args.url)`` does.

    So does one that gets something out of a store under a fixed key: ``await this.storage.get("outbox")``.
    """
    fixed = bool(call.args) and isinstance(strip(call.args[0]), Literal)
    if fixed and call.name in _GETS and call.receiver is not None and set(last_words(call.receiver)[-1:]) & _STORES:
        return True
    said = set(words(call.name))
    return bool(said & _READS) and not said & _OF_ONE


def _checks_shape(call: Call) -> bool:
    """Tell whether a call holds what was handed in against a schema: ``grantSchema.parse({ … })``."""
    schema = call.receiver is not None and not _SCHEMAS.isdisjoint(last_words(call.receiver))
    return schema or any(isinstance(strip(arg), Object) for arg in call.args[:1])


def _saves_elsewhere(module: Module, function: Function, act: str) -> bool:
    """Tell whether a function calls another that saves."""
    for call in calls_in(function.body):
        target = definition(module, call.callee)
        if isinstance(target, Function) and any(text == act for text, _call in _acts(target.module, target)):
            return True
    return False


def _saved_for(module: Module, function: Function, act: str) -> bool:
    """Tell whether somebody who calls a function saves behind it."""
    if any(
        (by := _named(function_of(call))) is not None and any(text == act for text, _call in _acts(module, by))
        for call in module.calls((function.name,))
    ):
        return True
    saver, project = act.partition("(")[0].rpartition(".")[2], module.project
    if project is None:
        return False
    callers = set(project.paths({function.name}, tests=False, using=module.path))
    return not callers.isdisjoint(project.paths({saver}, tests=False, using=module.path))
