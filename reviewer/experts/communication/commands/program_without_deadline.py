"""COM164: a handler waits for a tool that may never end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.reach.links import callee, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, Name, Spread, Template, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.paths import text_of
from reviewer.experts.place import locate
from reviewer.experts.security.reaching.commands import command_of
from reviewer.experts.security.reaching.sinks import Sink, callee_name
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_WAITS: Final = frozenset(
    "subprocess.run subprocess.call subprocess.check_call subprocess.check_output child_process.execFileSync "
    "child_process.spawnSync".split()
)
_PROMISED: Final = frozenset({"child_process.execFile", "child_process.exec"})
"""What starts a tool and gives a promise of its end where it was made to: ``promisify(execFile)``."""
_STARTS: Final = frozenset({"asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"})
_TOOLS: Final = frozenset(
    "git pip pip3 uv npm npx pnpm yarn bundle cargo go mvn gradle dotnet make curl wget ssh scp rsync docker podman hg "
    "svn gpg kubectl helm terraform ansible ffmpeg ffprobe lp lpr pandoc wkhtmltopdf wkhtmltoimage weasyprint soffice "
    "libreoffice convert magick inkscape chromium google-chrome chrome firefox pdflatex xelatex lualatex latexmk "
    "plantuml java node python python3 perl ruby tesseract yt-dlp youtube-dl psql pg_dump mysql mysqldump clamscan "
    "nmap ping".split()
)
"""Tools that wait for locks, for people or for servers, or work for as long as their input asks for."""
_NAMING: Final = frozenset({"subprocess", "child_process", "create_subprocess_exec", "create_subprocess_shell"})
_REGISTERS: Final = frozenset("on register subscribe command route handle use hook listen connect".split())
_LIMITS: Final = frozenset({"--max-time", "-m", "--timeout", "--connect-timeout"})
"""Options by which a tool limits itself."""
_ASKS: Final = frozenset({"--version", "-version", "-V", "-v", "--help", "version"})
"""Arguments with which any tool answers at once."""
_MOST_WORDS: Final = 40
_DEEPEST: Final = 3


@module_check("COM164")
def program_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Follow what handlers and asynchronous functions call to the tools that they wait for."""
    if module.is_test or is_tooling(module.path) or not _any_tool(inquiry):
        return
    told: set[Location] = set()
    for entry in _entries(module):
        for at, tool in _reached(entry, _DEEPEST, set()):
            if at not in told:
                told.add(at)
                yield Match(
                    at,
                    f"'{tool}' has no deadline here: a lock, a prompt or a server that does not answer holds "
                    f"{repr(entry.name) if entry.name else 'what waits for it'} for ever.",
                )


def _any_tool(inquiry: Inquiry) -> bool:
    """Tell whether anything in the subject waits for a tool without a limit; most subjects start none."""
    known = inquiry.memory.get("communication.any_tool")
    if not isinstance(known, bool):
        named = inquiry.project.modules(naming=_NAMING, tests=False)
        known = any(_endless(module, call) for module in named for call in module.all(Call))
        inquiry.memory["communication.any_tool"] = known
    return known


def _entries(module: Module) -> Iterator[Function]:
    """Yield the functions of a module that somebody waits for: asynchronous ones, handlers, hooks of a plugin."""
    handed = set(_handed(module))
    hooks = {id(member) for plugin in plugin_definitions(module) for member in (plugin.start, plugin.stop) if member}
    for function in module.functions:
        if function.asynchronous or id(function) in hooks or id(function) in handed:
            yield function


def _handed(module: Module) -> Iterator[int]:
    """Yield the functions that are registered: by name, as a member, or written in place."""
    for call in module.all(Call):
        said = words(call.name)
        if not said or not {said[0], said[-1]} & _REGISTERS:
            continue
        for argument in call.args:
            found = argument if isinstance(argument, Function) else None
            if isinstance(argument, Name) or is_this_member(argument):
                named = definition(module, argument)
                found = named if isinstance(named, Function) else None
            if found is not None:
                yield id(found)


def _reached(function: Function, depth: int, seen: set[int]) -> Iterator[tuple[Location, str]]:
    """Yield the place and the name of each tool that a function waits for without a limit, itself or further down."""
    if id(function) in seen or depth < 0:
        return
    seen.add(id(function))
    module = function.module
    for call in calls_in(function.body, into_functions=False):
        tool = _endless(module, call)
        if tool:
            yield locate(module, call), tool
            continue
        target = _target(module, call)
        if target is not None:
            yield from _reached(target, depth - 1, seen)


def _target(module: Module, call: Call) -> Function | None:
    position = RUNNERS.get(call.name, -1)
    given: Expr | None = call.arg(position) if position >= 0 else None
    found = definition(module, given) if given is not None else callee(module, call)
    return found if isinstance(found, Function) else None


def _endless(module: Module, call: Call) -> str:
    """Return the tool that a call starts and waits for without a limit, or an empty string."""
    if call.name in ("communicate", "wait") and call.receiver is not None:
        return _waited_for(module, call)
    name = module.resolve(call.callee)
    promised = name.endswith("promisify()") and use_of(call).awaited
    if promised:
        name = callee_name(module, call)
        promised = name in _PROMISED
    if (name not in _WAITS and not promised) or any(isinstance(arg, Spread) for arg in call.args):
        return ""
    tool, arguments = command_of(module, call.args)
    if name == "child_process.exec":
        tool, *spelled = tool.split()[:_MOST_WORDS] or [""]
        if not _ASKS.isdisjoint(spelled):
            return ""
    limited = Sink(call, name, tuple(call.args)).option(module, "timeout") is not None
    limited = limited or any(text_of(one).split("=", 1)[0] in _LIMITS | _ASKS for one in arguments)
    return tool if tool in _TOOLS and not limited else ""


def _waited_for(module: Module, wait: Call) -> str:
    """Return the tool that a coroutine started before and waits for here, where nothing around the wait limits it."""
    started = module.scopes.origin(wait.receiver) if wait.receiver is not None else None
    made = strip(started) if isinstance(started, Expr) else None
    if not isinstance(made, Call) or module.resolve(made.callee) not in _STARTS or not made.args:
        return ""
    around = list(ancestors(wait))
    within = next((place for place, one in enumerate(around) if isinstance(one, Function)), len(around))
    if any(isinstance(one, With) or getattr(one, "name", "") == "wait_for" for one in around[:within]):
        return ""
    if any(call.name in ("kill", "terminate") for call in calls_in(around[within : within + 1])):
        return ""  # it is waited for after it was ended
    line = made.args[0]
    begun = line.items[0] if isinstance(line, Template) and line.items else line
    tool = text_of(begun).split(" ", 1)[0].rsplit("/", 1)[-1]
    return tool if tool in _TOOLS else ""
