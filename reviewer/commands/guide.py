"""The command ``guide``: how plugins are built into a host, step by step, with code that runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.commands.command import Reply
from reviewer.core.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reviewer.blueprint.model import Design
    from reviewer.commands.command import Invocation
    from reviewer.design.guide.stacks import Stack

_STATE: Final = ".reviewer/generated-guide.json"
_DESIGNS: Final = ("plugin-design.yaml", "plugin-design.yml", "plugin-design.json", "plugin-design.toml")


def run(invocation: Invocation) -> Reply:
    """Write the guide for a design, or for the repository of a host."""
    from reviewer.blueprint.decide import decide
    from reviewer.design.guide.stacks import stack_for, stack_of
    from reviewer.design.guide.writing import guide

    given = invocation.arguments
    design, shown, origin = _subject(Path(given["spec"] or "."))
    named = stack_of(given["stack"]) if given["stack"] else shown
    if named is not None and design.inputs.host_runtime is None:
        design = _on(design, named)
    decided = decide(design, today=time.strftime("%Y-%m-%d"))
    if decided.contradictions:
        rules = ", ".join(sorted({one.rule.id for one in decided.contradictions}))
        raise UsageError(f"{origin} contradicts itself ({rules}); `reviewer design` shows the ways out")
    languages = decided.answer("languages")
    stack = named or stack_for(str(decided.answer("host_runtime")), languages if isinstance(languages, tuple) else ())
    text = guide(decided, stack, origin)
    if not given["out"]:
        return Reply(text)
    from reviewer.design.guide.writing import starter
    from reviewer.design.merging.state import load
    from reviewer.design.merging.writing import write_all

    out = Path(given["out"])
    theirs = load(out).files
    files = {path: code for path, code in starter(decided, stack).items() if path not in theirs}
    written = write_all({f"docs/integration-guide-{stack.name}.md": text, **files}, out, _STATE)
    code = ExitCode.FINDINGS if written.open else ExitCode.PASSED
    return Reply("", code, f"{out}: {written.told()}")


def _subject(path: Path) -> tuple[Design, Stack | None, str]:
    """Return the design, the stack that a repository shows, and in words what it is; raises `UsageError`."""
    from reviewer.blueprint.reading import load_design
    from reviewer.design.guide.stacks import stack_in

    if not path.exists():
        raise UsageError(f"{path}: there is no such design or repository")
    if path.is_file():
        return load_design(path)[0], None, f"the design {path.name}"
    for name in _DESIGNS:
        if (path / name).is_file():
            return load_design(path / name)[0], stack_in(path), f"the design {name}"
    folder = path.resolve().name or "host"
    return _usual(folder), stack_in(path), f"the repository {folder}, with the usual answers, for it has no design yet"


def _usual(name: str) -> Design:
    """Return a design of a host that nobody has described yet: every answer is the usual one."""
    import re

    from reviewer.blueprint.model import Design

    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    slug = slug if slug[:1].isalpha() else f"host-{slug}".rstrip("-")
    return Design.model_validate({"host": {"id": f"com.example.{slug}", "name": name[:100]}})


def _on(design: Design, stack: Stack) -> Design:
    """Return the design with the runtime of a stack, where nobody has answered that question."""
    changes: dict[str, object] = {"host_runtime": stack.host_runtime}
    if design.inputs.languages is None:
        changes["languages"] = [stack.language]
    return design.model_copy(update={"inputs": design.inputs.model_copy(update=changes)})
