"""What the templates of a plugin for a host that is there already know of a design."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.design.artefacts.codefilters import comment
from reviewer.design.artefacts.reading import traits_of

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided

_OTHER: Final = regex(r"[^a-z0-9]+")
_MOST: Final = 20
"""Commands of one skeleton."""


class Command(Struct, frozen=True):
    """One thing that a person can ask the plugin for."""

    name: str
    """Lower-case words with hyphens."""
    title: str
    """For people, with a capital letter."""
    purpose: str
    """A sentence, with a full stop."""

    @property
    def camel(self) -> str:
        """The name as a name in TypeScript."""
        first, *rest = self.name.split("-")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def pascal(self) -> str:
        """The name as the end of a longer name, so that it is no word of a language."""
        return "".join(word.capitalize() for word in self.name.split("-"))

    @property
    def snake(self) -> str:
        """The name as the end of a longer name in Python."""
        return self.name.replace("-", "_")


class Skeleton(Struct, frozen=True):
    """A plugin: its names, and what it offers. ``purpose`` is a sentence with a full stop."""

    name: str
    slug: str
    purpose: str
    host: str
    publisher: str
    commands: tuple[Command, ...]

    @property
    def camel(self) -> str:
        """The slug as a name in TypeScript."""
        first, *rest = self.slug.split("-")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def snake(self) -> str:
        """The slug as a name in Python."""
        return self.slug.replace("-", "_")


def skeleton_of(decided: Decided) -> Skeleton:
    """Return a design in the words of a plugin: what plugins serve becomes its commands."""
    traits = traits_of(decided)
    owner, _, last = traits.plugin_id.rpartition(".")
    listed = [one for one in decided.interactions if decided.design.interactions and one.pattern == "command"]
    commands = tuple(_command(one.name, one.purpose) for one in listed if one.owner == "plugin")
    slug = _slug(last)
    return Skeleton(
        name=comment(traits.plugin_name),
        slug=slug,
        purpose=_sentence(traits.purpose or f"Shows how a plugin for {traits.name} is built"),
        host=comment(traits.name),
        publisher=_slug(owner.rpartition(".")[2] or "example"),
        commands=(commands or (_command(f"{slug}.greet", "Greets the person who calls it."),))[:_MOST],
    )


def _command(name: str, purpose: str) -> Command:
    slug = _slug(name.rsplit(".", 1)[-1])
    title = slug.replace("-", " ")
    return Command(slug, title[:1].upper() + title[1:], _sentence(purpose or title))


def _slug(text: str) -> str:
    return _OTHER.sub("-", text.lower()).strip("-")[:50].strip("-") or "plugin"


def _sentence(text: str) -> str:
    plain = comment(text).rstrip(".")
    return f"{plain[:1].upper()}{plain[1:]}."
