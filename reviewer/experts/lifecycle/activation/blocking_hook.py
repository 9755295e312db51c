"""LIF014: a hook of a plugin blocks the host while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.syntax import (
    Await,
    Binary,
    Call,
    Function,
    While,
    Yield,
)
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts import edits
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.vocabulary import BEGINNINGS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PROCESSES: Final = frozenset(
    "child_process.execSync child_process.spawnSync child_process.execFileSync Atomics.wait".split()
)
_SLEEPS: Final = frozenset({"time.sleep"})
_PYTHON: Final = frozenset(
    (
        "requests.get requests.post requests.put requests.delete requests.request requests.head requests.patch "
        "urllib.request.urlopen urllib.request.urlretrieve httpx.get httpx.post httpx.request subprocess.run "
        "subprocess.call subprocess.check_output subprocess.check_call os.system socket.create_connection "
        "socket.gethostbyname socket.getaddrinfo shutil.copytree shutil.rmtree"
    ).split()
)
_CLOCKS: Final = frozenset({"Date.now", "performance.now", "time.time", "time.monotonic", "time.perf_counter"})


@module_check("LIF014", words=BEGINNINGS)
def blocking_hook(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at what holds up the thread of the host inside a hook or a helper that a hook calls."""
    if module.is_test:
        return
    seen: set[int] = set()
    for owner in owners(inquiry, module):
        if not owner.plugin or owner.start is None:
            continue
        for hook in _hooks(owner):
            for function in with_helpers(hook, 1):
                if function.module is not module or id(function) in seen:
                    continue
                seen.add(id(function))
                yield from _blocking(module, hook, function)


def _hooks(owner: Owner) -> list[Function]:
    first = [owner.start] if owner.start is not None else []
    return first + [end for end in owner.ends if end is not owner.start]


def _blocking(module: Module, hook: Function, function: Function) -> Iterator[Match]:
    for call in calls_in(function.body, into_functions=False):
        named = module.resolve(call.callee)
        reason = _reason(module, call, named, hook, function)
        if reason:
            small = named.startswith(("fs.", "shutil.")) and enclosing_loop(call) is None
            yield Match(
                call,
                f"'{module.text_of(call.callee)}' {reason}, and it runs inside '{hook.name}': until it returns the "
                "host and all other plugins stand still.",
                confidence=Confidence.POSSIBLE if small else None,
                edits=edits.slept(module, call),
            )
    for loop in walk(function.body, into_functions=False):
        if isinstance(loop, While) and _spins(module, loop):
            yield Match(
                loop,
                f"This loop burns time until the clock says enough, inside '{hook.name}': the host and all other "
                "plugins stand still meanwhile.",
            )


def _reason(module: Module, call: Call, named: str, hook: Function, function: Function) -> str:
    if named in _PROCESSES:
        return "waits for another process"
    if named.startswith("fs.") and named.endswith("Sync") and named not in ("fs.existsSync", "fs.statSync"):
        return "reads or writes the disk without letting anything else run"
    if module.language != "python":
        return ""
    if named in _SLEEPS:
        return "sleeps"
    if named in _PYTHON and (function.asynchronous or hook.asynchronous):
        return "waits without giving the event loop away"
    return ""


def _spins(module: Module, loop: While) -> bool:
    """Tell whether a loop compares a clock and gives nothing away while it does."""
    clock = any(
        isinstance(node, Binary) and any(module.resolve(c.callee) in _CLOCKS for c in calls_in(node))
        for node in walk(loop.test)
    )
    quiet = not any(isinstance(node, Await | Yield) for node in walk(loop.body))
    return clock and quiet and function_of(loop) is not None and not list(calls_in(loop.body))
