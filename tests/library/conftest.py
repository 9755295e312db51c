"""A small library on disk: seven agents, one skill with a checklist, and rules as a test writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.core.experts import EXPERTS
from reviewer.library.library import Library, load_library

RULE = """\
+++
id = "SEC001"
name = "no-sandbox-module"
expert = "security"
severity = "high"
confidence = "certain"
status = "stable"
since = "0.1.0"
fix = "Run the code in an engine of its own."
checklist = ["SEC4"]
references = ["CWE-265", "https://example.com/sandbox"]
[applies-to]
kind = ["host"]
[match]
kind = "import"
modules = ["vm2"]
message = "{module} is no boundary."
+++
## What it finds
An import of a module that is taken for a sandbox.

## Why it matters
It is none.

## Bad
```js src/host.js
const { VM } = require("vm2"); // <- here
```

## Good
```js src/host.js
const { Worker } = require("node:worker_threads");
```

## When not to apply
Never.

## References
- CWE-265
"""

CHECKLIST = """\
[[item]]
id = "SEC4"
question = "Is what is not granted denied?"
kinds = ["host"]
automatic = true
evidence = "the permission check"
needs = ["code"]
"""

SKILL = """\
---
name: security
description: What a careful host knows.
---
# Security

## Sandboxes
A module of the language is no boundary against intent.
"""

AGENT = """\
---
name: security
description: Looks. Use it for plugins.
title: The expert
mission: Looks.
keywords: [permission, kill switch]
skills: [security]
questions: ["Who writes plugins?"]
---
# The guide

## What I know
Enough about quarantine.
"""


@dataclass(frozen=True)
class Folders:
    """The folders of a small library."""

    root: Path

    @property
    def skills(self) -> Path:
        return self.root / "skills"

    @property
    def agents(self) -> Path:
        return self.root / "agents"

    def write(self, path: str, text: str) -> Path:
        """Write a file below the root."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        return target

    def load(self, *extra: str, pages: bool = False) -> Library:
        """Load the library with further folders below the root."""
        return load_library(self.skills, self.agents, tuple(self.root / name for name in extra), pages=pages)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the index of every test to itself."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A library without mistakes and with one rule."""
    made = Folders(tmp_path)
    for expert in EXPERTS:
        made.write(f"agents/{expert}.md", AGENT.replace("name: security", f"name: {expert}"))
    made.write("skills/security/SKILL.md", SKILL)
    made.write("skills/security/checklist.toml", CHECKLIST)
    made.write("skills/security/rules/SEC001-no-sandbox-module.md", RULE)
    return made


@pytest.fixture
def rule_text() -> str:
    """The text of a rule file without mistakes."""
    return RULE
