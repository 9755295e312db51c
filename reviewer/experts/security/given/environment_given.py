"""SEC059: a plugin's process gets the host's environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.data.patterns import found as pattern_found
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.handing.given_to_guests import reaches_guests
from reviewer.experts.security.handing.guest_programs import (
    GUEST_PROCESSES,
    forks_record,
    interprets,
    is_handed,
    told_at_the_start,
    words_of,
)
from reviewer.experts.security.reaching.commands import PROGRAMS
from reviewer.experts.security.reaching.sinks import Sink, sinks
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

WHOLE: Final = frozenset({"process.env", "os.environ", "Deno.env.toObject()", "os.environ.copy()", "os.environb"})
"""What all variables of the environment are called, by resolved name."""
_SHARED: Final = ("worker_threads.SHARE_ENV",)
_DEEPEST: Final = 5
"""Copies of copies that are looked into; ``env = {...env}`` is one of itself."""
_COPIES: Final = frozenset(
    {"dict", "copy", "assign", "deepcopy", "structuredClone", "toObject", "fromEntries", "entries"}
)
_PATHS: Final = frozenset({"join", "joinpath", "resolve"})
"""Calls that put a path together."""
_TOOLS: Final = word_set("tool tools bin binaries binary programs vendor libexec sbin cli")
"""Words of a folder with what belongs to the host itself."""
STARTERS: Final = PROGRAMS | frozenset(
    "worker_threads.Worker Worker child_process.fork child_process.exec asyncio.create_subprocess_shell "
    "electron.utilityProcess.fork".split()
)
"""Calls that start a process or a thread."""
_RUNNERS: Final = (
    r"[\s./$%{]|^$|^((ba|z|da|fi|c|k)?sh|cmd|pwsh|powershell|env|exec|nice|nohup|sudo|su|time|timeout|xargs|setsid|"
    r"python[\w.]*|pypy3?|node|nodejs|deno|bun|bunx|tsx|ts-node|ruby|perl|lua|php|java|dotnet|mono|go|cargo|make|"
    r"n?px|npm|pnpm|yarn|pip3?|pipx|uvx?|poetry|hatch|conda|docker|podman|kubectl|bwrap|firejail|unshare|chroot|"
    r"wasmtime|wasmer|electron|xvfb-run|systemd-run|runuser|jupyter)$"
)
"""Programs that run what they are told, or the scripts that come with what they install."""


_TOLD: Final = regex(rb"(?i)\b(?:plugins?|extensions?|add-?ons?)\b")
"""Words of whoever a program belongs to, in what a file says of itself."""


@module_check("SEC059", words={"env", "environ", "spawn", "fork", "worker", "popen", "exec", "subprocess"})
def environment_given(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every process that a host starts for a plugin."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    yield from _by_name(module)
    for sink in sinks(module, STARTERS):
        given = sink.option(module, "env")
        if given is not None and _runs_own_tool(module, sink) and not _runs_for_whom_asked(module, sink, given):
            continue
        about = _about_plugins(module, sink) or forks_record(module, sink)
        runs = given is not None and (_file_from_outside(module, sink) or _runs_what_came(module, sink))
        if not about and not runs and not (given is not None and _for_a_plugin(module, sink, given)):
            continue
        if given is not None and whole(module, given):
            yield Match(
                _made(module, given),
                "The plugin's process gets the whole environment of the host, every key and password in it.",
            )


def _made(module: Module, given: Expr) -> Expr:
    """Return where an environment is put together, in the function that hands it over."""
    made = module.scopes.origin(given) if isinstance(given, Name) else None
    together = isinstance(made, Object) or (isinstance(made, Call) and made.name in _COPIES)
    return made if together and isinstance(made, Expr) and function_of(made) is function_of(given) else given


def whole(module: Module, expr: Expr, depth: int = _DEEPEST) -> bool:
    """Tell whether a value is the whole environment, or a copy with something added."""
    if module.resolve(expr) in WHOLE:
        return True
    return depth > 0 and any(_is_whole(where, made, depth - 1) for where, made in values_of(module, expr))


def _is_whole(module: Module, origin: Expr, depth: int) -> bool:
    if module.resolve(origin) in WHOLE or module.resolve(origin).endswith(_SHARED):
        return True
    if isinstance(origin, Object):
        return any(whole(module, part, depth) for part in origin.spreads)
    if isinstance(origin, Call) and origin.name in _COPIES:
        parts = [*origin.args, *([origin.receiver] if origin.receiver is not None else [])]
        return any(whole(module, p.value if isinstance(p, Spread) else p, depth) for p in parts)
    if isinstance(origin, Comprehension):
        return False
    operands = [getattr(origin, "left", None), getattr(origin, "right", None)]
    return getattr(origin, "op", "") == "|" and any(o is not None and module.resolve(o) in WHOLE for o in operands)


def _by_name(module: Module) -> Iterator[Match]:
    """Find functions that answer with the variable whose name they are given."""
    for node in module.some(Index, Call):
        if isinstance(node, Index):
            holder, key = node.object, node.key
        elif isinstance(node, Call) and node.name in ("get", "getenv") and node.args and node.receiver is not None:
            holder, key = node.receiver if node.name == "get" else node.callee, node.args[0]
        else:
            continue
        if module.resolve(holder) not in ("process.env", "os.environ", "os.getenv") or not isinstance(key, Name):
            continue
        function = function_of(node)
        given = function is not None and any(param.name == key.id for param in function.params)
        if not given or function is None or not isinstance(node.parent, Return) or function.private:
            continue
        if isinstance(function.parent, Object) or set(words(function.name)) & GUEST_PROCESSES | _facade(function):
            yield Match(
                node,
                f"'{function.name}' answers with any variable of the host's environment, every key and password "
                "in it: the caller chooses the name.",
            )


def _facade(function: Function) -> set[str]:
    """Return the words by which a class says that it is what a plugin gets."""
    owner = words(function.owner.name) if function.owner is not None else ()
    return set(owner) & {"api", "context", "facade", "services", "bridge", "sdk"}


def _about_plugins(module: Module, sink: Sink) -> bool:
    said: set[str] = set()
    for argument in sink.args:
        for node in walk(argument, into_functions=False):
            said.update(words(node.id if isinstance(node, Name) else node.name if isinstance(node, Member) else ""))
    function = function_of(sink.call)
    while function is not None:
        said.update(words(function.name))
        if function.owner is not None:
            said.update(words(function.owner.name))
        function = function.outer
    return bool(said & GUEST_PROCESSES)


def _file_from_outside(module: Module, sink: Sink) -> bool:
    """Tell whether the script that a new process of the language runs is one that the program doesn't name."""
    if sink.name.rsplit(".", 1)[-1] not in ("fork", "Worker") or not sink.args:
        return False
    script = trace(module, sink.args[0])
    return bool(script.kinds() - {"environment"})


def _runs_what_came(module: Module, sink: Sink) -> bool:
    """Tell whether the interpreter is given a file that the caller of the function says where to find."""
    if not sink.args or not interprets(module, sink):
        return False
    told = (item for item in words_of(module, sink)[1:] if not _is_switch(item))
    file = next(told, None)  # what stands behind it is told to the file
    return file is not None and any(is_handed(module, name) for name in find(file, Name))


def _is_switch(item: Expr) -> bool:
    """Tell whether a word of a command only says how the interpreter is to work: ``-I``, ``--no-warnings``."""
    word = strip(item)
    return isinstance(word, Literal) and str(word.value).startswith("-")


def _runs_own_tool(module: Module, sink: Sink) -> bool:
    """Tell whether the program is written out, and none of those that run what they are told: ``tar``, ``git``."""
    if sink.name.rsplit(".", 1)[-1] in ("fork", "Worker", "exec", "create_subprocess_shell"):
        return False
    command = words_of(module, sink)
    first = module.scopes.origin(command[0]) if command else None
    if not isinstance(first, Literal) or not isinstance(first.value, str):
        return False
    program = first.value.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".exe")
    return not pattern_found(_RUNNERS, program)


def _runs_for_whom_asked(module: Module, sink: Sink, given: Expr) -> bool:
    """Tell whether a tool of the host is told in its environment for whom it works, who was asked for a right first."""
    return _names_whom(module, given) and _asks_first(module, sink)


def _for_a_plugin(module: Module, sink: Sink, given: Expr) -> bool:
    """Tell whether a program whose place the caller gives is a plugin's by what the file says, or by its environment.

    Where only some variables were meant, ``{**os.environ, **{name: os.environ[name] for name in PASSED_ON}}``, the
    program is none of the host's own.
    """
    handed = bool(sink.args) and any(is_handed(module, name) for name in find(sink.args[0], Name))
    function = function_of(sink.call)
    if handed and (
        _TOLD.search(module.source) is not None
        or _meant_some(module, given)
        or _names_whom(module, given)
        or _chosen_beside(module, sink)
        or _asks_first(module, sink)
        or (function is not None and reaches_guests(module, function))
    ):
        return True
    return _lies_in_given_folder(module, sink) and (_asks_first(module, sink) or _is_named_by_caller(module, sink))


def _lies_in_given_folder(module: Module, sink: Sink) -> bool:
    """Tell whether a program has its place in a folder that the object was told when it was made.

    ``self._script = shelf / panel / "export"``, or ``(self._folder / "render").resolve()`` where it is run.
    """
    command = module.scopes.origin(sink.args[0]) if sink.args else None
    program = command.items[0] if isinstance(command, Array) and command.items else command
    made = [program, *(module.scopes.origin(used) for used in find(program, Name | Member))] if program else []  # type: ignore[arg-type]  # a union works as a kind
    joins = (join for one in made if isinstance(one, Expr) for join in find(one, Binary | Call))  # type: ignore[arg-type]  # likewise
    return any(
        _joins(join) and any(told_at_the_start(module, part) for part in walk(join)) and not spoken(join) & _TOOLS
        for join in joins
    )


def _is_named_by_caller(module: Module, sink: Sink) -> bool:
    """Tell whether a part of the path of a program is a name that the function is told: ``shelf / exporter``."""
    function = function_of(sink.call)
    told = {param.name for param in function.params} if function is not None else set()
    made = [module.scopes.origin(name) for name in find(sink.args[0], Name)]
    parts: list[Expr] = []
    for join in (join for one in (sink.args[0], *made) if isinstance(one, Expr) for join in walk(one)):
        if isinstance(join, Binary | Call) and _joins(join):
            parts += [join.right] if isinstance(join, Binary) else join.args[1:]
    return any(isinstance(part, Name) and part.id in told for part in parts)


def _joins(node: Expr) -> bool:
    return node.op == "/" if isinstance(node, Binary) else isinstance(node, Call) and node.name in _PATHS


def _asks_first(module: Module, sink: Sink) -> bool:
    """Tell whether a right is asked for before the program runs: it is run for a guest, who has rights."""
    function = function_of(sink.call)
    return function is not None and (
        any(isinstance(one := strip(held), Call) and bool(one.args) for held in function.decorators)
        or any(is_check(module, call) for call in find(function.body, Call))
    )


def _names_whom(module: Module, given: Expr) -> bool:
    """Tell whether the environment says for whom the program runs: ``{**os.environ, "ORDER": order.id}``."""
    added = [
        strip(value)
        for _where, made in values_of(module, given)
        if isinstance(made, Object | Call)
        for value in (made.keywords.values() if isinstance(made, Call) else [one for _key, one in made.entries])
    ]
    return any(
        isinstance(value, Member) and value.name in ("id", "name", "key", "slug") and _is_told(module, value.object)
        for value in added
    )


def _is_told(module: Module, holder: Expr) -> bool:
    holder = strip(holder)
    if is_this_member(holder):
        return told_at_the_start(module, holder)
    return isinstance(holder, Name) and holder.id not in ("this", "self") and is_handed(module, holder)


def _chosen_beside(module: Module, sink: Sink) -> bool:
    """Tell whether another process of the file gets a few variables: here is known what the environment holds."""
    for other in sinks(module, STARTERS):
        env = other.option(module, "env") if other.call is not sink.call else None
        if env is not None and any(_is_choice(made) for _where, made in values_of(module, env)):
            return True
    return False


def _is_choice(made: Expr) -> bool:
    """Tell whether a value holds the variables that somebody picked out, and no others."""
    if isinstance(made, Object):
        return bool(made.entries) and not made.spreads
    return isinstance(made, Comprehension) or (isinstance(made, Call) and made.name in ("fromEntries", "pick"))


def _meant_some(module: Module, given: Expr) -> bool:
    """Tell whether a choice of variables is laid over the whole environment, which it leaves as it is."""
    chosen = [part for _where, made in values_of(module, given) if isinstance(made, Object) for part in made.spreads]
    return any(not isinstance(part := strip(one), Object) and _is_choice(part) for one in chosen)
