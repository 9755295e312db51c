"""The newest version of each plugin of a market: the one that an installation takes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.market.whole.records import Plugin


def newest(plugins: Iterable[Plugin]) -> dict[tuple[str, str], Plugin]:
    """Return the plugin of the highest version by ecosystem and id; a version that can't be read is the lowest."""
    found: dict[tuple[str, str], Plugin] = {}
    for plugin in plugins:
        if plugin.id:
            other = found.setdefault(plugin.key, plugin)
            if other is not plugin and _rank(plugin.version) > _rank(other.version):
                found[plugin.key] = plugin
    return found


@lru_cache(maxsize=4096)
def _rank(version: str) -> tuple[int, Version]:
    try:
        return 1, Version(version[:100])
    except InvalidVersion:
        return 0, Version("0")
