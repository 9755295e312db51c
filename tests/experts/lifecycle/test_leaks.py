"""What a plugin acquires and its end does not give back: LIF001 to LIF004."""

from __future__ import annotations

import pytest
from idioms import findings

DROPPED = {
    "class that drops one subscription": (
        "LIF001",
        "p.ts",
        """
export class Weather implements Plugin {
  private undo: Array<() => void> = [];
  async activate(context: PluginContext) {
    this.undo.push(context.commands.register("weather.now", () => this.now()));
    context.events.subscribe("location.changed", (place) => this.move(place)); // here
  }
  async deactivate() { for (const f of this.undo) f(); }
}""",
    ),
    "window listener without a remove": (
        "LIF001",
        "p.js",
        """
class Minimap {
  onload(ctx) {
    this.redraw = this.redraw.bind(this);
    window.addEventListener("resize", this.redraw); // here
  }
  onunload() { this.canvas.remove(); }
}
module.exports = Minimap;""",
    ),
    "disposer kept in a field nobody reads": (
        "LIF001",
        "p.js",
        """
export default {
  activate({ bus }) { this.off = bus.on("saved", () => this.sync()); }, // here
  deactivate() { this.queue.clear(); },
}""",
    ),
    "module functions, disposer in an unused constant": (
        "LIF001",
        "p.ts",
        """
export function activate(context: ExtensionContext) {
  const stop = context.eventBus.on("doc.opened", onOpened); // here
}
function onOpened() {}
export function deactivate() {}
""",
    ),
    "python class that subscribes": (
        "LIF001",
        "p.py",
        """
class Tracker:
    def __init__(self):
        self._subs = []

    async def activate(self, context):
        self._subs.append(context.event_bus.on("a", self._a))
        context.event_bus.subscribe("b", self._b)  # here

    async def deactivate(self):
        for stop in self._subs:
            stop()

    def _a(self, e): ...
    def _b(self, e): ...
""",
    ),
    "list that is filled and never drained": (
        "LIF001",
        "p.py",
        """
class Tracker:
    def setup(self, ctx):
        self._subs = []
        self._subs.append(ctx.bus.subscribe("a", self._a))  # here

    def teardown(self):
        self._cache.clear()

    def _a(self, e): ...
""",
    ),
    "command registration beside kept ones": (
        "LIF002",
        "p.ts",
        """
export default class Notes {
  #own: Disposable[] = [];
  async activate(context: Context) {
    this.#own.push(context.commands.register("notes.add", this.add));
    context.commands.register("notes.drop", this.drop); // here
  }
  async deactivate() { this.#own.forEach((d) => d.dispose()); }
}""",
    ),
    "middleware registered and forgotten in python": (
        "LIF002",
        "p.py",
        """
class Gzip:
    async def activate(self, context):
        self._off = context.commands.register("gzip.now", self.now)
        context.middleware.use(self.zip)  # here

    async def deactivate(self):
        self._off()
""",
    ),
    "interval dropped": (
        "LIF003",
        "p.js",
        """
let state;
export async function activate(context) {
  state = await context.storage.get("state");
  setInterval(() => context.storage.set("state", state), 5000); // here
}
export async function deactivate() { state = undefined; }
""",
    ),
    "timeout that sets itself again": (
        "LIF003",
        "p.ts",
        """
export class Poller {
  start(ctx: Context) { this.ctx = ctx; this.tick(); }
  private tick() {
    void this.ask();
    setTimeout(() => this.tick(), 1000); // here
  }
  stop() { this.ctx = undefined; }
}""",
    ),
    "interval in a field that the end does not read": (
        "LIF003",
        "p.ts",
        """
class Clock {
  private timer?: NodeJS.Timeout;
  activate(context: Context) { this.timer = setInterval(() => this.show(), 1000); } // here
  deactivate() { this.panel.dispose(); }
}""",
    ),
    "threading timer that starts itself again": (
        "LIF003",
        "p.py",
        """
import threading

class Digest:
    def activate(self, context):
        self._context = context
        self._again()

    def _again(self):
        self._send()
        t = threading.Timer(60, self._again)  # here
        t.daemon = True
        t.start()

    def deactivate(self):
        self._context = None
""",
    ),
    "file watcher in a field that is not closed": (
        "LIF004",
        "p.js",
        """
const chokidar = require("chokidar");
class Reload {
  async activate(context) {
    this.watcher = chokidar.watch(context.config.folder); // here
    this.watcher.on("change", (p) => this.changed(p));
  }
  async deactivate() { this.context = null; }
}
module.exports = Reload;""",
    ),
    "server in closure that is not closed": (
        "LIF004",
        "p.ts",
        """
import { createServer } from "node:http";
export function activate(context: PluginContext) {
  const server = createServer((q, r) => r.end("ok")); // here
  server.listen(0, "127.0.0.1");
}
export function deactivate() {}
""",
    ),
    "thread that never ends": (
        "LIF004",
        "p.py",
        """
import threading, time

class Feed:
    def activate(self, context):
        self._context = context
        threading.Thread(target=self._run, daemon=True).start()  # here

    def _run(self):
        while True:
            self._context.logger.info("tick")
            time.sleep(5)

    def deactivate(self):
        self._context = None
""",
    ),
    "pool of a python plugin": (
        "LIF004",
        "p.py",
        """
from concurrent.futures import ThreadPoolExecutor

class Thumbs:
    def on_load(self, context):
        self._pool = ThreadPoolExecutor(4)  # here

    def on_unload(self):
        self._seen.clear()
""",
    ),
}

KEPT = {
    "everything pushed to a list that is drained": """
export class A {
  private own: Disposable[] = [];
  async activate(context: PluginContext) {
    this.own.push(context.events.on("x", () => this.x()), context.commands.register("y", this.y));
  }
  async deactivate() { await this.release(); }
  private async release() { for (const d of this.own.splice(0)) d.dispose(); }
}""",
    "subscriptions of the context": """
export function activate(context) {
  context.subscriptions.push(context.events.on("x", () => 1));
  const sub = context.events.on("y", () => 1);
  context.subscriptions.push(sub);
}
export function deactivate() {}
""",
    "abort signal": """
export class A {
  abort = new AbortController();
  activate(context) { window.addEventListener("resize", () => this.draw(), { signal: this.abort.signal }); }
  deactivate() { this.abort.abort(); }
}""",
    "taken off by the same event": """
export class A {
  activate(context) { this.bus = context.eventBus; this.bus.on("x", this.x); }
  deactivate() { this.bus.off("x", this.x); }
}""",
    "returned disposer": """
export function activate(context) {
  const off = context.events.on("x", () => 1);
  const timer = setInterval(() => 1, 1000);
  return () => { off(); clearInterval(timer); };
}""",
    "own emitter and own child": """
import { spawn } from "node:child_process";
export class A {
  activate(context) { this.context = context; }
  deactivate() {}
  run() {
    const child = spawn("ls");
    child.on("exit", () => this.done());
    child.stdout.on("data", (d) => this.more(d));
  }
}""",
    "base class that cleans": """
import { Plugin } from "obsidian";
export default class A extends Plugin {
  async onload() {
    this.registerEvent(this.app.vault.on("modify", () => this.go()));
    this.registerInterval(window.setInterval(() => this.go(), 1000));
  }
  onunload() {}
}""",
    "timer map cleared by helper": """
export class A {
  #timers = new Map();
  activate(context) { this.#timers.set("a", setInterval(() => 1, 5)); }
  deactivate() { this.#halt(); }
  #halt() { for (const t of this.#timers.values()) clearInterval(t); }
}""",
    "closure factory": """
export function createPlugin() {
  let timer;
  const subs = [];
  return {
    activate(context) { timer = setInterval(() => 1, 5); subs.push(context.bus.on("x", () => 1)); },
    deactivate() { clearInterval(timer); subs.forEach((f) => f()); },
  };
}""",
    "once": """
export class A {
  activate(context) { context.events.once("ready", () => 1); process.once("exit", () => 1); }
  deactivate() {}
}""",
    "one-shot timeout": """
export class A {
  activate(context) { setTimeout(() => context.logger.info("up"), 10); }
  deactivate() {}
}""",
}
KEPT_PYTHON = {
    "exit stack": """
from contextlib import ExitStack

class A:
    def activate(self, context):
        self._stack = ExitStack()
        self._stack.callback(context.bus.on("x", self._x))
    def deactivate(self):
        self._stack.close()
""",
    "assigned and called": """
class A:
    async def activate(self, context):
        self._off = context.event_bus.on("x", self._x)
    async def deactivate(self):
        if self._off is not None:
            self._off()
""",
    "thread with a stop flag": """
import threading

class A:
    def activate(self, context):
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
    def _run(self):
        while not self._stop.wait(5):
            pass
    def deactivate(self):
        self._stop.set()
        self._thread.join()
""",
    "off in a loop": """
TOPICS = ("a", "b")
class A:
    def activate(self, context):
        self._bus = context.event_bus
        for topic in TOPICS:
            self._bus.subscribe(topic, self._on)
    def deactivate(self):
        for topic in TOPICS:
            self._bus.unsubscribe(topic, self._on)
""",
    "timer in a field": """
import threading
class A:
    def activate(self, context):
        self._again()
    def _again(self):
        self._timer = threading.Timer(5, self._again)
        self._timer.daemon = True
        self._timer.start()
    def deactivate(self):
        self._timer.cancel()
""",
    "context manager": """
import sqlite3
class A:
    def activate(self, context):
        self._path = context.config["path"]
    def deactivate(self):
        pass
    def look(self):
        with sqlite3.connect(self._path) as db:
            return db.execute("select 1")
""",
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_is_left_behind_is_found(name: str) -> None:
    rule, path, source = DROPPED[name]
    marked = [n for n, line in enumerate(source.split("\n"), 1) if line.rstrip().endswith("here")]
    found = {r: [n for _, n in findings(r, {path: source}, "plugin")] for r in ("LIF001", "LIF002", "LIF003", "LIF004")}
    assert found.pop(rule) == marked
    assert not any(found.values()), found


@pytest.mark.parametrize("name", [*KEPT, *KEPT_PYTHON])
def test_what_is_given_back_is_fine(name: str) -> None:
    files = {"p.py": KEPT_PYTHON[name]} if name in KEPT_PYTHON else {"p.ts": KEPT[name]}
    for rule in ("LIF001", "LIF002", "LIF003", "LIF004"):
        assert findings(rule, files, "plugin") == []
