"""What the assistant knows by name: events, tools, models, and the keys of front matter."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer import resources

if TYPE_CHECKING:
    from collections.abc import Mapping

PLUGIN: Final = "assistant"
SKILL: Final = "agent-skill"
BUNDLE: Final = "mcp-bundle"
"""The ecosystems of plugins, of skills that stand by themselves, and of bundled servers."""


class Host(Struct, frozen=True):
    """The vocabulary of the assistant."""

    events: tuple[str, ...]
    tool_events: frozenset[str]
    """Events whose matcher is compared with the name of a tool."""
    tools: tuple[str, ...]
    models: tuple[str, ...]
    hook_types: Mapping[str, str]
    """What each type of hook has to say, by type."""
    keys: Mapping[str, tuple[str, ...]]
    """Keys of front matter by kind of page."""
    keys_elsewhere: Mapping[str, Mapping[str, str]]
    """Keys of another kind of page, with the key that is meant, by kind of page."""


@lru_cache(maxsize=1)
def the_host() -> Host:
    """Read the vocabulary that ships."""
    path = resources.skills() / "ecosystems" / PLUGIN / "host.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Host(
        events=tuple(data["events"]),
        tool_events=frozenset(data["tool-events"]),
        tools=tuple(data["tools"]),
        models=tuple(data["models"]),
        hook_types=data["hook-types"],
        keys={kind: tuple(keys) for kind, keys in data["keys"].items()},
        keys_elsewhere=data["keys-elsewhere"],
    )
