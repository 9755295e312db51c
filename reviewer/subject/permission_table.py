"""The table of an ecosystem that says which permission a call needs."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer import resources

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT_RISK: Final = 4


class Combination(Struct, frozen=True):
    """Permissions that are worse together than apart; ``level`` is ``error`` or ``warning``."""

    all: tuple[str, ...]
    name: str
    why: str
    bonus: int
    level: str


class PermissionTable(Struct, frozen=True):
    """What the calls of one ecosystem need; permissions are ``resource.action``."""

    free: frozenset[str]
    scopes: frozenset[str]
    direct: Mapping[str, str]
    soft: Mapping[str, str]
    """Methods that may need a permission, whatever they are called on."""
    combinations: tuple[Combination, ...]
    _data: Mapping[str, Any]

    def resource(self, name: str) -> str:
        """Return the usual name of a resource or a service."""
        return str(self._data["aliases"].get(name, name))

    def knows(self, resource: str) -> bool:
        """Tell whether the table has the actions of a resource."""
        return resource in self._data["methods"]

    def needed(self, service: str, method: str) -> str:
        """Return the permission that ``context.<service>.<method>()`` needs; empty where it needs none."""
        if service in self.free:
            return ""
        resource = self.resource(service)
        return f"{resource}.{self._data['methods'].get(resource, {}).get(method, method)}"

    def maps(self, service: str, method: str) -> bool:
        """Tell whether the table says what a method of a service needs, or knows nothing of the service at all."""
        known = self._data["methods"].get(self.resource(service))
        return known is None or method in known

    def declared(self, resource: str, action: str) -> list[str]:
        """Return what a declared resource and action mean; ``*`` stands for every action."""
        resource = self.resource(resource)
        if not action:
            return [f"{resource}.*"]
        actions = self._data["actions"].get(action, [action])
        return [str(self._data["same"].get(f"{resource}.{one}", f"{resource}.{one}")) for one in actions]

    def is_action(self, resource: str, word: str) -> bool:
        """Tell whether a word of a manifest is an action of a resource, and no host, path or the like."""
        resource = self.resource(resource)
        known = set(self._data["methods"].get(resource, {}).values())
        return word in self._data["actions"] or word in known or f"{resource}.{word}" in self._data["same"]

    def members(self, name: str) -> tuple[str, ...]:
        """Return the permissions that a name of a combination stands for."""
        return tuple(self._data["groups"].get(name, [name]))

    def risk(self, permission: str) -> int:
        """Return the base risk of a permission, from 0 to 10."""
        resource = permission.split(".", 1)[0]
        risks = self._data["risk"]
        return int(risks.get(permission, risks.get(resource, _DEFAULT_RISK)))


@lru_cache(maxsize=8)
def permission_table(ecosystem: str) -> PermissionTable | None:
    """Return the table of an ecosystem, or None where it has none."""
    path = resources.skills() / "ecosystems" / ecosystem / "permissions.toml"
    if not path.is_file():
        return None
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    combinations = tuple(
        Combination(tuple(row["all"]), row["name"], row["why"], int(row["bonus"]), row["level"])
        for row in data.get("combination", ())
    )
    return PermissionTable(
        free=frozenset(data["free"]),
        scopes=frozenset(data["scopes"]),
        direct=data["direct"],
        soft=data.get("soft", {}),
        combinations=combinations,
        _data=data,
    )
