"""Sentences that state a decision, each with the inputs and rules that it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.blueprint.inputs import INPUTS
from reviewer.core.regex import regex
from reviewer.report.escape.markdown import inline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.blueprint.decided import Choice, Decided

SOURCE: Final = regex(r"`((?:IN|RULE|DEC|OVERRIDE|CAT|THR|CHK|TST|WAIVER)-[A-Za-z0-9._-]+)`")
"""How a source stands in a document."""
LONGEST: Final = 10_000
"""Characters of a statement; the model of a design bounds what people write in it."""
_OTHER: Final = regex(r"[^A-Za-z0-9._-]+")


class Said:
    """A text with its sources; it prints as escaped Markdown, so that templates use it as it is."""

    __slots__ = ("sources", "text")

    def __init__(self, text: str, sources: Iterable[str]) -> None:
        """Take a text and at least one source; raises ValueError without any."""
        self.text = text
        self.sources = tuple(dict.fromkeys(sources))
        if not self.sources:
            raise ValueError(f"a statement of a decision without a source: {text!r}")

    def __str__(self) -> str:
        return f"{inline(self.text, LONGEST)} ({self.refs})"

    @property
    def refs(self) -> Refs:
        """The sources by themselves, for a column of their own."""
        return Refs(self.sources)

    @property
    def bare(self) -> str:
        """The text by itself, for a row that has a column of sources."""
        return self.text


class Refs:
    """Sources as code spans."""

    __slots__ = ("_sources",)

    def __init__(self, sources: Iterable[str]) -> None:
        self._sources = tuple(sources)

    def __str__(self) -> str:
        return " ".join(f"`{source}`" for source in self._sources)


def source(kind: str, name: str) -> str:
    """Return the id of a source: ``IN-authors``, ``RULE-public-needs-boundary``, ``CAT-order.placed``."""
    return f"{kind}-{_OTHER.sub('-', name).strip('-') or 'unnamed'}"


def sources_of(choice: Choice, decided: Decided) -> tuple[str, ...]:
    """Return what a choice comes from: the override, or the rule with what it looked at."""
    if choice.overridden:
        return (source("OVERRIDE", choice.dimension.key),)
    return (source("RULE", choice.rule), *facts_behind(choice.inputs, decided))


def facts_behind(names: Iterable[str], decided: Decided) -> tuple[str, ...]:
    """Return the sources of facts: inputs, other decisions, and for derived facts what they come from."""
    found: list[str] = []
    for name in names:
        if name in INPUTS:
            found.append(source("IN", name))
        elif name in decided.choices:
            found.append(source("DEC", name))
        else:
            found += _derived(name, decided)
    return tuple(dict.fromkeys(found))


def _derived(name: str, decided: Decided) -> list[str]:
    steps = [step for step in decided.derivations if step.fact == name]
    if steps:
        return [source("IN", key) for key in steps[-1].inputs]
    behind = {
        "traffic_mb_s": ("payload_kb", "calls_per_s"),
        "language_count": ("languages",),
        "wasm_language": ("languages",),
        "foreign_language": ("languages", "host_runtime"),
        "dependency_trust": ("plugin_dependencies",),
    }
    if name in behind:
        return [source("IN", key) for key in behind[name]]
    if name.startswith("has_"):
        return [source("CAT", one.name) for one in decided.interactions] or [source("IN", "needs")]
    return []
