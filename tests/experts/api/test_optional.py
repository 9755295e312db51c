"""Members that may be missing: said by types, by words, by what the host asks elsewhere."""

from __future__ import annotations

import pytest
from idioms import findings

USED = {
    "destructured entry of a map": (
        "h.ts",
        """interface Widget { mount(): void; redraw?(): Promise<void> }
interface Slot { readonly widget: Widget; at: number }
export class Wall {
  private readonly slots = new Map<string, Slot>();
  async all() {
    for (const { widget } of this.slots.values()) await widget.redraw!(); // here
  }
}""",
    ),
    "property of a function type": (
        "h.ts",
        """type Skill = { run(): void; describe?: (lang: string) => string };
export const help = (skills: Skill[]) => skills.map((skill) => skill.describe!("en")); // here""",
    ),
    "handed on": (
        "h.py",
        """from abc import ABC, abstractmethod
class Addon(ABC):
    @abstractmethod
    def start(self): ...
    # optional
    def pause(self): ...
class Host:
    def pause(self, addon: Addon, pool):
        return pool.submit(addon.pause)  # here""",
    ),
    "callable that may be None": (
        "h.py",
        """from dataclasses import dataclass
from typing import Callable
@dataclass
class Extension:
    name: str
    start: Callable[[], None]
    stop: Callable[[], None] | None = None
def shut(extensions: list[Extension]) -> None:
    for extension in extensions:
        extension.stop()  # here""",
    ),
    "asked elsewhere": (
        "h.js",
        """const running = new Map();
export function pauseAll() { for (const addon of running.values()) addon.pause?.(); }
export function pause(id) {
  const addon = running.get(id);
  addon.pause(); // here
}""",
    ),
}

GUARDED = {
    "optional call": (
        "h.ts",
        "interface W { redraw?(): void }\nexport const all = (ws: W[]) => ws.forEach((w) => w.redraw?.());",
    ),
    "early return": (
        "h.ts",
        "interface W { redraw?(): void }\nexport function one(w: W) {\n  if (typeof w.redraw !== 'function') return;\n  w.redraw();\n}",
    ),
    "filtered": (
        "h.ts",
        "interface W { redraw?(): void }\nexport const all = (ws: W[]) => ws.filter((w) => w.redraw).forEach((w) => w.redraw!());",
    ),
    "default given": (
        "h.ts",
        "interface W { redraw?(): void }\nexport function add(w: W) {\n  w.redraw ??= () => undefined;\n  w.redraw();\n}",
    ),
    "required member": (
        "h.ts",
        "interface W { redraw(): void }\nexport const all = (ws: W[]) => ws.forEach((w) => w.redraw());",
    ),
    "hasattr": (
        "h.py",
        'from typing import Protocol\nclass Addon(Protocol):\n    """``pause`` is optional."""\n    def start(self) -> None: ...\n'
        "def pause(addon: Addon):\n    if hasattr(addon, 'pause'):\n        addon.pause()",
    ),
    "attribute error expected": (
        "h.py",
        'from typing import Protocol\nclass Addon(Protocol):\n    """``pause`` may be left out."""\n    def start(self) -> None: ...\n'
        "def pause(addon: Addon):\n    try:\n        addon.pause()\n    except AttributeError:\n        pass",
    ),
    "callable that was asked for": (
        "h.py",
        "from dataclasses import dataclass\nfrom typing import Callable\n@dataclass\nclass E:\n    stop: Callable[[], None] | None = None\n"
        "def shut(e: E):\n    if e.stop is not None:\n        e.stop()",
    ),
    "callable that may answer nothing": (
        "h.ts",
        "interface W { find: (id: string) => string | undefined }\nexport const get = (w: W) => w.find('a');",
    ),
}


@pytest.mark.parametrize("name", USED)
def test_members_that_may_be_missing_are_found(name):
    path, source = USED[name]
    line = next(n for n, text in enumerate(source.split("\n"), 1) if text.endswith("here"))
    assert findings("API008", {path: source}) == [(path, line)]


@pytest.mark.parametrize("name", GUARDED)
def test_members_that_are_asked_for_are_left_alone(name):
    path, source = GUARDED[name]
    assert findings("API008", {path: source}) == []


def test_a_call_that_a_service_may_lack_by_its_type_is_found():
    source = """interface Desk { readonly ui: { open(title: string): void; toast?(text: string): void } }
export class Marks {
  constructor(private readonly context: Desk) {}
  one() { this.context.ui.open("a"); this.context.ui.toast?.("a"); }
  all() { this.context.ui.toast("all"); }
}"""
    assert findings("API033", {"p.ts": source}, kind="plugin") == [("p.ts", 5)]
