"""API030, API031 and API033: signals nobody looks at, deprecations that say nothing, services that may be missing."""

from __future__ import annotations

import pytest
from idioms import findings

FLAWED = {
    "a token of its own type": (
        "API030",
        "t.ts",
        "export class T {\n  async run(items: string[], token: CancellationToken) {\n    for (const i of items) "
        "await this.one(i);\n  }\n  async one(i: string) { return i; }\n}\n",
        2,
    ),
    "a stop event of Python": (
        "API030",
        "t.py",
        "import threading\n\n\nasync def index(files, stop: threading.Event):\n    for f in files:\n        await read(f)\n",
        4,
    ),
    "a decorator without words": (
        "API031",
        "c.py",
        "from typing_extensions import deprecated\n\n\nclass Context:\n    @deprecated('do not call this')\n"
        "    def old(self): ...\n",
        5,
    ),
    "a tag and nothing else": ("API031", "c.ts", "export interface C {\n  /** @deprecated */\n  old(): void;\n}\n", 2),
    "a service asked for with a question mark elsewhere": (
        "API033",
        "p.js",
        "export function activate(context) {\n  context.panel?.open('x');\n  context.commands.register('y', () => "
        "context.panel.open('y'));\n}\n",
        3,
    ),
}
RIGHT = {
    "a signal handed on": (
        "API030",
        "t.ts",
        "export async function run(urls: string[], signal: AbortSignal) {\n  for (const u of urls) await fetch(u, { signal });\n}\n",
    ),
    "a signal that is an event of the domain": (
        "API030",
        "t.ts",
        "export async function hear(signal: Signal, room: Room) {\n  await room.open();\n  await room.close();\n}\n",
    ),
    "a tag with a successor": (
        "API031",
        "c.ts",
        "export interface C {\n  /** @deprecated use {@link C.fresh} */\n  old(): void;\n  fresh(): void;\n}\n",
    ),
    "a warning with a version": (
        "API031",
        "c.py",
        "import warnings\n\n\ndef old():\n    warnings.warn('old() is deprecated since 2.3', DeprecationWarning)\n",
    ),
    "a service that was asked for on the way": (
        "API033",
        "p.js",
        "export function activate(context) {\n  context.panel?.open('x');\n  if (context.panel) context.panel.open('y');\n}\n",
    ),
}


@pytest.mark.parametrize("case", FLAWED)
def test_a_flaw_is_found_on_its_line(case):
    rule, path, source, line = FLAWED[case]
    assert findings(rule, {path: source}, "plugin") == [(path, line)]


@pytest.mark.parametrize("case", RIGHT)
def test_right_code_that_looks_alike_is_left_alone(case):
    rule, path, source = RIGHT[case]
    assert findings(rule, {path: source}, "plugin") == []
