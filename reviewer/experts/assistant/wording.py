"""Words by which a text tries to command the assistant against the person that it works for."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any, Final

from reviewer import resources
from reviewer.core.regex import regex
from reviewer.experts.assistant.host import PLUGIN
from reviewer.experts.data.patterns import found

_CODE: Final = regex(r"`[^`\n]{0,400}`")
_LINK: Final = regex(r"\[([^\[\]\n]{0,300})\]\([^()\s]{0,400}\)")
_QUOTED: Final = regex(r"[\"“][^\"“”\n]{0,300}[\"”]")


@lru_cache(maxsize=1)
def _wording() -> dict[str, Any]:
    path = resources.skills() / "ecosystems" / PLUGIN / "wording.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def command_in(text: str, heading: str = "") -> str:
    """Say what a line of prose commands the assistant to do, or return an empty text.

    What stands in quotes or as code is shown, not said, and a line or a section about attacks describes them.
    """
    bare = _QUOTED.sub("", _CODE.sub("", _LINK.sub(r"\1", text)))
    about = f"(?i){_wording()['about']}"
    return "" if found(about, bare) or found(about, heading) else hidden_command_in(bare)


def hidden_command_in(text: str) -> str:
    """Say what a text commands that people do not see: there quotes and a topic are no excuse."""
    for command in _wording()["command"]:
        if any(found(f"(?i){pattern}", text) for pattern in command["any"]):
            return str(command["what"])
    return ""
