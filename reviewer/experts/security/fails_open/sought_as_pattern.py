"""Texts that are sought by a pattern that is made of them and has no ends: ``new RegExp(right).test(held)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Literal, Template, strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_ASKS: Final = ("test", "exec", "search", "match")
_ENDS: Final = ("^", "$", "\\b", "(?:^|", "(^|", ",", ";", "\\s")


def sought_as_pattern(module: Module) -> Iterator[tuple[Call, Expr, Expr]]:
    """Yield where a text is asked by a pattern without ends, with the text and what the pattern is made of."""
    for call in module.calls(_ASKS):
        if call.receiver is None or not call.args:
            continue
        if module.language == "python":
            searched = call.name == "search" and module.resolve(call.callee) == "re.search" and len(call.args) > 1
            made, whole = (call.args[0], call.args[1]) if searched else (None, None)
        else:
            of = call.receiver if call.name in ("test", "exec") else call.args[0]
            pattern = module.scopes.origin(of)
            is_made = isinstance(pattern, Call) and pattern.name == "RegExp" and bool(pattern.args)
            made = pattern.args[0] if isinstance(pattern, Call) and is_made else None
            whole = call.args[0] if call.name in ("test", "exec") else call.receiver
        if made is None or whole is None or isinstance(strip(made), Literal) or _has_ends(module, made):
            continue
        yield call, whole, made


def _has_ends(module: Module, made: Expr) -> bool:
    """Tell whether a pattern says where what is sought begins or ends."""
    text = module.scopes.origin(made)
    parts: list[Expr] = []
    if isinstance(text, Template):
        parts = text.items
    elif isinstance(text, Binary) and text.op == "+":
        parts = [text.left, text.right]
    first = strip(parts[0]) if parts else None
    last = strip(parts[-1]) if parts else None
    said = [one.value for one in (first, last) if isinstance(one, Literal) and isinstance(one.value, str)]
    return any(one.startswith(_ENDS) or one.endswith(_ENDS) for one in said)
