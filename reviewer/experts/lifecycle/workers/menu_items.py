"""LIF223 and LIF224: items of context menus that a stopped background can't find again, or makes a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Object
from reviewer.code.walk import function_of
from reviewer.experts.browser.api import calls_of, path_of
from reviewer.experts.browser.background import is_stopped
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CREATE: Final = ("contextMenus.create", "menus.create")


@module_check("LIF223", words={"menus"})
def menu_without_id(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each item of a menu is made of."""
    if not is_stopped(inquiry, module.path):
        return
    for path, call in calls_of(module, *_CREATE):
        shape = call.arg(0)
        if not isinstance(shape, Object) or shape.spreads:
            continue
        if shape.get("onclick") is not None:
            yield Match(
                call,
                f"'{path}' is given 'onclick', which a background that is stopped can't keep: the browser refuses the "
                "item. Listen to 'onClicked' and look at 'menuItemId'.",
            )
        elif shape.get("id") is None:
            yield Match(call, f"'{path}' is given no 'id', which the browser demands of a background that it stops.")


@module_check("LIF224", words={"menus"})
def menu_made_again(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for items that are made whenever the background starts; one finding for a file."""
    if not is_stopped(inquiry, module.path):
        return
    if any(path_of(module, call.callee).endswith("enus.removeAll") for call in module.calls({"removeAll"})):
        return
    for path, call in calls_of(module, *_CREATE):
        if function_of(call) is None and not _answered(call):
            yield Match(
                call,
                f"'{path}' runs whenever the background starts, which is after every pause, and the items of before "
                "are still there: it fails with a duplicate id. Make them in 'runtime.onInstalled'.",
            )
            return


def _answered(call: Call) -> bool:
    """Tell whether somebody looks at how it went."""
    return len(call.args) > 1
