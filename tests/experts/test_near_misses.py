"""Shapes of code in published plugins that rules once spoke of, and were wrong: each stays silent."""

from __future__ import annotations

import pytest
from whole import reviewed

MANIFEST = {"id": "org.saltmarsh.tides", "name": "Tides", "version": "1.0.0", "main": "index.js", "permissions": []}
VISITOR = """
const create = (context) => {
  const calls = [];
  context.on('CallExpression', (node) => {
    calls.push(node);
  });
  context.on('Program:exit', function* () {
    for (const node of calls) yield { node, messageId: 'found' };
  });
};

export default { create, meta: { type: 'suggestion', messages: { found: 'Found.' } } };
"""
AJV = """
import Ajv from 'ajv';
export class Reader {
  constructor(schema) {
    this._validate = new Ajv({ allErrors: true }).compile(schema);
  }

  read(manifest) {
    this._validate(manifest);
    return { manifest, problems: (this._validate.errors ?? []).map((one) => one.message) };
  }
}
"""
SERIALIZER = """
def update(self, request):
    serializer = self.get_serializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.save()
"""
FAILING = """
class Fleet:
    def fail_hosts(self, hosts_to_fail, count=None):
        if not hosts_to_fail:
            return
        log.debug("failing {}".format(", ".join((host.name for host in hosts_to_fail))))
        self.failed.update(hosts_to_fail)
        if len(self.failed) > self.most:
            raise FleetError("too many hosts have failed")
"""
CALLBACKS = """
class State:
    def trigger_callbacks(self, method_name, *args):
        for handler in self.handlers:
            func = getattr(handler, method_name)
            func(self, *args)
"""
CALLS = """
def connect(state, host):
    state.trigger_callbacks("host_connect", host)
    state.trigger_callbacks("host_ready", host)
"""
BARE = """
export function createCalls() {
  const offers = Object.create(null);
  return {
    offer(name, run) {
      offers[name] = run;
    },
    async call(message) {
      const run = offers[message.command];
      if (!run) throw new RangeError('nobody offers this');
      return run(message.args);
    },
  };
}
"""
OWN_CONTEXT = """
function createApi(ctx) {
  return { get disabled() { return ctx?.options?.disable; } };
}

export function plugin(options) {
  const ctx = createContext(options);
  return { api: createApi(ctx), close: () => close(ctx) };
}

async function close(ctx) {
  if (!ctx.options.disable) await build(ctx);
}
"""
BRACES = """
/**
Find the nearest manifest.

@param {string} folder
@return {{ path: string, content: Record<string, unknown> } | undefined}
*/
export function nearest(folder) {
  const path = find(folder);
  if (!path) {
    return;
  }

  return { path, content: read(path) };
}
"""
HELPER = """
import { isControlFlowTest } from './shapes.js';

const problemOfCheck = (node, context) => {
  const { node: ancestor } = booleanAncestor(node);
  if (!isControlFlowTest(ancestor) || isShadowed(node, ancestor)) {
    return;
  }

  return { node, messageId: 'check' };
};

export const handle = (message) => problemOfCheck(message.node, message.context);
"""
READ_TO_ITS_END = """
function parse(input, mail, done) {
  const parts = new Parts(input);
  const reader = () => {
    const part = parts.read();
    if (!part) return;
    part.content.on('data', (chunk) => mail.chunks.push(chunk));
    part.content.on('end', () => {
      part.release();
      reader();
    });
  };
  parts.on('readable', reader);
  parts.on('end', () => done(null, mail));
}

module.exports = { parse };
"""
GESTURE = """
export function dialog(box) {
  box.find('.search').on('input', (e) => {
    const results = search(e.target.value).map((one) => `<a name="${one.name}"></a>`);
    box.find('.results').html(results.join(''));
  });
}

const table = [{ name: 'anchor' }, { name: 'buoy' }];
const search = (text) => table.filter((one) => one.name.startsWith(text));
"""
CASES = [
    ("LIF053", {"index.js": VISITOR}),
    ("API017", {"index.js": AJV}),
    ("API017", {"views.py": SERIALIZER}),
    ("SEC008", {"fleet.py": FAILING}),
    ("COM020", {"state.py": CALLBACKS, "hosts.py": CALLS}),
    ("COM020", {"index.js": BARE}),
    ("API033", {"index.js": OWN_CONTEXT}),
    ("API014", {"index.js": BRACES}),
    ("COM053", {"index.js": READ_TO_ITS_END}),
    ("SEC052", {"index.js": GESTURE}),
    (
        "SEC076",
        {"index.js": HELPER, "shapes.js": "export const isControlFlowTest = (node) => node.parent?.test === node;\n"},
    ),
]


@pytest.mark.parametrize(("rule", "files"), CASES, ids=[f"{rule}-{'-'.join(files)}" for rule, files in CASES])
def test_it_stays_silent(rule, files, tmp_path):
    assert reviewed(tmp_path, {"plugin.json": MANIFEST, **files}, rule) == []


def test_the_same_shapes_are_found_where_nothing_holds_them(tmp_path):
    files = {
        "plugin.json": MANIFEST,
        "index.js": VISITOR.replace("export default { create, meta:", "export const activate = create; export const more = { of:")
        .replace("const create = (context)", "export const create = (context)"),
        "views.py": SERIALIZER.replace("raise_exception=True", ""),
        "state.py": CALLBACKS,
    }  # fmt: skip
    found = {rule for rule, _path, _line in reviewed(tmp_path, files, "LIF053", "API017", "COM020")}
    assert found >= {"API017", "COM020"}
