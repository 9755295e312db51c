"""COM271: a page, a hook or a channel names a component of its own plugin that the plugin does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.core.regex import regex
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.host import PLUGIN
from reviewer.experts.assistant.orders import text_of
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.servers import servers_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.experts.assistant.page import Page
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_AGENT: Final = regex(r"\bsubagent_type[\"']?\s{0,3}[:=]\s{0,3}[\"'`]([A-Za-z][\w-]{1,80})[\"'`]")
_TOLD_TO_USE: Final = regex(
    r"(?i)\b(?:use|ask|hand|give|pass|run|launch|dispatch|start|spawn|call|invoke|delegate|let|send|have)\b[^`.\n]{0,60}"
    r"`@?([a-z][a-z0-9]{0,40}(?:-[a-z0-9]{1,40}){1,8})` (?:sub-?)?agents?\b(?! (?:of|from|in) )"
)
"""An order to use an agent, which is called by its name and is no agent of somebody else."""
_MAYBE: Final = r"(?i)\b(if|when|where|unless|plugin|installed|available|for example|e\.g\.|such as|own)\b"
_SERVER: Final = regex(r"\bmcp__plugin_([a-z0-9-]{1,80})_([A-Za-z0-9-]{1,80}?)__")
_CALLED: Final = regex(r"\bname[\"']?\s{0,3}:\s{0,3}[\"']([\w-]{1,80})[\"']")
_OTHERS: Final = ("workflows/", "output-styles/", "themes/")
"""Folders of components that are no pages."""
_BUILT_IN: Final = frozenset(
    {
        "general-purpose",
        "Explore",
        "Plan",
        "statusline-setup",
        "output-style-setup",
        "claude-code-guide",
        "worker",
        "fork",
    }
)


@subject_check("COM271")
def component_named_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every name that belongs to this plugin."""
    manifest = inquiry.manifest
    if inquiry.subject.ecosystem != PLUGIN or inquiry.subject.kind != "plugin" or manifest is None:
        return
    plugin = manifest.get("name")
    servers = {server.name for server in servers_of(inquiry)}
    for page in parts_of(inquiry).pages:
        yield from _own(inquiry, page, plugin.text if plugin is not None else "")
        yield from _agents(inquiry, page)
        yield from _servers(page, plugin.text if plugin is not None else "", servers)
    yield from _skills(inquiry)
    for value in _bound(inquiry):
        if value.text and value.text not in servers:
            yield Match(value, f"The plugin declares no server '{short(value.text)}'{_hint(value.text, servers)}.")


def _hint(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"; '{near}' is near" if near else ""


def _names(inquiry: Inquiry, *kinds: str) -> set[str]:
    """Return what the components of some kinds are called, by their pages and by their files."""
    names: set[str] = set()
    for page in parts_of(inquiry).of(*kinds):
        inner = page.path.removesuffix(".md").split("/", 1)[-1]
        names |= {page.name, page.file_name, inner, inner.replace("/", ":")}
    for path in (path for path in inquiry.subject.files if path.startswith(_OTHERS)):
        names.add(path.rsplit("/", 1)[-1].split(".", 1)[0])
        names |= set(_CALLED.findall(text_of(inquiry, path)[:4000]))
    manifest = inquiry.manifest
    table = manifest.get("commands") if manifest is not None else None
    return names | {name for name, _value in table.members()} if table is not None else names


def _own(inquiry: Inquiry, page: Page, plugin: str) -> Iterator[Match]:
    """Yield names with the plugin's own in front that lead to nothing."""
    if len(plugin) < 3:
        return
    known = _names(inquiry, "skill", "command", "agent")
    pattern = re.compile(
        rf"(?<![\w:/.-])/?{re.escape(plugin)}:([a-z][a-z0-9-]{{1,80}}(?::[a-z][a-z0-9-]{{1,80}})?)(?![\w:/-])"
    )
    done: set[str] = set()
    for line in page.lines:
        for hit in pattern.finditer(line.text):
            if hit[1] not in known and hit[1] not in done:
                done.add(hit[1])
                yield Match(
                    page.place(line.number, hit.start(), hit.end()),
                    f"The plugin has no '{short(hit[1])}'{_hint(hit[1], known)}.",
                )


def _agents(inquiry: Inquiry, page: Page) -> Iterator[Match]:
    """Yield agents that are to be started and that neither the plugin nor the assistant has."""
    known = _names(inquiry, "agent")
    if not known or page.kind == "reference":
        return
    for line in page.lines:
        for hit in _AGENT.finditer(line.text) if line.role is not Role.COMMENT else ():
            name = hit[1]
            near = nearest(name, known)
            if name not in known and name not in _BUILT_IN and near is not None:
                yield Match(
                    page.place(line.number, hit.start(1), hit.end(1)),
                    f"The plugin has no agent '{short(name)}'; '{near}' is near.",
                )
        if line.role is not Role.PROSE or found(_MAYBE, line.text):
            continue
        for hit in _TOLD_TO_USE.finditer(line.text):
            if hit[1] not in known and hit[1] not in _BUILT_IN:
                others = ", ".join(f"'{short(one)}'" for one in sorted(_called(inquiry))[:3])
                yield Match(
                    page.place(line.number, hit.start(1), hit.end(1)),
                    f"The plugin has no agent '{short(hit[1])}'; it has {others}.",
                )


def _called(inquiry: Inquiry) -> set[str]:
    """Return the names by which the agents of the plugin call themselves."""
    return {page.name or page.file_name for page in parts_of(inquiry).of("agent")}


def _servers(page: Page, plugin: str, servers: set[str]) -> Iterator[Match]:
    for line in page.lines:
        for hit in _SERVER.finditer(line.text):
            if hit[1] == plugin and hit[2] not in servers:
                yield Match(
                    page.place(line.number, hit.start(), hit.end()),
                    f"The plugin declares no server '{short(hit[2])}'{_hint(hit[2], servers)}.",
                )
    for key in ("allowed-tools", "tools"):
        value = page.get(key)
        for one in (value, *value.items()) if value is not None else ():
            for hit in _SERVER.finditer(one.text):
                if hit[1] == plugin and hit[2] not in servers:
                    yield Match(one, f"The plugin declares no server '{short(hit[2])}'{_hint(hit[2], servers)}.")


def _skills(inquiry: Inquiry) -> Iterator[Match]:
    """Yield the skills that agents want from the start and that are nearly those of the plugin."""
    known = _names(inquiry, "skill")
    for page in parts_of(inquiry).of("agent"):
        value = page.get("skills")
        if value is None:
            continue
        for one in (value, *value.items()):
            for name in (part.strip() for part in one.text.split(",")):
                bare = name.rsplit(":", 1)[-1]
                if bare and bare not in known and nearest(bare, known) is not None:
                    yield Match(one, f"The plugin has no skill '{short(bare)}'{_hint(bare, known)}.")


def _bound(inquiry: Inquiry) -> Iterator[Value]:
    """Yield the names of servers that channels are bound to, and those that hooks call."""
    channels = inquiry.manifest.get("channels") if inquiry.manifest is not None else None
    for entry in channels.items() if channels is not None else ():
        if (server := entry.get("server")) is not None:
            yield server
    declared = {server.name for server in servers_of(inquiry)}
    for hook in hooks_of(inquiry):
        server = hook.entry.get("server") if hook.type == "mcp_tool" else None
        if server is not None and declared:
            yield server
