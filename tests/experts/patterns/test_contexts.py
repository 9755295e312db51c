"""Contexts of tenants that are only half their own, and module variables of plugins."""

from __future__ import annotations

import pytest
from idioms import findings

PARTIAL = {
    "spread.ts": """
export class Host {
  constructor(private readonly base: Services) {}
  boot(tenant: string, plugin: string) {
    const context = { // <- here
      ...this.base,
      tenant,
      storage: storageFor(tenant, plugin),
    };
    return context;
  }
}
""",
    "assign.js": """
const services = createServices();
export function contextFor(orgId, plugin) {
  return Object.freeze(Object.assign({}, services, { kv: new ScopedKv(orgId, plugin) })); // <- here
}
""",
    "typed.ts": """
interface Services { storage: Store; settings: Settings; logger: Logger }
export function scope(shared: Services, tenant: Tenant): Services {
  return { ...shared, storage: shared.storage.scoped(tenant.id) }; // <- here
}
""",
    "replace.py": """
from dataclasses import dataclass, replace

@dataclass(frozen=True)
class Services:
    storage: object
    mailer: object
    clock: object

def context_for(base: Services, tenant: str):
    return replace(base, storage=base.storage.namespaced(tenant))  # <- here
""",
    "dict.py": """
class Host:
    def context(self, workspace, plugin):
        return {**self._services, "workspace": workspace, "storage": Storage(workspace, plugin)}  # <- here
""",
    "pipe.py": """
def build_context(shared, tenant_id):
    ctx = shared | {"db": ScopedDb(tenant_id)}  # <- here
    return ctx
""",
    "copy.py": """
import copy

def tenant_context(base_context, tenant):
    ctx = copy.copy(base_context)  # <- here
    ctx.storage = TenantStorage(tenant)
    return ctx
""",
    "prototype.js": """
export function makeContext(host, tenant) {
  const ctx = Object.create(host); // <- here
  ctx.store = storeOf(tenant);
  return ctx;
}
""",
    "keywords.py": """
def services_for(base, customer):
    return SimpleNamespace(**vars(base), files=FolderFiles(ROOT, customer.id))  # <- here
""",
}
WHOLE = {
    "factory.ts": """
export function contextFor(tenant: string, plugin: string) {
  const scope = { tenant, plugin };
  return Object.freeze({ tenant, storage: storageFor(scope), settings: settingsFor(scope) });
}
""",
    "all-replaced.ts": """
interface Services { storage: Store; settings: Settings; logger: Logger }
export function scope(shared: Services, tenant: string): Services {
  return { ...shared, storage: storageFor(tenant), settings: settingsFor(tenant) };
}
""",
    "options.js": """
const defaults = { retries: 3 };
export const optionsFor = (tenant) => ({ ...defaults, headers: headersFor(tenant) });
""",
    "id-only.ts": """
export const withTenant = (ctx: Ctx, tenant: string) => ({ ...ctx, tenant });
""",
    "tenants-own-base.ts": """
export function contextOf(tenant: string, plugin: string) {
  const base = servicesFor(tenant);
  return { ...base, storage: base.storage.scoped(tenant, plugin) };
}
""",
    "row.py": """
def view(record, tenant):
    return {**record, "tenant": tenant, "url": url_for(tenant, record["id"])}
""",
    "replaced-all.py": """
from dataclasses import dataclass, replace

@dataclass(frozen=True)
class Services:
    storage: object
    mailer: object
    clock: object

def context_for(base: Services, tenant: str):
    return replace(base, storage=storage_for(tenant), mailer=mailer_for(tenant))
""",
}
STATE = {
    "let.js": """
let mode = 'auto'; // <- here
export default class Theme {
  async activate(context) { mode = await context.storage.get('mode'); }
  async deactivate() {}
}
""",
    "map.ts": """
const drafts = new Map<string, string>(); // <- here
export class Drafts implements Plugin {
  async activate(context: PluginContext) { context.eventBus.on('edit', (e) => drafts.set(e.id, e.text)); }
  async deactivate() {}
}
""",
    "object.ts": """
const state = { open: false, user: null }; // <- here
export default function createPlugin() {
  return {
    activate(context) { state.open = true; },
    deactivate() { state.open = false; },
  };
}
""",
    "global.py": """
_language = "en"  # <- here

class Translator:
    async def activate(self, context):
        global _language
        _language = await context.storage.get("language")

    async def deactivate(self):
        pass
""",
    "dict.py": """
counts: dict[str, int] = {}  # <- here

class Counter:
    async def activate(self, context):
        context.event_bus.on("mail", self._on_mail)

    async def deactivate(self):
        pass

    async def _on_mail(self, mail):
        counts[mail["from"]] = counts.get(mail["from"], 0) + 1
""",
}
NO_STATE = {
    "const.js": """
const LIMITS = Object.freeze({ most: 3 });
const names = ['a', 'b'];
export default class Theme {
  activate(context) { const names = []; names.push('x'); }
  deactivate() {}
}
""",
    "ids.js": """
let nextId = 0;
export default class Theme {
  activate(context) { this.id = nextId++; }
  deactivate() {}
}
""",
    "weak.ts": """
const states = new WeakMap<object, State>();
export class Theme {
  activate(context: PluginContext) { states.set(this, { open: true }); }
  deactivate() {}
}
""",
    "lazy.js": """
let sharp;
export default class Theme {
  async activate(context) { sharp ??= (await import('sharp')).default; }
  deactivate() {}
}
""",
    "built-at-load.py": """
TABLE = {}
for name in ("a", "b"):
    TABLE[name] = len(name)

class Theme:
    async def activate(self, context):
        self._table = dict(TABLE)
        counts = {}
        counts["x"] = 1

    async def deactivate(self):
        pass
""",
    "local.py": """
mode = "auto"

class Theme:
    async def activate(self, context):
        mode = await context.storage.get("mode")
        self.mode = mode

    async def deactivate(self):
        pass
""",
}


def _line(text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if "<- here" in line)


@pytest.mark.parametrize("name", PARTIAL)
def test_a_context_with_some_services_of_the_tenant_shares_the_others(name):
    assert findings("PAT004", {name: PARTIAL[name]}) == [(name, _line(PARTIAL[name]))]


@pytest.mark.parametrize("name", WHOLE)
def test_a_context_that_is_made_for_the_tenant_or_no_context_is_right(name):
    assert findings("PAT004", {name: WHOLE[name]}) == []


@pytest.mark.parametrize("name", STATE)
def test_a_plugin_that_changes_a_variable_of_its_module_shares_it(name):
    assert findings("PAT007", {name: STATE[name]}, "plugin") == [(name, _line(STATE[name]))]


@pytest.mark.parametrize("name", NO_STATE)
def test_constants_numbers_and_things_loaded_once_may_stand_in_a_module(name):
    assert findings("PAT007", {name: NO_STATE[name]}, "plugin") == []
