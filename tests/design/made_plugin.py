"""Designs of plugins for a host that is there already, and where their files are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.blueprint.decide import decide
from reviewer.blueprint.model import Design
from reviewer.design.interview import new_design
from reviewer.design.merging.design import write_design
from reviewer.design.setting import with_settings

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "plain": ("com.acme.word-count", "Word count", "Counts the words of a text"),
    "hostile": (
        "com.acme.x",
        '"><b>*/ """ \\ ${HOME} {{ 7 }} # : [a]',
        "It's: a 'test' # of \"quotes\" */ and \\ signs",
    ),
    "long": (f"com.acme.{'a' * 90}", "Größe & Maß", "z" * 400),
}
COMMANDS = [
    {
        "name": "text.count-words",
        "needs": ["reply"],
        "purpose": 'Counts "words" : all of them',
        "payload": {"id": "string"},
    },
    {"name": "text.class", "needs": ["reply"], "payload": {"id": "string"}},
]


def design(target: str, names: str = "plain", *, commands: bool = False) -> Design:
    identity, name, summary = NAMES[names]
    plain = new_design().model_dump(exclude_unset=True) | ({"interactions": COMMANDS} if commands else {})
    settings = [f"target={target}", f"plugin.id={identity}", f"plugin.name={name}", f"summary={summary}"]
    return with_settings(Design.model_validate(plain), settings)


def written(target: str, folder: Path, names: str = "plain", *, commands: bool = False) -> Path:
    write_design(decide(design(target, names, commands=commands)), folder)
    return folder / "plugin"
