"""REG270: a skill, command, agent, hook or server that lies where the assistant does not look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.location import Location
from reviewer.experts.assistant.host import PLUGIN
from reviewer.experts.assistant.orders import text_of
from reviewer.experts.assistant.parts import HOOKS, SERVERS, parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_INSIDE: Final = ".claude-plugin/"
_MOST: Final = 30
_FRONT: Final = r"^---\r?\n(?:.*\n)*?(?:name|description):"
_BESIDE: Final = {"hooks.json": HOOKS, "mcp.json": SERVERS, ".claude-plugin/.mcp.json": SERVERS}
"""Files of data at a place where nobody looks, with where they belong."""


@subject_check("REG270")
def misplaced_component(inquiry: Inquiry) -> Iterator[Match]:
    """Look for parts beside the places of the manifest and the usual ones."""
    if inquiry.subject.ecosystem != PLUGIN or inquiry.subject.kind != "plugin":
        return
    parts = parts_of(inquiry)
    read = {page.path for page in parts.pages} | {path for path, _table in (*parts.hooks, *parts.servers)}
    told = 0
    for path in inquiry.subject.files:
        place = "" if path in read else _place(inquiry, path)
        if place and told < _MOST:
            told += 1
            yield Match(
                Location(path, 1, 1, 1, 2),
                f"Nothing loads '{path}': the assistant looks for it at '{place}'.",
                fix=f"Move it to '{place}'.",
            )


def _place(inquiry: Inquiry, path: str) -> str:
    """Return where a file belongs that lies where nobody looks, or an empty string."""
    if path in _BESIDE:
        key = "mcpServers" if _BESIDE[path] == SERVERS else "hooks"
        return (
            _BESIDE[path] if _BESIDE[path] not in inquiry.subject.files and f'"{key}"' in text_of(inquiry, path) else ""
        )
    inner = path.removeprefix(_INSIDE)
    top = inner.split("/", 1)[0]
    if path != inner:
        if top in ("commands", "agents", "skills") and path.endswith(".md"):
            return inner
        return inner if inner == HOOKS else ""
    if top != "skills":
        return ""
    *folders, name = inner.split("/")
    if len(folders) == 2 and name.lower() == "skill.md" and name != "SKILL.md":
        return f"skills/{folders[1]}/SKILL.md"
    alone = len(folders) == 1 and name.endswith(".md") and name.lower() not in ("readme.md", "skill.md")
    if alone and found(_FRONT, text_of(inquiry, path)[:2000]):
        return f"skills/{name.removesuffix('.md')}/SKILL.md"
    return ""
