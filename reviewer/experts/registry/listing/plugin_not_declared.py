"""REG100: a plugin calls another plugin that its manifest does not depend on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.named_commands import NamedUse, named_commands
from reviewer.experts.drawn import Drawn
from reviewer.experts.fundamentals.manifests import member, plugin_manifest
from reviewer.experts.paths import last_words
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document

_DOMAINS: Final = (
    "com|org|net|io|dev|app|de|eu|uk|co|fr|nl|se|no|fi|dk|ch|at|it|es|pl|jp|cn|us|ca|au|edu|gov|me|info|shop"
)
_DOMAIN: Final = regex(r"[a-z]{2,20}")
_OFFERED: Final = frozenset({"providers", "plugins", "extensions", "peers"})
_GETS: Final = frozenset({"get", "use", "resolve", "find", "require", "getProvider", "getExtension", "getPlugin"})
_DECLARES: Final = (
    ("dependencies",),
    ("optionalDependencies",),
    ("peerDependencies",),
    ("pluginDependencies",),
    ("requires",),
    ("depends",),
    ("extensionDependencies",),
    ("uses",),
)


@subject_check("REG100")
def plugin_not_declared(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the plugins whose commands the code runs against the manifest's dependencies."""
    document = plugin_manifest(inquiry)
    own = member(document.root, "id") if document is not None else None
    if document is None or own is None or not own.text:
        return
    declared = _declared(document)
    plugin_id, namespaced = _ids_like(own.text)
    told: set[str] = set()
    providers = [use for uses in _PROVIDERS.of(inquiry) for use in uses]
    for use in [*named_commands(inquiry).invoked, *providers]:
        named = (plugin_id if use in providers else namespaced).fullmatch(use.name)
        if (
            named is None
            or f"{use.name}.".startswith(f"{own.text}.")
            or any(use.name.startswith(one) for one in declared)
        ):
            continue
        if _same_publisher(own.text, use.name) or named.group(1) in told:
            continue
        told.add(named.group(1))
        at = document.get("dependencies")
        yield Match(
            at if at is not None else use.at,
            f"'{use.name}' belongs to the plugin '{named.group(1)}', which the manifest does not depend on: where it "
            "is missing, or loaded later, the call fails in the middle of the work.",
            related=((use.at, "run here"),),
        )


def _ids_like(own: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what the ids of plugins look like under a known domain or that of the plugin itself, and their commands.

    ``org.harbour.tides`` and ``org.harbour.tides.next``.
    """
    first = own.partition(".")[0].lower()
    domains = f"{_DOMAINS}|{first}" if _DOMAIN.fullmatch(first) else _DOMAINS
    plugin = rf"((?:{domains})(?:\.[a-z0-9_-]+){{2,}})"
    return re.compile(plugin, re.IGNORECASE), re.compile(rf"{plugin}[.:/][\w-]+", re.IGNORECASE)


def _providers(_inquiry: Inquiry, module: Module) -> tuple[NamedUse, ...]:
    """Return the plugins that a module takes a provider or an exported interface of."""
    asked = ((fixed_text(module, call.args[0]), call) for call in module.calls(_GETS) if call.args)
    return tuple(
        NamedUse(name, locate(module, call))
        for name, call in asked
        if name and call.receiver is not None and set(last_words(call.receiver)) & _OFFERED
    )


_PROVIDERS: Final = Drawn("providers", _providers, tuple[NamedUse, ...], _OFFERED, tests=False)


def _declared(document: Document) -> set[str]:
    """Return the ids of the plugins that a manifest depends on."""
    found: set[str] = set()
    for path in _DECLARES:
        value = document.get(*path)
        if value is None:
            continue
        found.update(name for name, _value in value.members())
        for item in value.items():
            named = item.get("id") or item.get("name")
            text = item.text or (named.text if named is not None else "")
            if text:
                found.add(re.split(r"[@ <>=^~]", text, maxsplit=1)[0])
    return {name for name in found if name}


def _same_publisher(own: str, other: str) -> bool:
    """Tell whether both begin with the same publisher and host, whose own commands need no dependency."""
    mine, theirs = own.split("."), other.split(".")
    return mine[:3] == theirs[:3] and len(mine) > 3
