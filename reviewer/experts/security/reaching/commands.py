"""Functions that start programs: with a shell that reads their text, or without one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Spread,
    Template,
    strip,
)
from reviewer.experts.paths import text_of
from reviewer.experts.security.reaching.sinks import Sink, is_true, sinks
from reviewer.experts.security.values.called_with import handed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

SHELLS: Final = frozenset(
    "child_process.exec child_process.execSync os.system os.popen subprocess.getoutput subprocess.getstatusoutput "
    "asyncio.create_subprocess_shell asyncio.subprocess.create_subprocess_shell commands.getoutput popen2.popen2 "
    "shelljs.exec execa.execaCommand execa.execaCommandSync execa.command anyio.run_process pexpect.run "
    "context.process.exec context.shell.exec context.shell.run context.shell.execute context.terminal.exec".split()
)
"""Functions whose first argument a shell reads."""
PROGRAMS: Final = frozenset(
    "child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync child_process.fork "
    "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
    "asyncio.create_subprocess_exec os.execv os.execve os.execvp os.execl os.execlp os.spawnv os.spawnl os.startfile "
    "execa execa.execa execa.execaSync cross-spawn Deno.Command Deno.run Bun.spawn pty.spawn anyio.open_process "
    "context.process.spawn context.process.run context.process.execute context.process.start".split()
)
"""Functions that start a program, and with an option let a shell do it."""
WORDS: Final = frozenset(
    "exec system popen getoutput subprocess child process shelljs execa shell spawn fork run command pty "
    "startfile bun deno".split()
)
"""A module with none of these words starts no program."""
QUOTERS: Final = frozenset(
    "quote shlex.quote shlex.join pipes.quote shellQuote shellEscape shellescape escapeShellArg shell-quote.quote "
    "shell_quote escapeshellarg quoteArg quoteShell shq list2cmdline".split()
)
"""Calls that make a text one word for a shell."""
_SHELL_NAMES: Final = frozenset(
    "sh bash zsh dash ksh fish cmd cmd.exe powershell powershell.exe pwsh /bin/sh /bin/bash".split()
)
_LISTS: Final = ("list", "List", "Sequence", "tuple", "Tuple", "string[]", "Array<")
"""How the type of a parameter begins that takes a whole command."""
_DEEPEST: Final = 3
_MOST_CALLS: Final = 8
_SHELL_FLAGS: Final = frozenset("-c -lc -ec -ic /c /C -Command -command /s".split())


def shell_texts(module: Module) -> Iterator[tuple[Sink, Expr]]:
    """Yield every text that a shell reads, with the call that hands it over."""
    for sink in sinks(module, SHELLS | PROGRAMS):
        if sink.name in SHELLS:
            text = sink.arg(0, "cmd") or sink.arg(0, "command")
            if text is not None:
                yield sink, text
        elif is_true(module, sink.option(module, "shell")):
            for text in (sink.arg(0, "args"), sink.arg(1)):
                if text is not None and not _is_options(text):
                    yield sink, text
        else:
            text = _behind_flag(module, sink)
            if text is not None:
                yield sink, text


def programs(module: Module) -> Iterator[tuple[Sink, Module, Expr]]:
    """Yield the name of every program that is started without a shell, with the file in which it is written."""
    for sink in sinks(module, PROGRAMS):
        if is_true(module, sink.option(module, "shell")) or _behind_flag(module, sink) is not None:
            continue
        first = sink.arg(0, "args") or sink.arg(0, "program")
        origin = module.scopes.origin(first) if first is not None else None
        if isinstance(origin, Index):
            first = _picked(module, origin) or first
        for where, program in _leading(module, first) if first is not None else ():
            yield sink, where, program


def _leading(module: Module, given: Expr, depth: int = _DEEPEST) -> list[tuple[Module, Expr]]:
    """Return what stands first in a list: one that is written down, begun and added to, made by a helper or handed."""
    origin = module.scopes.origin(given)
    if isinstance(origin, Array):
        return [(module, origin.items[0])] if origin.items else []
    further = [one for one in _further(module, given, origin) if one[1] is not given] if depth else []
    return [first for where, one in further for first in _leading(where, one, depth - 1)] or [(module, given)]


def _further(module: Module, given: Expr, origin: object) -> list[tuple[Module, Expr]]:
    """Return where a list comes from that is not written down where it is used; nothing for a text."""
    if isinstance(origin, Param):
        return _handed(module, origin)
    return [(module, one) for one in _further_here(module, given, origin)]


def _further_here(module: Module, given: Expr, origin: object) -> list[Expr]:
    if isinstance(origin, Binary) and origin.op == "+":
        return [] if isinstance(strip(origin.left), Literal | Template) else [origin.left]
    if isinstance(origin, Call):
        target = definition(module, origin.callee)
        lists = isinstance(target, Function) and target.module is module and target.returns.startswith(_LISTS)
        return [one.value for one in returns_of(target) if one.value] if lists and isinstance(target, Function) else []
    bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) and len(given.id) > 1 else []
    return [one.value for one in bound if isinstance(one, Assign) and one.value is not None] if len(bound) > 1 else []


def _handed(module: Module, param: Param) -> list[tuple[Module, Expr]]:
    """Return the lists that the calls in this file and in others give for a parameter."""
    function = param.parent
    if not isinstance(function, Function) or not function.name:
        return []
    given = [(where, one) for where, _call, one in islice(handed(module, function, param), _MOST_CALLS)]
    lists = param.type.startswith(_LISTS) or any(isinstance(where.scopes.origin(one), Array) for where, one in given)
    return given if lists else []


def _picked(module: Module, taken: Index) -> Expr | None:
    """Return the item that is taken out of a list which is written down: the first of ``[process.execPath, file]``."""
    held, place = module.scopes.origin(taken.object), taken.key
    if not isinstance(held, Array) or not isinstance(place, Literal) or not isinstance(place.value, int):
        return None
    known = held.items[: place.value + 1]
    spread = any(isinstance(one, Spread) for one in known)
    return known[place.value] if 0 <= place.value < len(known) and not spread else None


def _is_options(expr: Expr) -> bool:
    return isinstance(expr, Object)


def _behind_flag(module: Module, sink: Sink) -> Expr | None:
    """Return the text behind ``sh -c``."""
    words: list[Expr] = []
    for argument in sink.args[:4]:
        origin = module.scopes.origin(argument)
        words.extend(origin.items if isinstance(origin, Array) else [argument])
    named = sink.option(module, "args")
    origin = module.scopes.origin(named) if named is not None else None
    if isinstance(origin, Array):
        words.extend(origin.items)
    texts = [_text(module, word) for word in words]
    for position in range(1, len(words) - 1):
        before = texts[position - 1].rsplit("/", 1)[-1].lower()
        if texts[position] in _SHELL_FLAGS and (before in _SHELL_NAMES or _is_shell(words[position - 1])):
            return words[position + 1]
    return None


def _text(module: Module, expr: Expr) -> str:
    origin = module.scopes.origin(expr)
    return origin.value if isinstance(origin, Literal) and isinstance(origin.value, str) else ""


def _is_shell(expr: Expr) -> bool:
    """Tell whether an expression names the user's shell: ``process.env.SHELL``."""
    return isinstance(expr, Member) and expr.name in ("SHELL", "ComSpec", "COMSPEC", "shell")


def command_of(module: Module, args: Sequence[Expr]) -> tuple[str, list[Expr]]:
    """Return the tool that a call starts and its arguments, a list or one behind the other."""
    given = module.scopes.origin(args[0]) if args else None
    items: list[Expr] = []
    if isinstance(given, Array):
        items = given.items
    elif args:
        more = _as_written(module, module.scopes.origin(args[1])) if len(args) > 1 else None
        items = [args[0], *(more.items if isinstance(more, Array) else args[1:])]
    if len(items) > 2 and text_of(items[1]) == "-m" and text_of(items[2]) == "pip":
        return "pip", items[3:]
    return (text_of(items[0]).rsplit("/", 1)[-1], items[1:]) if items else ("", [])


def _as_written(module: Module, given: object) -> object:
    """Return the list of which each item is only turned into a text: ``["-i", path, seconds].map(String)``."""
    if not isinstance(given, Call) or given.name != "map" or given.receiver is None or len(given.args) != 1:
        return given
    each = strip(given.args[0])
    return module.scopes.origin(given.receiver) if isinstance(each, Name) and each.id in ("String", "str") else given
