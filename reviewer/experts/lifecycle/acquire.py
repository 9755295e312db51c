"""What code acquires that must be given back: subscriptions, registrations, timers, watchers, servers, processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from reviewer.code.links import declared_member
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    For,
    Function,
    Imported,
    Member,
    Name,
    Node,
    Object,
    Param,
    While,
    strip,
)
from reviewer.code.syntax import Literal as Constant
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.code.words import words
from reviewer.experts.lifecycle.fate import Fate, callbacks, fates
from reviewer.experts.lifecycle.hooks import last_word, value_class
from reviewer.experts.lifecycle.owners import Owner, owners

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

Kind = Literal["subscription", "registration", "timer", "resource"]

LISTENS: Final = frozenset(
    {"on", "subscribe", "addListener", "addEventListener", "listen", "observe", "add_listener", "prependListener",
     "add_event_listener", "add_subscriber", "subscribe_to", "listen_to", "listenTo", "addHandler", "add_handler",
     "onAny", "psubscribe"}
)  # fmt: skip
REGISTERS: Final = frozenset(
    {"register", "add", "use", "provide", "define", "contribute", "expose", "hook", "tap", "intercept", "bind",
     "handle", "implement", "append", "prepend", "install", "set"}
)  # fmt: skip
_SERVICES: Final = frozenset(
    {"commands", "command", "middleware", "middlewares", "providers", "provider", "hooks", "hook", "menus", "menu",
     "routes", "router", "filters", "views", "panels", "actions", "shortcuts", "keybindings", "handlers", "extensions",
     "palette", "toolbar", "statusbar", "jobs", "scheduler", "tasks", "pipeline", "renderers", "formatters",
     "interceptors", "rules", "tools", "slots", "widgets", "capabilities", "verbs", "exporters", "importers"}
)  # fmt: skip
_BUS_WORDS: Final = frozenset(
    {"bus", "events", "event", "emitter", "hub", "broker", "dispatcher", "signals", "signal", "eventbus", "pubsub",
     "messaging", "channel", "host", "api", "context", "ctx", "editor", "workspace", "messages", "notifications",
     "topics", "feed", "room", "store", "document", "window", "app"}
)  # fmt: skip
_GLOBALS: Final = ("window", "document", "process", "globalThis", "self", "navigator", "screen", "visualViewport",
                   "vscode", "chrome", "browser", "speechSynthesis", "matchMedia")  # fmt: skip
OFFS: Final = frozenset(
    {"off", "removeListener", "removeEventListener", "removeAllListeners", "unsubscribe", "unlisten", "stopListening",
     "remove_listener", "remove_event_listener", "unobserve", "removeHandler", "remove_handler", "detach", "release",
     "releaseAll", "release_all", "unsubscribe_all", "unsubscribeAll", "offAll", "un", "dispose", "disposeAll",
     "disconnect", "remove_all_listeners", "remove_subscriber", "remove", "clear", "unregister", "unregisterAll",
     "unregister_all", "deregister", "withdraw", "revoke", "close", "punsubscribe", "stop_listening", "unbind",
     "removeAll", "remove_all", "cancel", "unhook", "untap", "unuse", "destroy", "delete"}
)  # fmt: skip
_TIMERS: Final = {
    "setInterval": "setInterval()",
    "timers.setInterval": "setInterval()",
    "node-cron.schedule": "the cron job",
    "cron.CronJob": "the cron job",
    "node-schedule.scheduleJob": "the scheduled job",
}
_REARMING: Final = {
    "setTimeout": 0,
    "timers.setTimeout": 0,
    "requestAnimationFrame": 0,
    "requestIdleCallback": 0,
    "setImmediate": 0,
    "threading.Timer": 1,
    "call_later": 1,
    "call_at": 1,
}
_RESOURCES: Final = {
    "fs.watch": "the file watcher",
    "fs.watchFile": "the file watcher",
    "chokidar.watch": "the file watcher",
    "http.createServer": "the server",
    "https.createServer": "the server",
    "net.createServer": "the server",
    "ws.WebSocketServer": "the server",
    "ws.Server": "the server",
    "dgram.createSocket": "the socket",
    "net.connect": "the socket",
    "net.createConnection": "the socket",
    "ws": "the web socket",
    "ws.WebSocket": "the web socket",
    "WebSocket": "the web socket",
    "EventSource": "the event source",
    "BroadcastChannel": "the broadcast channel",
    "Worker": "the worker",
    "SharedWorker": "the worker",
    "worker_threads.Worker": "the worker",
    "MutationObserver": "the observer",
    "ResizeObserver": "the observer",
    "IntersectionObserver": "the observer",
    "PerformanceObserver": "the observer",
    "child_process.fork": "the child process",
    "child_process.spawn": "the child process",
    "readline.createInterface": "the reader",
    "watchdog.observers.Observer": "the file watcher",
    "concurrent.futures.ThreadPoolExecutor": "the thread pool",
    "concurrent.futures.ProcessPoolExecutor": "the process pool",
    "concurrent.futures.thread.ThreadPoolExecutor": "the thread pool",
    "multiprocessing.Pool": "the process pool",
    "multiprocessing.Process": "the process",
    "subprocess.Popen": "the child process",
    "asyncio.create_subprocess_exec": "the child process",
    "asyncio.create_subprocess_shell": "the child process",
    "asyncio.start_server": "the server",
    "http.server.HTTPServer": "the server",
    "http.server.ThreadingHTTPServer": "the server",
    "socketserver.TCPServer": "the server",
    "socketserver.ThreadingTCPServer": "the server",
    "socket.socket": "the socket",
    "socket.create_connection": "the socket",
    "sqlite3.connect": "the database connection",
    "aiosqlite.connect": "the database connection",
    "psycopg.connect": "the database connection",
    "psycopg2.connect": "the database connection",
    "asyncpg.connect": "the database connection",
    "asyncpg.create_pool": "the connection pool",
    "pg.Pool": "the connection pool",
    "pg.Client": "the database connection",
    "mysql2.createPool": "the connection pool",
    "redis.createClient": "the connection",
    "ioredis": "the connection",
    "better-sqlite3": "the database connection",
    "aiohttp.ClientSession": "the HTTP session",
    "httpx.AsyncClient": "the HTTP client",
    "httpx.Client": "the HTTP client",
    "websockets.connect": "the web socket",
}
_SHORT_LIVED: Final = frozenset({"the child process", "the process", "the socket", "the reader"})
"""Things that end by themselves often enough when they are only used inside one function."""


@dataclass(frozen=True, slots=True)
class Acquisition:
    """One thing acquired by an owner and never given back.

    ``fate`` says where it is left; ``what`` names it; ``sure`` is False where the host may give
    it back by itself.
    """

    kind: Kind
    call: Call
    what: str
    owner: Owner
    fate: Fate
    sure: bool


def leaks(inquiry: Inquiry, module: Module) -> tuple[Acquisition, ...]:
    """Return what the owners of a module acquire and never release, in source order; worked out once."""
    key = f"lifecycle.leaks:{module.path}"
    known = inquiry.memory.get(key)
    if known is None:
        known = inquiry.memory[key] = tuple(_leaks(inquiry, module))
    assert isinstance(known, tuple)
    return known


def leaks_of(inquiry: Inquiry, module: Module, kind: Kind) -> Iterator[Acquisition]:
    """Yield the leaks of one kind."""
    return (leak for leak in leaks(inquiry, module) if leak.kind == kind)


def _leaks(inquiry: Inquiry, module: Module) -> Iterator[Acquisition]:
    if module.is_test:
        return
    seen: set[int] = set()
    for owner in owners(inquiry, module):
        if not owner.ends and not (owner.plugin and owner.strongly_started):
            continue
        for call in _calls(owner):
            if id(call) not in seen:
                seen.add(id(call))
                leak = _leak(module, owner, call)
                if leak is not None:
                    yield leak


def _calls(owner: Owner) -> Iterator[Call]:
    for node in owner.nodes:
        start = node.body if isinstance(node, Function) else node
        yield from calls_in(start)


def _leak(module: Module, owner: Owner, call: Call) -> Acquisition | None:
    described = describe(module, call)
    if described is None or _in_end(owner, call):
        return None
    kind, what, sure = described
    if kind in ("subscription", "registration") and (not owner.plugin or _taken_off(module, owner, call)):
        return None
    left = [fate for fate in fates(module, call) if not _released(owner, fate)]
    if not left or len(left) < len(fates(module, call)):
        return None
    if left[0].how == "dropped" and _harmless(module, call, kind, what):
        return None
    if not owner.closed and left[0].how != "dropped":
        return None
    if not owner.ends and kind != "subscription" and left[0].how == "kept":
        sure = False
    return Acquisition(kind, call, what, owner, left[0], sure)


def _released(owner: Owner, fate: Fate) -> bool:
    return fate.how == "handed" or (fate.how == "kept" and fate.name in owner.released)


def _in_end(owner: Owner, call: Call) -> bool:
    function = function_of(call)
    return function is not None and any(function is end for end in owner.ends)


def describe(module: Module, call: Call) -> tuple[Kind, str, bool] | None:
    """Return the kind of what a call acquires, its name in words, and whether it must be released; else None."""
    resolved = module.resolve(call.callee)
    if resolved in _TIMERS:
        return ("timer", _TIMERS[resolved], True)
    position = _REARMING.get(resolved, _REARMING.get(call.name) if call.name.startswith("call_") else None)
    if position is not None:
        return ("timer", f"{call.name}()", True) if rearms(module, call, position) else None
    if resolved in _RESOURCES:
        return ("resource", _RESOURCES[resolved], True)
    if resolved == "threading.Thread":
        return ("resource", "the thread", True) if endless(module, call.keywords.get("target")) else None
    return _registered(module, call, resolved)


def rearms(module: Module, call: Call, position: int) -> bool:
    """Tell whether a one-shot timer's function sets the timer again."""
    target = target_function(module, call.arg(position, "function"))
    here = function_of(call)
    if target is None or here is None:
        return False
    if inner_of(call, target):
        return True
    return not (target is not here and not any(_leads(module, made, here) for made in calls_in(target.body)))


def inner_of(call: Call, function: Function) -> bool:
    """Tell whether a call stands somewhere inside a function."""
    return function.raw.start_byte <= call.raw.start_byte and call.raw.end_byte <= function.raw.end_byte


def _leads(module: Module, call: Call, here: Function) -> bool:
    return target_function(module, call.callee) is here


def target_function(module: Module, expr: Expr | None) -> Function | None:
    """Return the function of this module that an expression names: ``this.tick``, ``tick``, a bound one."""
    if expr is None:
        return None
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in ("bind", "partial"):
        receiver = expr.receiver if expr.name == "bind" else expr.arg(0)
        return target_function(module, receiver)
    if isinstance(expr, Function):
        return expr
    if isinstance(expr, Member) and is_this_member(expr):
        function = function_of(expr)
        while function is not None and function.owner is None:
            function = function.outer
        return function.owner.method(expr.name) if function is not None and function.owner is not None else None
    if isinstance(expr, Name):
        bound = module.scopes.lookup(expr.id, expr)
        last = bound[-1] if bound else None
        if isinstance(last, Assign):
            return last.value if isinstance(last.value, Function) else None
        return last if isinstance(last, Function) else None
    return None


def endless(module: Module, target: Expr | None) -> bool:
    """Tell whether a function loops for ever: ``while True`` without a way out."""
    function = target_function(module, target)
    if function is None:
        return False
    return any(_endless_loop(node) for node in walk(function.body, into_functions=False))


def _endless_loop(node: Node) -> bool:
    if not isinstance(node, While):
        return False
    test = strip(node.test)
    if not (isinstance(test, Constant) and test.value):
        return False
    return not any(
        type(inner).__name__ in ("Return", "Jump") and getattr(inner, "kind", "break") == "break"
        for inner in walk(node.body, into_functions=False)
    )


def _registered(module: Module, call: Call, resolved: str) -> tuple[Kind, str, bool] | None:
    receiver = call.receiver
    if receiver is None:
        return None
    name = call.name
    if name in LISTENS or _on_something(name):
        if _once(call) or not _has_callback(call) or not foreign(module, receiver, resolved):
            return None
        return ("subscription", f"'{event_text(module, call)}'", _must_be_released(module, call))
    first = words(name)[:1]
    if first and first[0] in REGISTERS and resolved.startswith("context.") and resolved.count(".") >= 2:
        service = words(resolved.split(".")[1])
        if service and service[-1] in _SERVICES:
            return ("registration", f"'{event_text(module, call)}'", _must_be_released(module, call))
    return None


def _on_something(name: str) -> bool:
    parts = words(name)
    return len(parts) > 1 and parts[0] == "on" and name != "once"


def _has_callback(call: Call) -> bool:
    return next(callbacks(call), None) is not None


def _once(call: Call) -> bool:
    """Tell whether options give the listener an end: ``{once: true}``, ``{signal}``."""
    for arg in call.args[1:]:
        if isinstance(arg, Object) and (arg.get("signal") is not None or arg.get("once") is not None or arg.spreads):
            return True
        if isinstance(arg, Name | Member) and len(call.args) > 2 and last_word(arg) in ("options", "opts", "signal"):
            return True
    return "signal" in call.keywords or "once" in call.keywords


def foreign(module: Module, receiver: Expr, resolved: str) -> bool:
    """Tell whether the thing that is listened to outlives the listener: the host's, or a global one."""
    if resolved.startswith("context"):
        return True
    if resolved.split(".", 1)[0] in _GLOBALS or _is_global(module, receiver):
        return True
    last = words(last_word(receiver))
    if not last or not any(word in _BUS_WORDS for word in last):
        return False
    origin = module.scopes.origin(receiver)
    while isinstance(origin, Member):
        inner = module.scopes.origin(origin.object)
        if inner is origin or inner is origin.object:
            break
        origin = inner
    if isinstance(origin, Member):
        origin = module.scopes.origin(origin.object)
    return isinstance(origin, Param | Imported)


def _is_global(module: Module, receiver: Expr) -> bool:
    """Tell whether something is a global object of the browser or of Node, or a part of one."""
    receiver = strip(receiver)
    while isinstance(receiver, Member):
        receiver = strip(receiver.object)
    return isinstance(receiver, Name) and receiver.id in _GLOBALS and not module.scopes.lookup(receiver.id, receiver)


def _must_be_released(module: Module, call: Call) -> bool:
    """Tell whether the subject's own types say that the call gives nothing to release."""
    if call.receiver is None:
        return True
    owner = value_class(module, call.receiver)
    declared = declared_member(owner, call.name) if owner is not None else None
    if declared is None or owner is None:
        return True
    if declared.returns.strip() in ("void", "None", "Promise<void>"):
        return any(method.name in OFFS for method in owner.methods)
    return True


def event_text(module: Module, call: Call) -> str:
    """Return how a finding names what is subscribed: the event where it is a text, else the call."""
    first = call.arg(0)
    if isinstance(first, Constant) and isinstance(first.value, str):
        return first.value
    return module.text_of(call.callee)


def _taken_off(module: Module, owner: Owner, call: Call) -> bool:
    """Tell whether the owner's end takes a listener off by its event or by its owner."""
    first = call.arg(0)
    event = first.value if isinstance(first, Constant) else None
    for other in owner.release_calls:
        if other.name not in OFFS and not other.name.startswith(("remove", "unregister", "unsubscribe", "off")):
            continue
        if other.receiver is None and not other.args:
            continue
        given = other.arg(0)
        if given is None:
            if _same_thing(module, other.receiver, call.receiver):
                return True
        elif not isinstance(given, Constant) or given.value == event or event is None:
            return True
    return False


def _same_thing(module: Module, left: Expr | None, right: Expr | None) -> bool:
    if left is None or right is None:
        return False
    known = module.resolve(left)
    return last_word(left) == last_word(right) or (known != "" and known == module.resolve(right))


def _harmless(module: Module, call: Call, kind: Kind, what: str) -> bool:
    """Tell whether a dropped thing ends by itself."""
    if kind == "resource":
        return what in _SHORT_LIVED or what.startswith(("the HTTP", "the database", "the connection")) or _managed(call)
    return isinstance(call.parent, Array)


def _managed(call: Call) -> bool:
    return isinstance(call.parent, For)


def siblings_kept(module: Module, leak: Acquisition) -> bool:
    """Tell whether the same owner keeps what other calls of the same kind give."""
    for call in _calls(leak.owner):
        if call is leak.call:
            continue
        described = describe(module, call)
        if described is not None and described[0] in ("subscription", "registration"):
            if any(_released(leak.owner, fate) for fate in fates(module, call)):
                return True
    return False
