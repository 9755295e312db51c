"""SEC251 and SEC252: code of an Obsidian plugin that comes from elsewhere than its release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, Object, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.obsidian.plugin import is_plugin_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRITES: Final = frozenset({"write", "writeBinary", "writeFile", "writeFileSync", "append"})
_LOADS: Final = frozenset({"requestUrl", "fetch", "request"})
_CODE: Final = "main.js"
_MAKES: Final = frozenset({"createElement", "createEl"})


@module_check("SEC251", words={"write"})
def plugin_updates_itself(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for code of a plugin that is written to the disk in a file that loads something."""
    if _CODE.encode() not in module.source or not is_plugin_code(inquiry, module):
        return
    if not any(call.name in _LOADS for call in module.all(Call)):
        return
    for call in module.calls(_WRITES):
        if call.args and _CODE in _spelled(module, call.args[0]):
            yield Match(
                call,
                f"The plugin writes '{_CODE}' from what it loads: code runs that no release has and nobody reviewed.",
            )


def _spelled(module: Module, path: Expr) -> str:
    origin = module.scopes.origin(path)
    return module.text_of(path) + (module.text_of(origin) if isinstance(origin, Expr) else "")


@module_check("SEC252", words={"script"})
def script_element(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for elements that make the app run a script."""
    if not is_plugin_code(inquiry, module):
        return
    for call in module.calls(_MAKES):
        first = strip(call.args[0]) if call.args else None
        if isinstance(first, Literal) and first.value == "script" and not _is_data(call):
            yield Match(call, "A script element makes the app run code that is no part of the plugin's release.")


def _is_data(call: Call) -> bool:
    """Tell whether an element only holds data: ``type="application/json"``."""
    options = strip(call.args[1]) if len(call.args) > 1 else None
    kind = options.get("type") if isinstance(options, Object) else None
    return isinstance(kind, Literal) and "json" in str(kind.value)
