"""Which code each step of the guide shows, in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.design.guide.excerpts import Excerpt, declaration, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.design.artefacts.traits import Traits

Block = tuple[str, tuple[str, ...]]
"""A file below the starter's folder, and the declarations that are shown of it; the whole file without any."""

_TYPESCRIPT: Final[dict[str, Block]] = {
    "interface": ("host/src/plugin-api.ts", ("Plugin",)),
    "context": ("host/src/plugin-api.ts", ("PluginContext",)),
    "gateway": ("host/src/gateway.ts", ("Gateway.answer",)),
    "permissions": ("host/src/grants.ts", ("PermissionManager.allows", "PermissionManager.require")),
    "manifest": ("host/src/manifest.ts", ("parseManifest",)),
    "discovery": ("host/src/discovery.ts", ("discover",)),
    "admit": ("host/src/package.ts", ("readPackage", "PackageStore.admit")),
    "order": ("host/src/order.ts", ("levelsOf",)),
    "start": ("host/src/host.ts", ("PluginHost.start",)),
    "lazy": ("host/src/triggers.ts", ("Triggers",)),
    "parallel": ("host/src/bounded.ts", ("settleAll",)),
    "lifecycle": ("host/src/lifecycle.ts", ("EXITS", "Lifecycle.move")),
    "activate": ("host/src/managed.ts", ("ManagedPlugin.activate", "ManagedPlugin.deactivate")),
    "events": ("host/src/events.ts", ("EventBus.emit",)),
    "commands": ("host/src/commands.ts", ("CommandBus.execute",)),
    "middleware": ("host/src/middleware.ts", ("MiddlewareChain.run",)),
    "cache": ("host/src/cache.ts", ("ResultCache.getOrRun", "keyOf")),
    "plugin": ("plugin/src/index.ts", ()),
    "plugin_manifest": ("plugin/plugin.json", ()),
    "mock": ("plugin/test/plugin.test.ts", ("started",)),
    "end_to_end": ("host/test/e2e.test.ts", ()),
    "versions": ("host/src/versions.ts", ("meets",)),
}
_PYTHON: Final[dict[str, Block]] = {
    "interface": ("host/{package}_host/plugin_api.py", ("Plugin",)),
    "context": ("host/{package}_host/plugin_api.py", ("PluginContext",)),
    "gateway": ("host/{package}_host/gateway.py", ("Gateway.answer",)),
    "permissions": ("host/{package}_host/grants.py", ("PermissionManager.allows", "PermissionManager.require")),
    "manifest": ("host/{package}_host/manifest.py", ("parse_manifest",)),
    "discovery": ("host/{package}_host/discovery.py", ("discover",)),
    "admit": ("host/{package}_host/packages.py", ("read_package", "PackageStore.admit")),
    "order": ("host/{package}_host/order.py", ("levels_of",)),
    "start": ("host/{package}_host/host.py", ("PluginHost.start",)),
    "lazy": ("host/{package}_host/triggers.py", ("Triggers",)),
    "parallel": ("host/{package}_host/bounded.py", ("settle_all",)),
    "lifecycle": ("host/{package}_host/lifecycle.py", ("Lifecycle",)),
    "activate": ("host/{package}_host/managed.py", ("ManagedPlugin.activate", "ManagedPlugin.deactivate")),
    "events": ("host/{package}_host/events.py", ("EventBus.emit",)),
    "commands": ("host/{package}_host/commands.py", ("CommandBus.execute",)),
    "middleware": ("host/{package}_host/middleware.py", ("MiddlewareChain.run",)),
    "cache": ("host/{package}_host/cache.py", ("Question", "ResultCache.get_or_run")),
    "plugin": ("plugin/{package}_starter/plugin.py", ()),
    "plugin_manifest": ("plugin/plugin.json", ()),
    "mock": ("plugin/tests/test_plugin.py", ("started",)),
    "end_to_end": ("host/tests/test_end_to_end.py", ()),
    "versions": ("host/{package}_host/versions.py", ("meets",)),
}
_NEEDS: Final = {
    "lazy": "lazy", "parallel": "parallel", "events": "events", "commands": "commands", "middleware": "points",
    "cache": "cache",
}  # fmt: skip
"""Blocks that only some designs have, and the trait that says so."""


def blocks(traits: Traits, language: str, files: Mapping[str, str]) -> dict[str, list[Excerpt]]:
    """Return the excerpts of each step, cut out of the files by their path."""
    table = _TYPESCRIPT if language == "typescript" else _PYTHON
    named = {step: block for step, block in table.items() if getattr(traits, _NEEDS.get(step, "name"))}
    named |= _decided(traits, language)
    return {step: _cut(traits, language, files, block) for step, block in named.items()}


def _decided(traits: Traits, language: str) -> dict[str, Block]:
    """Return the blocks whose file follows from a decision."""
    typescript = language == "typescript"
    folder = "host/src/" if typescript else "host/{package}_host/"
    isolation = traits.ts_isolation if typescript else traits.py_isolation
    boundary = {"in-process": "InProcess", "engine": "Engine", "process": "OwnProcess", "remote": "Remote"}[isolation]
    registry = {"memory": "LockedRegistry", "file": "FileRegistry", "database": "DatabaseRegistry"}[traits.registry]
    ending = ".ts" if typescript else ".py"

    def module(name: str) -> str:
        return f"{folder}{name if typescript else name.replace('-', '_')}{ending}"

    found: dict[str, Block] = {
        "boundary": (module(isolation), (boundary,)),
        "registry": (module(f"registry-{traits.registry}"), (registry,)),
    }
    if traits.reload == "prod":
        found["reload"] = (module("reload"), ("swap",))
    elif traits.reload == "dev":
        found["reload"] = (module("dev-reload"), ("restart",))
    if traits.tenancy == "friendly":
        found["tenancy"] = (module("live-calls"), ("LiveCalls",))
    elif traits.tenancy == "hostile":
        found["tenancy"] = (module("tenants"), ("TenantHosts",))
    return found


def _cut(traits: Traits, language: str, files: Mapping[str, str], block: Block) -> list[Excerpt]:
    place, names = block
    path = f"starter/{language}/{place.format(package=traits.package)}"
    return [declaration(path, files[path], name) for name in names] if names else [whole(path, files[path])]
