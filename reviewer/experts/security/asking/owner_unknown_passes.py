"""SEC004: who owns something is compared only where an owner is known, and what has none is anybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Index, Literal, Member, Name, Param, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import constant_text, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_OWNERS: Final = word_set("owner owners publisher publishers author authors maintainer maintainers vendor holder")
_LOOKS: Final = frozenset(
    {"get", "find", "findOne", "findUnique", "fetchone", "fetchrow", "first", "one_or_none", "lookup"}
)
_CLAIMS: Final = word_set("claim reserve register own assign set insert add create put save grant take")


@module_check("SEC004", words=_OWNERS)
def owner_unknown_passes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal of whoever is not the owner for what has no owner yet."""
    if module.is_test:
        return
    for test in module.all(If):
        asked = strip(test.test)
        function = function_of(test)
        if function is None or not isinstance(asked, Binary) or asked.op != "and" or test.orelse:
            continue
        if not any(isinstance(one, Throw) for one in test.body):
            continue
        held, other = _there(asked.left), strip(asked.right)
        if held is None or not isinstance(other, Binary) or other.op not in ("!=", "!=="):
            continue
        who = next((side for one in (other.left, other.right) if _is_told(module, side := strip(one))), None)
        if who is None or not isinstance(who, Name) or held not in names_in(other) or held == who.id:
            continue
        if _is_looked_up(module, asked.left) and not _claims(function, test):
            yield Match(
                asked,
                f"'{short(module.text_of(asked))}' refuses only where an owner is known: what belongs to nobody yet "
                f"is open to every '{who.id}', and is not even claimed.",
            )


def _there(test: Expr) -> str | None:
    """Return the variable of a test that something was found: ``row``, ``row is not None``."""
    test = strip(test)
    if isinstance(test, Binary) and test.op in ("is not", "!=", "!=="):
        test = strip(test.left) if isinstance(strip(test.right), Literal) else test
    return test.id if isinstance(test, Name) else None


def _is_told(module: Module, side: Expr) -> bool:
    """Tell whether a side of a comparison is who the function was told to work for."""
    bound = module.scopes.lookup(side.id, side) if isinstance(side, Name) else []
    return (
        isinstance(side, Name) and any(isinstance(one, Param) for one in bound) and bool(set(words(side.id)) & _OWNERS)
    )


def _is_looked_up(module: Module, test: Expr) -> bool:
    """Tell whether what is tested was looked up among the owners."""
    name = next(iter(find(test, Name)), None)
    made = module.scopes.origin(name) if name is not None else None
    if isinstance(made, Index):
        return bool(path_words(made) & _OWNERS)
    if not isinstance(made, Call) or made.name not in _LOOKS:
        return False
    said = path_words(made.callee) | (set(words(name.id)) if name is not None else set())
    for call in find(made, Call):
        said |= {word for arg in call.args for word in words(constant_text(strip(arg)))}
    return bool(said & _OWNERS)


def _claims(function: Function, test: If) -> bool:
    """Tell whether the function enters an owner behind the test."""
    for node in after(test):
        if isinstance(node, Assign) and isinstance(node.target, Index | Member) and path_words(node.target) & _OWNERS:
            return True
        if isinstance(node, Call):
            said = path_words(node.callee) | {w for arg in node.args for w in words(constant_text(strip(arg)))[:6]}
            if said & _OWNERS and said & _CLAIMS:
                return True
    return bool(set(words(function.name)) & {"claim", "transfer"}) or any(
        "insert into owners" in constant_text(strip(arg)).lower()
        for call in calls_in(function.body)
        for arg in call.args
    )
