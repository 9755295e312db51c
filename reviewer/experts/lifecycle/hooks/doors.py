"""The functions of a host through which one guest begins or ends: by a hook, as a process, in an object around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from msgspec import Struct, field

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Return,
    Try,
    strip,
)
from reviewer.code.syntax import Literal as Constant
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.bringing.loading import netted, swallows
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.lifecycle.values import last_word, value_class

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.project import Project

Way: TypeAlias = Literal["start", "stop"]

_DEEPEST: Final = 2
"""Helpers between a function and the guest that it begins or ends."""
_PROCESSES: Final = frozenset(
    "Worker fork spawn create_subprocess_exec create_subprocess_shell Popen UtilityProcess".split()
)
_RUNTIMES: Final = frozenset({"Worker", "fork", "UtilityProcess"})
"""Those that run code of the same kind as the host, and hardly a tool for its answer."""
_COMMANDS: Final = frozenset({"command", "commands", "cmd", "argv", "commandline"})
_KILLS: Final = frozenset({"terminate", "kill"})
_MARKS: Final = (
    b"new Worker",
    b"fork(",
    b"spawn(",
    b"Popen(",
    b"create_subprocess",
    b"import_module",
    b"exec_module",
    b"await import(",
)
"""What stands in a file in which processes or workers begin, or code is loaded."""
_PLACES: Final = ("child_process", "worker_threads", "asyncio", "subprocess", "Worker", "UtilityProcess", "electron")


class Step(Struct, frozen=True):
    """A call in a function by which a guest begins or ends."""

    way: Way
    call: Call


class Door(Struct):
    """What a function does to one guest: in which ways, and by which calls of helpers that it hands it to."""

    ways: set[str] = field(default_factory=set)
    through: list[tuple[Call, Function]] = field(default_factory=list)


def steps(function: Function) -> list[Step]:
    """Return the calls of a function by which a guest begins or ends, those in its nameless arrows included."""
    module = function.module
    return module.once("lifecycle.steps", lambda: _steps(module)).get(id(function), [])


def ways(module: Module, function: Function) -> frozenset[str]:
    """Return whether a function begins or ends one guest, itself or through helpers that it hands it to.

    Of another file than that which asks only those are known in which processes or workers begin, or code is loaded.
    """
    if function.module is not module:
        return _elsewhere(function)[0]
    door = _doors_of(module).get(id(function))
    return frozenset(door.ways) if door is not None else frozenset()


def passages(function: Function) -> list[Call]:
    """Return the calls of a function by which one guest begins or ends, those of its helpers included."""
    door = _doors_of(function.module).get(id(function))
    through = [call for call, _helper in door.through] if door is not None else []
    own = [step.call for step in steps(function)]
    return sorted({id(call): call for call in (*own, *through)}.values(), key=lambda call: call.start)


def escapes(module: Module, function: Function, depth: int = 0) -> bool:
    """Tell whether what a guest throws when it begins or ends leaves a function."""
    if function.module is not module:
        return _elsewhere(function)[1]
    if any(not _stays_in(step.call, function) for step in steps(function)):
        return True
    door = _doors_of(module).get(id(function))
    return (
        depth < _DEEPEST
        and door is not None
        and any(escapes(module, helper, depth + 1) and not _stays_in(call, function) for call, helper in door.through)
    )


def _stays_in(call: Call, function: Function) -> bool:
    return netted(call, function) or _clears_up(call, function)


def _clears_up(call: Call, function: Function) -> bool:
    """Tell whether a call stands in the ``finally`` of what keeps the guest's own failure in: no hook, but its end."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Try) and any(inner is one for one in around.final):
            return bool(around.handlers) and all(map(swallows, around.handlers))
        if around is function:
            return False
        inner = around
    return False


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
    return _is_kept(call) and not (call.name == "Popen" and _runs_any_command(module, call, program))


def _runs_any_command(module: Module, call: Call, program: Expr) -> bool:
    """Tell whether a plain function runs whatever command it is handed, and only gives back what it started."""
    function = function_of(call)
    if function is None or function.owner is not None:
        return False
    made = module.scopes.origin(program)
    named = names_in(made if isinstance(made, Expr) else program)
    return any(param.name in named and set(words(param.name)[-1:]) & _COMMANDS for param in function.params)


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
            or (isinstance(node.parent, Call) and _makes(node.parent) and use_of(node.parent).how == "returned")
        )
        for node in find(function.body, Name)
    )


def _makes(call: Call) -> bool:
    """Tell whether a call makes an object: ``new Link(child)``, and ``Link(child)`` where nobody says new."""
    return call.new or call.name[:1].isupper()


def _is_place(assign: Assign, value: Name) -> bool:
    return assign.value is value and isinstance(assign.target, Member | Index)


def _doors_of(module: Module) -> dict[int, Door]:
    return module.once("lifecycle.doors", lambda: _doors(module))


def _doors(module: Module) -> dict[int, Door]:
    """Work out which functions of a file are doors: those with a step, and those that hand a guest on to one."""
    found: dict[int, Door] = {}
    edge: list[Function] = []
    for function in module.functions:
        if own := steps(function):
            found[id(function)] = Door({step.way for step in own})
            edge.append(function)
    edge += _imported(module)
    for _ in range(_DEEPEST):
        further: list[Function] = []
        for helper in edge:
            for call in module.calls((helper.name,)) if helper.name else ():
                home = outermost(call)
                if home is None or home is helper or _reached(module, call) is not helper or not _hands(home, call):
                    continue
                known = found.get(id(helper))
                door = found.setdefault(id(home), Door())
                door.ways |= known.ways if known is not None else _elsewhere(helper)[0]
                door.through.append((call, helper))
                further.append(home)
        edge = further
    return found


def _imported(module: Module) -> list[Function]:
    """Return the functions of other files that a module imports from in which guests begin or end."""
    project = module.project
    if project is None:
        return []
    found: list[Function] = []
    sources = [one.source for one in module.imports]
    for call in module.calls(("require",)):
        named = strip(call.args[0]) if call.args else None
        if isinstance(named, Constant) and isinstance(named.value, str):
            sources.append(named.value)
    for path in sorted({project.target(module.path, source) for source in sources} - {"", module.path}):
        known = _file(project, path)
        other = project.module(path) if known else None
        if other is not None:
            found += [one for one in other.functions if one.raw.start_byte in known]
    return found


def _elsewhere(function: Function) -> tuple[frozenset[str], bool]:
    """Return (ways, whether an error escapes) of a function of another file."""
    project = function.module.project
    known = _file(project, function.module.path) if project is not None else {}
    return known.get(function.raw.start_byte, (frozenset(), False))


def _file(project: Project, path: str) -> dict[int, tuple[frozenset[str], bool]]:
    """Return the same for the functions of a file, by where they stand; each file is asked once."""
    return project.once(f"lifecycle.doors:{path}", lambda: _of_file(project, path))


def _of_file(project: Project, path: str) -> dict[int, tuple[frozenset[str], bool]]:
    try:
        text = project.text(path)
    except LookupError:
        return {}
    module = project.module(path) if any(mark in text for mark in _MARKS) else None
    return {
        function.raw.start_byte: (frozenset(step.way for step in own), any(not netted(s.call, function) for s in own))
        for function in (module.functions if module is not None else ())
        if (own := steps(function))
    }


def _hands(function: Function, call: Call) -> bool:
    """Tell whether a call of a function is about what that was given, or what it looked up by that."""
    own = {param.name for param in function.params} | {f for p in function.params for f in p.fields.values()}
    for assign in find(function.body, Assign):
        if assign.value is not None and names_in(assign.value) & own:
            own |= names_in(assign.target) - {"this"}
    for loop in find(function.body, For):
        if loop.target is not None:
            own |= names_in(loop.target)
    return bool((names_in(call.callee) | {name for arg in call.args for name in names_in(arg)}) & own)


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
