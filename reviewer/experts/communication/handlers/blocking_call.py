"""COM028: a call that blocks the whole event loop inside an asynchronous function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.flow import use_of
from reviewer.code.reach.links import callee as callee_of
from reviewer.code.reach.links import declared_member
from reviewer.code.syntax import Array, Comprehension, For, Function, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of, inside
from reviewer.core.scale import Confidence, Severity
from reviewer.experts import edits
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.interface.notes import says_it_blocks
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.place import locate
from reviewer.experts.terminal import is_of_a_command, is_program
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry

_PYTHON: Final = frozenset(
    (
        "time.sleep os.system os.popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output "
        "subprocess.getoutput urllib.request.urlopen socket.create_connection socket.gethostbyname socket.getaddrinfo "
        "input requests.get requests.post requests.put requests.patch requests.delete requests.head requests.request "
        "httpx.get httpx.post httpx.put httpx.request shutil.copytree shutil.rmtree smtplib.SMTP sqlite3.connect "
        "psycopg2.connect pymysql.connect ftplib.FTP urllib3.request"
    ).split()
)
_SHORT: Final = frozenset({"sqlite3.connect", "shutil.rmtree", "shutil.copytree", "socket.gethostbyname"})
"""Those that mostly take little time."""
_SCRIPT: Final = frozenset(
    "child_process.execSync child_process.execFileSync child_process.spawnSync Atomics.wait crypto.pbkdf2Sync "
    "crypto.scryptSync".split()
)
_FILES: Final = frozenset(
    "readFileSync writeFileSync appendFileSync readdirSync copyFileSync cpSync rmSync gzipSync "
    "brotliCompressSync".split()
)
_WHOLE_FILES: Final = frozenset({"read_text", "read_bytes", "write_text", "write_bytes", "open"})
"""Calls of Python that take little time for one file, and much for all of a folder."""
_BEGINS: Final = frozenset("main cli initialize initialise init setup start boot bootstrap create connect".split())


@module_check(
    "COM028",
    words={
        *("async", "sleep", "sync", "subprocess", "requests", "urlopen", "httpx", "system", "input", "wait"),
        *("open", "text", "bytes"),
    },
)
def blocking_call(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for calls that block, in asynchronous functions and in the helpers that these call."""
    if module.is_test or is_tooling(module) or is_program(module):
        return
    alone = is_of_a_command(inquiry, module)
    for match in _found(inquiry, module):
        yield replace(match, confidence=Confidence.POSSIBLE) if alone else match


def _found(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    told: set[int] = set()
    for call in module.calls(_last_names(module)):
        weight = _weight(module, call)
        function = function_of(call)
        if weight is None or function is None or use_of(call).awaited:
            continue
        through = None if function.asynchronous else _async_call(module, function)
        waiting = function if through is None else function_of(through)
        if waiting is None or not waiting.asynchronous or _is_hook(inquiry, waiting):
            continue
        if (through is not None and weight is Severity.LOW) or (call.name in _WHOLE_FILES and _begins(waiting)):
            continue
        told.add(id(call))
        if through is None or call.name == "sleep":
            yield _match(module, call, waiting, weight)
        else:
            yield _ends_in(module, through, module, call, waiting)
    yield from _through_helpers(inquiry, module, told)


def _weight(module: Module, call: Call) -> Severity | None:
    """Return how bad it is that a call blocks; None for one that does not."""
    name = module.resolve(call.callee)
    if name.startswith(("fs.", "zlib.", "crypto.")) and call.name in _FILES:
        return Severity.LOW
    if module.language == "python" and call.name in _WHOLE_FILES:
        own = name == "open" if call.name == "open" else call.receiver is not None
        return Severity.MEDIUM if own and _for_each(call) else None
    if name in (_PYTHON if module.language == "python" else _SCRIPT):
        return Severity.LOW if name in _SHORT else Severity.MEDIUM
    return None


def _for_each(call: Call) -> bool:
    """Tell whether a call is made for each of many, in a loop over them or in a comprehension."""
    for around in ancestors(call):
        if isinstance(around, Function):
            return False
        if isinstance(around, For) and around.iterable is not None and not inside(call, around.iterable):
            return not isinstance(strip(around.iterable), Array)
        if isinstance(around, Comprehension) and not inside(call, around.clauses[0][1]):
            return True
    return False


def _through_helpers(inquiry: Inquiry, module: Module, told: set[int]) -> Iterator[Match]:
    """Look in asynchronous functions for calls of what blocks in another file, or a step further on."""
    for function in module.functions:
        if not function.asynchronous or _is_hook(inquiry, function) or _begins(function):
            continue
        for call in calls_in(function.body, into_functions=False):
            target = callee_of(module, call) or _promised(module, call)
            if target is None or target.asynchronous:
                continue
            if says_it_blocks(target.module, target) and not use_of(call).awaited and not _makes(target):
                yield Match(
                    call,
                    f"'{short(module.text_of(call))}' blocks, as its own description says: the event loop that runs "
                    f"'{function.name or 'this function'}', and with it every plugin, stands still.",
                    related=((locate(target.module, target), "it says so here"),),
                )
                continue
            found = _blocks(target)
            if found is None or id(found[1]) in told:
                continue
            home, blocking = found
            told.add(id(blocking))
            yield _ends_in(module, call, home, blocking, function)


def _ends_in(module: Module, call: Call, home: Module, blocking: Call, function: Function) -> Match:
    """Speak of the call of a helper: the helper may well be right for those who have a thread of their own."""
    return Match(
        call,
        f"'{short(module.text_of(call))}' ends in '{short(home.text_of(blocking.callee))}', which blocks: the "
        f"event loop that runs '{function.name or 'this function'}', and with it every plugin, stands still.",
        related=((locate(home, blocking), "it blocks here"),),
    )


def _promised(module: Module, call: Call) -> Function | None:
    """Return the member of an interface or a protocol that a call goes to."""
    held = value_class(module, call.receiver) if call.receiver is not None else None
    return declared_member(held, call.name) if held is not None else None


def _makes(function: Function) -> bool:
    """Tell whether a function only makes something, as a constructor does and what is generated bit by bit."""
    return function.generator or function.kind == "constructor" or function.name == "__init__"


def _begins(function: Function) -> bool:
    """Tell whether a function is what a program begins with, when nothing else waits for its turn."""
    said = words(function.name)
    return is_starter(function.name) or (bool(said) and said[0] in _BEGINS)


def _blocks(function: Function, steps: int = 2) -> tuple[Module, Call] | None:
    """Return the first call by which a function blocks, by itself or through what it calls."""
    module = function.module
    if module.is_test or is_tooling(module) or function.generator:
        return None
    calls = list(calls_in(function.body, into_functions=False))
    for call in calls:
        if _weight(module, call) is Severity.MEDIUM:
            return module, call
    for call in calls if steps else ():
        deeper = callee_of(module, call)
        found = _blocks(deeper, steps - 1) if deeper is not None and not deeper.asynchronous else None
        if found is not None:
            return found
    return None


def _last_names(module: Module) -> set[str]:
    if module.language == "python":
        return {name.rsplit(".", 1)[-1] for name in _PYTHON} | _WHOLE_FILES
    return {name.rsplit(".", 1)[-1] for name in _SCRIPT} | _FILES


def _is_hook(inquiry: Inquiry, function: Function) -> bool:
    """Tell whether a function is a hook of a plugin, of which the lifecycle's own rule speaks."""
    return inquiry.subject.kind == "plugin" and (is_starter(function.name) or is_stopper(function.name))


def _match(module: Module, call: Call, function: Function, weight: Severity) -> Match:
    where = f"'{function.name}'" if function.name else "an asynchronous function"
    return Match(
        call,
        f"'{short(module.text_of(call))}' blocks inside {where}, which is asynchronous: the event loop, and with it "
        "every plugin, stands still until it returns.",
        severity=weight,
        confidence=Confidence.POSSIBLE if weight is Severity.LOW else None,
        edits=edits.slept(module, call),
    )


def _async_call(module: Module, function: Function) -> Call | None:
    """Return a call of a helper that an asynchronous function of the file makes itself."""
    if not function.name or function.kind in ("constructor", "getter", "setter"):
        return None
    for count, call in enumerate(module.calls((function.name,))):
        if count > 20:
            return None
        around = function_of(call)
        if around is not None and around.asynchronous and callee_of(module, call) is function:
            return call
    return None
