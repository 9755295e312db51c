"""Where a manifest says which services of the host its plugin can't do without, however it spells that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.text.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.subject.document import Value

_NEEDS: Final = frozenset("require requires required needs need needed uses use using demands wants mandatory".split())
_SERVICES: Final = frozenset(
    "feature features service services capability capabilities surface surfaces facility facilities".split()
)
_BESIDE: Final = frozenset(
    "optional wants provides provided offers exports contributes contributions permission permissions dependency "
    "dependencies plugins engine engines peer host_version keywords categories".split()
)
"""Words of members that list something else, or what a plugin can do without."""
_NAMES: Final = ("name", "id", "feature", "service", "key")


class Required(Struct, frozen=True):
    """What a manifest lists: ``at`` is the list, ``named`` each entry with its place; ``sure``: they are services."""

    at: Value
    named: tuple[tuple[str, Value], ...]
    sure: bool


def required_services(root: Value, knows: Callable[[str], object]) -> Required | None:
    """Return the list of services that a manifest says its plugin needs, the one most surely meant.

    ``requiredFeatures = […]`` surely lists such, as does ``features.required``; ``needs``, ``uses`` and ``features``
    may be about anything, unless an entry is a service that ``knows`` knows.
    """
    found = [one for one in _listed(root, (), 0) if one.sure or any(knows(name) for name, _at in one.named)]
    return next((one for one in found if one.sure), found[0] if found else None)


def _listed(value: Value, path: tuple[str, ...], depth: int) -> Iterator[Required]:
    for key, inner in value.members():
        said = frozenset(word.lower() for word in words(key))
        if said & _BESIDE or (depth and not said):
            continue
        way = (*path, *said)
        needs, services = bool(_NEEDS & set(way)), bool(_SERVICES & set(way))
        entries = tuple(_entries(inner)) if needs or services else ()
        if entries or (inner.kind == "array" and needs and services):
            yield Required(inner, entries, needs and services)
        elif inner.kind == "object" and depth < 2:
            yield from _listed(inner, way, depth + 1)


def _entries(value: Value) -> Iterator[tuple[str, Value]]:
    """Yield what a list names: texts, objects with a name, or the keys of what is switched on."""
    for item in value.items():
        held = item if item.kind == "string" else next((one for name in _NAMES if (one := item.get(name))), None)
        if held is not None and held.text:
            yield held.text, item
    switches = list(value.members())
    if all(one.kind in ("boolean", "string", "number") for _key, one in switches):
        yield from ((key, one) for key, one in switches if one.data is not False)
