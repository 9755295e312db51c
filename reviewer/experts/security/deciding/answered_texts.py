"""Functions that answer with the text of a switch, and what that text may be by what stands where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee, class_of_value
from reviewer.code.syntax import Await, Call, Expr, Member, strip
from reviewer.code.text_types import texts_of_type
from reviewer.core.regex import regex
from reviewer.experts.security.deciding.switch_texts import pair_in

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TEXT: Final = frozenset({"string", "str", "None", "undefined", "null", "Promise<string>", "Optional[str]"})
_NO: Final = frozenset("no off never none deny denied false block blocked disabled forbidden refused rejected".split())
_GIVES: Final = regex(r"=>\s*([^=]{1,60})$")


def answered_switch(module: Module, value: Expr) -> str:
    """Return the refusing text that a call may answer with, of the two that its file names; else an empty string."""
    made = module.scopes.origin(value)
    while isinstance(made, Await):
        made = strip(made.value)
    if not isinstance(made, Call) or made.new or made.receiver is None or not made.args:
        return ""
    home, returns = _signature(module, made)
    said = {one.strip(" '\"") for one in returns.split("|")}
    known = sorted(text for text in texts_of_type(home, returns) if text.lower() in _NO) if home is not None else []
    if known:
        return f'"{known[0]}"'
    if home is None or not said or not said <= _TEXT or said <= {"None", "undefined", "null"}:
        return ""
    text = pair_in(home)
    return f'"{text}"' if text else ""


def _signature(module: Module, call: Call) -> tuple[Module | None, str]:
    """Return where what a call runs is declared, and as what it answers."""
    target = callee(module, call)
    if target is not None:
        return target.module, target.returns
    held = strip(call.callee)
    cls = class_of_value(module, held.object) if isinstance(held, Member) else None
    if cls is None:
        return None, ""
    method = next((one for one in cls.methods if one.name == call.name), None)
    if method is not None:
        return cls.module, method.returns
    field = next((one for one in cls.fields if one.name == call.name), None)
    hit = _GIVES.search(field.type) if field is not None else None
    return (cls.module, hit[1]) if hit is not None else (None, "")
