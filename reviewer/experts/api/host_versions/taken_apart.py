"""Versions that are taken apart at their dots, put together again, or made a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    Index,
    Literal,
    Name,
    Regex,
    strip,
)
from reviewer.code.text.words import words
from reviewer.experts.api.vocabulary import spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 8
_NUMBERS: Final = frozenset({"major", "minor", "patch", "micro"})


def is_parts(module: Module, expr: Expr, depth: int = _DEEPEST) -> bool:
    """Tell whether an expression is a version taken apart at its dots, each part still a text.

    Also where a name holds that, or one of several that were taken apart alike: ``[have, want].map(parts)``.
    ``depth`` is how many steps back are taken: a name may hold a part of itself, ``args = args[0]``.
    """
    if depth == 0:
        return False
    made = module.scopes.origin(expr) if isinstance(strip(expr), Name) else strip(expr)
    if isinstance(made, Index):
        return _is_one_of_parts(module, made, depth - 1)
    if isinstance(made, Call) and made.name in ("tuple", "list") and made.receiver is None and len(made.args) == 1:
        made = strip(made.args[0])
    at = strip(made.args[0]) if isinstance(made, Call) and made.name == "split" and len(made.args) == 1 else None
    return isinstance(at, Literal) and at.value == "."


def _is_one_of_parts(module: Module, taken: Index, depth: int) -> bool:
    """Tell whether each of several is taken apart so: ``const [have, want] = [HOST, low].map((v) => v.split("."))``."""
    many = module.scopes.origin(taken.object)
    if isinstance(many, Comprehension):
        return is_parts(module, many.element, depth)
    if isinstance(many, Array):
        return bool(many.items) and all(is_parts(module, one, depth) for one in many.items)
    by = strip(many.args[0]) if isinstance(many, Call) and many.name == "map" and many.args else None
    answers = [one.value for one in returns_of(by)] if isinstance(by, Function) else []
    return bool(answers) and all(one is not None and is_parts(module, one, depth) for one in answers)


def takes_apart(module: Module) -> bool:
    """Tell whether a file takes texts apart at their dots, by a split or by a pattern of three numbers."""
    return module.once(
        "api.versions taken apart",
        lambda: (
            any(is_parts(module, call) for call in module.calls(("split",)))
            or any(one.pattern.count(r"\.") >= 2 and r"\d" in one.pattern for one in module.all(Regex))
        ),
    )


def is_one_number(call: Call) -> bool:
    """Tell whether a number is held against one part of a version: ``parse(version).major === Number(wanted)``."""
    around = call.parent
    if not isinstance(around, Binary) or around.op not in ("==", "!="):
        return False
    other = strip(around.right if around.left is call else around.left)
    return bool(_NUMBERS & set(words(spelled(other))))


def takes_dots_out(call: Call) -> bool:
    """Tell whether a call leaves nothing of a version but its digits: ``version.replaceAll(".", "")``."""
    if call.name not in ("replace", "replaceAll") or len(call.args) < 2:
        return False
    sought, instead = strip(call.args[0]), strip(call.args[1])
    dots = isinstance(sought, Literal) and sought.value == "."
    dots = dots or (isinstance(sought, Regex) and sought.pattern in (r"\.", "[.]", r"\D", "[^0-9]", "[^\\d]"))
    return dots and isinstance(instead, Literal) and instead.value == ""


def joined(call: Call) -> Expr | None:
    """Return the version whose first parts are put together again: ``".".join(version.split(".")[:2])``."""
    parts = call.arg(0) if call.receiver is None or isinstance(strip(call.receiver), Literal) else call.receiver
    while parts is not None:
        parts = strip(parts)
        if isinstance(parts, Index):
            parts = parts.object
        elif isinstance(parts, Call) and parts.name in ("slice", "split") and parts.receiver is not None:
            if parts.name == "split":
                return strip(parts.receiver)
            parts = parts.receiver
        else:
            return None
    return None
