"""COM200: a menu or a key of the manifest names a command that the extension does not contribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import nearest
from reviewer.experts.communication.named_commands import named_commands, spoken_elsewhere
from reviewer.experts.editor.contributions import commands, contributed, prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.named_commands import NamedCommands
    from reviewer.subject.document import Value

_BUILT_IN: Final = frozenset(
    "workbench editor vscode git explorer search list notebook testing debug scm extension references".split()
)
"""First parts of ids of the editor's own commands."""
_MENUS: Final = "contributes.menus.*.*"
_KEYS: Final = ("contributes.keybindings.*", "contributes.keybindings")


@subject_check("COM200")
def menu_command_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the commands of menus and keys against those that are contributed."""
    known = commands(inquiry)
    code = named_commands(inquiry)
    own = {prefix(name) for name in known} - {""}
    for item in contributed(inquiry, _MENUS):
        for key in ("command", "alt"):
            yield from _look(item.get(key), known, own, code, menu=True, inquiry=inquiry)
    for path in _KEYS:
        for item in contributed(inquiry, path):
            yield from _look(item.get("command"), known, own, code, menu=False, inquiry=inquiry)


def _look(
    value: Value | None, known: dict[str, Value], own: set[str], code: NamedCommands, *, menu: bool, inquiry: Inquiry
) -> Iterator[Match]:
    name = value.text if value is not None else ""
    if value is None or not name or name in known:
        return
    meant = nearest(name, set(known) | (set() if menu else set(code.registered)))
    if prefix(name) not in own and (not meant or prefix(name) in _BUILT_IN):
        return  # a command of the editor, or of another extension
    registered = code.registered.get(name)
    if menu and registered is not None:
        yield Match(
            value,
            f"The menu names '{name}', which code registers and 'contributes.commands' does not have: the editor "
            "leaves the item out.",
            related=((registered.at, "registered here"),),
        )
    elif menu or not (registered is not None or code.open or spoken_elsewhere(inquiry, name, 0)):
        hint = f"; did you mean '{meant}'?" if meant else "."
        where = "The menu" if menu else "The key"
        yield Match(value, f"{where} names the command '{name}', which nothing contributes{hint}")
