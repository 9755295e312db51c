"""SEC027: plugin code runs without limits of time or memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Literal, Name, Object, Spread, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.handing.sandboxes import PLUGIN_WORDS
from reviewer.experts.security.reaching.sinks import sinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WAITS: Final = frozenset("run check_output check_call call".split())
_STOPPERS: Final = word_set("kill terminate abort timeout deadline signal wait_for setrlimit rlimit cgroup watchdog")
_STARTS: Final = frozenset({"subprocess.Popen", "asyncio.create_subprocess_exec", "multiprocessing.Process"})
_JS_RUNS: Final = frozenset({"execFile", "execFileSync", "exec", "execSync", "spawnSync"})
_JS_STARTS: Final = frozenset({"fork", "spawn"})


@module_check("SEC027", words={"worker", "fork", "spawn", "exec", "subprocess", "popen", "execfile", "multiprocessing"})
def run_without_limits(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the options of each worker and each process that is started for a plugin."""
    if module.is_test or not module.words & PLUGIN_WORDS:
        return
    yield from _python(module) if module.language == "python" else _script(module)


def _script(module: Module) -> Iterator[Match]:
    for call in module.calls(_JS_RUNS | _JS_STARTS | {"Worker"}):
        name = module.resolve(call.callee)
        if not _for_plugin(call):
            continue
        if name == "worker_threads.Worker" and not _has(module, call, ("resourceLimits",)):
            yield Match(call, "The worker has no 'resourceLimits': a plugin takes all the memory of the host.")
        elif name.startswith("child_process.") and not _has(module, call, ("timeout", "signal")):
            if call.name in _JS_RUNS:
                yield Match(call, f"'{call.name}' has no 'timeout': a plugin that hangs holds its caller for ever.")
            elif not module.words & _STOPPERS:
                yield Match(call, "The process is started without a time limit, and nothing here ever kills it.")
    for sink in sinks(module, frozenset({"child_process.execFile", "child_process.exec"})):
        wrapped = sink.call.name not in _JS_RUNS  # const run = promisify(execFile)
        if wrapped and _names_plugin(sink.call) and not _has(module, sink.call, ("timeout", "signal")):
            yield Match(
                sink.call, f"'{sink.call.name}' has no 'timeout': a plugin that hangs holds its caller for ever."
            )


def _names_plugin(call: Call) -> bool:
    """Tell whether the program of a call is that of a plugin, by its name."""
    return bool(call.args) and bool({word for part in walk(call.args[0]) for word in path_words(part)} & PLUGIN_WORDS)


def _python(module: Module) -> Iterator[Match]:
    for call in module.calls(_WAITS | {"Popen", "create_subprocess_exec", "Process"}):
        name = module.resolve(call.callee)
        if not _for_plugin(call):
            continue
        if name.startswith("subprocess.") and call.name in _WAITS:
            spread = any(isinstance(arg, Spread) for arg in call.args)
            if "timeout" not in call.keywords and not spread:
                yield Match(call, f"'{call.name}' has no timeout: a plugin that hangs holds its caller for ever.")
        elif name in _STARTS and not module.words & _STOPPERS:
            yield Match(call, "The process is started without a time limit, and nothing here ever kills it.")


def _for_plugin(call: Call) -> bool:
    """Tell whether a process or worker is started for a plugin, by the names around and the arguments."""
    function = function_of(call)
    waits = call.name in _JS_RUNS | _WAITS
    first = strip(call.args[0]) if call.args else None
    named: set[str] = set()
    if function is not None and not isinstance(first, Literal | Template):
        named = set(words(function.name)) if waits else surroundings(function)
    for arg in call.args[:2]:
        for part in walk(arg):
            named |= path_words(part)
    if function is not None and not waits:
        named |= {word for param in function.params for word in words(param.name)}
    return bool(named & PLUGIN_WORDS)


def _has(module: Module, call: Call, keys: tuple[str, ...]) -> bool:
    """Tell whether the options have one of these keys, or can't be known."""
    for arg in call.args[1:]:
        made: object = module.scopes.origin(arg) if isinstance(strip(arg), Name) else strip(arg)
        if isinstance(made, Object):
            if made.spreads or any(key in made.keys for key in keys):
                return True
            if _added_later(module, arg, keys):
                return True
        elif isinstance(arg, Name) and path_words(arg) & {"options", "opts", "limits"}:
            return True
    return False


def _added_later(module: Module, arg: Expr, keys: tuple[str, ...]) -> bool:
    if not isinstance(arg, Name):
        return False
    function = function_of(arg)
    body = function.body if function is not None else module.body
    return any(
        isinstance(node, Assign) and getattr(node.target, "name", "") in keys and arg.id in module.text_of(node.target)
        for node in walk(body)
    )
