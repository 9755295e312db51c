"""The manifest of the starter plugin and the JSON Schema of manifests, from the same facts as the code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.design.artefacts.traits import Permission, Traits

SCHEMA: Final = "interfaces/plugin.schema.json"
"""Where the schema of manifests stands."""
EXAMPLE: Final = "interfaces/plugin.example.json"
"""Where an example of a manifest stands."""
_VERSION: Final = r"^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$"
_ID: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*){1,9}$"
_TS_ENTRY: Final = r"([A-Za-z0-9_-]+/){0,6}[A-Za-z0-9_-]+\.js"
_PY_ENTRY: Final = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,6}:[A-Z][A-Za-z0-9]*"
_MAIN: Final = {"typescript": "dist/index.js", "python": "{package}_starter.plugin:StarterPlugin"}


def documents(traits: Traits) -> Iterator[tuple[str, str]]:
    """Yield place and text of the schema, of the example, and of the manifests of the starter plugins."""
    yield SCHEMA, _json(schema(traits))
    yield EXAMPLE, _json(manifest(traits, traits.languages[0] if traits.languages else "typescript"))
    for language in traits.languages:
        yield f"starter/{language}/plugin/plugin.json", _json(manifest(traits, language))


def manifest(traits: Traits, language: str) -> dict[str, Any]:
    """Return the manifest of the starter plugin in a language."""
    contributes = {
        "commands": [one.name for one in traits.served],
        "handles": [one.name for one in traits.handled],
        "emits": [one.name for one in traits.emitted],
        "middleware": [one.name for one in traits.points],
    }
    return {
        "manifestVersion": 1,
        "id": traits.plugin_id,
        "name": traits.plugin_name,
        "description": f"Shows how a plugin of {traits.name} is built.",
        "version": "1.0.0",
        "publisher": "example",
        "license": "UNLICENSED",
        "main": _MAIN[language].format(package=traits.package),
        "minHostVersion": traits.host_version,
        "maxHostVersion": f"{traits.host_version.partition('.')[0]}.99.99",
        "requiredFeatures": _features(traits),
        **({"activationEvents": list(traits.starter_triggers)} if traits.starter_triggers else {}),
        "dependencies": {},
        "permissions": _nested(traits.starter_permissions),
        "contributes": {name: found for name, found in contributes.items() if found},
    }


def _features(traits: Traits) -> list[str]:
    used = {
        "commands": traits.served, "events": traits.handled, "middleware": traits.points,
        "storage": traits.starter_permissions,
    }  # fmt: skip
    return [feature for feature in traits.features if used.get(feature)]


def _nested(permissions: tuple[Permission, ...]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in permissions:
        found.setdefault(one.resource, {})[one.action] = list(one.scope) if one.scoped else True
    return found


def schema(traits: Traits) -> dict[str, Any]:
    """Return the JSON Schema of manifests: closed, every permission by name."""
    resources: dict[str, dict[str, Any]] = {}
    for one in traits.permissions:
        resources.setdefault(one.resource, {})[one.action] = _permission(one)
    names = {
        "commands": [one.name for one in traits.served],
        "handles": [one.name for one in traits.events],
        "emits": [one.name for one in traits.events if one.owner == "plugin"],
        "middleware": [one.name for one in traits.points],
    }
    entry = "|".join(
        pattern for language, pattern in (("typescript", _TS_ENTRY), ("python", _PY_ENTRY))
        if language in traits.languages
    )  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{traits.slug}:plugin-manifest:1",
        "title": f"Manifest of a plugin of {traits.name}",
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "name", "version", "main", "minHostVersion", "maxHostVersion"],
        "properties": {
            "$schema": _text("Address of this schema."),
            "manifestVersion": {"description": "Version of the format.", "const": 1},
            "id": _text("Identity in reverse DNS.", _ID),
            "name": _text("Name for people."),
            "description": _text("What it is for, in a sentence.", most=2000),
            "version": _text("Version; pre-releases are not taken.", _VERSION),
            "publisher": _text("Who answers for it."),
            "license": _text("An SPDX expression."),
            "homepage": _text("Address for people.", "^https://"),
            "main": _text("The entry, inside the package.", f"^({entry or _TS_ENTRY})$"),
            "minHostVersion": _text("The oldest host that it runs on.", _VERSION),
            "maxHostVersion": _text("The newest host that it was tested with.", _VERSION),
            "requiredFeatures": _list("Services that it can't do without.", list(traits.features)),
            "activationEvents": {
                "description": "What starts it; without any it starts with the host.",
                "type": "array", "uniqueItems": True, "maxItems": 100,
                "items": {"type": "string", "pattern": r"^(onStart|on(Command|Event):[a-z][a-z0-9.-]*)$"},
            },
            "dependencies": {
                "description": "Plugins that it needs, with ranges of versions.",
                "type": "object", "maxProperties": 100, "propertyNames": {"pattern": _ID},
                "additionalProperties": {"type": "string", "pattern": "^\\^?" + _VERSION[1:]},
            },
            "permissions": {
                "description": "What it asks for. What it gets is decided, and kept, by the host.",
                "type": "object", "additionalProperties": False,
                "properties": {
                    resource: {"type": "object", "additionalProperties": False, "properties": actions}
                    for resource, actions in resources.items()
                },
            },
            "contributes": {
                "description": "What it registers and emits; nothing else is accepted.",
                "type": "object", "additionalProperties": False,
                "properties": {name: _list(f"Names for {name}.", found) for name, found in names.items() if found},
            },
        },
    }  # fmt: skip


def _permission(permission: Permission) -> dict[str, Any]:
    if not permission.scoped:
        return {"description": permission.reason, "type": "boolean"}
    return {
        "description": f"{permission.reason} Names its targets.",
        "type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": True,
        "items": {"type": "string", "minLength": 1, "maxLength": 200, "not": {"pattern": "[*]"}},
    }  # fmt: skip


def _text(description: str, pattern: str = "", most: int = 200) -> dict[str, Any]:
    found: dict[str, Any] = {"description": description, "type": "string", "minLength": 1, "maxLength": most}
    return found | ({"pattern": pattern} if pattern else {})


def _list(description: str, names: list[str]) -> dict[str, Any]:
    items: dict[str, Any] = {"type": "string"}
    return {
        "description": description, "type": "array", "uniqueItems": True,
        "items": items | ({"enum": names} if names else {}),
    }  # fmt: skip


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
