"""Activation events: what an editor knows, and what an extension contributes that activates it by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.editor.contributions import commands, contributed
from reviewer.experts.host.promised import promises

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

KINDS: Final = frozenset(
    (
        "onLanguage onCommand onDebug onDebugInitialConfigurations onDebugResolve onDebugAdapterProtocolTracker "
        "onDebugDynamicConfigurations workspaceContains onFileSystem onSearch onView onUri onOpenExternalUri "
        "onWebviewPanel onCustomEditor onNotebook onNotebookSerializer onAuthenticationRequest onStartupFinished "
        "onTaskType onTerminal onTerminalProfile onTerminalQuickFixRequest onTerminalShellIntegration onWalkthrough "
        "onEditSession onRenderer onChatParticipant onLanguageModelTool onLanguageModelChatProvider onMcpCollection "
        "onIssueReporterOpened onProfile onIdentity onFileSystemAccess onSpeech onLanguageModelAccess onChatSession"
    ).split()
)
"""https://code.visualstudio.com/api/references/activation-events, and what newer releases added (read 2026-11)."""

BY_ITSELF_SINCE: Final = (1, 74)
"""Since this release a contribution activates what contributes it: the release notes of November 2022."""

_IMPLIED: Final = {
    "onCommand": ("contributes.commands.*.command", "contributes.commands.command"),
    "onView": ("contributes.views.*.*.id",),
    "onLanguage": ("contributes.languages.*.id",),
    "onCustomEditor": ("contributes.customEditors.*.viewType",),
    "onAuthenticationRequest": ("contributes.authentication.*.id",),
}


def events(inquiry: Inquiry) -> list[Value]:
    """Return the activation events of the manifest."""
    return [value for value in contributed(inquiry, "activationEvents.*") if value.text]


def oldest_editor(inquiry: Inquiry) -> tuple[int, ...] | None:
    """Return the oldest release of the editor that the manifest promises."""
    return next((promise.oldest for promise in promises(inquiry)), None)


def implied(inquiry: Inquiry) -> frozenset[str]:
    """Return the events that the contributions of the manifest stand for."""
    return frozenset(
        f"{kind}:{value.text}"
        for kind, paths in _IMPLIED.items()
        for path in paths
        for value in contributed(inquiry, path)
        if value.text
    )


def has_code(inquiry: Inquiry) -> bool:
    """Tell whether an extension has code at all: themes and snippets have none."""
    return inquiry.manifest is not None and any(inquiry.manifest.get(name) is not None for name in ("main", "browser"))


def command_ids(inquiry: Inquiry) -> frozenset[str]:
    """Return the ids of the contributed commands."""
    return frozenset(commands(inquiry))
