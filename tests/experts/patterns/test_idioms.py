"""Whole small files in many idioms: each flaw is marked with the rule that speaks there, and nothing else is said."""

from __future__ import annotations

import re

import pytest
from idioms import findings

from reviewer.experts import homes

RULES = sorted(rule for rule in homes() if rule.startswith("PAT"))
FILES = [
    (
        "a1.py",
        "host",
        '''
"""Tenancy aware dashboards."""
from __future__ import annotations
from dataclasses import dataclass, field

@dataclass
class WidgetHost:
    source: "Source"
    _rendered: dict[tuple[str, str], str] = field(default_factory=dict)

    async def render(self, session: Session, widget: str, theme: str) -> str:
        slot = (widget, theme)  # <PAT001
        if slot in self._rendered:
            return self._rendered[slot]
        data = await self.source.rows(session.workspace_id, widget)
        html = to_html(data, theme)
        self._rendered[slot] = html
        return html
''',
    ),
    (
        "a2.ts",
        "host",
        """
type Ctx = { orgId: string; user: User };
export function createCatalog(api: Api) {
  const memo: Record<string, Item[]> = {};
  return {
    async list(ctx: Ctx, pack: string) {
      memo[pack] ??= await api.items(ctx.orgId, pack); // <PAT001
      return memo[pack];
    },
  };
}
""",
    ),
    (
        "a3.ts",
        "host",
        """
export class Translations {
  private readonly store = new Map<string, Bundle>();
  async bundle(plugin: string, locale: string): Promise<Bundle> {
    const hit = this.store.get(plugin);
    if (hit !== undefined) return hit;
    const text = await this.read(plugin, locale);
    const bundle = parse(text);
    this.store.set(plugin, bundle); // <PAT002
    return bundle;
  }
}
""",
    ),
    (
        "a4.js",
        "host",
        """
const results = new Map();
export async function evaluate(rule, { tenant, facts }) {
  const id = rule.id;
  let outcome = results.get(id);
  if (outcome === undefined) {
    outcome = rule.run(facts, tenant);
    results.set(id, outcome); // <PAT001
  }
  return outcome;
}
""",
    ),
    (
        "a5.py",
        "host",
        """
import asyncio
_lock = asyncio.Lock()
_profiles: dict = {}

async def profile(request, name):
    async with _lock:
        found = _profiles.get(name)
        if found is None:
            tenant = request.headers["X-Tenant"]
            found = await load_profile(tenant, name)
            _profiles[name] = found  # <PAT001
        return found
""",
    ),
    (
        "a6.ts",
        "host",
        """
export class PluginRunner {
  private cache = new LRUCache<string, Result>({ max: 500 });
  async run(call: Call): Promise<Result> {
    const cacheKey = hash(call.plugin, call.command, call.args); // <PAT001
    const cached = this.cache.get(cacheKey);
    if (cached) return cached;
    const result = await this.invoke(call.plugin, call.command, call.args, { tenant: call.tenant });
    this.cache.set(cacheKey, result);
    return result;
  }
}
""",
    ),
    (
        "a7.ts",
        "host",
        """
export class Gate {
  private readonly decisions = new Map<string, boolean>();
  async may(user: User, action: string): Promise<boolean> {
    const known = this.decisions.get(action);
    if (known !== undefined) return known;
    const answer = await this.policy.evaluate(user, action);
    this.decisions.set(action, answer); // <PAT001
    return answer;
  }
}
""",
    ),
    (
        "a8.py",
        "host",
        """
class Feeds:
    def __init__(self, cache, fetch):
        self.cache = cache
        self.fetch = fetch

    def latest(self, org, feed):
        key = f"feed:{feed}"  # <PAT001
        value = self.cache.get(key)
        if value is None:
            value = self.fetch(org, feed)
            self.cache.set(key, value, timeout=60)
        return value
""",
    ),
    (
        "a9.js",
        "host",
        """
class Summaries {
  #known = new Map();
  constructor(model) { this.model = model; }
  async of(scope, doc) {
    if (!this.#known.has(doc.id)) {
      this.#known.set(doc.id, this.model.summarise(doc, scope.tenant)); // <PAT001
    }
    return this.#known.get(doc.id);
  }
}
""",
    ),
    (
        "b1.py",
        "host",
        """
class Runtime:
    def __init__(self):
        self._active = {}

    async def ensure(self, tenant, spec):
        plugin = self._active.get(spec.name)
        if plugin is None:
            plugin = spec.factory()
            await plugin.activate(self._context(tenant, spec))
            self._active[spec.name] = plugin  # <PAT003
        return plugin

    def _context(self, tenant, spec):
        return Context(tenant, spec)
""",
    ),
    (
        "b2.ts",
        "host",
        """
const hosts: Record<string, Worker> = {};
export function workerFor(site: string, addon: Addon): Worker {
  if (!(addon.id in hosts)) {
    hosts[addon.id] = new Worker(addon.entry, { workerData: { site } }); // <PAT003
  }
  return hosts[addon.id];
}
""",
    ),
    (
        "b3.py",
        "host",
        """
_instances = {}

class Singleton(type):
    def __call__(cls, *args, **kwargs):
        if cls not in _instances:
            _instances[cls] = super().__call__(*args, **kwargs)
        return _instances[cls]
""",
    ),
    (
        "b4.ts",
        "host",
        """
export class ExtensionPool {
  private readonly pool = new Map<string, Extension>();
  constructor(private readonly make: (id: string, org: Org) => Extension) {}
  acquire(org: Org, id: string): Extension {
    const existing = this.pool.get(id);
    if (existing) return existing;
    const created = this.make(id, org);
    this.pool.set(id, created); // <PAT003
    return created;
  }
}
""",
    ),
    (
        "b5.py",
        "host",
        """
class Bridge:
    _client = None

    @classmethod
    def client(cls, account):
        if cls._client is None:
            cls._client = Client(account)  # <PAT003
        return cls._client
""",
    ),
    (
        "b6.js",
        "host",
        """
export function instanceManager(factory) {
  const alive = new Map();
  const get = async (pluginId, tenantId) => {
    if (alive.has(pluginId)) return alive.get(pluginId);
    const p = factory(pluginId);
    await p.init({ tenantId, store: storeFor(tenantId) });
    alive.set(pluginId, p); // <PAT003
    return p;
  };
  return { get };
}
""",
    ),
    (
        "c1.ts",
        "host",
        """
export class Kernel {
  forTenant(tenantId: string): PluginServices {
    const services = Object.assign(Object.create(null), this.shared, { // <PAT004
      kv: new TenantKv(this.kv, tenantId),
    });
    return services;
  }
}
""",
    ),
    (
        "c2.py",
        "host",
        """
def context(app, org, plugin):
    services = dict(app.services)  # <PAT004
    services["storage"] = OrgStorage(org.id, plugin)
    return services
""",
    ),
    (
        "c3.ts",
        "host",
        """
export const makeCtx = (core: CoreServices, tenant: string, plugin: string): PluginContext => ({ // <PAT004
  ...core,
  pluginId: plugin,
  store: core.store.forTenant(tenant),
});
""",
    ),
    (
        "c4.py",
        "host",
        """
from types import SimpleNamespace

class Hub:
    def scope(self, customer):
        ns = SimpleNamespace(**self._defaults)  # <PAT004
        ns.files = CustomerFiles(customer)
        return ns
""",
    ),
    (
        "c5.py",
        "host",
        """
class Host:
    def context_for(self, tenant_id, plugin):
        ctx = self._base.model_copy(update={"storage": TenantStore(tenant_id)})  # <PAT004
        return ctx
""",
    ),
    (
        "c6.ts",
        "host",
        """
export function scoped(tenant: string, host: Host): Context {
  const { storage, ...rest } = host.services;
  return { ...rest, storage: storage.scope(tenant) }; // <PAT004
}
""",
    ),
    (
        "d1.ts",
        "host",
        """
import path from "node:path";
export class TenantFs {
  resolve(tenant: string, ...segments: string[]) {
    return path.resolve(this.root, "tenants", tenant, ...segments); // <PAT005
  }
}
""",
    ),
    (
        "d2.py",
        "host",
        """
import os
class Disk:
    def _dir(self, workspace):
        return os.path.join(self.root, f"ws-{workspace}")  # <PAT005
""",
    ),
    (
        "d3.py",
        "host",
        """
from pathlib import Path
def plugin_dir(data_dir: str, customer: str, plugin: str) -> Path:
    return Path(data_dir) / customer / plugin  # <PAT005
""",
    ),
    (
        "d4.js",
        "host",
        """
const { join } = require('path');
exports.dbFor = (org) => new Database(join(DATA, `${org}.sqlite`)); // <PAT005
""",
    ),
    (
        "d5.py",
        "host",
        """
from pathlib import Path
class TenantDirectory:
    def __init__(self, base):
        self.base = Path(base)
    def locate(self, tenant):
        return self.base.joinpath(tenant, "config.json")  # <PAT005
""",
    ),
    (
        "d6.ts",
        "host",
        """
import { join } from "node:path";
interface Tenant { slug: string }
export const home = (root: string, tenant: Tenant) => join(root, tenant.slug); // <PAT005
""",
    ),
    (
        "e1.py",
        "host",
        '''
class VersionedHost:
    """Keeps old and new majors alive side by side."""
    def scope(self, plugin):
        return ScopedStore(self.backend, prefix=f"{plugin.id}/")  # <PAT006
    def label(self, plugin):
        return f"{plugin.id}@{plugin.version}"
''',
    ),
    (
        "e2.ts",
        "host",
        """
export class Slots {
  private slots = new Map<string, Slot>();
  open(manifest: Manifest) {
    const slot = `${manifest.id}@${manifest.version}`;
    const dataDir = join(this.root, manifest.id); // <PAT006
    this.slots.set(slot, { manifest, dataDir });
  }
}
""",
    ),
    (
        "e3.js",
        "host",
        """
function createContext(addon, kv) {
  const ns = ['addon', addon.name].join('/'); // <PAT006
  return { version: addon.version, kv: kv.withPrefix(ns) };
}
const running = new Map();
export function start(addon, kv) {
  const key = addon.name + '@' + addon.version;
  running.set(key, createContext(addon, kv));
}
""",
    ),
    (
        "f1.mjs",
        "plugin",
        """
const listeners = []; // <PAT007
let lastSeen; // <PAT007
export const plugin = {
  activate(context) {
    listeners.push(context.eventBus.on('x', (e) => { lastSeen = e.at; }));
  },
  deactivate() { listeners.splice(0).forEach((f) => f()); },
};
""",
    ),
    (
        "f2.py",
        "plugin",
        """
session = {"user": None}  # <PAT007
class Plugin:
    async def activate(self, ctx):
        ctx.commands.register("login", self.login)
    async def deactivate(self): ...
    async def login(self, user):
        session["user"] = user
""",
    ),
    (
        "f3.ts",
        "plugin",
        """
let enabled = false; // <PAT007
export function createPlugin(): Plugin {
  return {
    async activate(context: PluginContext) { enabled = true; },
    async deactivate() { enabled = false; },
  };
}
""",
    ),
    (
        "g1.py",
        "host",
        """
class TenantRegistry:
    def __init__(self):
        self._by_tenant = {}
    def host(self, tenant):
        host = self._by_tenant.get(tenant)
        if host is None:
            host = PluginHost(tenant)
            self._by_tenant[tenant] = host
        return host
""",
    ),
    (
        "g2.ts",
        "host",
        """
export class PluginManager {
  private readonly plugins = new Map<string, LoadedPlugin>();
  async load(manifest: Manifest, tenant: Tenant) {
    const key = `${tenant.id}::${manifest.id}`;
    if (this.plugins.has(key)) return this.plugins.get(key);
    const plugin = await this.instantiate(manifest, tenant);
    this.plugins.set(key, plugin);
    return plugin;
  }
}
""",
    ),
    (
        "g3.py",
        "host",
        """
from contextvars import ContextVar
current_tenant: ContextVar[str] = ContextVar("tenant")
_cache = {}

def setting(name):
    tenant = current_tenant.get()
    key = (tenant, name)
    if key not in _cache:
        _cache[key] = load(tenant, name)
    return _cache[key]
""",
    ),
    (
        "g4.ts",
        "host",
        """
export class RequestScope {
  private readonly cache = new Map<string, unknown>();
  constructor(private readonly user: User) {}
  load(id: string) {
    if (!this.cache.has(id)) this.cache.set(id, fetchFor(this.user, id));
    return this.cache.get(id);
  }
}
""",
    ),
    (
        "g5.js",
        "host",
        """
export class Users {
  #cache = new Map();
  async byId(userId, signal) {
    if (this.#cache.has(userId)) return this.#cache.get(userId);
    const user = await this.db.load(userId, { signal });
    this.#cache.set(userId, user);
    if (this.#cache.size > 100) this.#cache.clear();
    return user;
  }
}
""",
    ),
    (
        "g6.py",
        "host",
        """
class Loader:
    def __init__(self, root):
        self._root = root
        self._manifests = {}

    def manifest(self, tenant, plugin_id):
        self._authorise(tenant, plugin_id)
        if plugin_id not in self._manifests:
            self._manifests[plugin_id] = json.loads((self._root / plugin_id / "plugin.json").read_text())
        return self._manifests[plugin_id]
""",
    ),
    (
        "g7.ts",
        "host",
        """
const contextOf = (host: Host, tenant: TenantId, plugin: PluginId): Context => {
  const scope = Object.freeze({ tenant, plugin });
  return Object.freeze({
    ...scope,
    log: host.log.child(scope),
    kv: host.kv.scoped(scope),
    bus: host.bus.scoped(scope),
  });
};
""",
    ),
    (
        "g8.ts",
        "host",
        """
export function render(props: Props, tenant: string) {
  const base = { color: "red" };
  return { ...base, ...props, title: titleFor(tenant) };
}
""",
    ),
    (
        "g9.py",
        "host",
        """
def headers(base_headers, tenant):
    return {**base_headers, "authorization": token_for(tenant)}
""",
    ),
    (
        "h1.ts",
        "host",
        """
import { join } from "node:path";
const ID = /^[a-z0-9-]{3,40}$/;
export class TenantStore {
  private readonly dir: string;
  constructor(root: string, tenantId: string) {
    if (!ID.test(tenantId)) throw new Error("bad tenant id");
    this.dir = join(root, tenantId);
  }
}
""",
    ),
    (
        "h2.py",
        "host",
        """
import re
from pathlib import Path
_OK = re.compile(r"[a-z0-9-]{3,40}")

class Store:
    def __init__(self, root: Path, tenant: str):
        if not _OK.fullmatch(tenant):
            raise ValueError(tenant)
        self.tenant = tenant
        self.root = root
    def path(self, name):
        return self.root / self.tenant / safe_name(name)
""",
    ),
    (
        "h3.ts",
        "host",
        """
import { join } from "node:path";
import { tenantSegment } from "./ids.js";
export const dirOf = (root: string, tenant: string) => join(root, tenantSegment(tenant));
""",
    ),
    (
        "h5.py",
        "host",
        '''
class Host:
    """One version of each."""
    def __init__(self):
        self.plugins = {}
    def register(self, plugin):
        if plugin.version in self.blocked:
            raise ValueError
        self.plugins[plugin.id] = plugin
    def storage(self, plugin):
        return ScopedStorage(self.backend, plugin.id)
''',
    ),
    (
        "h6.ts",
        "host",
        """
export class SideBySide {
  private readonly byId = new Map<string, Map<string, Entry>>();
  put(info: Info) {
    const versions = this.byId.get(info.id) ?? new Map<string, Entry>();
    const storage = this.storage.scope(`${info.id}@${major(info.version)}`);
    versions.set(info.version, { info, storage });
    this.byId.set(info.id, versions);
  }
  title(info: Info) { const name = `${info.id}`; return name; }
}
""",
    ),
    (
        "i1.mjs",
        "plugin",
        """
const ICONS = new Map([['a', 1]]);
const cache = new WeakMap();
let counter = 0;
export default class P {
  activate(ctx) { this.id = ++counter; cache.set(this, ICONS.get('a')); }
  deactivate() {}
}
""",
    ),
    (
        "i2.py",
        "plugin",
        """
import logging
log = logging.getLogger(__name__)
DEFAULTS = {"a": 1}
_seq = 0

def next_id():
    global _seq
    _seq += 1
    return _seq

class P:
    async def activate(self, ctx):
        self.cfg = {**DEFAULTS, "b": 2}
    async def deactivate(self):
        pass
""",
    ),
    (
        "j1.ts",
        "host",
        """
let activeUser: User | null = null;
export class Api {
  async handle(req: Req) {
    activeUser = req.user; // <PAT009
    const rows = await this.db.rows();
    return rows.map((r) => this.decorate(r));
  }
  decorate(row: Row) { return { ...row, by: activeUser!.id }; }
}
""",
    ),
    (
        "j3.py",
        "host",
        """
class Dispatcher:
    async def run(self, plugin_id, command):
        self.current_plugin = plugin_id  # <PAT009
        try:
            return await self.commands[command]()
        finally:
            self.current_plugin = None
    def log(self, text):
        self.sink.write(f"{self.current_plugin}: {text}")
""",
    ),
    (
        "j4.ts",
        "host",
        """
export class Session {
  private user?: User;
  async login(user: User) { this.user = user; await this.db.touch(user.id); }
  name() { return this.user?.name; }
}
""",
    ),
    (
        "j5.ts",
        "host",
        """
export class Plugin {
  private context?: PluginContext;
  async activate(context: PluginContext) { this.context = context; await context.storage.get("x"); }
  async run() { await this.context!.storage.get("y"); }
}
""",
    ),
    (
        "k1.ts",
        "host",
        """
export class Store {
  key(plugin: string, name: string) { return plugin + name; } // <PAT010
  async clear(tenantId: string) {
    for (const key of this.map.keys()) if (key.startsWith(tenantId)) this.map.delete(key); // <PAT010
  }
}
""",
    ),
    (
        "k2.py",
        "host",
        """
def cache_key(tenant, user, query):
    return f"{tenant}{user}:{query}"  # <PAT010
def total(used_by_user, used_by_plugin):
    return used_by_user + used_by_plugin
""",
    ),
    (
        "k3.ts",
        "host",
        """
const fullName = `${user.firstName}${user.lastName}`;
const url = `${base}${name}`;
const prefix = tenant + ":";
const ok = key.startsWith(`${tenant}:`);
""",
    ),
    (
        "l1.py",
        "host",
        """
class Metrics:
    def failed(self, plugin, exc):
        self.errors.labels(plugin=plugin, error=str(exc)).inc()  # <PAT016
    def ok(self, plugin, kind):
        self.done.labels(plugin=plugin, kind=kind).inc()
        self.counter.labels(plugin).inc()
""",
    ),
    (
        "l2.ts",
        "host",
        """
export function onRequest(req: Req, ms: number) {
  meter.createHistogram("latency").record(ms, { route: req.url }); // <PAT016
  requests_total.inc({ user: req.userId }); // <PAT016
  httpMetrics.increment("requests", { method: req.method, route: req.routeName });
}
""",
    ),
    (
        "l3.ts",
        "host",
        """
async function call(plugin: P, cmd: string) {
  const end = histogram.startTimer({ plugin: plugin.id });
  const result = await plugin.run(cmd);
  end(); // <PAT017
  return result;
}
async function call2(plugin: P, cmd: string) {
  const end = histogram.startTimer({ plugin: plugin.id });
  try { return await plugin.run(cmd); } finally { end(); }
}
async function call3(plugin: P, cmd: string) {
  const t0 = Date.now();
  try {
    const result = await plugin.run(cmd);
    metrics.timing("ok", Date.now() - t0);
    return result;
  } catch (e) {
    metrics.timing("failed", Date.now() - t0);
    throw e;
  }
}
""",
    ),
    (
        "l4.py",
        "host",
        """
import time
class Runner:
    async def invoke(self, plugin, name):
        t0 = time.monotonic()
        try:
            result = await plugin.call(name)
            self.metrics.observe(name, time.monotonic() - t0)  # <PAT017
        except Exception as exc:
            self.log.warning("failed: %s", exc)
            raise
        return result
""",
    ),
    (
        "m1.py",
        "host",
        """
class RateLimiter:
    def __init__(self):
        self.calls = 0
    def check(self, plugin_id):
        self.calls += 1  # <PAT019
        if self.calls > MAX:
            raise RateLimited(plugin_id)
""",
    ),
    (
        "m2.js",
        "host",
        """
let requests = 0;
export function throttle(tenant, plugin) {
  if (requests >= LIMIT) return false;
  requests++; // <PAT019
  return true;
}
""",
    ),
    (
        "m3.ts",
        "host",
        """
export class Quotas {
  private readonly used = new Map<string, number>();
  add(tenant: string, plugin: string, n: number) {
    const used = (this.used.get(plugin) ?? 0) + n;
    if (used > this.limit) throw new Error("quota");
    this.used.set(plugin, used); // <PAT019
  }
}
""",
    ),
    (
        "m4.ts",
        "host",
        """
export class Shelf {
  #used = 0;
  constructor(private readonly plugin: string) {}
  async set(key: string, value: string) {
    if (this.#used + value.length > LIMIT) throw new Error("quota");
    this.#used += value.length;
    await this.backend.set(key, value);
  }
}
""",
    ),
    (
        "n1.py",
        "host",
        """
class Sink:
    async def write(self, plugin, data):
        await self.files.append(plugin, data)
        self.bytes += len(data)  # <PAT019
        if self.bytes > self.max_bytes:  # <PAT020
            raise QuotaError(plugin)
""",
    ),
    (
        "n2.js",
        "host",
        """
app.get('/health', (req, res) => {
  res.json({ ok: true }); // <PAT021
});
app.get('/ready', (req, res) => res.json({ ok: host.ready() }));
""",
    ),
    (
        "o1.py",
        "host",
        """
class Broker:
    subscribers = {}  # <PAT008
    def subscribe(self, topic, fn):
        self.subscribers.setdefault(topic, []).append(fn)
def collect(item, into=[]):  # <PAT008
    into.append(item)
    return into
""",
    ),
    (
        "p1.ts",
        "host",
        """
export class Host {
  private readonly capabilityCache = new Map<string, Capabilities>();
  capabilities(pluginId: string) {
    let known = this.capabilityCache.get(pluginId);
    if (!known) {
      known = this.compute(pluginId);
      this.capabilityCache.set(pluginId, known); // <PAT014
    }
    return known;
  }
  revoke(pluginId: string, permission: string) {
    this.grants.get(pluginId)?.delete(permission);
  }
}
""",
    ),
    (
        "q1.py",
        "host",
        '''
"""Multi-tenant plugin host of a shop platform: everything made per shop."""
from __future__ import annotations
import asyncio, re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SHOP = re.compile(r"^[a-z0-9]{4,32}$")

@dataclass(frozen=True, slots=True)
class Scope:
    shop: str
    plugin: str
    major: int

    @property
    def key(self) -> str:
        return f"{self.shop}/{self.plugin}/v{self.major}"

class ShopHost:
    def __init__(self, loader, root: Path) -> None:
        self._loader = loader
        self._root = root
        self._running: dict[Scope, "Plugin"] = {}
        self._quota: dict[Scope, int] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def _folder(self, scope: Scope) -> Path:
        if not SHOP.fullmatch(scope.shop):
            raise ValueError("not a shop")
        return self._root / scope.shop / scope.plugin / f"v{scope.major}"

    async def open(self, shop: str, plugin: str, major: int):
        scope = Scope(shop, plugin, major)
        running = self._running.get(scope)
        if running is None:
            running = self._loader.create(plugin)
            await running.activate(self._context(scope))
            self._running[scope] = running
        return running

    def _context(self, scope: Scope):
        return Context(scope=scope, storage=Storage(self._folder(scope)), bus=Bus(scope))

    def charge(self, scope: Scope, n: int) -> None:
        used = self._quota.get(scope, 0) + n
        if used > 1000:
            raise QuotaExceeded(scope.plugin)
        self._quota[scope] = used
''',
    ),
    (
        "q2.ts",
        "host",
        """
import { LRUCache } from "lru-cache";
export class AnswerService {
  private readonly cache = new LRUCache<string, string>({ max: 1000, ttl: 60_000 });
  constructor(private readonly host: Host) {}
  async answer(caller: Caller, plugin: string, args: Args): Promise<string> {
    const key = canonical([caller.tenant, caller.user, plugin, this.host.versionOf(plugin), args]);
    const hit = this.cache.get(key);
    if (hit !== undefined) return hit;
    const text = await this.host.run(caller, plugin, args);
    this.cache.set(key, text);
    return text;
  }
}
""",
    ),
    (
        "q3.js",
        "host",
        """
export function createHost({ tenant, services, loader }) {
  const running = new Map();
  async function start(id) {
    if (running.has(id)) return running.get(id);
    const plugin = await loader.create(id);
    await plugin.activate(contextFor(tenant, id));
    running.set(id, plugin);
    return plugin;
  }
  return { start };
}
""",
    ),
    (
        "q4.ts",
        "host",
        """
export class Registry {
  private readonly definitions = new Map<string, Definition>();
  register(tenant: string, definition: Definition) {
    this.audit.note(tenant, definition.id);
    this.definitions.set(definition.id, definition);
  }
  get(id: string) { return this.definitions.get(id); }
}
""",
    ),
    (
        "q5.py",
        "host",
        """
class Entitlements:
    def __init__(self, db):
        self._db = db
        self._cache = {}

    async def of(self, tenant):
        if tenant not in self._cache:
            self._cache[tenant] = await self._db.fetch("select plugin from entitlements where tenant = ?", tenant)
        return self._cache[tenant]

    def forget(self, tenant):
        self._cache.pop(tenant, None)
""",
    ),
    (
        "q6.ts",
        "host",
        """
export class Workspaces {
  private readonly hosts = new Map<WorkspaceId, PluginHost>();
  for(workspace: WorkspaceId): PluginHost {
    const existing = this.hosts.get(workspace);
    if (existing) return existing;
    const fresh = new PluginHost(this.factory(workspace));
    this.hosts.set(workspace, fresh);
    return fresh;
  }
}
""",
    ),
    (
        "q7.ts",
        "host",
        """
export class Notifier {
  private readonly clients = new Map<string, Client>();
  private clientOf(tenant: string, channel: string): Client {
    const perTenant = this.channels.get(tenant);
    const id = perTenant.idOf(channel);
    let client = this.clients.get(id);
    if (!client) { client = new Client(perTenant.credentials(channel)); this.clients.set(id, client); }
    return client;
  }
}
""",
    ),
    (
        "q8.py",
        "host",
        """
class Files:
    def __init__(self, root, tenants):
        self._root = root
        self._tenants = tenants

    def folder(self, tenant_id):
        tenant = self._tenants.require(tenant_id)
        return self._root / tenant.directory / "plugins"
""",
    ),
    (
        "q9.ts",
        "host",
        """
import path from "node:path";
export function tenantDir(root: string, tenant: string): string {
  const dir = path.resolve(root, tenant);
  const relative = path.relative(root, dir);
  if (relative.startsWith("..") || path.isAbsolute(relative)) throw new Error("outside");
  return dir;
}
""",
    ),
    (
        "r1.ts",
        "host",
        """
export function baseContext(host: Host, plugin: string): Context {
  return { ...host.services, pluginId: plugin, storage: host.storage.scope(plugin) };
}
""",
    ),
    (
        "r2.ts",
        "host",
        """
export const contextFor = (shared: SharedServices, tenant: string) => ({
  ...pick(shared, ["clock", "i18n"]),
  storage: storageFor(tenant),
  settings: settingsFor(tenant),
});
""",
    ),
    (
        "r3.py",
        "host",
        """
@dataclass
class TenantServices:
    storage: Storage
    clock: Clock

def scoped(base: TenantServices, tenant: str) -> TenantServices:
    return replace(base, storage=StorageFor(tenant))
""",
    ),
    (
        "r4.py",
        "plugin",
        '''
"""A plugin as functions."""
_subscriptions = []  # <PAT007

def activate(context):
    _subscriptions.append(context.events.on("x", handle))

def deactivate():
    while _subscriptions:
        _subscriptions.pop()()
''',
    ),
    (
        "r5.ts",
        "plugin",
        """
import * as vscode from "vscode";
const HANDLERS: Record<string, Handler> = {};
HANDLERS["a"] = () => 1;
export default class Plugin {
  private handlers = { ...HANDLERS };
  activate(context: PluginContext) { const cache = new Map(); cache.set("a", 1); }
  deactivate() {}
}
""",
    ),
    (
        "r6.py",
        "host",
        """
class Runner:
    async def run(self, plugin, command):
        started = time.perf_counter()
        outcome = "error"
        try:
            result = await plugin.execute(command)
            outcome = "ok"
            return result
        finally:
            self._metrics.histogram("seconds").labels(plugin=plugin.id, command=command, outcome=outcome).observe(time.perf_counter() - started)
""",
    ),
    (
        "r7.ts",
        "host",
        """
export class Sandbox {
  private calls = 0;
  constructor(readonly plugin: string) {}
  invoke(command: string) {
    this.calls += 1;
    if (this.calls > LIMIT) throw new Error("too many calls");
    return this.run(command);
  }
}
""",
    ),
    (
        "r8.ts",
        "host",
        """
export class SessionHost {
  private readonly pluginOf = new Map<string, string>();
  private readonly opened = new Map<string, Plugin>();
  async open(user: User, plugin: string) {
    const session = crypto.randomUUID();
    const instance = await this.create(plugin, user);
    this.opened.set(session, instance);
    this.pluginOf.set(session, plugin);
    return session;
  }
}
""",
    ),
    (
        "r9.py",
        "host",
        """
class Bus:
    handlers: dict[str, list]
    LIMITS = {"max": 3}
    def __init__(self):
        self.handlers = {}
    def on(self, t, f):
        self.handlers.setdefault(t, []).append(f)
def log(message, *, extra=()):
    return [*extra, message]
def merge(a, b={}):
    return {**a, **b}
""",
    ),
    (
        "s1.ts",
        "host",
        """
export class VersionHost {
  private readonly live = new Map<string, Entry>();
  start(info: PluginInfo) {
    const slot = `${info.id}@${info.version}`;
    const storage = this.stores.open(slot);
    this.live.set(slot, { info, storage });
    this.log.info(`started ${info.id}`);
    return this.catalog.get(info.id);
  }
}
""",
    ),
    (
        "s2.py",
        "host",
        '''
class Versions:
    """Two majors may be live at the same time."""
    def __init__(self): self._live = {}
    def scope(self, manifest):
        major = manifest.version.split(".")[0]
        return f"{manifest.id}/{major}"
    def path(self, manifest):
        return self._root / self.scope(manifest)
''',
    ),
    (
        "u1.ts",
        "host",
        """
class Telemetry {
  private calls = new Counter({ name: "calls_total", labelNames: ["plugin", "doc"] });
  private latency = new Histogram({ name: "call_seconds", labelNames: ["plugin"] });
  record(plugin: string, doc: Doc, labels: Record<string, string>) {
    this.calls.inc({ plugin, doc: doc.id }); // <PAT016
    this.calls.inc({ plugin, ...labels }); // <PAT018
    this.latency.labels(plugin).observe(1);
  }
}
""",
    ),
    (
        "u2.py",
        "host",
        """
from prometheus_client import Counter
CALLS = Counter("plugin_calls", "Calls", ["plugin", "query"])
def called(plugin, request):
    CALLS.labels(plugin, request.args["q"]).inc()
def failed(plugin, error):
    CALLS.labels(plugin.id, str(error)).inc()  # <PAT016
""",
    ),
    (
        "u3.js",
        "host",
        """
async function invoke(plugin, command, args) {
  const t = process.hrtime.bigint();
  const out = await plugin.commands[command](args);
  stats.timing(`plugin.${plugin.id}`, Number(process.hrtime.bigint() - t)); // <PAT017
  return out;
}
""",
    ),
    (
        "u4.ts",
        "host",
        """
export class Budget {
  private spent = 0;
  spend(extension: string, cost: number): boolean {
    if (this.spent + cost > this.max) return false;
    this.spent += cost; // <PAT019
    return true;
  }
}
""",
    ),
    (
        "u5.py",
        "host",
        """
_window = {"count": 0}
class Limiter:
    def __init__(self, limit):
        self.limit = limit
        self._hits = {}
    def hit(self, org, plugin):
        self._hits[plugin] = self._hits.get(plugin, 0) + 1  # <PAT019
        return self._hits[plugin] <= self.limit
""",
    ),
    (
        "u6.py",
        "host",
        """
class Plugin:
    async def healthcheck(self):
        return {"status": "healthy"}  # <PAT021
""",
    ),
    (
        "u7.ts",
        "host",
        """
export class PluginHealth {
  isHealthy(): boolean { return true; } // <PAT021
}
""",
    ),
    (
        "u8.py",
        "host",
        """
class MiniCache:
    def __init__(self): self._memo = {}  # <PAT011
    def evaluate(self, plugin, args):
        key = json.dumps([plugin, args], sort_keys=True)
        if key not in self._memo:
            self._memo[key] = self._run(plugin, args)
        return self._memo[key]
""",
    ),
    (
        "u9.ts",
        "host",
        """
let current: Tenant | undefined;
export function withTenant<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
  current = tenant; // <PAT009
  return work();
}
export function tenantOf() { return current; }
""",
    ),
    (
        "w1.ts",
        "host",
        """
export function withTenant<T>(tenant: string, work: () => Promise<T>) {
  return als.run({ tenant }, work);
}
""",
    ),
    (
        "w2.py",
        "host",
        """
class Executor:
    async def execute(self, tenant, job):
        self.tenant = tenant  # <PAT009
        await self.db.begin()
        await job.run(self)
    def storage(self):
        return self.stores[self.tenant]
""",
    ),
    (
        "w4.ts",
        "host",
        """
export function contextFor(services: Services, tenant: string): Services {
  const copy = { ...services }; // <PAT004
  copy.storage = services.storage.forTenant(tenant);
  return copy;
}
""",
    ),
    (
        "w5.py",
        "host",
        """
class Tenants:
    def dir(self, tenant):
        return f"{self.base}/{tenant}/files"  # <PAT005
    def open(self, tenant, name):
        return open(f"{self.base}/{tenant}/{safe(name)}")  # <PAT005
""",
    ),
    (
        "w6.ts",
        "host",
        """
import fs from "node:fs/promises";
export class Settings {
  async load(tenantId: string) {
    return JSON.parse(await fs.readFile(this.root + "/" + tenantId + ".json", "utf8")); // <PAT005
  }
}
""",
    ),
    (
        "w7.ts",
        "host",
        """
import { join } from "node:path";
export class Uploads {
  async save(req: Request, data: Buffer) {
    const dir = join(this.root, req.headers["x-tenant"], "uploads"); // <PAT005
    await mkdir(dir);
  }
}
""",
    ),
    (
        "w8.py",
        "host",
        """
def plugin_for(tenant_id: str, name: str, _cache={}):  # <PAT008
    if name not in _cache:
        _cache[name] = build_plugin(tenant_id, name)  # <PAT001
    return _cache[name]
""",
    ),
    (
        "w9.ts",
        "host",
        """
const plugins: Map<string, Plugin> = new Map();
export async function getPlugin(ctx: TenantContext, name: string): Promise<Plugin> {
  const existing = plugins.get(name);
  if (existing) return existing;
  const Ctor = await loadClass(name);
  const plugin = new Ctor(ctx.tenant);
  plugins.set(name, plugin); // <PAT003
  return plugin;
}
""",
    ),
    (
        "x1.py",
        "host",
        """
from functools import lru_cache

class Service:
    def __init__(self, tenant): self.tenant = tenant

@lru_cache  # <PAT001
def get_service(name):
    return Service(g.tenant)
@lru_cache
def engine(url): return create(url)
""",
    ),
    (
        "x2.ts",
        "host",
        """
export class Menu {
  private static items: MenuItem[] | undefined;
  static async forUser(user: User): Promise<MenuItem[]> {
    if (Menu.items) return Menu.items;
    Menu.items = await buildMenu(user); // <PAT003
    return Menu.items;
  }
}
""",
    ),
    (
        "x3.ts",
        "host",
        """
export class Workspaces {
  private cachedPlugins?: Plugin[];
  async list(tenant: string) {
    if (this.cachedPlugins) return this.cachedPlugins;
    this.cachedPlugins = await this.api.plugins(tenant); // <PAT003
    return this.cachedPlugins;
  }
}
""",
    ),
]


@pytest.mark.parametrize(("path", "kind", "text"), FILES, ids=[entry[0] for entry in FILES])
def test_each_flaw_is_found_and_nothing_else_is_said(path, kind, text):
    wanted = [
        (rule, number) for number, line in enumerate(text.splitlines(), 1) for rule in re.findall(r"<(PAT[0-9]+)", line)
    ]
    found = [(rule, line) for rule in RULES for _path, line in findings(rule, {path: text}, kind)]
    assert sorted(found) == sorted(wanted)
