"""The threat model: every interface that the design has, by STRIDE, with the decision that answers each threat."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reviewer import resources
from reviewer.design.documents.conditions import holds
from reviewer.design.documents.tracing import Refs, source
from reviewer.design.documents.words import short_words

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided

_KINDS: Final = {
    "S": "spoofing", "T": "tampering", "R": "repudiation", "I": "disclosure", "D": "denial of service",
    "E": "elevation of privilege",
}  # fmt: skip


def threat_model(decided: Decided) -> list[dict[str, Any]]:
    """Return the interfaces with their threats, in the order of the data."""
    return [
        {"title": one["title"], "threats": [_threat(decided, one["key"], at, item) for at, item in _here(decided, one)]}
        for one in _interfaces()
        if holds(decided, one.get("when", ""))
    ]


def _here(decided: Decided, interface: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    numbered = enumerate(interface["threats"], 1)
    return [(number, item) for number, item in numbered if holds(decided, item.get("when", ""))]


def _threat(decided: Decided, interface: str, number: int, item: dict[str, Any]) -> dict[str, Any]:
    key = item["decision"]
    choice = decided.choices[key]
    against = [one for one in decided.verdicts if one.rule.dimension == key and one.waiver is None]
    refs = [source("THR", f"{interface}-{number}"), source("DEC", key)]
    return {
        "kind": _KINDS[item["kind"]],
        "threat": item["threat"],
        "control": item["control"],
        "decided": f"{choice.dimension.title}: {short_words(choice)}",
        "open": "; ".join(one.rule.id for one in against),
        "refs": Refs([*refs, *(source("RULE", one.rule.id) for one in against)]),
    }


@cache
def _interfaces() -> list[dict[str, Any]]:
    path = resources.skills() / "security" / "threats.toml"
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["interface"]
    return found
