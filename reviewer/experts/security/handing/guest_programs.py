"""Programs that a host starts: those of its guests, told from the tools that are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.ideas import MANIFESTS
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, walk
from reviewer.experts.data.patterns import found as pattern_found
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.security.reaching.sinks import Sink

GUEST_PROCESSES: Final = (
    word_set(
        "plugin plugins extension extensions addon addons addin addins connector connectors skill skills entry "
        "entrypoint guest widget "
        "integration connector module runner worker sandbox child host"
    )
    | MANIFESTS
)
"""Words of what stands for a guest that runs in a process of its own."""
FILES: Final = word_set("main entry entrypoint script file path module program bin index")
"""Members of a record that name the file to run."""
_RUNS: Final = frozenset(
    "child_process.fork child_process.spawn asyncio.create_subprocess_exec subprocess.Popen".split()
)
_INTERPRETER: Final = r"(^|/)(python[\d.]*|node|deno|bun|ruby|perl|lua)$"
_PIPES: Final = frozenset({"stdin", "communicate"})
_WRAPS: Final = frozenset({"str", "fspath", "String", "list", "tuple"})


def is_guests(module: Module, sink: Sink) -> bool:
    """Tell whether a program belongs to a guest, and is none of the tools of the host."""
    return (
        runs_plugin(module, sink)
        or forks_record(module, sink)
        or runs_own_program(module, sink)
        or runs_listed(module, sink)
    )


def runs_plugin(module: Module, sink: Sink) -> bool:
    """Tell whether the file that is started is named for a plugin, and not a fixed tool."""
    waits = sink.name in ("subprocess.run", "subprocess.check_output", "subprocess.check_call", "subprocess.call")
    if sink.name not in _RUNS and not (waits and interprets(module, sink)):
        return False
    said: set[str] = set()
    for argument in sink.args:
        for node in walk(argument, into_functions=False):
            if isinstance(node, Name | Member):
                said.update(words(node.id if isinstance(node, Name) else node.name))
    return bool(said & (GUEST_PROCESSES - {"child", "host", "module", "runner", "worker"}))


def forks_record(module: Module, sink: Sink) -> bool:
    """Tell whether a process of the host's own language runs the file that a record names: ``fork(tool.main)``."""
    if sink.name.rsplit(".", 1)[-1] != "fork" or not sink.args:
        return False
    script = module.scopes.origin(sink.args[0])
    holder = strip(script.object) if isinstance(script, Member) and set(words(script.name)) & FILES else None
    return isinstance(holder, Name) and is_handed(module, holder)


def runs_own_program(module: Module, sink: Sink) -> bool:
    """Tell whether an object that stands for a plugin runs the program that it was told when it was made.

    ``class PluginProcess: … await create_subprocess_exec(str(self._program))``
    """
    owner = class_of(sink.call)
    if owner is None or not set(words(owner.name)) & GUEST_PROCESSES:
        return False
    first = words_of(module, sink)[:1]
    program = strip(first[0]) if first else None
    if isinstance(program, Call) and program.name in ("str", "fspath", "String") and program.args:
        program = strip(program.args[0])
    return isinstance(program, Member) and told_at_the_start(module, program)


def runs_listed(module: Module, sink: Sink) -> bool:
    """Tell whether the program is one of a table that the host was given, by the name that somebody asks for.

    ``create_subprocess_exec(*self._tools[job.tool])``. A table that the file itself writes out holds tools of its own.
    """
    first = next(iter(words_of(module, sink)), None)
    return first is not None and _is_listed(module, first)


def is_spoken_to(module: Module, sink: Sink) -> bool:
    """Tell whether what is started is asked something over its standard input."""
    if module.language == "python":
        return "stdin" in sink.call.keywords
    return bool(_PIPES & module.identifiers)


def _is_listed(module: Module, given: Expr) -> bool:
    inner = given.value if isinstance(given, Spread) else given
    made = module.scopes.origin(inner) if isinstance(inner, Name) else strip(inner)
    if isinstance(made, Call) and made.receiver is None and made.name in _WRAPS and made.args:
        made = strip(made.args[0])
    while isinstance(made, Member):  # ``self._tools[name].command``
        holder = strip(made.object)
        made = module.scopes.origin(holder) if isinstance(holder, Name) and holder.id != "this" else holder
    table, key = _looked_up(made)
    if table is None or key is None or not any(is_handed(module, name) for name in find(key, Name)):
        return False
    return _is_given(module, table)


def is_chosen(module: Module, made: object) -> Expr | None:
    """Return the table that the object, or the function around, was given, and that something is taken out of by name.

    ``factory = self._factories[connector]``
    """
    table, key = _looked_up(made)
    return table if table is not None and key is not None and _is_given(module, table) else None


def _looked_up(made: object) -> tuple[Expr | None, Expr | None]:
    if isinstance(made, Index):
        return made.object, made.key
    if isinstance(made, Call) and made.name == "get" and made.receiver is not None and made.args:
        return made.receiver, made.args[0]
    return None, None


def _is_given(module: Module, table: Expr) -> bool:
    """Tell whether a table is what the object, or the function around, was told."""
    held = strip(table)
    cls = class_of(held)
    if is_this_member(held) and cls is not None:
        values = [strip(value) for value in module.scopes.field_values(cls, held.name)]
        copied = [value.args[0] if isinstance(value, Call) and len(value.args) == 1 else value for value in values]
        return any(isinstance(one := strip(value), Name) and module.scopes.is_param(one) for value in copied)
    return isinstance(held, Name) and module.scopes.is_param(held)


def told_at_the_start(module: Module, part: Node) -> bool:
    """Tell whether a part of a path is a parameter of a constructor, or a field that is one."""
    bound = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
    cls = class_of(part)
    if isinstance(part, Member) and is_this_member(part) and cls is not None:
        if any(field.name == part.name and field.value is None and field.type for field in cls.fields):
            return cls.method("__init__") is None and module.language == "python"  # of a dataclass
        held = [strip(value) for value in module.scopes.field_values(cls, part.name)]
        bound = [one for name in held if isinstance(name, Name) for one in module.scopes.lookup(name.id, name)]
    return any(
        isinstance(one, Param) and isinstance(one.parent, Function) and one.parent.name in ("__init__", "constructor")
        for one in bound
    )


def is_handed(module: Module, name: Name, depth: int = 3) -> bool:
    """Tell whether a name is a parameter, or made of one."""
    for binding in module.scopes.lookup(name.id, name):
        if isinstance(binding, Param):
            return True
        if isinstance(binding, Assign) and binding.value is not None and depth:
            taken = binding.value.object if isinstance(binding.value, Index) else None  # of a pattern: lent, not held
            inside = [taken] if isinstance(taken, Name) else find(binding.value, Name)
            return any(is_handed(module, inner, depth - 1) for inner in inside)
    return False


def interprets(module: Module, sink: Sink) -> bool:
    """Tell whether a file is run by the interpreter of a language, and not one of the tools that come with it."""
    command = words_of(module, sink)
    items = [module.scopes.origin(item) for item in command]
    texts = [str(item.value) for item in items if isinstance(item, Literal)]
    runs = bool(texts[:1]) and isinstance(items[0], Literal) and pattern_found(_INTERPRETER, texts[0])
    first = command[0] if command else None
    return (runs or module.resolve(first) in ("sys.executable", "process.execPath")) and "pip" not in texts


def words_of(module: Module, sink: Sink) -> list[Expr]:
    """Return a command word by word: of one list, of a program and a list, or of several arguments."""
    made = [module.scopes.origin(one) for one in sink.args]
    if made and isinstance(made[0], Array):
        return made[0].items
    if len(made) > 1 and isinstance(made[1], Array):
        return [sink.args[0], *made[1].items]
    return list(sink.args) if module.language == "python" else list(sink.args[:1])
