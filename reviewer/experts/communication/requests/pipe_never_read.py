"""COM363: what a child process writes goes into a pipe that nobody reads, and the child stops when it is full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, Literal, Member, Return
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STARTS: Final = frozenset(
    "subprocess.Popen asyncio.create_subprocess_exec asyncio.create_subprocess_shell anyio.open_process".split()
)
_PIPES: Final = frozenset({"subprocess.PIPE", "asyncio.subprocess.PIPE"})
_READ_ALL: Final = frozenset({"communicate"})


@module_check("COM363", words={"pipe"})
def pipe_never_read(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each stream of a new process that is a pipe for somebody who reads it."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls({name.rsplit(".", 1)[-1] for name in _STARTS}):
        if module.resolve(call.callee) not in _STARTS:
            continue
        for stream in ("stderr", "stdout"):
            pipe = call.keywords.get(stream)
            if pipe is None or module.resolve(pipe) not in _PIPES or _is_read(inquiry, module, call, stream):
                continue
            yield Match(
                pipe,
                f"'{stream}' of the process goes into a pipe that nothing reads: when its 64 KiB are full the process "
                "waits for a reader, and answers nothing any more.",
            )


def _is_read(inquiry: Inquiry, module: Module, call: Call, stream: str) -> bool:
    """Tell whether a file of the subject takes this stream of a process, or waits for all that it writes."""
    if next(module.calls(_READ_ALL), None) is not None or _is_handed_out(inquiry, call):
        return True
    others = inquiry.project.modules(naming={stream}, tests=False)
    return any(
        (member.name == stream and not _is_own(other, member))
        for other in (module, *(one for one in others if one is not module))
        for member in other.all(Member)
    ) or any(isinstance(literal.value, str) and literal.value == stream for literal in module.all(Literal))


def _is_handed_out(inquiry: Inquiry, call: Call) -> bool:
    """Tell whether the process is given back by a function that nobody here calls: its readers are others."""
    maker = function_of(call)
    around = call.parent
    while isinstance(around, Await):
        around = around.parent
    if maker is None or not maker.name or not isinstance(around, Return):
        return False
    name = maker.name
    others = inquiry.project.modules(naming={name}, tests=False)
    return not any(next(other.calls((name,)), None) is not None for other in others)


def _is_own(module: Module, member: Member) -> bool:
    """Tell whether a stream is the one of the program itself: ``sys.stderr``."""
    return module.resolve(member).startswith("sys.") or (
        isinstance(member.parent, Call) and module.resolve(member.parent.callee).startswith("sys.")
    )
