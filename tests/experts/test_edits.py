"""An edit takes its finding away, changes nothing else, and a second run has nothing left to change."""

from __future__ import annotations

import pytest
from idioms import inquiry_of

from reviewer.code.module import Module
from reviewer.engine.fixing import edited
from reviewer.experts import load_checks
from reviewer.experts.check import registered

CASES = {
    "a coroutine that nobody awaits": (
        "API010",
        "plugin",
        "p.py",
        "class P:\n    async def go(self):\n        self.save()\n\n    async def save(self):\n        return 1\n",
        ("        self.save()", "        await self.save()"),
    ),
    "a promise that nobody waits for": (
        "API010",
        "host",
        "h.ts",
        "class H {\n  async go() {\n    this.save(); // größer\n  }\n  async save() {\n    await fetch('x');\n  }\n}\n",
        ("    this.save();", "    await this.save();"),
    ),
    "a promise taken for its value": (
        "API011",
        "host",
        "h.ts",
        "async function load(): Promise<string[]> {\n  return [];\n}\n"
        "export async function first() {\n  const all = load();\n  return all.length;\n}\n",
        ("const all = load();", "const all = await load();"),
    ),
    "a sleep that blocks the loop": (
        "COM028",
        "host",
        "h.py",
        "import asyncio\nimport time\n\n\nasync def poll():\n    time.sleep(2)\n    await asyncio.sleep(0)\n",
        ("    time.sleep(2)", "    await asyncio.sleep(2)"),
    ),
    "a sleep in a hook": (
        "LIF014",
        "plugin",
        "p.py",
        "import asyncio\nimport time\n\n\nclass P:\n    async def activate(self, context):\n        time.sleep(2)\n\n"
        "    async def deactivate(self):\n        await asyncio.sleep(0)\n",
        ("        time.sleep(2)", "        await asyncio.sleep(2)"),
    ),
    "a step of a chain whose promise is dropped": (
        "COM047",
        "host",
        "c.js",
        "export const run = (stack, ctx) => {\n  let last = -1;\n  const go = async (i) => {\n"
        "    if (i <= last) throw new Error('twice');\n    last = i;\n    const middleware = stack[i];\n"
        "    if (middleware) middleware(ctx, () => go(i + 1));\n  };\n  return go(0);\n};\n",
        ("if (middleware) middleware(ctx", "if (middleware) await middleware(ctx"),
    ),
    "a bare except around the work of a loop": (
        "LIF049",
        "plugin",
        "p.py",
        "async def run(queue, log):\n    while True:\n        try:\n            await queue.get()\n        except:\n"
        "            log.warning('lost')\n",
        ("        except:", "        except Exception:"),
    ),
    "an except of everything around the work of a loop": (
        "LIF049",
        "plugin",
        "p.py",
        "async def run(queue, log):\n    while True:\n        try:\n            await queue.get()\n"
        "        except BaseException as error:\n            log.warning('lost %s', error)\n",
        ("except BaseException as", "except Exception as"),
    ),
}
LEFT_ALONE = {
    "an await that a plain function can't have": (
        "API010",
        "class H {\n  go() {\n    this.save();\n  }\n  async save() {\n    await fetch('x');\n  }\n}\n",
        "h.ts",
    ),
    "a sleep in a module without asyncio": (
        "COM028",
        "import time\n\n\nasync def poll(ready):\n    time.sleep(2)\n    await ready()\n",
        "h.py",
    ),
}


def run(rule: str, kind: str, path: str, source: str) -> tuple[str, int]:
    """Return the text with the edits of all findings applied, and how many findings there were."""
    load_checks([rule])
    inquiry = inquiry_of({path: source}, kind)
    (module,) = inquiry.project.modules()
    matches = [
        match
        for check in registered()
        if check.rule == rule and check.on_module is not None and (not check.words or check.words & module.words)
        for match in check.on_module(inquiry, module)
    ]
    text, _applied = edited(source.split("\n"), [match.edits for match in matches])
    return text, len(matches)


@pytest.mark.parametrize("case", CASES)
def test_an_edit_takes_its_finding_away_and_changes_nothing_else(case):
    rule, kind, path, source, (old, new) = CASES[case]
    after, found = run(rule, kind, path, source)
    assert found == 1
    assert after == source.replace(old, new)
    assert Module(path, after.encode()).problems == ()
    assert run(rule, kind, path, after) == (after, 0)


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_where_an_edit_is_not_safe_the_finding_has_none(case):
    rule, source, path = LEFT_ALONE[case]
    assert run(rule, "host", path, source) == (source, 1)
