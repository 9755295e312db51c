"""Lists of other plugins that a start goes down, whatever a host calls them: ``sheet.after``, ``stands_on``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Spread,
    Yield,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, find, inside, names_in
from reviewer.experts.lifecycle.bringing.carried import BELOW
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_EACH: Final = frozenset({"map", "forEach", "reduce"})
_LISTS: Final = frozenset("list sorted tuple set keys entries items values filter from toSorted slice reversed".split())
_PLAIN: Final = _LISTS | frozenset("this self get has map some every find id name key length size Object Array".split())
_HOLDS: Final = BELOW & frozenset("layout layouts pattern patterns node nodes element elements children child".split())
"""Words of what a thing is made of, which a function that starts it may go down as well."""
_PUTS: Final = frozenset({"push", "append", "add", "set"})
_WAKES: Final = frozenset("bring raise ensure require put up".split())
"""First words of functions that start something, beside the names of hooks."""


def followed_members(module: Module) -> frozenset[str]:
    """Return the names of the members over which functions that start plugins call themselves."""
    return module.once("lifecycle.followed", lambda: frozenset(_found(module)))


def _found(module: Module) -> set[str]:
    found: set[str] = set(_sorted_by(module))
    for function in module.functions:
        for call in module.calls((function.name,)) if function.name and function.params else ():
            member = followed(module, call, function)
            if member:
                found.add(member)
    return found


def followed(module: Module, call: Call, function: Function) -> str:
    """Return the member of a record, looked up by the name of one plugin, whose items are started in its turn.

    ``async raise(id) { const sheet = await sheets.get(id); for (const other of sheet.after) await raise(other); … }``
    """
    if definition(module, call.callee) is not function or not call.args or not function.params:
        return ""
    over = next(
        (one for name in sorted(names_in(call.args)) if (one := _listed(call, name, function)) is not None), None
    )
    held = _member(module, over, function)
    if (
        held is None
        or set(words(_named(held))) & _HOLDS
        or not (
            _wakes(module, function)
            or _puts_in_line(function, held)
            or _puts_record(call, held, function)
            or _gives_behind(call, held, function)
        )
    ):
        return ""
    name = function.params[0].name
    if not name:
        return ""
    record = _holder(held)
    bound = module.scopes.lookup(record.id, record) if isinstance(record, Name) else []
    if isinstance(record, Name) and record.id == name:
        return _named(held)
    looked_up = any(_by_name(one.value, name) for one in bound if isinstance(one, Assign)) or _by_name(record, name)
    return _named(held) if looked_up else ""


def brought_first(module: Module) -> frozenset[str]:
    """Return by what names functions that wake one plugin find those that they wake before it, by calling themselves.

    ``if (up.has(id)) return; for (const [top, base] of edges) if (top === id) await raise(base); await thing.start()``
    """
    return module.once("lifecycle.brought_first", lambda: frozenset(_brought(module)))


def _brought(module: Module) -> Iterator[str]:
    woken = [(frame, use.site) for use in hooks_of(module) if use.kind == "start" and (frame := outermost(use.site))]
    for function, site in woken:
        own = {param.name for param in function.params}
        for call in calls_in(function.body):
            if definition(module, call.callee) is not function or not call.args or not behind(site, call):
                continue
            over = next((one for n in sorted(names_in(call.args)) if (one := _listed(call, n, function))), None)
            if over is not None and _left_before(function, call):
                yield from _said(module, over, function) - own


def _left_before(function: Function, call: Call) -> bool:
    """Tell whether a function leaves, or has nothing to do, where the plugin that it is asked for is there already."""
    asked = {function.params[0].name} if function.params else set()
    for assign in find(function.body, Assign, into_functions=False):
        if assign.value is not None and names_in(assign.value) & asked:
            asked |= names_in(assign.target)
    return any(
        exits(test.body) and behind(call, test) and names_in(test.test) & asked for test in find(function.body, If)
    )


def _said(module: Module, over: Expr, function: Function) -> set[str]:
    """Return the names by which a list is reached: of the last member, or of a variable and what that was given."""
    parts: list[Expr] = [over]
    if isinstance(over, Name):
        bound = module.scopes.lookup(over.id, over)
        parts += [one.value for one in bound if isinstance(one, Assign) and one.value and inside(one, function)]
    held = {member.name for part in parts for member in find(part, Member) if not _is_only_way(member)}
    alone = {name.id for part in parts for name in find(part, Name) if not isinstance(name.parent, Member | Index)}
    return {name for name in held | alone if name not in _PLAIN}


def _is_only_way(member: Member) -> bool:
    """Tell whether a member is only gone through to reach another: ``app`` of ``entry.app.needs``."""
    further = member.parent
    return isinstance(further, Member) and further.object is member and further.name not in _PLAIN


def _sorted_by(module: Module) -> Iterator[str]:
    """Yield the members of which a graph is made that is sorted: ``TopologicalSorter({n: p.after for n, p in …})``."""
    for call in module.calls(("TopologicalSorter",)):
        made = module.scopes.origin(call.args[0]) if call.args else None
        if isinstance(made, Comprehension) and made.clauses:
            held: list[Member | Index] = [*find(made.element, Member), *find(made.element, Index)]
            yield from (name for one in held if (name := _named(one)))


def _is_part(put: Call, held: Member | Index | Call) -> bool:
    """Tell whether something is put where parts of the same name hang: what is nested is taken together so."""
    return put.receiver is not None and last_word(put.receiver) == _named(held)


def _puts_in_line(function: Function, held: Member | Index | Call) -> bool:
    """Tell whether a function gives out what it is handed, after those that it has called itself for."""
    name = function.params[0].name
    return any(
        call.name in ("push", "append", "add")
        and not _is_part(call, held)
        and any(isinstance(arg := strip(one), Name) and arg.id == name for one in call.args)
        for call in calls_in(function.body)
    )


def _gives_behind(call: Call, held: Member | Index | Call, function: Function) -> bool:
    """Tell whether a function gives what it is asked for, or its record, behind those that it has called itself for.

    ``for (const other of sheet.after) yield* chain(other); yield sheet``, ``[*(each(n) for n in rec.after), rec]``,
    ``sheets[name].after.reduce(…).concat(name)``.
    """
    record = _holder(held)
    own = {function.params[0].name, record.id if isinstance(record, Name) else ""} - {""}
    if set(words(_named(held))) & BELOW:
        return False
    last: list[Expr | None] = [one.value for one in find(function.body, Yield) if behind(one, call)]
    last += [one.items[-1] for one in find(function.body, Array) if len(one.items) > 1 and inside(call, one)]
    last += [one.right for one in find(function.body, Binary) if one.op == "+" and inside(call, one.left)]
    last += [
        one.args[0]
        for one in calls_in(function.body)
        if one.name == "concat" and len(one.args) == 1 and one.receiver is not None and inside(call, one.receiver)
    ]
    for given in last:
        value = strip(given) if given is not None else None
        value = strip(value.items[0]) if isinstance(value, Array) and len(value.items) == 1 else value
        if isinstance(value, Name) and value.id in own:
            return True
    return False


def _puts_record(call: Call, held: Member | Index | Call, function: Function) -> bool:
    """Tell whether a function puts what it has looked up in order, after all that it has called itself for.

    ``for (const name of step.after) visit(name); ordered.set(step.id, step)``, and not what a thing is made of.
    """
    record = _holder(held)
    if not isinstance(record, Name) or set(words(_named(held))) & BELOW:
        return False
    puts: list[tuple[Node, Expr | None]] = [
        (one, one.args[-1])
        for one in calls_in(function.body)
        if one.name in _PUTS and one.args and not _is_part(one, held)
    ]
    puts += [(one, one.value) for one in find(function.body, Assign) if isinstance(one.target, Index)]
    return any(
        behind(at, call) and value is not None and isinstance(put := strip(value), Name) and put.id == record.id
        for at, value in puts
    )


def _named(held: Member | Index | Call) -> str:
    if isinstance(held, Member):
        return held.name
    if isinstance(held, Call):  # sheet.get("after", [])
        first = held.args[0]
        return first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""
    return held.key.value if isinstance(held.key, Literal) and isinstance(held.key.value, str) else ""


def _member(module: Module, over: Expr | None, function: Function) -> Member | Index | Call | None:
    """Return the member of a record that is gone through, by a variable or not."""
    over = _plain(over)
    if isinstance(over, Name):
        bound = module.scopes.lookup(over.id, over)
        only = bound[0] if len(bound) == 1 else None
        over = _plain(only.value) if isinstance(only, Assign) and inside(only, function) else None
    if isinstance(over, Member) or (isinstance(over, Index) and isinstance(over.key, Literal)):
        return over
    return over if isinstance(over, Call) and _asks_by_key(over) else None


def _asks_by_key(call: Call) -> bool:
    """Tell whether a call looks a member of a record up by its name: ``sheet.get("after", [])``."""
    return call.name == "get" and call.receiver is not None and bool(call.args) and isinstance(call.args[0], Literal)


def _holder(held: Member | Index | Call) -> Expr:
    """Return the record that a member is taken of."""
    if isinstance(held, Call):
        return strip(held.receiver or held.callee)
    return strip(held.object)


def _plain(over: Expr | None) -> Expr | None:
    """See through what stands in for a missing list, and what makes a list of it: ``sheet?.after ?? []``."""
    over = strip(over) if over is not None else None
    while isinstance(over, Binary | Call | Array):
        if isinstance(over, Binary) and over.op in ("??", "or"):
            over = strip(over.left)
        elif isinstance(over, Array) and len(over.items) == 1 and isinstance(over.items[0], Spread):
            over = strip(over.items[0].value)
        elif isinstance(over, Call) and over.name in _LISTS and over.args:
            over = strip(over.args[0])
        elif isinstance(over, Call) and over.name in _LISTS and over.receiver is not None:
            over = strip(over.receiver)
        else:
            return over
    return over


def _wakes(module: Module, function: Function) -> bool:
    said = words(function.name)
    if bool(said) and (starts(function.name) or starts(said[0]) or said[0] in _WAKES):
        return True
    inner = {id(target) for call in calls_in(function.body) if (target := definition(module, call.callee)) is not None}
    frames = [outermost(use.site) for use in hooks_of(module) if use.kind == "start"]
    return any(frame is function or (frame is not None and id(frame) in inner) for frame in frames)


def _listed(call: Call, name: str, function: Function) -> Expr | None:
    """Return what is gone through where each item, by this name, is handed to a call."""
    for around in ancestors(call):
        if around is function:
            return None
        if isinstance(around, For) and around.target is not None and name in names_in(around.target):
            return strip(around.iterable) if around.iterable is not None else None
        if isinstance(around, Comprehension):
            each = (over for target, over in around.clauses if name in names_in(target))
            found = next(each, None)
            if found is not None:
                return strip(found)
        if isinstance(around, Function) and any(name in (one.name, *one.fields.values()) for one in around.params):
            each_of = around.parent
            on = each_of.receiver if isinstance(each_of, Call) and each_of.name in _EACH else None
            return strip(on) if on is not None else None
    return None


def _by_name(value: Expr | None, name: str) -> bool:
    """Tell whether a value is looked up under a name that a function was given."""
    if value is None:
        return False
    asked = any(name in names_in(call.args) for call in find(value, Call))
    return asked or any(name in names_in(index.key) for index in find(value, Index))
