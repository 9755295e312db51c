"""Whether all handlers of a table are the program's own, so that their errors are no stranger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Class, Export, Function, Member, Name, Param, strip
from reviewer.code.walk import calls_in, find

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.communication.invocations import Invocation


def all_its_own(module: Module, found: Invocation) -> bool:
    """Tell whether all that is called is the program's own: functions beside it, and what it makes itself."""
    table = found.source.table
    writes = table.of("write") if table is not None else []
    made = [module.scopes.origin(one.value) for one in writes if one.value is not None]
    return bool(made) and len(made) == len(writes) and all(_is_own(module, one) for one in made)


def _is_own(module: Module, made: object) -> bool:
    """Tell whether a value is a function that stands here, or made by one of the subject of no stranger's value."""
    if isinstance(made, Function):
        return made.outer is not None and not _calls_stranger(made)
    if isinstance(made, Param):
        return _is_handed_own(module, made)
    if not isinstance(made, Call) or not isinstance(definition(module, made.callee), Function | Class):
        return False
    handed = [
        name
        for arg in (*made.args, *made.keywords.values())
        if not isinstance(strip(arg), Function)
        for name in find(arg, Name)
    ]
    return not any(isinstance(one, Param) for name in handed for one in module.scopes.lookup(name.id, name))


def _is_handed_own(module: Module, param: Param) -> bool:
    """Tell whether a function that nothing but its calls names is only ever handed functions that stand in the file."""
    taker = param.parent
    if not isinstance(taker, Function) or taker.owner is not None or not taker.name or _goes_out(module, taker):
        return False
    given = [call.arg(taker.params.index(param), param.name) for call in module.calls((taker.name,))]
    own = [definition(module, one) if one is not None else None for one in given]
    return bool(own) and all(isinstance(one, Function) and not _calls_stranger(one) for one in own)


def _goes_out(module: Module, function: Function) -> bool:
    """Tell whether others may get at a function: it is exported, handed on, or Python's, where all can be imported."""
    if module.language == "python":
        return True
    if isinstance(function.parent, Assign) and isinstance(function.parent.target, Member):
        return True
    out = {name for one in module.all(Export) for pair in one.names for name in pair}
    called = {id(strip(call.callee)) for call in module.calls((function.name,))}
    return function.name in out or any(one.id == function.name and id(one) not in called for one in module.all(Name))


def _calls_stranger(function: Function) -> bool:
    """Tell whether a function calls one that was handed in, so that its errors are those of a stranger."""
    handed = {param.name for around in (function.outer, function) if around is not None for param in around.params}
    return any(isinstance(call.callee, Name) and call.callee.id in handed for call in calls_in(function.body))
