"""API017: where a check says no, what came goes on as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Member,
    Name,
    Return,
    Throw,
    Try,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.experts.api.schemas.validation_ignored import answers
from reviewer.experts.api.schemas.verdicts import PARTS
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_DATA: Final = frozenset({"data", "output", "value", "parsed", "success"})
"""Members of an answer that hold what was checked."""
_THROWS: Final = frozenset(
    "parse parseAsync model_validate validate validateSync assert load cast decode convert structure parse_obj".split()
)
"""Calls that give what they have checked, and throw where it does not fit."""


@module_check(
    "API017", words={"parse", "validate", "valid", "success", "check", "load", "decode", "convert", "structure"}
)
def raw_instead(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is used in place of what a check refused."""
    if module.is_test:
        return
    for choice in module.some(Binary, Conditional):
        call = _refused(module, choice)
        if call is not None:
            yield _match(module, choice, call)
    for attempt in module.all(Try):
        call, at = _caught(module, attempt)
        if call is not None and at is not None:
            yield _match(module, at, call)


def _match(module: Module, at: Node, call: Call) -> Match:
    raw = short(module.text_of(call.args[0]))
    return Match(
        at,
        f"Where '{call.name}' refuses it, '{raw}' is used as it came: what does not fit goes on with what does.",
        related=((call, "the validation"),),
    )


def _refused(module: Module, choice: Node) -> Call | None:
    """Return the check of ``checked.data ?? raw``, or of ``checked.success ? checked.data : raw``."""
    kept: Expr
    if isinstance(choice, Binary) and choice.op in ("??", "or"):
        kept, instead = strip(choice.left), strip(choice.right)
    elif isinstance(choice, Conditional):
        kept, instead = _ways(choice)
    else:
        return None
    held = strip(kept.object) if isinstance(kept, Member) and kept.name in _DATA else None
    made = module.scopes.origin(held) if held is not None else None
    if not isinstance(made, Call) or not made.args or not answers(module, made):
        return None
    return made if _is_same(module, instead, made.args[0]) else None


def _ways(choice: Conditional) -> tuple[Expr, Expr]:
    """Return what is taken where a check says yes, and what where it says no."""
    then, other = strip(choice.then), strip(choice.other)
    if isinstance(other, Member) and any(part.name in PARTS for part in find([choice.test], Member)):
        return other, then
    return then, other


def _is_same(module: Module, one: Expr, other: Expr) -> bool:
    """Tell whether an expression is the very name that a check was given."""
    first, second = strip(one), strip(other)
    if not isinstance(first, Name) or not isinstance(second, Name) or first.id != second.id:
        return False
    return module.scopes.lookup(first.id, first) == module.scopes.lookup(second.id, second)


def _caught(module: Module, attempt: Try) -> tuple[Call | None, Node | None]:
    """Return a check in a ``try`` behind which a handler goes on with what the check was given, and where it does."""
    for call in find(attempt.body, Call, into_functions=False):
        given = strip(call.args[0]) if call.args else None
        if not isinstance(given, Name) or call.name not in _THROWS or not _is_check(module, call):
            continue
        for handler in attempt.handlers:
            if any(True for _ in find(handler.body, Throw)):
                continue
            for one in find(handler.body, Return | Assign, into_functions=False):  # type: ignore[arg-type]  # a union works as a kind
                value = one.value
                if value is not None and not is_nothing(value) and _is_same(module, value, given):
                    return call, one
    return None, None


def _is_check(module: Module, call: Call) -> bool:
    """Tell whether a call checks data against a schema, and does not read a text: ``JSON.parse`` does that."""
    if call.receiver is None or module.resolve(call.callee).split(".")[0].lower() in ("json", "yaml", "tomllib", "ast"):
        return False
    used = use_of(call)
    held = names_in(call.receiver)
    schema = any(name[:1].isupper() or {"schema", "shape", "validator"} & set(words(name)) for name in held)
    return schema and used.how in ("assigned", "returned", "receiver")
