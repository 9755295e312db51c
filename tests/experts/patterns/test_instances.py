"""What is made for one tenant and kept, in many idioms: for all of them, or told apart as it should be."""

from __future__ import annotations

import pytest
from idioms import findings

HERE = "<- here"

INSTANCES = {
    "open.ts": """
export class Host {
  private readonly running = new Map<string, Promise<Widget>>();
  async open(tenant: string, widget: string) {
    let entry = this.running.get(widget); // <- here
    if (!entry) {
      entry = this.boot(tenant, widget);
      this.running.set(widget, entry);
    }
    return entry;
  }
}
""",
    "started-with-the-context.js": """
export class Manager {
  #instances = new Map();
  async start(orgId, plugin) {
    const instance = new plugin.Class();
    await instance.activate(this.contextFor(orgId, plugin));
    this.#instances.set(plugin.id, instance); // <- here
  }
  get(id) { return this.#instances.get(id); }
}
""",
    "dict.py": """
class Host:
    def __init__(self, loader):
        self._loader = loader
        self._plugins = {}

    def get(self, ctx, name):
        if name not in self._plugins:  # <- here
            plugin = self._loader.load(name)
            plugin.start(Context(ctx.tenant, name))
            self._plugins[name] = plugin
        return self._plugins[name]
""",
    "setdefault.py": """
_running = {}

def instance_for(workspace, plugin_id):
    return _running.setdefault(plugin_id, create_instance(workspace, plugin_id))  # <- here
""",
    "tenant-not-used.ts": """
export class Instances {
  private readonly live = new Map<string, Plugin>();
  register(tenant: string, pluginId: string, plugin: Plugin) {
    this.live.set(pluginId, plugin); // <- here
  }
  find(pluginId: string) { return this.live.get(pluginId); }
}
""",
    "singleton.ts": """
export class Bus {
  private static instance: Bus | undefined;
  constructor(private readonly tenant: string) {}
  static for(tenant: string): Bus {
    if (!Bus.instance) {
      Bus.instance = new Bus(tenant); // <- here
    }
    return Bus.instance;
  }
}
""",
    "variable.js": """
let client;
export function clientFor(tenant) {
  client ??= new ApiClient({ tenant }); // <- here
  return client;
}
""",
    "global.py": """
_client = None

def client_for(tenant_id):
    global _client
    if _client is None:
        _client = Client(tenant_id)  # <- here
    return _client
""",
    "closure-factory.js": """
export function createRuntime(sources) {
  const sandboxes = {};
  const open = async (account, app) => {
    if (!sandboxes[app]) { // <- here
      const box = await spawnSandbox(sources[app], { account });
      sandboxes[app] = box;
    }
    return sandboxes[app];
  };
  return { open };
}
""",
}
INSTANCES_RIGHT = {
    "pair.ts": """
export class Host {
  private readonly running = new Map<string, Promise<Widget>>();
  open(tenant: string, widget: string) {
    const key = `${tenant}/${widget}`;
    let entry = this.running.get(key);
    if (!entry) { entry = this.boot(tenant, widget); this.running.set(key, entry); }
    return entry;
  }
}
""",
    "stateless-shared.ts": """
export class Host {
  private readonly instances = new Map<string, Plugin>();
  async call(tenant: string, id: string, command: string) {
    let plugin = this.instances.get(id);
    if (!plugin) {
      plugin = await this.load(id);
      this.instances.set(id, plugin);
    }
    return plugin.execute({ tenant, command });
  }
}
""",
    "host-of-one-tenant.py": """
class TenantHost:
    def __init__(self, tenant):
        self.tenant = tenant
        self._plugins = {}
    def start(self, plugin):
        instance = plugin.create(self.tenant)
        self._plugins[plugin.id] = instance
    def get(self, name):
        return self._plugins[name]
""",
    "session.js": """
const sessions = new Map();
export function open(tenant, user) {
  const id = randomUUID();
  sessions.set(id, createSession(tenant, user));
  return id;
}
export const find = (id) => sessions.get(id);
""",
    "by-tenant.py": """
_hosts = {}

def host_for(tenant):
    if tenant not in _hosts:
        _hosts[tenant] = create_host(tenant)
    return _hosts[tenant]
""",
    "modules.js": """
const modules = new Map();
export async function start(tenant, plugin) {
  if (!modules.has(plugin.id)) modules.set(plugin.id, await import(plugin.url));
  const instance = new (modules.get(plugin.id).default)();
  await instance.activate(contextFor(tenant, plugin));
  return instance;
}
""",
    "current-tenant-object.ts": """
export class Session {
  private client?: Client;
  constructor(private readonly tenant: string) {}
  get(): Client {
    this.client ??= new Client(this.tenant);
    return this.client;
  }
}
""",
}


def _line(text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if HERE in line)


@pytest.mark.parametrize("name", INSTANCES)
def test_an_instance_made_for_one_tenant_is_not_kept_for_all(name):
    text = INSTANCES[name]
    assert findings("PAT003", {name: text}) == [(name, _line(text))]
    assert findings("PAT001", {name: text}) == []


@pytest.mark.parametrize("name", INSTANCES_RIGHT)
def test_an_instance_may_be_kept_where_tenants_are_told_apart_or_it_holds_none(name):
    found = [f for rule in ("PAT001", "PAT003") for f in findings(rule, {name: INSTANCES_RIGHT[name]})]
    assert found == []
