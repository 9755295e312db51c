"""Completes the catalogue of a design: what it lists, or what its inputs ask for where it lists nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.blueprint.catalogue import Interaction, Permission, Service
from reviewer.blueprint.decided import DecidedPermission, DecidedService
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewer.blueprint.condition import Facts
    from reviewer.blueprint.model import Design
    from reviewer.subject.permission_table import Combination, PermissionTable

GIVEN: Final = "catalogue-given"
FROM_INPUTS: Final = "catalogue-from-inputs"

_PERSONAL: Final = ("personal", "regulated", "secrets")
_REASONS: Final = {
    "storage.read": "Reads back what this plugin has stored.",
    "storage.write": "Stores small values of this plugin.",
    "network.fetch": "Fetches data from the listed hosts.",
    "data.read": "Reads the listed fields of the current item.",
    "ui.render": "Shows its own panel.",
}
_USUAL: Final = {
    "reply": Interaction(
        name="item.describe", needs=["reply"], purpose="Asks a plugin to describe one item.", payload={"id": "string"},
        result={"title": "string", "text": "string"}, pure=True,
    ),
    "fanout": Interaction(
        name="item.changed", needs=["fanout"], purpose="Tells that an item was changed.",
        payload={"id": "string", "change": "string"},
    ),
    "transform": Interaction(
        name="item.render", needs=["transform"], purpose="Lets plugins change the text of an item before it is shown.",
        payload={"id": "string", "text": "string"},
    ),
    "veto": Interaction(
        name="item.publish", needs=["veto"], purpose="Lets plugins refuse that an item is published.",
        payload={"id": "string", "text": "string"},
    ),
    "stream": Interaction(
        name="item.progress", needs=["stream"], purpose="Tells how far a long piece of work has come.",
        payload={"id": "string", "done": "number"},
    ),
}  # fmt: skip
"""The interaction that stands for a need where the design lists none."""


def interactions_of(design: Design, facts: Facts) -> tuple[tuple[Interaction, ...], str]:
    """Return the interactions, and the rule that they come from."""
    if design.interactions:
        return tuple(design.interactions), GIVEN
    needs = facts["needs"]
    wanted = needs if isinstance(needs, frozenset) else frozenset[str]()
    return tuple(one for need, one in _USUAL.items() if need in wanted), FROM_INPUTS


def services_of(design: Design, facts: Facts) -> tuple[DecidedService, ...]:
    """Return the services of the context."""
    given, origin = (design.services, GIVEN) if design.services else (list(_usual_services(facts)), FROM_INPUTS)
    return tuple(
        DecidedService(
            one.name, one.purpose or f"Gives plugins {one.name}.", tuple(one.permissions),
            one.tenant_scoped is not False, origin,
        )
        for one in given
    )  # fmt: skip


def _usual_services(facts: Facts) -> Iterator[Service]:
    yield Service(name="logger", purpose="Writes log lines that carry the plugin's identity.")
    yield Service(name="config", purpose="Reads the settings of this plugin.")
    yield Service(
        name="storage", purpose="Keeps small values of this plugin.", permissions=["storage.read", "storage.write"]
    )
    if facts["network"] != "offline":
        yield Service(name="network", purpose="Fetches from the granted hosts.", permissions=["network.fetch"])
    if facts["data"] in _PERSONAL:
        yield Service(name="data", purpose="Reads the granted fields of items.", permissions=["data.read"])
    if facts["ui"]:
        yield Service(name="ui", purpose="Shows a panel in a frame of its own.", permissions=["ui.render"])


def permissions_of(
    design: Design, services: Iterable[DecidedService], interactions: Iterable[Interaction]
) -> tuple[DecidedPermission, ...]:
    """Return every permission that the design lists, or that a service or an interaction asks for."""
    askers: dict[str, list[str]] = {}
    for service in services:
        for name in service.permissions:
            askers.setdefault(name, []).append(service.name)
    for interaction in interactions:
        if interaction.permission:
            askers.setdefault(interaction.permission, [])
    listed = {one.name: one for one in design.permissions}
    table = _table()
    return tuple(
        _permission(name, listed.get(name), tuple(askers.get(name, ())), table, usual=not design.services)
        for name in sorted({*listed, *askers})
    )


_SCOPES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "network.fetch": {"hosts": ("api.example.com",)},
    "data.read": {"fields": ("id", "title")},
}
"""How far the usual permissions reach."""


def _permission(
    name: str, given: Permission | None, services: tuple[str, ...], table: PermissionTable, *, usual: bool
) -> DecidedPermission:
    scope: dict[str, tuple[str, ...]] = _SCOPES.get(name, {}) if usual and given is None else {}
    if given is not None and given.scope:
        scope = {key: tuple(items) for key, items in given.scope.items()}
    reason = given.reason if given is not None and given.reason else _REASONS.get(name, "")
    action = name.split(".", 1)
    return DecidedPermission(
        name=name,
        reason=reason or f"Lets a plugin {action[1]} {action[0]}.",
        scope=scope,
        risk=table.risk(name),
        services=services,
        origin=GIVEN if given is not None or not usual else FROM_INPUTS,
    )


def combinations_of(
    permissions: tuple[DecidedPermission, ...],
) -> Iterator[tuple[Combination, tuple[DecidedPermission, ...], str]]:
    """Yield the combinations of permissions that are worse together, their parts, and how bad they are.

    ``error`` is milder, a ``warning``, where what leads outside (network, processes) has a scope.
    """
    table = _table()
    seen: set[str] = set()
    for combination in table.combinations:
        parts = [next((one for one in permissions if _fits(table, one, name)), None) for name in combination.all]
        found = tuple(part for part in parts if part is not None)
        if len(found) < len(parts) or combination.name in seen:
            continue
        seen.add(combination.name)
        outward = [part for part in found if part.resource in ("network", "process")]
        bounded = bool(outward) and all(part.scope and not part.wildcard for part in outward)
        yield combination, found, "warning" if bounded else combination.level


def _fits(table: PermissionTable, permission: DecidedPermission, name: str) -> bool:
    if "." not in name:
        return permission.resource == name
    return permission.name in table.members(name)


def _table() -> PermissionTable:
    table = permission_table("generic")
    if table is None:
        raise LookupError("the table of permissions of the generic ecosystem is missing")
    return table


def fields_of(given: Mapping[str, str] | None) -> dict[str, str]:
    """Return the fields of a payload or result as texts."""
    return dict(given or {})
