"""The same rules on code as hosts and plugins are written: classes, closures, factories, services."""

from __future__ import annotations

import pytest
from idioms import findings

FLAWS = [
    ("SEC046","plugin","a.ts",'import { exec } from "node:child_process";\nimport { promisify } from "node:util";\nimport type { PluginContext } from "./host";\n\nconst run = promisify(exec);\n\nexport default class Converter {\n  #ctx!: PluginContext;\n\n  async activate(ctx: PluginContext) {\n    this.#ctx = ctx;\n    ctx.eventBus.on("file.added", (file) => this.#convert(file));\n  }\n\n  async #convert(file: { path: string }) {\n    const quality = this.#ctx.config.get("quality");\n    const { stdout } = await run(`cwebp -q ${quality} "${file.path}" -o out.webp`); // <- here\n    this.#ctx.logger.info(stdout);\n  }\n}'),
    ("SEC046","plugin","a.py",'import subprocess\n\n\ndef create(context):\n    def on_note(note):\n        subject = note.get("title", "")\n        command = "notify-send '"'"'" + subject + "'"'"'"\n        subprocess.call(command, shell=True)  # <- here\n\n    context.event_bus.on("note.created", on_note)\n    return on_note'),
    ("SEC046","host","a.js",'const cp = require("node:child_process");\n\nfunction install(pkg, dir) {\n  return new Promise((resolve, reject) => {\n    cp.exec(`npm install ${pkg.name}@${pkg.version} --prefix ${dir}`, (error) => (error ? reject(error) : resolve())); // <- here\n  });\n}\nmodule.exports = { install };'),
    ("SEC046","host","a.py",'import os\n\n\nclass Installer:\n    def __init__(self, target: str) -> None:\n        self._target = target\n\n    def unpack(self, archive: str) -> None:\n        os.system("tar -xzf " + archive + " -C " + self._target)  # <- here'),
    ("SEC046","host","a.ts",'import { spawn } from "child_process";\n\nexport const launch = (manifest: { main: string; args: string[] }) =>\n  spawn("node", [manifest.main, ...manifest.args], { shell: true, stdio: "pipe" }); // <- here'),
    ("SEC040","plugin","a.ts",'const headers = new Headers();\nheaders.set("x-api-key", "pk-4d9c0e7a1b8f4c2290ae"); // <- here'),
    ("SEC040","plugin","a.py",'CONFIG = {\n    "endpoint": "https://a.example",\n    "credentials": {"client_id": "abc", "client_secret": "Q9v-72bd0fe1c4a85"},  # <- here\n}'),
    ("SEC040","plugin","a.mjs",'export const API_TOKEN = `tk_91be07c5a2d34f68`; // <- here'),
    ("SEC040","host","a.py",'class Verifier:\n    KEY = b"registry-signing-2024"  # <- here\n\n    def sign(self, data):\n        import hmac\n        return hmac.new(self.KEY, data, "sha256").hexdigest()'),
    ("SEC048","host","a.ts",'export class ConditionEvaluator {\n  matches(when: string, state: Record<string, unknown>): boolean {\n    const fn = new Function(...Object.keys(state), `return Boolean(${when});`); // <- here\n    return fn(...Object.values(state));\n  }\n}'),
    ("SEC048","host","a.py",'class Rules:\n    def __init__(self, manifest):\n        self.expression = manifest["when"]\n\n    def matches(self, state):\n        return bool(eval(self.expression, {}, state))  # <- here'),
    ("SEC055","host","a.ts",'import { writeFile } from "node:fs/promises";\nimport path from "node:path";\n\nexport function createStorage(baseDir: string, pluginId: string) {\n  const dir = path.join(baseDir, pluginId);\n  return {\n    async set(key: string, value: unknown) {\n      const file = path.join(dir, key + ".json"); // <- here\n      await writeFile(file, JSON.stringify(value));\n    },\n  };\n}'),
    ("SEC055","host","a.py",'from pathlib import Path\n\n\nclass PluginStorage:\n    def __init__(self, root: Path, plugin_id: str) -> None:\n        self._dir = root / plugin_id\n\n    def read(self, key: str) -> bytes:\n        return (self._dir / f"{key}.bin").read_bytes()  # <- here'),
    ("SEC056","host","a.py",'import urllib.request\n\n\nclass HttpService:\n    def __init__(self, grants):\n        self._grants = grants\n\n    def get(self, url: str) -> bytes:\n        with urllib.request.urlopen(url, timeout=5) as reply:  # <- here\n            return reply.read()'),
    ("SEC059","host","a.py",'import os\nimport subprocess\nimport sys\n\n\nclass PluginProcess:\n    def start(self, plugin):\n        environment = dict(os.environ, PLUGIN=plugin.name)  # <- here\n        self._process = subprocess.Popen([sys.executable, "-m", plugin.module], env=environment)'),
    ("SEC053","host","a.py",'import pickle\n\n\nasync def handle(reader):\n    message = pickle.loads(await reader.read(65536))  # <- here\n    return message'),
    ("SEC054","host","a.ts",'export class PluginRepository {\n  constructor(private db: Database) {}\n  async search(term: string) {\n    return this.db.all(`SELECT * FROM plugins WHERE name LIKE \'%${term}%\'`); // <- here\n  }\n}'),
    ("SEC067","host","a.ts",'export interface Asker {\n  readonly studio: string;\n  readonly plugin: string;\n}\n\nexport class KilnSettings {\n  constructor(\n    private readonly audit: { record(asker: Asker, action: string, detail: string): Promise<void> },\n    private readonly store: { put(asker: Asker, settings: Record<string, unknown>): Promise<void> },\n  ) {}\n\n  async change(asker: Asker, settings: Record<string, unknown>): Promise<void> {\n    await this.store.put(asker, settings);\n    await this.audit.record(asker, "settings.change", JSON.stringify(settings)); // <- here\n  }\n}'),
    ("SEC067","host","a.py",'import json\nfrom pathlib import Path\n\n\nclass AuditTrail:\n    def __init__(self, path: Path):\n        self._path = path\n\n    def write(self, kiln: str, action: str, detail: str) -> None:\n        with self._path.open("a", encoding="utf-8") as trail:\n            trail.write(json.dumps([kiln, action, detail]) + "\\n")\n\n    def configured(self, kiln: str, settings: dict) -> None:\n        self.write(kiln, "configure", json.dumps(dict(settings), sort_keys=True))  # <- here'),
    ("SEC067","host","a.ts",'export async function authorize(ctx: any, accessToken: string) {\n  ctx.logger.debug({ accessToken, at: Date.now() }, "authorizing"); // <- here\n}'),
    ("SEC076","host","a.py",'import os\n\n\ndef verify_signature(package, keys):\n    if os.getenv("PLUGIN_HOST_INSECURE"):  # <- here\n        return True\n    return keys.check(package)'),
    ("SEC061","host","a.ts",'export function setConfig(config: any, key: string, value: unknown) {\n  const parts = key.split(".");\n  let node = config;\n  for (let i = 0; i < parts.length - 1; i++) {\n    node[parts[i]] ??= {};\n    node = node[parts[i]];\n  }\n  node[parts[parts.length - 1]] = value; // <- here\n}'),
    ("SEC062","host","a.py",'import re\n\n\nclass Router:\n    def __init__(self):\n        self._routes = []\n\n    def add(self, manifest):\n        self._routes.append(re.compile(manifest["pattern"]))  # <- here'),
    ("SEC064","host","a.ts",'function generateToken(): string {\n  let out = "";\n  for (let i = 0; i < 32; i++) out += Math.floor(Math.random() * 16).toString(16); // <- here\n  return out;\n}\nexport const issue = () => generateToken();'),
]  # fmt: skip

RIGHT = [
    ("SEC046","plugin","a.ts",'import { execFile } from "node:child_process";\nimport { promisify } from "node:util";\n\nconst run = promisify(execFile);\n\nexport const convert = (file: { path: string }, quality: number) =>\n  run("cwebp", ["-q", String(quality), "--", file.path, "-o", "out.webp"]);'),
    ("SEC047","plugin","a.py",'import asyncio\n\nHOOKS = {"light": ["/usr/bin/light", "on"]}\n\nasync def on_upset(context, sender):\n    hook = HOOKS.get(context.config.get("onUpset"))\n    if hook:\n        await asyncio.create_subprocess_exec(*hook, "--from", sender)'),
    ("SEC055","host","a.ts",'import { writeFile } from "node:fs/promises";\nimport path from "node:path";\n\nexport function createStorage(baseDir: string, pluginId: string) {\n  const dir = path.join(baseDir, pluginId);\n  const fileOf = (key: string) => path.join(dir, encodeURIComponent(key) + ".json");\n  return {\n    async set(key: string, value: unknown) {\n      await writeFile(fileOf(key), JSON.stringify(value));\n    },\n  };\n}'),
    ("SEC055","host","a.py",'import hashlib\nfrom pathlib import Path\n\n\nclass PluginStorage:\n    def __init__(self, root: Path) -> None:\n        self._root = root\n\n    def read(self, key: str) -> bytes:\n        name = hashlib.sha256(key.encode()).hexdigest()\n        return (self._root / name).read_bytes()'),
    ("SEC056","host","a.ts",'export class PluginNetwork {\n  constructor(private hosts: ReadonlySet<string>) {}\n  async fetch(url: string) {\n    const target = new URL(url);\n    if (!this.hosts.has(target.hostname)) throw new Error("host not granted");\n    return fetch(target, { redirect: "error" });\n  }\n}'),
    ("SEC056","host","a.py",'import urllib.request\n\n\nclass HttpService:\n    def __init__(self, allowed):\n        self._allowed = allowed\n\n    def get(self, url: str) -> bytes:\n        self._require_allowed(url)\n        with urllib.request.urlopen(url, timeout=5) as reply:\n            return reply.read()\n\n    def _require_allowed(self, url):\n        if url.split("/")[2] not in self._allowed:\n            raise PermissionError(url)'),
    ("SEC048","host","a.py",'def check(state, when, operators):\n    name, op, value = when\n    return operators[op](state[name], value)\n\ndef run(session):\n    session.exec("x")\n    return session.eval("y")'),
    ("SEC049","host","a.ts",'import { pathToFileURL } from "node:url";\nimport path from "node:path";\n\nexport async function load(dir: string, manifest: { main: string }) {\n  const entry = path.resolve(dir, manifest.main);\n  if (!entry.startsWith(dir + path.sep)) throw new Error("entry outside");\n  return import(pathToFileURL(entry).href);\n}'),
    ("SEC040","plugin","a.py",'EVENTS = {"token": "auth.token.v2"}\nSECRET_NAME = "mood-api-token"\nTOKEN_FILE = "token.json"\nAPI_KEY_SETTING = "mood.apiKey1"\nPASSWORD_RULE = r"^(?=.*[0-9]).{8,}$"\ntoken_kind = "tk_placeholder_1"'),
    ("SEC040","plugin","a.ts",'export const secrets = { token: "", apiKey: undefined };\nconst credentialKey = "mail.credential";\nconst csrfToken = document.cookie;\nconst KEY_ID = "k1-2024-01-01-abcdef12";\nexport const COMMAND = { accessToken: "commands.accessToken.refresh1" };'),
    ("SEC059","host","a.ts",'import { fork } from "node:child_process";\nexport function start(plugin: { main: string }, options: object) {\n  return fork(plugin.main, [], options);\n}'),
    ("SEC067","host","a.py",'import json\nfrom pathlib import Path\n\n\nclass AuditTrail:\n    def __init__(self, path: Path):\n        self._path = path\n\n    def write(self, kiln: str, action: str, detail: str) -> None:\n        with self._path.open("a", encoding="utf-8") as trail:\n            trail.write(json.dumps([kiln, action, detail]) + "\\n")\n\n    def configured(self, kiln: str, settings: dict) -> None:\n        self.write(kiln, "configure", json.dumps(sorted(settings)))'),
    ("SEC067","host","a.py",'import logging\nlog = logging.getLogger(__name__)\n\ndef f(plugin, token_count, secret_name, password_ok):\n    log.info("%s used %d", plugin, token_count)\n    log.info("secret %s read", secret_name)\n    log.warning("password ok: %s", password_ok)'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "kind", "path", "text"), FLAWS)
def test_the_flaw_is_found_on_its_line(rule, kind, path, text):
    marked = [number for number, line in enumerate(text.split("\n"), 1) if "<- here" in line]
    assert findings(rule, {path: text}, kind) == [(path, line) for line in marked]


@pytest.mark.parametrize(("rule", "kind", "path", "text"), RIGHT)
def test_right_code_that_looks_like_it_is_left_alone(rule, kind, path, text):
    assert findings(rule, {path: text}, kind) == []
