"""API252: a regular expression that older phones can't even read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal, Regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.obsidian.plugin import desktop_only, is_plugin_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOOKS_BACK: Final = ("(?<=", "(?<!")
_ASKS: Final = frozenset({"Platform", "isIosApp", "isMobile"})
_SAYS: Final = (
    "'{look}' looks behind, which iOS before 16.4 can't: there the whole plugin fails to load{made}, and the manifest "
    "offers it to phones."
)


@module_check("API252")
def lookbehind(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at regular expressions, written out or made of a text."""
    if b"(?<" not in module.source or desktop_only(inquiry) or not is_plugin_code(inquiry, module):
        return
    if not _ASKS.isdisjoint(module.identifiers):
        return
    for regex in module.all(Regex):
        look = next((one for one in _LOOKS_BACK if one in regex.pattern), "")
        if look:
            yield Match(regex, _SAYS.format(look=look, made=""))
    for call in module.all(Call):
        first = call.args[0] if call.name == "RegExp" and call.args else None
        text = first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""
        look = next((one for one in _LOOKS_BACK if one in text), "")
        if look:
            yield Match(call, _SAYS.format(look=look, made=" or stops here"))
