"""SEC253: a plugin of Obsidian writes markup that it puts together from what notes and settings hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Conditional, Expr, Literal, Name, Template, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.data.messages import short
from reviewer.experts.obsidian.plugin import is_plugin_code
from reviewer.experts.security.injection.escapers import escapers
from reviewer.experts.security.injection.html_from_outside import markup
from reviewer.experts.security.values.source_words import makes_harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PLAIN: Final = frozenset("String Number toString toFixed length round floor ceil getTime now min max abs".split())
"""Calls whose answer is looked into, or holds no markup."""
_NUMBERS: Final = frozenset({"toFixed", "Number", "round", "floor", "ceil", "getTime", "now", "min", "max", "abs"})
_DEEPEST: Final = 6


@module_check("SEC253", words={"html"})
def app_markup(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every text with tags in which something stands that is no constant and that nothing makes harmless."""
    if not is_plugin_code(inquiry, module):
        return
    harmless = escapers(module)
    for place, value in markup(module):
        made = module.scopes.origin(value)
        made = made if isinstance(made, Expr) else value
        hole = next((one for one in _holes(module, strip(made), harmless) if one is not None), None)
        if hole is not None:
            yield Match(
                place,
                f"'{short(module.text_of(hole))}' becomes markup in the app's own page: what a note or a setting holds "
                "can run there, with the whole vault in reach.",
            )


def _holes(module: Module, made: Expr, harmless: frozenset[str], depth: int = 0) -> Iterator[Expr]:
    """Yield what is put into a text with tags and may be any text."""
    if depth > _DEEPEST:
        return
    if isinstance(made, Template):
        parts = made.holes if any(isinstance(one, Literal) and "<" in str(one.value) for one in made.items) else []
    elif isinstance(made, Binary) and made.op == "+":
        parts = [made.left, made.right] if "<" in module.text_of(made) else []
    else:
        return
    for part in parts:
        hole = strip(part)
        if isinstance(hole, Binary | Template):
            yield from _holes(module, hole, harmless, depth + 1)
        elif isinstance(hole, Conditional):
            yield from (one for one in (hole.then, hole.other) if _is_open(module, strip(one), harmless))
        elif _is_open(module, hole, harmless):
            yield hole


def _is_open(module: Module, hole: Expr, harmless: frozenset[str]) -> bool:
    """Tell whether a value may hold any text."""
    if isinstance(hole, Literal) or fixed_text(module, hole):
        return False
    if isinstance(hole, Call):
        if makes_harmless(hole.name) or hole.name in harmless | _NUMBERS:
            return False
        return hole.name in _PLAIN and bool(hole.args) and _is_open(module, strip(hole.args[0]), harmless)
    if isinstance(hole, Name):
        origin = module.scopes.origin(hole)
        made = strip(origin) if isinstance(origin, Expr) and origin is not hole else None
        return made is not None and not isinstance(made, Name) and _is_open(module, made, harmless)
    last = getattr(hole, "name", "")
    return bool(last) and last not in ("length", "size", "id", "index", "count") and hasattr(hole, "object")
