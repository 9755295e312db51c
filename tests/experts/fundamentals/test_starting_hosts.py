"""Hosts that start, with plugins and without: flaws in many idioms, and right code that looks like them."""

from __future__ import annotations

import pytest
from idioms import findings

CASES = [
    pytest.param(
        "FUN012",
        "host",
        1,
        {
            "b.py": """\
from abc import ABC, abstractmethod
class Bot(ABC):
    @abstractmethod
    async def boot(self, ctx): ...
    @abstractmethod
    async def halt(self): ...
class Echo(Bot):
    def boot(self, ctx):
        pass
    async def halt(self):
        pass
""",
        },
        id="FUN012 py sync of async",
    ),
    pytest.param(
        "FUN012",
        "host",
        1,
        {
            "a.ts": """\
export interface Plug { readonly id: string; readonly version: string; activate(c: object): Promise<void>; }
export class A implements Plug { readonly id = "a"; async activate() {} }
""",
        },
        id="FUN012 ts fields",
    ),
    pytest.param(
        "FUN012",
        "host",
        0,
        {
            "a.ts": """\
export interface Plug { readonly id: string; activate(c: object): Promise<void>; dispose?: () => void }
export class A implements Plug { constructor(readonly id: string) {} async activate() {} }
export class B implements Plug { get id() { return "b"; } activate = async () => {}; }
""",
        },
        id="FUN012 right: fewer params ts",
    ),
    pytest.param(
        "FUN012",
        "host",
        0,
        {
            "b.py": """\
from typing import Protocol
class P(Protocol):
    def activate(self, ctx): ...
    def describe(self):
        return "x"
class A(P):
    def activate(self, ctx):
        return 1
""",
        },
        id="FUN012 right: protocol with default body",
    ),
    pytest.param(
        "FUN012",
        "host",
        0,
        {
            "b.py": """\
from typing import Protocol
from dataclasses import dataclass
class P(Protocol):
    def activate(self, ctx): ...
@dataclass
class A(P):
    x: int
    def activate(self, ctx):
        return 1
""",
        },
        id="FUN012 right: dataclass decorated",
    ),
    pytest.param(
        "FUN012",
        "host",
        0,
        {
            "b.py": """\
from abc import ABC, abstractmethod
class P(ABC):
    @property
    @abstractmethod
    def id(self): ...
    @abstractmethod
    def feed(self): ...
class A(P):
    id = "a"
    async def feed(self):
        yield 1
""",
        },
        id="FUN012 right: async generator / property",
    ),
    pytest.param(
        "FUN012",
        "host",
        0,
        {
            "a.ts": """\
interface Base { id: string }
interface Plug extends Base { activate(): void }
export class A implements Plug { id = "a"; activate() {} }
""",
        },
        id="FUN012 right: ts extends interface",
    ),
    pytest.param(
        "FUN023",
        "host",
        1,
        {
            "src/core/registry.ts": """\
import weather from "../skills/weather";
export const all = [weather];
""",
            "src/skills/weather.ts": """\
export default { id: "weather", async activate(ctx: { log(): void }) { ctx.log(); }, async deactivate() {} };
""",
        },
        id="FUN023 registry imports skill",
    ),
    pytest.param(
        "FUN023",
        "host",
        1,
        {
            "core/app.js": """\
const { Clock } = require("../plugins/clock/main");
module.exports = (h) => new Clock(h);
""",
            "plugins/clock/main.js": """\
class Clock { async activate(context) { context.x(); } async deactivate() {} }
module.exports = { Clock };
""",
        },
        id="FUN023 require",
    ),
    pytest.param(
        "FUN023",
        "host",
        0,
        {
            "host/core.py": """\
from host.plugins.base import Plugin
from host.plugins import load_all
""",
            "host/plugins/base.py": """\
class Plugin:
    async def activate(self, context): ...
    async def deactivate(self): ...
""",
            "host/plugins/__init__.py": """\
def load_all(): ...
""",
        },
        id="FUN023 right: plugin base",
    ),
    pytest.param(
        "FUN023",
        "host",
        0,
        {
            "test/core.test.ts": """\
import { A } from "../src/plugins/a/index";
""",
            "src/plugins/a/index.ts": """\
export class A { async activate(context: object) {} async deactivate() {} }
""",
        },
        id="FUN023 right: test",
    ),
    pytest.param(
        "FUN021",
        "host",
        1,
        {
            "h.ts": """\
export class Host { plugins = new Map<string, object>();
 async start() { if (this.plugins.size === 0) { throw new Error("none"); } } }
""",
        },
        id="FUN021 size",
    ),
    pytest.param(
        "FUN021",
        "host",
        1,
        {
            "h.py": """\
def main():
    extensions = find()
    if len(extensions) == 0:
        raise RuntimeError("no extensions")
    run(extensions)
""",
        },
        id="FUN021 len",
    ),
    pytest.param(
        "FUN021",
        "host",
        0,
        {
            "h.py": """\
def load(name):
    plugins = [p for p in find() if p.name == name]
    if plugins:
        return plugins[0].load()
    return None
""",
        },
        id="FUN021 right: lookup",
    ),
    pytest.param(
        "FUN021",
        "host",
        0,
        {
            "h.py": """\
class Driver:
    def _init_plugins(self, found):
        self.plugins = found
        name = self.names[0]
        if not self.plugins:
            raise LookupError(f"no driver found, looking for {name!r}")
""",
        },
        id="FUN021 right: the error names the one that was asked for",
    ),
    pytest.param(
        "FUN021",
        "host",
        1,
        {
            "h.py": """\
class Core:
    def start(self, host_name):
        if not self.plugins:
            raise RuntimeError(f"{host_name} has no plugin")
""",
        },
        id="FUN021 the error names the host",
    ),
]


@pytest.mark.parametrize(("rule", "kind", "count", "files"), CASES)
def test_flaws_are_found_and_right_code_is_left_alone(rule, kind, count, files):
    assert len(findings(rule, files, kind)) == count
