"""Designs that tests look at: the worked examples, and designs made by chance."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import get_args

from reviewer.blueprint.inputs import INPUTS, Inputs, is_list, texts_of
from reviewer.blueprint.model import Design
from reviewer.blueprint.reading import load_design
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.blueprint.rulebook import Dimension

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples" / "designs").glob("*.yaml"))
CHANCES = int(os.environ.get("REVIEWER_RANDOM_DESIGNS", "8"))
"""Designs made by chance that tests of whole documents look at; fifty before a release, fewer in the gate."""
BUILT = range(CHANCES if CHANCES >= 50 else 2)
"""Seeds of the designs whose code is compiled, run and reviewed: all of them before a release, two in the gate."""


def example(name: str) -> Design:
    """Return a worked example."""
    return load_design(ROOT / "examples" / "designs" / f"{name}.yaml")[0]


def random_design(seed: int) -> Design:
    """Return a valid design made by chance, always the same for a seed: inputs, catalogue, overrides, waivers."""
    chance = random.Random(seed)  # noqa: S311 - the same designs each time
    plain = {
        "host": {"id": f"com.example.host-{seed}", "name": chance.choice(["Tides", "A | B", "<b>Bold</b>", "Größe & Maß"])},
        "inputs": {key: _answer(chance, key) for key in INPUTS if chance.random() < 0.7},
    }  # fmt: skip
    if chance.random() < 0.7:
        names = chance.sample(["storage.read", "network.fetch", "process.execute", "documents.read", "ui.render",
                               "secrets.read", "filesystem.write"], chance.randint(1, 5))  # fmt: skip
        plain["permissions"] = [
            {"name": name} | ({"scope": {"only": ["a", "b*"]}} if chance.random() < 0.6 else {}) for name in names
        ]
        plain["services"] = [{"name": name.split(".")[0], "permissions": [name]} for name in {n.split(".")[0]: n for n in names}.values()]  # fmt: skip
        needs = ["reply", "fanout", "transform", "veto", "stream"]
        plain["interactions"] = [
            {"name": f"item.a{number}", "needs": chance.sample(needs, chance.randint(1, 2))}
            | ({"payload": {"id": "string"}} if chance.random() < 0.8 else {})
            | ({"permission": names[0]} if chance.random() < 0.4 else {})
            | ({"pure": True} if chance.random() < 0.3 else {})
            for number in range(chance.randint(1, 5))
        ]
    dimensions = [one for one in shipped_rulebook().dimensions.values() if not one.each]
    plain["decisions"] = {
        one.key: {"choose": _choice(chance, one), "reason": f"Reason {number}."}
        for number, one in enumerate(chance.sample(dimensions, chance.randint(0, 4)))
    }
    plain["waivers"] = [
        {"rule": rule, "reason": "Known.", "owner": "Dana", "expires": "2030-01-01"}
        for rule in chance.sample(list(shipped_rulebook().rules), chance.randint(0, 3))
    ]
    return Design.model_validate(plain)


def _answer(chance: random.Random, key: str) -> object:
    annotation = Inputs.model_fields[key].annotation
    choices = texts_of(annotation)
    if is_list(annotation):
        return chance.sample(choices, chance.randint(1, min(3, len(choices)))) if choices else ["GDPR"]
    if choices:
        return chance.choice(choices)
    if bool in get_args(annotation):
        return chance.random() < 0.5
    number = chance.choice([0.5, 1, 15, 300, 20000])
    return number if key in ("latency_ms", "calls_per_s", "payload_kb") else int(number)


def _choice(chance: random.Random, dimension: Dimension) -> object:
    if dimension.takes == "number":
        return chance.randint(0, 48)
    options = list(dimension.options)
    return (
        chance.choice(options) if dimension.takes == "one" else chance.sample(options, chance.randint(0, len(options)))
    )
