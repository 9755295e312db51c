"""What is missing from keys, in many idioms, and keys that are right though they look short."""

from __future__ import annotations

import pytest
from idioms import findings

HERE = "<- here"

RESULTS = {
    "tuple-of-python": """
class Reports:
    def __init__(self, engine):
        self._engine = engine
        self._cache = {}

    async def report(self, tenant_id, plugin, month):
        key = (plugin, month)  # <- here
        if key not in self._cache:
            self._cache[key] = await self._engine.run(tenant_id, plugin, month)
        return self._cache[key]
""",
    "try-except": """
_seen = {}

def menu(session, page):
    try:
        return _seen[page]
    except KeyError:
        items = build(session.workspace, page)
        _seen[page] = items  # <- here
        return items
""",
    "lru-cache-with-a-context-variable": """
from functools import lru_cache
from app.context import current_tenant

@lru_cache(maxsize=512)  # <- here
def settings_for(plugin: str) -> dict:
    return load_settings(current_tenant.get(), plugin)
""",
    "ambient-question": """
CACHE = {}

def quota(plugin):
    cached = CACHE.get(plugin)
    if cached is not None:
        return cached
    org = get_current_org()
    CACHE[plugin] = fetch_quota(org, plugin)  # <- here
    return CACHE[plugin]
""",
    "class-attribute": """
class Dashboards:
    _rendered = {}

    def __init__(self, tenant):
        self.tenant = tenant

    def render(self, widget):
        if widget.id in self._rendered:
            return self._rendered[widget.id]
        html = self._draw(widget, self.tenant)
        self._rendered[widget.id] = html  # <- here
        return html
""",
}
RESULTS_JS = {
    "template-key": """
export class Summaries {
  #cache = new Map();
  async get(ctx, plugin, range) {
    const key = `${plugin}:${range}`; // <- here
    const hit = this.#cache.get(key);
    if (hit) return hit;
    const result = await this.compute(ctx.tenantId, plugin, range);
    this.#cache.set(key, result);
    return result;
  }
}
""",
    "handed-in-cache": """
export function makeReports(cache, engine) {
  return async function report(orgId, name) {
    const known = await cache.get(name);
    if (known) return known;
    const made = await engine.render({ orgId, name });
    await cache.set(name, made, { ttl: 60 }); // <- here
    return made;
  };
}
""",
    "get-or-set": """
export const widgets = (cache, api) => ({
  load: (request, widget) =>
    cache.getOrSet(`widget:${widget}`, () => api.load(request.tenant, widget)), // <- here
});
""",
    "plain-object": """
const memo = {};
export async function limits({ tenant, plugin }) {
  if (memo[plugin]) return memo[plugin];
  const rows = await query('select * from limits where tenant = ?', tenant);
  memo[plugin] = rows.find((r) => r.plugin === plugin); // <- here
  return memo[plugin];
}
""",
    "user": """
const recent = new Map<string, Menu>();
export async function menuFor(user: User, page: string): Promise<Menu> {
  if (recent.has(page)) return recent.get(page)!;
  const menu = await buildMenu(user, page);
  recent.set(page, menu); // <- here
  return menu;
}
""",
    "module-cache-of-a-tenant-object": """
const rendered = new Map();
export class TenantView {
  constructor(tenant) { this.tenant = tenant; }
  async page(name) {
    if (!rendered.has(name)) {
      rendered.set(name, await this.draw(this.tenant, name)); // <- here
    }
    return rendered.get(name);
  }
}
""",
    "field-that-changes": """
export class View {
  private cache = new Map<string, string>();
  private tenant = '';
  switchTo(tenant: string) { this.tenant = tenant; }
  async page(name: string) {
    const hit = this.cache.get(name);
    if (hit !== undefined) return hit;
    const html = await render(this.tenant, name);
    this.cache.set(name, html); // <- here
    return html;
  }
}
""",
    "lodash": """
import memoize from 'lodash/memoize';
export const limitsOf = memoize((plugin, tenant) => readLimits(tenant, plugin)); // <- here
""",
    "async-local": """
import { AsyncLocalStorage } from 'node:async_hooks';
const scope = new AsyncLocalStorage();
const cache = new Map();
export async function flags(plugin) {
  if (cache.has(plugin)) return cache.get(plugin);
  const value = await fetchFlags(scope.getStore().tenant, plugin);
  cache.set(plugin, value); // <- here
  return value;
}
""",
}
RIGHT = {
    "tenant-in-tuple.py": """
class Reports:
    def __init__(self):
        self._cache = {}
    def report(self, tenant, plugin):
        key = (tenant, plugin)
        if key not in self._cache:
            self._cache[key] = compute(tenant, plugin)
        return self._cache[key]
""",
    "cache-of-one-tenant.py": """
class TenantReports:
    def __init__(self, tenant):
        self.tenant = tenant
        self._cache = {}
    def report(self, plugin):
        if plugin not in self._cache:
            self._cache[plugin] = compute(self.tenant, plugin)
        return self._cache[plugin]
""",
    "closure-of-one-tenant.js": """
export function reportsOf(tenant) {
  const cache = new Map();
  return {
    get(plugin) {
      if (!cache.has(plugin)) cache.set(plugin, compute(tenant, plugin));
      return cache.get(plugin);
    },
  };
}
""",
    "key-helper.ts": """
const cache = new Map<string, string>();
const keyOf = (scope: Scope, name: string) => JSON.stringify([scope.tenant, name]);
export async function page(scope: Scope, name: string) {
  const key = keyOf(scope, name);
  const hit = cache.get(key);
  if (hit) return hit;
  const made = await render(scope.tenant, name);
  cache.set(key, made);
  return made;
}
""",
    "map-in-map.ts": """
const byTenant = new Map<string, Map<string, string>>();
export async function page(tenant: string, name: string) {
  let cache = byTenant.get(tenant);
  if (!cache) byTenant.set(tenant, (cache = new Map()));
  if (!cache.has(name)) cache.set(name, await render(tenant, name));
  return cache.get(name);
}
""",
    "tenant-only-authorises.js": """
const manifests = new Map();
export async function manifestOf(tenant, plugin) {
  await assertEntitled(tenant, plugin);
  if (!manifests.has(plugin)) manifests.set(plugin, await readManifest(plugin));
  return manifests.get(plugin);
}
""",
    "session-key.py": """
class Sessions:
    def __init__(self):
        self._known = {}
    def user_of(self, token, tenant):
        if token not in self._known:
            self._known[token] = lookup(token, tenant)
        return self._known[token]
""",
    "emptied-on-change.ts": """
export class View {
  private cache = new Map<string, string>();
  private tenant = '';
  switchTo(tenant: string) { this.tenant = tenant; this.cache.clear(); }
  page(name: string) {
    let hit = this.cache.get(name);
    if (!hit) { hit = render(this.tenant, name); this.cache.set(name, hit); }
    return hit;
  }
}
""",
    "lru-with-tenant.py": """
from functools import lru_cache

@lru_cache(maxsize=128)
def settings_for(tenant: str, plugin: str) -> dict:
    return load_settings(tenant, plugin)
""",
    "first-one-owns.js": """
const owners = new Map();
export function claim(name, tenant) {
  if (owners.has(name)) throw new Error('taken');
  owners.set(name, tenant);
}
""",
    "scope-key.ts": """
export class Cache {
  private readonly results = new Map<string, unknown>();
  async run(scope: Scope, command: string) {
    const key = `${scope.key}|${command}`;
    if (this.results.has(key)) return this.results.get(key);
    const value = await execute(scope, command);
    this.results.set(key, value);
    return value;
  }
}
""",
}


def _line(text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if HERE in line)


def _cases(*groups: tuple[str, dict[str, str]]):
    return [pytest.param(f"src/a{ending}", text, id=name) for ending, group in groups for name, text in group.items()]


@pytest.mark.parametrize(("path", "text"), _cases((".py", RESULTS), (".ts", RESULTS_JS)))
def test_a_result_that_depends_on_the_tenant_needs_it_in_its_key(path, text):
    assert findings("PAT001", {path: text}) == [(path, _line(text))]


@pytest.mark.parametrize("name", RIGHT)
def test_a_key_that_tells_tenants_apart_is_right(name):
    found = [f for rule in ("PAT001", "PAT002", "PAT003") for f in findings(rule, {name: RIGHT[name]})]
    assert found == []


REFUSED_AND_HANDED_IN = """
export class Runner {
  #running = new Map();
  #starting = new Set();
  async start(tenant, id, version) {
    const key = JSON.stringify([tenant, id]);
    if (this.#running.has(key)) throw new Error(`${id} runs already`);
    return this.#launch(key, tenant, id, version);
  }
  async #launch(key, tenant, id, version) {
    const worker = spawn(await load(tenant, id, version));
    this.#running.set(key, worker);
    return worker;
  }
  async restart(tenant, id, version) {
    const key = `${tenant}/${id}`;
    if (this.#running.has(key)) throw new Error(`${id} runs already`);
    const worker = spawn(await load(tenant, id, version));
    this.#running.set(key, worker);
    return worker;
  }
}
"""


@pytest.mark.parametrize("rule", ["PAT001", "PAT002", "PAT003"])
def test_a_key_that_callers_make_and_one_that_refuses_a_second_are_whole(rule):
    assert findings(rule, {"src/runner.js": REFUSED_AND_HANDED_IN}, "host") == []
