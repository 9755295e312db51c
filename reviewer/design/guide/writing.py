"""Writes a guide from a decided design and a stack."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from reviewer import resources
from reviewer.design.artefacts.documents import documents as manifests
from reviewer.design.artefacts.files import render, variant
from reviewer.design.artefacts.reading import traits_of
from reviewer.design.guide.blocks import blocks
from reviewer.design.guide.excerpts import Excerpt, whole
from reviewer.report.escape.markdown import Ready
from reviewer.report.templates import markdown

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.design.artefacts.traits import Traits
    from reviewer.design.guide.stacks import Stack

_DECISIONS: Final = (
    "boundary", "capabilities", "registry", "loading", "load_order", "cache", "versioning", "reload_mechanism",
    "tenancy_model",
)  # fmt: skip
"""The decisions that the guide follows, in the order of its steps."""
_VARIANTS: Final = {"electron": "electron.ts", "web-worker": "web-worker.ts"}


def guide(decided: Decided, stack: Stack, origin: str) -> str:
    """Return the guide in Markdown; ``origin`` says in words from what it was made."""
    traits = traits_of(decided)
    values = {
        "c": traits,
        "stack": stack,
        "origin": origin,
        "where": traits.boundary_name_ts if stack.language == "typescript" else traits.boundary_name_py,
        "decisions": [(decided.choices[key].dimension.title, decided.choices[key]) for key in _DECISIONS],
        "months": decided.chosen("removal_months"),
        "code": _code(traits, stack),
        "troubles": _troubles(traits),
    }
    return markdown("guide/guide.md.j2", values)


def starter(decided: Decided, stack: Stack) -> dict[str, str]:
    """Return the starter code that the guide speaks of, by path."""
    traits = traits_of(decided)
    files = {**dict(render(traits)), **dict(manifests(traits))}
    if _has_variant(traits, stack):
        name, text = variant(traits, _VARIANTS[stack.name])
        files[name] = text
    folders = (f"starter/{stack.language}/", "interfaces/")
    return {path: text for path, text in files.items() if path.startswith(folders)}


def _code(traits: Traits, stack: Stack) -> dict[str, Ready | None]:
    """Return the code of each step, fenced, and where it stands."""
    files = {**dict(render(traits)), **dict(manifests(traits))}
    found: dict[str, Ready | None] = {
        step: Ready("\n\n".join(_fenced(one) for one in excerpts))
        for step, excerpts in blocks(traits, stack.language, files).items()
    }
    found["variant"] = None
    if _has_variant(traits, stack):
        found["variant"] = Ready(_fenced(whole(*variant(traits, _VARIANTS[stack.name]))))
    return found


def _has_variant(traits: Traits, stack: Stack) -> bool:
    """Tell whether the stack has a module of its own: where plugins run behind messages."""
    return stack.name in _VARIANTS and traits.ts_isolation in ("engine", "process")


def _fenced(excerpt: Excerpt) -> str:
    return f"`{excerpt.path}`\n\n```{excerpt.language}\n{excerpt.text}\n```"


def _troubles(traits: Traits) -> list[dict[str, Any]]:
    """Return what goes wrong most often, as far as it can in this design."""
    data = tomllib.loads((resources.templates() / "guide" / "troubles.toml").read_text(encoding="utf-8"))
    facts = {
        "tenant": traits.tenancy == "friendly", "sandbox": traits.sandboxed_ts or traits.sandboxed_py,
        "far": traits.boundary not in ("B0", "B1"), "events": bool(traits.events), "points": bool(traits.points),
        "file": traits.registry == "file",
    }  # fmt: skip
    return [one for one in data["trouble"] if facts.get(one.get("when", ""), True)]
