"""API251: the app is taken from the global object and not from the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Member, Name
from reviewer.experts.check import Match, module_check
from reviewer.experts.obsidian.plugin import is_plugin_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARTS: Final = frozenset(
    "vault workspace metadataCache fileManager keymap scope commands plugins setting internalPlugins lastEvent".split()
)


@module_check("API251", words={"app"})
def global_app(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for the parts of an app that no plugin handed over; told once a file."""
    if not is_plugin_code(inquiry, module):
        return
    uses = [
        member
        for member in module.all(Member)
        if member.name in _PARTS and isinstance(member.object, Name | Member) and _is_global(module, member.object)
    ]
    if uses:
        more = f" ({len(uses) - 1} more in this file)" if uses[1:] else ""
        yield Match(
            uses[0].object,
            f"The global 'app' is for debugging, and may go; the plugin has its own as 'this.app'{more}.",
        )


def _is_global(module: Module, expr: Name | Member) -> bool:
    if isinstance(expr, Name):
        return expr.id == "app" and not module.scopes.lookup("app", expr)
    window = expr.object
    return expr.name == "app" and isinstance(window, Name) and window.id in ("window", "globalThis")
