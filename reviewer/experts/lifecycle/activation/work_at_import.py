"""LIF007: a plugin does its work when its module is imported, not when it is activated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Block,
    Call,
    Export,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Node,
    Statement,
    Try,
    With,
    strip,
)
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import RESOURCES
from reviewer.experts.lifecycle.holding.owners import owners

if TYPE_CHECKING:
    from reviewer.code.module import Module

_WORK: Final = {
    "setInterval": "starts a timer",
    "timers.setInterval": "starts a timer",
    "child_process.spawn": "starts a process",
    "child_process.exec": "starts a process",
    "child_process.execSync": "starts a process",
    "child_process.execFile": "starts a process",
    "child_process.fork": "starts a process",
    "fetch": "asks the network",
    "axios.get": "asks the network",
    "axios.post": "asks the network",
    "WebSocket": "opens a connection",
    "EventSource": "opens a connection",
    "fs.watch": "watches files",
    "chokidar.watch": "watches files",
    "fs.writeFileSync": "writes a file",
    "fs.mkdirSync": "makes a folder",
    "fs.rmSync": "removes files",
    "fs.unlinkSync": "removes a file",
    "fs.appendFileSync": "writes a file",
    "process.on": "listens to the process",
    "threading.Timer": "starts a timer",
    "subprocess.run": "starts a process",
    "subprocess.Popen": "starts a process",
    "subprocess.call": "starts a process",
    "subprocess.check_output": "starts a process",
    "subprocess.check_call": "starts a process",
    "os.system": "starts a process",
    "os.makedirs": "makes a folder",
    "os.mkdir": "makes a folder",
    "os.remove": "removes a file",
    "shutil.rmtree": "removes files",
    "requests.get": "asks the network",
    "requests.post": "asks the network",
    "httpx.get": "asks the network",
    "httpx.post": "asks the network",
    "urllib.request.urlopen": "asks the network",
    "socket.create_connection": "opens a connection",
    "sqlite3.connect": "opens a database",
    "asyncio.run": "runs a loop",
    "asyncio.create_task": "starts a task",
    "atexit.register": "hooks into the end of the process",
    "signal.signal": "takes a signal of the process",
}

_OF_PATHS: Final = {
    "mkdir": "makes a folder",
    "write_text": "writes a file",
    "write_bytes": "writes a file",
    "touch": "makes a file",
    "unlink": "removes a file",
    "rmdir": "removes a folder",
}
"""Methods of a path of Python."""
_CONNECTIONS: Final = ("the database", "the connection", "the socket", "the web socket", "the file watcher")


@module_check("LIF007", words={"activate", "onload", "enable", "start", "setup", "load", "wake", "boot"})
def work_at_import(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a statement at the top of a plugin's module that does something to the world."""
    if module.is_test or not any(owner.plugin for owner in owners(inquiry, module)):
        return
    yield from work_at_top(module)


def work_at_top(module: Module) -> Iterator[Match]:
    """Yield what the import of a module does to the world, once for each statement."""
    for statement in _top(module.body):
        for call in _run_now(statement):
            does = _does(module, call) or _made_does(module, call)
            if does:
                yield Match(
                    call,
                    f"Importing this module {does}: it happens before the plugin was allowed or activated, when it is "
                    "only listed, and no end of the plugin undoes it.",
                )
                break


def _top(body: list[Statement]) -> Iterator[Statement]:
    for statement in body:
        if isinstance(statement, Export):
            yield from _top(statement.body)
        elif isinstance(statement, If) and "__name__" in {getattr(n, "id", "") for n in walk(statement.test)}:
            continue
        else:
            yield statement


def _run_now(statement: Statement) -> Iterator[Call]:
    """Yield the calls that run when the module is imported."""
    if isinstance(statement, ExprStatement | Assign | If | Try | With | For | Block):
        for node in walk(statement, into_functions=False):
            if isinstance(node, Call):
                yield node


def _does(module: Module, call: Call) -> str:
    named = module.resolve(call.callee)
    if named in _WORK:
        return _WORK[named]
    if RESOURCES.get(named, "").startswith(_CONNECTIONS):
        return f"opens {RESOURCES[named].replace('the ', 'a ', 1)}"
    receiver = call.receiver
    if call.name in _OF_PATHS and receiver is not None and _is_path(module, receiver):
        return _OF_PATHS[call.name]
    if call.name == "start" and receiver is not None and _is_thread(module, receiver):
        return "starts a thread"
    if call.name == "listen" and receiver is not None and "createServer" in module.resolve(receiver):
        return "opens a port"
    if call.name == "open" and module.resolve(call.callee) == "open":
        mode = call.arg(1, "mode")
        if mode is not None and any(letter in module.text_of(mode) for letter in "wax"):
            return "writes a file"
    return ""


def _made_does(module: Module, call: Call) -> str:
    """Return what the constructor of a class of the subject does to the world, where a call makes an object of it."""
    cls = class_of_value(module, call) if call.new or call.name[:1].isupper() else None
    maker = (cls.method("__init__") or cls.method("constructor")) if cls is not None else None
    if maker is None or cls is None:
        return ""
    steps = list(calls_in(maker.body, into_functions=False))
    own = (definition(maker.module, step.callee) for step in steps if is_this_member(step.callee))
    for method in own:
        if isinstance(method, Function) and method is not maker:
            steps += calls_in(method.body, into_functions=False)
    done = next((does for step in steps if (does := _does(maker.module, step))), "")
    return f"makes a '{cls.name}', which {done}" if done else ""


def _is_path(module: Module, receiver: Expr) -> bool:
    """Tell whether a value is a path of Python's ``pathlib``: made here, or kept under a name of the module."""
    made: object = module.scopes.origin(strip(receiver))
    return isinstance(made, Expr) and any(
        module.resolve(one.callee).startswith("pathlib.Path") for one in find(made, Call)
    )


def _is_thread(module: Module, receiver: Node) -> bool:
    value: object = strip(receiver) if isinstance(receiver, Expr) else None
    if isinstance(value, Expr) and not isinstance(value, Call):
        value = next((made for _where, made in values_of(module, value) if isinstance(made, Call)), None)
    if isinstance(value, Await) or not isinstance(value, Call):
        return False
    return module.resolve(value.callee) in ("threading.Thread", "threading.Timer", "multiprocessing.Process")
