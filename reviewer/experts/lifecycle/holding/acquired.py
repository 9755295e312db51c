"""What a call acquires that must be given back: timers, watchers, servers, processes, connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from reviewer.code.syntax import Call, strip
from reviewer.experts.lifecycle.holding.listening import registered
from reviewer.experts.lifecycle.targets import endless, rearms, target_function
from reviewer.experts.lifecycle.turns.line_workers import waits_unended
from reviewer.experts.lifecycle.turns.stop_signals import goes_unheard

if TYPE_CHECKING:
    from reviewer.code.module import Module

Kind = Literal["subscription", "registration", "timer", "resource", "task"]
_TIMERS: Final = {
    "setInterval": "setInterval()",
    "timers.setInterval": "setInterval()",
    "node-cron.schedule": "the cron job",
    "cron.CronJob": "the cron job",
    "node-schedule.scheduleJob": "the scheduled job",
}
REARMING: Final = {
    "setTimeout": 0,
    "timers.setTimeout": 0,
    "requestAnimationFrame": 0,
    "requestIdleCallback": 0,
    "setImmediate": 0,
    "threading.Timer": 1,
    "call_later": 1,
    "call_at": 1,
}
RESOURCES: Final = {
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
    "aiohttp.ClientSession": "the client session",
    "httpx.AsyncClient": "the HTTP client",
    "httpx.Client": "the HTTP client",
    "websockets.connect": "the web socket",
    "open": "the file",
    "io.open": "the file",
    "fs.openSync": "the file",
    "fs.promises.open": "the file",
    "fs.createWriteStream": "the file stream",
    "tempfile.TemporaryDirectory": "the temporary folder",
    "tempfile.NamedTemporaryFile": "the temporary file",
    "tempfile.TemporaryFile": "the temporary file",
    "mmap.mmap": "the memory map",
    "shelve.open": "the database",
    "zipfile.ZipFile": "the archive",
    "requests.Session": "the HTTP session",
    "asyncio.open_connection": "the connection",
    "asyncio.start_unix_server": "the server",
    "multiprocessing.Manager": "the manager process",
    "smtplib.SMTP": "the connection",
    "serial.Serial": "the serial port",
    "serialport.SerialPort": "the serial port",
    "zmq.Context": "the message context",
    "pymongo.MongoClient": "the connection",
    "mongodb.MongoClient": "the connection",
    "mqtt.connect": "the connection",
    "amqplib.connect": "the connection",
    "socket.io-client": "the web socket",
    "socket.io-client.io": "the web socket",
    "apscheduler.schedulers.background.BackgroundScheduler": "the scheduler",
    "apscheduler.schedulers.asyncio.AsyncIOScheduler": "the scheduler",
    "URL.createObjectURL": "the object URL",
    "contextlib.ExitStack": "the exit stack",
    "contextlib.AsyncExitStack": "the exit stack",
    "DisposableStack": "the stack of disposables",
    "AsyncDisposableStack": "the stack of disposables",
    "AudioContext": "the audio context",
    "RTCPeerConnection": "the connection",
    "puppeteer.launch": "the browser",
    "navigator.mediaDevices.getUserMedia": "the recording",
}


def describe(module: Module, call: Call) -> tuple[Kind, str, bool] | None:
    """Return the kind of what a call acquires, its name in words, and whether it must be released; else None."""
    resolved = module.resolve(call.callee)
    if resolved in _TIMERS:
        return ("timer", _TIMERS[resolved], True)
    position = REARMING.get(resolved, REARMING.get(call.name) if call.name.startswith("call_") else None)
    if position is not None:
        return ("timer", f"{call.name}()", True) if rearms(module, call, position) else None
    if resolved in RESOURCES:
        return ("resource", RESOURCES[resolved], True)
    if call.name in ("create_task", "ensure_future") and call.args:
        work = strip(call.args[0])
        lasts = isinstance(work, Call) and endless(module, work.callee)
        return ("task", "the background task", True) if lasts else None
    if resolved == "threading.Thread":
        target = call.keywords.get("target")
        if goes_unheard(module, target_function(module, target)):
            return None  # said at its loop
        lasts = endless(module, target) or waits_unended(module, target)
        return ("resource", "the thread", True) if lasts else None
    return registered(module, call, resolved)


def waits(module: Module, call: Call) -> bool:
    """Tell whether a call sets a timer that runs once, later, and whose answer is what clears it."""
    resolved = module.resolve(call.callee)
    return resolved in REARMING or (call.name in REARMING and call.name.startswith("call_"))
