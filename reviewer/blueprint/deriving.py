"""Derives facts from the answers: trust above all, which nobody may choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.blueprint.decided import Answer, Derivation
from reviewer.blueprint.inputs import SCALES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.blueprint.condition import Fact
    from reviewer.blueprint.rulebook import Value

_LEVEL: Final = {"public": 1, "partner": 2, "internal": 3, "self": 3}
_WHO: Final = {
    "public": "Anybody may write plugins",
    "partner": "Partners write the plugins",
    "internal": "Your own people write the plugins",
    "self": "You write the plugins yourselves",
}
_SPEAKS: Final = {
    "browser": {"javascript", "typescript"},
    "electron": {"javascript", "typescript"},
    "node": {"javascript", "typescript"},
    "edge": {"javascript", "typescript"},
    "python": {"python"},
    "jvm": {"java", "kotlin"},
    "go": {"go"},
    "rust": {"rust"},
    "native": {"c", "cpp", "rust"},
    "php": {"php"},
}
"""Languages that run in a host without further ado."""
_ENGINE: Final = frozenset({"javascript", "typescript", "rust", "c", "cpp", "go", "swift", "lua"})
"""Languages that run in a WebAssembly or JavaScript engine of their own."""


def derive(answers: Mapping[str, Answer]) -> tuple[Derivation, ...]:
    """Return how trust comes about, step by step; the last step gives ``trust``."""
    authors, reviewed, data = (_text(answers, key) for key in ("authors", "reviewed", "data"))
    alone = _LEVEL[authors]
    why = f"{_WHO[authors]}: level {alone}."
    steps = [Derivation("trust_alone", alone, "trust-from-authors", why, ("authors",))]
    if reviewed == "none" and _at_least("data", data, "personal") and alone > 1:
        alone -= 1
        why = f"Nobody reviews versions, and plugins reach {data} data: one level less, {alone}."
        steps.append(Derivation("trust_alone", alone, "trust-lowered-unreviewed", why, ("reviewed", "data")))
    trust, rule = alone, steps[-1].rule
    if answers["plugin_dependencies"].value:
        writers = _text(answers, "dependency_authors")
        lowest = _LEVEL[writers]
        rule_of_closure = "trust-minimum-of-dependencies"
        why = f"What plugins depend on comes from {writers} authors: level {lowest}."
        steps.append(Derivation("dependency_trust", lowest, rule_of_closure, why, ("dependency_authors",)))
        if lowest < trust:
            trust, rule = lowest, rule_of_closure
    inputs = tuple(dict.fromkeys(key for step in steps for key in step.inputs))
    why = f"Plugins are {_NAME[trust]}: level {trust}."
    return (*steps, Derivation("trust", trust, rule, why, inputs))


_NAME: Final = {1: "untrusted", 2: "semi-trusted", 3: "trusted"}


def facts_of(answers: Mapping[str, Answer], derivations: tuple[Derivation, ...]) -> dict[str, Fact]:
    """Return inputs and derived facts as conditions see them."""
    facts: dict[str, Fact] = {key: fact(answer.value) for key, answer in answers.items()}
    languages = {str(one) for one in _texts(answers, "languages")}
    facts |= {
        "dependency_trust": 3,
        "traffic_mb_s": _number(answers, "payload_kb") * _number(answers, "calls_per_s") / 1024,
        "language_count": len(languages),
        "foreign_language": bool(languages - _SPEAKS[_text(answers, "host_runtime")]),
        "wasm_language": languages <= _ENGINE,
    }
    return facts | {step.fact: step.value for step in derivations}


def fact(value: Value) -> Fact:
    """Return a value as conditions see it."""
    return frozenset(value) if isinstance(value, tuple) else value


def _at_least(key: str, value: str, least: str) -> bool:
    scale = SCALES[key]
    return scale.index(value) >= scale.index(least)


def _text(answers: Mapping[str, Answer], key: str) -> str:
    return str(answers[key].value)


def _texts(answers: Mapping[str, Answer], key: str) -> tuple[str, ...]:
    value = answers[key].value
    return value if isinstance(value, tuple) else ()


def _number(answers: Mapping[str, Answer], key: str) -> float:
    value = answers[key].value
    return float(value) if isinstance(value, int | float) else 0.0
