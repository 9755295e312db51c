"""Reads a ``SKILL.md`` in the open Agent Skills format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.library.contents import Skill
from reviewer.library.tables import Key, check_table, shown

if TYPE_CHECKING:
    from reviewer.library.mistakes import Mistakes

_NAME_LIMIT: Final = 64
_DESCRIPTION_LIMIT: Final = 1024
_KEYS: Final = (
    Key("name", "text", "name: security", True, pattern=r"[a-z0-9]+(?:-[a-z0-9]+)*",
        means="lower-case words with hyphens"),
    Key("description", "text", "description: What the skill knows and when to use it.", True),
    Key("license", "text", "license: MIT"),
    Key("compatibility", "text", "compatibility: Any assistant"),
    Key("metadata", "table", "metadata: with keys and texts below it"),
    Key("allowed-tools", "text", "allowed-tools: Read"),
)  # fmt: skip


def read_skill(path: str, text: str, mistakes: Mistakes) -> Skill | None:
    """Read a ``SKILL.md``; None where it has mistakes. ``path`` ends in ``<skill>/SKILL.md``."""
    from reviewer.library.frontmatter import yaml_page

    page = yaml_page(path, text, mistakes)
    if page is None:
        return None
    before = len(mistakes)
    folder = path.split("/")[-2]
    if check_table(page.data, _KEYS, page, mistakes):
        name, description = page.data["name"], page.data["description"]
        if name != folder:
            mistakes.add(path, page.lines.line("name"), f"name is {shown(name)}, but the folder is {shown(folder)}")
        if len(name) > _NAME_LIMIT:
            mistakes.add(path, page.lines.line("name"), f"name has {len(name)} letters; at most {_NAME_LIMIT}")
        if len(description) > _DESCRIPTION_LIMIT:
            message = f"description has {len(description)} letters; at most {_DESCRIPTION_LIMIT}"
            mistakes.add(path, page.lines.line("description"), message)
    if not page.body.strip():
        mistakes.add(path, page.body_line, "the skill has no text")
    if len(mistakes) > before:
        return None
    return Skill(folder, " ".join(page.data["description"].split()), path, page.body.strip("\n"), page.body_line)
