"""Which files a design is given, and how each is made from its template."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reviewer import resources
from reviewer.design.artefacts.codefilters import FILTERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jinja2 import Environment, Template
    from jinja2.environment import TemplateExpression

    from reviewer.design.artefacts.traits import Traits

_FOLDER: Final = "artefacts"
TARGETS: Final = "targets"
"""Where the templates of plugins for hosts that are there already lie."""


class Part(NamedTuple):
    """One file of the starter code: its template, where it goes, and the condition on the design."""

    template: str
    place: str
    when: str


def render(traits: Traits) -> Iterator[tuple[str, str]]:
    """Yield place and text of every file that the design asks for."""
    for part in _parts():
        if not part.when or _holds(part.when, traits):
            yield part.place.format(package=traits.package), template(part.template).render(c=traits)


def variant(traits: Traits, name: str) -> tuple[str, str]:
    """Return place and text of a module that a host in TypeScript has on another stack than Node."""
    return f"starter/typescript/host/src/{name}", template(f"typescript/host/variants/{name}.j2").render(c=traits)


def _holds(condition: str, traits: Traits) -> bool:
    return bool(_condition(condition)(c=traits))


@cache
def _condition(text: str) -> TemplateExpression:
    return _environment().compile_expression(text, undefined_to_none=False)


@cache
def template(name: str) -> Template:
    """Return a template by its path below the folder of the artefacts or that of the targets."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    """Return the environment of the templates: a sandbox that refuses names which nobody gave."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    made = SandboxedEnvironment(
        loader=FileSystemLoader([resources.templates() / folder for folder in (_FOLDER, TARGETS)]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # each template is rendered once or twice, and folding constants takes longer
        autoescape=False,  # the output is code: the filters write what a design says as literals
    )
    made.filters.update(FILTERS)
    return made


@cache
def _parts() -> tuple[Part, ...]:
    return tuple(part for file in sorted(_folder().glob("*/files.toml")) for part in _read(file))


def _folder() -> Path:
    return resources.templates() / _FOLDER


def _read(file: Path) -> Iterator[Part]:
    """Yield the parts of one language: each group has one condition, and one folder for its files."""
    data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    language = file.parent.name
    for group in data["group"]:
        for name in group["files"]:
            template, _, place = name.partition(" -> ")
            yield Part(
                f"{language}/{group['from']}{template}.j2", f"{group['to']}{place or template}", group.get("when", "")
            )
