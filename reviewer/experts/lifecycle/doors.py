"""The functions of a host through which one guest begins or ends: by a hook, as a process, in an object around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Class, Function, Index, Member, Name, Object, Return, strip
from reviewer.code.syntax import Literal as Constant
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.lifecycle.dependencies import outermost
from reviewer.experts.lifecycle.hooks import hooks_of
from reviewer.experts.lifecycle.loading import netted
from reviewer.experts.lifecycle.values import last_word, value_class

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

Way: TypeAlias = Literal["start", "stop"]

_DEEPEST: Final = 2
"""Helpers between a function and the guest that it begins or ends."""
_PROCESSES: Final = frozenset(
    "Worker fork spawn create_subprocess_exec create_subprocess_shell Popen UtilityProcess".split()
)
_RUNTIMES: Final = frozenset({"Worker", "fork", "UtilityProcess"})
"""Those that run code of the same kind as the host, and hardly a tool for its answer."""
_KILLS: Final = frozenset({"terminate", "kill"})
_PLACES: Final = ("child_process", "worker_threads", "asyncio", "subprocess", "Worker", "UtilityProcess", "electron")


class Step(Struct, frozen=True):
    """A call in a function by which a guest begins or ends."""

    way: Way
    call: Call


def steps(function: Function) -> list[Step]:
    """Return the calls of a function by which a guest begins or ends, those in its nameless arrows included."""
    module = function.module
    known = module.once("lifecycle.doors", lambda: _steps(module))
    return known.get(id(function), [])


def ways(function: Function) -> frozenset[str]:
    """Return whether a function begins or ends one guest, itself or through helpers that it hands it to."""
    return _ways(function, 0)


def passages(function: Function) -> list[Call]:
    """Return the calls of a function by which one guest begins or ends, those of its helpers included."""
    through = [call for call, helper in _handed_on(function) if _ways(helper, 1)]
    own = [step.call for step in steps(function)]
    return sorted({id(call): call for call in (*own, *through)}.values(), key=lambda call: call.start)


def escapes(function: Function, depth: int = 0) -> bool:
    """Tell whether what a guest throws when it begins or ends leaves a function."""
    if any(not netted(step.call, function) for step in steps(function)):
        return True
    return depth < _DEEPEST and any(
        escapes(helper, depth + 1) and not netted(call, function) for call, helper in _handed_on(function)
    )


def kept_class(module: Module, holder: Expr) -> Class | None:
    """Return the class of the subject that something is an instance of, by its type or by what its name was given."""
    known = value_class(module, holder)
    return known if known is not None else module.once("lifecycle.kept", lambda: _nouns(module)).get(last_word(holder))


def _steps(module: Module) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = {}

    def note(way: Way, call: Call) -> None:
        function = outermost(call)
        if function is not None:
            found.setdefault(id(function), []).append(Step(way, call))

    for use in hooks_of(module):
        if use.kind in ("start", "stop"):
            note("start" if use.kind == "start" else "stop", use.site)
    for call in module.calls(_PROCESSES):
        if _of_a_given_program(module, call):
            note("start", call)
    if not _PROCESSES.isdisjoint(module.identifiers) or "subprocess" in module.identifiers:
        for call in module.calls(_KILLS):
            if call.receiver is not None:
                note("stop", call)
    return found


def _of_a_given_program(module: Module, call: Call) -> bool:
    """Tell whether a call starts a program, or a file in a worker, that no text in the file names, and keeps it."""
    resolved = module.resolve(call.callee)
    program = strip(call.args[0]) if call.args else None
    if not resolved.startswith(_PLACES) or program is None or isinstance(program, Constant):
        return False
    return _is_kept(call)


def _is_kept(made: Call) -> bool:
    """Tell whether what a call makes outlives its function: a tool that is run for its answer does not."""
    if use_of(made).how == "returned":
        return made.name in _RUNTIMES
    assign = next((around for around in ancestors(made) if isinstance(around, Assign)), None)
    if assign is None or isinstance(assign.target, Member | Index):
        return assign is not None
    function = function_of(made)
    name = assign.target.id if isinstance(assign.target, Name) else ""
    return function is not None and any(
        node.id == name
        and (
            isinstance(node.parent, Object | Return)
            or (isinstance(node.parent, Assign) and _is_place(node.parent, node))
        )
        for node in find(function.body, Name)
    )


def _is_place(assign: Assign, value: Name) -> bool:
    return assign.value is value and isinstance(assign.target, Member | Index)


def _ways(function: Function, depth: int) -> frozenset[str]:
    known: dict[int, frozenset[str]] = function.module.once(f"lifecycle.ways:{depth}", dict)
    if id(function) not in known:
        known[id(function)] = frozenset()  # a function that calls itself
        found: set[str] = {step.way for step in steps(function)}
        for _call, helper in _handed_on(function) if depth < _DEEPEST else ():
            found |= _ways(helper, depth + 1)
        known[id(function)] = frozenset(found)
    return known[id(function)]


def _handed_on(function: Function) -> list[tuple[Call, Function]]:
    """Return the calls of a function by which what it was given, or looked up by that, goes on to another function."""
    known: dict[int, list[tuple[Call, Function]]] = function.module.once("lifecycle.handed_on", dict)
    if id(function) not in known:
        known[id(function)] = _work_out_handed_on(function)
    return known[id(function)]


def _work_out_handed_on(function: Function) -> list[tuple[Call, Function]]:
    module = function.module
    own = {param.name for param in function.params} | {f for p in function.params for f in p.fields.values()}
    for assign in find(function.body, Assign):
        if assign.value is not None and names_in(assign.value) & own:
            own |= names_in(assign.target) - {"this"}
    found = []
    for call in calls_in(function.body):
        concerned = (names_in(call.callee) | {name for arg in call.args for name in names_in(arg)}) & own
        helper = _reached(module, call) if concerned else None
        if helper is not None and helper is not function:
            found.append((call, helper))
    return found


def _reached(module: Module, call: Call) -> Function | None:
    target = definition(module, call.callee)
    if isinstance(target, Function):
        return target
    callee = strip(call.callee)
    holder = kept_class(module, callee.object) if isinstance(callee, Member) else None
    return holder.method(callee.name) if holder is not None and isinstance(callee, Member) else None


def _nouns(module: Module) -> dict[str, Class]:
    """Return which class of the subject variables and members were given one of: ``await new Seat().sit()``."""
    found: dict[str, Class] = {}
    for assign in module.all(Assign):
        made = strip(assign.value) if assign.value is not None else None
        while isinstance(made, Call) and not made.new and made.receiver is not None:
            made = strip(made.receiver)
        cls = definition(module, made.callee) if isinstance(made, Call) and made.new else None
        if isinstance(cls, Class) and isinstance(assign.target, Name | Member):
            found[last_word(assign.target)] = cls
    for assign in module.all(Assign) if found else ():
        if isinstance(assign.target, Member) and isinstance(assign.value, Name) and assign.value.id in found:
            found.setdefault(assign.target.name, found[assign.value.id])
    return found
