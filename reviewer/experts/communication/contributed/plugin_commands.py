"""COM250 and COM251: keys that a plugin of Obsidian takes for its commands, and names that say twice whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Array, Object, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.obsidian.plugin import is_plugin_code, means

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM250", words={"hotkeys"})
def default_hotkey(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for keys in the commands that are added."""
    for command in _commands(inquiry, module):
        keys = command.get("hotkeys")
        if keys is not None and isinstance(strip(keys), Array) and strip(keys).children():
            yield Match(
                keys,
                "The command comes with keys of its own, which the person or a plugin may have on something else.",
            )


@module_check("COM251", words={"command"})
def command_says_plugin(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for the id and the name of the plugin in those of its commands."""
    manifest = inquiry.manifest
    if manifest is None:
        return
    plugin = manifest.get("id")
    title = manifest.get("name")
    for command in _commands(inquiry, module):
        ident, name = command.get("id"), command.get("name")
        said = fixed_text(module, ident)
        if ident is not None and plugin is not None and plugin.text and plugin.text in said.lower():
            yield Match(
                ident, f"The app puts '{plugin.text}:' before the id by itself: this becomes '{plugin.text}:{said}'."
            )
        shown = fixed_text(module, name)
        if name is not None and title is not None and len(title.text) > 2 and _begins(shown, title.text):
            yield Match(
                name, f"The app shows '{title.text}: ' before the name by itself: this becomes '{title.text}: {shown}'."
            )


def _begins(shown: str, title: str) -> bool:
    start, rest = shown[: len(title)], shown[len(title) :]
    return start.lower() == title.lower() and bool(rest) and rest[0] in ":- |/"


def _commands(inquiry: Inquiry, module: Module) -> Iterator[Object]:
    if not is_plugin_code(inquiry, module):
        return
    for call in module.calls({"addCommand"}):
        given = strip(call.args[0]) if call.args else None
        if isinstance(given, Object) and means(inquiry, module, call.callee) == "Plugin#addCommand":
            yield given
