"""SEC203: a setting that a workspace may write says which program an extension runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.editor.contributions import contributed, settings
from reviewer.experts.editor.settings_read import setting_of
from reviewer.experts.security.reaching.commands import WORDS, programs, shell_texts
from reviewer.experts.security.reaching.sinks import unlimited
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS_TRUST: Final = frozenset({"isTrusted", "onDidGrantWorkspaceTrust"})
_OF_THE_PERSON: Final = frozenset({"application", "machine"})
"""Scopes that no workspace can write."""
_TRUST: Final = "capabilities.untrustedWorkspaces"


@module_check("SEC203", words=WORDS)
def workspace_names_program(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the programs and the lines for a shell that are taken from the settings."""
    if module.is_test or is_tooling(module.path) or not _ASKS_TRUST.isdisjoint(module.identifiers):
        return
    said: set[int] = set()
    shells = ((sink, module, text) for sink, text in shell_texts(module))
    for sink, where, text in (*programs(module), *shells):
        key = _setting(inquiry, where, text, sink.call if where is module else text)
        if not key or sink.call.start in said:
            continue
        said.add(sink.call.start)
        verdict = _verdict(inquiry, key)
        if verdict is not None:
            severity, why = verdict
            yield Match(
                sink.call,
                f"The setting '{key}' says which program runs here, a workspace may write it, and {why}.",
                severity=severity,
            )


def _setting(inquiry: Inquiry, module: Module, text: Expr, at: Expr) -> str:
    """Return the setting that a program is taken from, or an empty string."""
    key = setting_of(inquiry, module, text)
    if key:
        return key
    found = unlimited(module, text, at)
    for origin in found.origins if found is not None else ():
        node: object = origin.node
        for _ in range(3):
            if isinstance(node, Call) and (key := setting_of(inquiry, module, node)):
                return key
            node = getattr(node, "parent", None)
    return ""


def _verdict(inquiry: Inquiry, key: str) -> tuple[Severity, str] | None:
    """Return how much harm it is and why; None where no stranger's workspace can write the setting."""
    if inquiry.manifest is None:
        return None
    row = settings(inquiry).get(key)
    scope = row.get("scope") if row is not None else None
    if scope is not None and scope.text in _OF_THE_PERSON:
        return None
    capability = inquiry.manifest.get(*_TRUST.split("."))
    supported = capability.get("supported") if capability is not None else None
    if supported is None:
        return Severity.LOW, f"'{_TRUST}' does not say what happens in a folder of a stranger"
    if supported.data is False:
        return None
    restricted = {value.text for value in contributed(inquiry, f"{_TRUST}.restrictedConfigurations.*")}
    if key in restricted:
        return None
    return Severity.HIGH, f"the extension says that it works in untrusted folders without '{key}' among the restricted"
