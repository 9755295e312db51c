"""COM272: a script among the hooks of a plugin that nothing runs."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.core.location import Location
from reviewer.experts.assistant.host import PLUGIN
from reviewer.experts.assistant.orders import text_of
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.subject.sources import is_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_FOLDERS: Final = ("hooks/", "hooks-handlers/", "hooks/scripts/")
_SCRIPTS: Final = (".sh", ".bash", ".py", ".js", ".mjs", ".cjs", ".ts", ".ps1", ".cmd")
_TEXTS: Final = (*_SCRIPTS, ".json", ".md", ".toml", ".yaml", ".yml", ".cfg")
_MOST: Final = 400
_ANYWAY: Final = frozenset({"__init__.py", "__main__.py", "conftest.py"})


@subject_check("COM272")
def script_never_used(inquiry: Inquiry) -> Iterator[Match]:
    """Look for the name of every script in the other files."""
    if inquiry.subject.ecosystem != PLUGIN or not parts_of(inquiry).hooks:
        return
    files = [path for path in inquiry.subject.files if path.endswith(_TEXTS)][:_MOST]
    scripts = [path for path in files if f"{posixpath.dirname(path)}/" in _FOLDERS and path.endswith(_SCRIPTS)]
    scripts = [path for path in scripts if path.rsplit("/", 1)[-1] not in _ANYWAY and not is_test(path)]
    texts = {path: text_of(inquiry, path) for path in files} if scripts else {}
    for path in scripts:
        name = path.rsplit("/", 1)[-1]
        stem = posixpath.splitext(name)[0]
        if not any(other != path and (name in text or stem in text) for other, text in texts.items()):
            yield Match(
                Location(path, 1, 1, 1, 2),
                f"No hook and no other file names '{path}': it never runs.",
                fix="Name it in hooks.json, or take it out.",
            )
