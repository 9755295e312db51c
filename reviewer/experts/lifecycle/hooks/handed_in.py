"""Hooks of what a caller hands in and a host keeps: it is given something to work with, and later asked to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Call, Class, Function, Index, Member, Name, Object, Param, strip
from reviewer.code.tables import accesses
from reviewer.code.text.ideas import LISTENS, SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, names_in
from reviewer.experts.guests import element_of, table_of
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.guests.kept_as import is_kept_as
from reviewer.experts.lifecycle.hooks.hook_calls import frame_of
from reviewer.experts.lifecycle.hooks.opposites import STEPS, turns_round
from reviewer.experts.lifecycle.values import last_word, part_name, value_class
from reviewer.experts.lifecycle.vocabulary import NOT_PLUGINS, saves, starts, stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

NO_HOOKS: Final = (
    LISTENS
    | SENDS
    | frozenset(
        "then catch finally map forEach filter find some every reduce call apply bind push append add set get has "
        "pop delete remove discard write send log info warn error debug update extend join split format replace next "
        "insert render draw paint item items keys values test match exec run execute query handle process".split()
    )
)
"""Members that much else has, and that wake nobody."""
_ANSWERED: Final = ("assigned", "tested", "iterated")
"""What becomes of an answer that is wanted: whoever ends something asks for none."""
_EACH: Final = frozenset({"map", "forEach", "filter", "flatMap", "some", "every", "find", "reduce"})
_PUTS: Final = frozenset({"set", "push", "append", "add", "unshift", "setdefault", "insert"})


def handed_in_hooks(module: Module) -> Iterator[tuple[str, str, str]]:
    """Yield (noun, start, stop) for what is kept by the function that wakes it; the stop is empty if there is none.

    A caller or a factory that a caller handed in made it: its class is nobody's of the subject. The start hands it an
    object of the host that is to be worked with, and the stop is called where one is taken out again.
    """
    best: dict[str, tuple[int, str, str]] = {}
    for call in module.all(Call):
        callee = strip(call.callee)
        if not isinstance(callee, Member) or callee.name in NO_HOOKS:
            continue
        held = strip(callee.object)
        if not isinstance(held, Name) or not NOT_PLUGINS.isdisjoint(words(held.id)):
            continue
        if not call.args and not _made_with_face(module, held):
            continue
        if use_of(call).how in ("assigned", "tested", "iterated") or not is_handed_in(module, held):
            continue
        function = outermost(call)
        if function is not None and (keeps(module, function, held.id) or _kept_by_caller(module, function, held)):
            stop = _stop_of(module, held.id, callee.name)
            sure = _surety(module, call, callee.name, stop) if call.args or stop else 0
            if sure > best.get(held.id, (0, "", ""))[0]:
                best[held.id] = (sure, callee.name, stop)
    for noun, (_sure, start, stop) in best.items():
        yield noun, start, stop


def _kept_by_caller(module: Module, function: Function, held: Name) -> bool:
    """Tell whether a helper wakes what its caller puts into a collection: what it was handed, or answers with."""
    place = next((at for at, one in enumerate(function.params) if one.name == held.id), None)
    answered = any(isinstance(one.value, Name) and one.value.id == held.id for one in returns_of(function))
    if not function.name or (place is None and not answered):
        return False
    for call in module.calls((function.name,)):
        around = outermost(call)
        if around in (None, function) or around is None or definition(module, call.callee) is not function:
            continue
        given = call.arg(place, held.id) if place is not None else None
        if isinstance(given, Name) and is_handed_in(module, given) and keeps(module, around, given.id):
            return True
        if answered and _put_away(module, around, call):
            return True
    return False


def _put_away(module: Module, function: Function, call: Call) -> bool:
    """Tell whether the answer of a call is put into a collection, by itself or by a variable."""
    use = use_of(call)
    if use.how == "argument" and isinstance(use.by, Call):
        return use.by.name in _PUTS and use.by.receiver is not None
    target = strip(use.by.target) if use.how == "assigned" and isinstance(use.by, Assign) else None
    return isinstance(target, Index) or (isinstance(target, Name) and keeps(module, function, target.id))


def _surety(module: Module, call: Call, start: str, stop: str) -> int:
    """Tell how much speaks for a waking: the names of both, what is handed over, who made it; 0 where nothing does."""
    if stop and (turns_round(start, stop) or (starts(start) and stops(stop) and flat(stop) != "close")):
        return 3
    if any(is_face(module, arg) for arg in call.args):
        return 2
    if stop and call.receiver is not None and is_brought(module, call.receiver):
        return 2 if starts(start) else 1
    held = strip(call.receiver) if call.receiver is not None else None
    if not stop or not isinstance(held, Name):
        return 0
    made = module.scopes.origin(held)
    lent = isinstance(made, Call) and any(is_face(module, arg) for arg in made.args)
    if lent and flat(stop) in (f"dis{flat(start)}", f"un{flat(start)}"):
        return 2  # a factory was handed what the plugin works with
    said, ended = words(start), words(stop)
    told = said[:1] == ended[:1] == ("on",) and len(said) > 1 < len(ended)
    given = isinstance(module.scopes.origin(held), Param) and starts(start)
    return 1 if told or given or is_offered(module, held) else 0


def is_handed_in(module: Module, held: Name) -> bool:
    """Tell whether a variable holds what a caller gave, or what a factory made that the subject doesn't define."""
    cls = value_class(module, held)
    if cls is not None and cls.kind == "class":
        return False
    origin = module.scopes.origin(held)
    if isinstance(origin, Param):
        return _of_a_caller(origin)
    if is_offered(module, held):
        return True
    if not isinstance(origin, Call):
        return False
    if is_brought(module, origin):
        return True
    maker = strip(origin.callee)
    promised = definition(module, maker)
    if isinstance(promised, Function) and promised.signature_only:
        return True  # whoever fills in the host's own class makes it
    if _looked_up(module, maker):
        return True
    if is_this_member(maker):  # a factory that the constructor was handed: this._make(name)
        cls = class_of(maker)
        given = module.scopes.field_values(cls, maker.name) if cls is not None else []
        return bool(given) and all(isinstance(module.scopes.origin(one), Param) for one in given)
    return isinstance(maker, Name) and isinstance(module.scopes.origin(maker), Param | Index)


def _looked_up(module: Module, maker: Expr) -> bool:
    """Tell whether a factory is what something handed in gives for a key: ``make = await shelf.open(name)``."""
    asked = module.scopes.origin(maker) if isinstance(maker, Name) else None
    while isinstance(asked, Member) and not is_this_member(asked):  # const { create } = await shelf.open(name)
        asked = module.scopes.origin(asked.object)
    if isinstance(asked, Index):
        holder = strip(asked.object)
    elif isinstance(asked, Call) and asked.args and asked.receiver is not None:
        holder = strip(asked.receiver)
    else:
        return False
    if is_this_member(holder):
        cls = class_of(holder)
        given = module.scopes.field_values(cls, holder.name) if cls is not None else []
        return bool(given) and all(_is_of_caller(module, one) for one in given)
    return isinstance(holder, Name) and isinstance(module.scopes.origin(holder), Param)


def _is_of_caller(module: Module, value: Expr) -> bool:
    """Tell whether a value is what somebody handed in, or a copy of that: ``dict(factories)``."""
    made = strip(value)
    if isinstance(made, Call) and made.name in ("dict", "Map", "copy") and len(made.args) == 1:
        made = made.args[0]
    return isinstance(module.scopes.origin(made), Param)


def _made_with_face(module: Module, held: Name) -> bool:
    """Tell whether a factory looked up for a key made something, and was handed what that works with."""
    made = module.scopes.origin(held)
    return isinstance(made, Call) and bool(made.args) and _looked_up(module, strip(made.callee))


def is_offered(module: Module, held: Name) -> bool:
    """Tell whether something is looked up in a list or map of the host that a function for callers fills."""
    collection = element_of(module, held)
    table = table_of(module, collection) if collection is not None else None
    origin = module.scopes.origin(held)
    if table is None or not isinstance(origin, Call | Index):
        return False
    return any(access.value is not None and _given(module, access.value) for access in table.of("write"))


def _given(module: Module, value: Expr) -> bool:
    """Tell whether a value is what a caller gives, or a copy of it: ``Object.freeze({...pump})``."""
    value = strip(value)
    if isinstance(value, Call) and value.name in ("freeze", "assign", "copy", "replace") and value.args:
        return any(_given(module, arg) for arg in value.args)
    if isinstance(value, Object):
        return any(_given(module, held) for held in value.spreads)
    return isinstance(value, Name) and isinstance(module.scopes.origin(value), Param)


def _of_a_caller(param: Param) -> bool:
    """Tell whether somebody hands something in under a name, and no loop goes over it."""
    function = param.parent
    around = function.parent if isinstance(function, Function) else None
    return isinstance(function, Function) and not (isinstance(around, Call) and around.callee is not function)


def is_step_of_life(name: str) -> bool:
    """Tell whether a member of this name may wake one, and isn't asked again and again or told of something."""
    said = words(name)
    return name not in NO_HOOKS and (not said or said[0] not in ("on", *STEPS))


def is_face(module: Module, given: Expr) -> bool:
    """Tell whether something is an object of the host to work with: its functions, one of its classes, itself."""
    given = strip(given)
    if isinstance(given, Name) and given.id in ("this", "self"):
        return True
    for where, found in values_of(module, _part_of_made(module, given)):
        value = found
        while isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
            value = strip(value.args[0])
        if isinstance(value, Object) and any(isinstance(strip(held), Function) for _key, held in value.entries):
            return True
        made = definition(where, value.callee) if isinstance(value, Call) else None
        if isinstance(made, Class) and len(made.methods) > 1:
            return True
    return False


def _part_of_made(module: Module, given: Expr) -> Expr:
    """Return what a member of something made by the subject was given: ``face`` of ``{ face, blank }``."""
    if not isinstance(given, Member):
        return given
    for where, value in values_of(module, given.object):
        part = value.get(given.name) if isinstance(value, Object) else None
        if part is not None and where is module:
            return part
    return given


def keeps(module: Module, function: Function, noun: str) -> bool:
    """Tell whether a function puts something into a collection, or answers with a record that holds it."""
    for call in calls_in(function.body):
        if call.name in _PUTS and call.receiver is not None and any(_holds(module, arg, noun) for arg in call.args):
            return True
    for assign in find(function.body, Assign):
        held = strip(assign.target)
        if not isinstance(held, Index | Member) or assign.value is None or not _holds(module, assign.value, noun):
            continue
        if isinstance(held, Index) or (not is_this_member(held) and is_brought(module, assign.value)):
            return True
    return any(
        isinstance(strip(one.value), Object) and noun in names_in(one.value)
        for one in returns_of(function)
        if one.value is not None
    )


def _holds(module: Module, value: Expr, noun: str) -> bool:
    value = strip(value)
    if isinstance(value, Name) and value.id == noun:
        return True
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    parts: list[Expr] = []
    if isinstance(made, Object):
        parts = [held for _key, held in made.entries]
    elif isinstance(made, Call):
        parts = [*made.args, *made.keywords.values()]
    elif isinstance(made, Array):
        parts = made.items
    return any(isinstance(part := strip(held), Name) and part.id == noun for held in parts)


def _stop_of(module: Module, noun: str, start: str) -> str:
    """Return the member without arguments that is called where one is taken out of a collection, or ended.

    Of several it is the one whose name says so.
    """
    found: list[str] = []
    for call in module.all(Call):
        callee = strip(call.callee)
        if not isinstance(callee, Member) or call.args or call.keywords:
            continue
        if part_name(callee.object) != noun and not is_kept_as(module, callee.object, noun):
            continue
        if callee.name in NO_HOOKS or callee.name == start or use_of(call).how in _ANSWERED:
            continue
        if _asked_through_helper(call) and not stops(callee.name):
            continue
        function = outermost(call)
        if function is not None and takes_out(function) and not saves(callee.name):
            found.append(callee.name)
    return next((name for name in found if stops(name) or turns_round(start, name)), found[0] if found else "")


def _asked_through_helper(call: Call) -> bool:
    """Tell whether the answer comes back from what waits for it: ``const state = await limited(old.state())``."""
    use = use_of(frame_of(call)[0])
    while use.how == "argument" and isinstance(use.by, Call):
        use = use_of(use.by)
    return use.how in _ANSWERED


def takes_out(function: Function) -> bool:
    """Tell whether a function ends one by its name, or takes something out of a collection that outlives it."""
    bare = function.name.lstrip("_#")
    if bare and (stops(bare) or stops((*words(bare), "")[0])):
        return True
    nodes: list[Call | Index] = [*find(function.body, Call), *find(function.body, Index)]
    for node in nodes:
        if any(access.how == "delete" and _outlives(holder, function) for holder, access in accesses(node)):
            return True
    return any(_filtered(assign) for assign in find(function.body, Assign))


def _outlives(holder: Expr, function: Function) -> bool:
    holder = strip(holder)
    if is_this_member(holder):
        return True
    if not isinstance(holder, Name):
        return False
    bound = function.module.scopes.lookup(holder.id, holder)
    return bool(bound) and all(isinstance(one, Assign) and function_of(one) is not function for one in bound)


def _filtered(assign: Assign) -> bool:
    """Tell whether a collection is replaced by what is left of it: ``rows = rows.filter(...)``."""
    value = strip(assign.value) if assign.value is not None else None
    return (
        isinstance(value, Call)
        and value.name == "filter"
        and value.receiver is not None
        and last_word(value.receiver) == last_word(assign.target)
    )
