"""SEC361: the place of something in a list or a text is taken for yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Name,
    Node,
    Return,
    Unary,
    While,
    strip,
)
from reviewer.code.text.ideas import OWNERS
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.values.texts import is_text
from reviewer.experts.security.vocabulary import PERMISSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PLACES: Final = frozenset({"indexOf", "lastIndexOf", "findIndex", "findLastIndex"})
_OF_TEXT: Final = frozenset({"find", "rfind"})
_PICKS: Final = frozenset({"filter", "some", "every", "find"})
_ASKS: Final = frozenset({"is", "has", "can", "may", "allows", "includes", "contains"})
_LISTS: Final = TABLES | {f"{who}s" for who in OWNERS} | word_set("admins members plugins blocked hosts origins ids")


@module_check("SEC361", words={"index", "find", "rfind"})
def position_for_truth(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of each place that is looked up."""
    if module.is_test:
        return
    python = module.language == "python"
    for call in module.calls(_OF_TEXT if python else _PLACES):
        if call.receiver is None or (python and not is_text(module, call.receiver)):
            continue
        text = short(module.text_of(call))
        if _asks_for_beginning(module, call):
            continue
        if any(_is_truth(use) for use in _uses(module, call)):
            yield Match(
                call,
                f"'{text}' gives -1 where nothing is found, which counts as true, and 0 for the first, which counts as "
                "false: the answer is the wrong way round.",
                severity=None if _about_rights(call) else Severity.MEDIUM,
            )
        elif _misses_first(call):
            yield Match(call, f"'{text}' gives 0 for the first, which '> 0' leaves out.")


def _asks_for_beginning(module: Module, call: Call) -> bool:
    """Tell whether a text is asked for how it begins, in the old way: ``!name.indexOf("data-")``."""
    sought = strip(call.args[0]) if len(call.args) == 1 else None
    if not isinstance(sought, Literal) or not isinstance(sought.value, str):
        return False
    denied = module.source[: call.raw.start_byte].rstrip().endswith(b"!")
    cut = not sought.value.isalnum() and ":" not in sought.value
    many = (last_words(call.receiver)[-1:] or ("",))[0].endswith("s") or bool(path_words(call.receiver) & _LISTS)
    return call.name == "indexOf" and denied and cut and not many


def _about_rights(call: Call) -> bool:
    """Tell whether what is looked up is a right, a role or somebody who may do something."""
    function = function_of(call)
    named = path_words(call.receiver) | (surroundings(function) if function is not None else set())
    return bool(named & (_LISTS | PERMISSION)) or (function is not None and is_decision(function))


def _uses(module: Module, call: Call) -> Iterator[Expr]:
    """Yield the call, and where a name that holds nothing else is read."""
    yield call
    kept = call.parent
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name) or kept.value is not call:
        return
    function = function_of(call)
    for name in module.all(Name):
        if name.id == kept.target.id and name is not kept.target and function_of(name) is function:
            bound = module.scopes.lookup(name.id, name)
            if len(bound) == 1 and bound[0] is kept:
                yield name


def _is_truth(expr: Node) -> bool:
    """Tell whether a value counts only as true or false where it stands."""
    around = expr.parent
    if isinstance(around, Cast):
        return _is_truth(around)
    if isinstance(around, If | While | Conditional):
        return around.test is expr
    if isinstance(around, Unary):
        return around.op == "not" and not _is_told_from_first(around, expr)
    if isinstance(around, Binary):
        return around.op in ("and", "or") and (around.left is expr or _is_truth(around))
    if isinstance(around, Call):
        return around.name in ("Boolean", "bool") and around.receiver is None and around.callee is not expr
    if isinstance(around, Return):
        function = function_of(around)
        return function is not None and (_picks(function) or _answers(function))
    return False


def _is_told_from_first(asked: Unary, name: Node) -> bool:
    """Tell whether the same condition asks for the first place by its number: ``!place && place !== 0``."""
    around = asked.parent
    other = strip(around.right if around.left is asked else around.left) if isinstance(around, Binary) else None
    if not isinstance(other, Binary) or other.op not in ("==", "!=") or not isinstance(name, Name):
        return False
    sides = (strip(other.left), strip(other.right))
    same = any(isinstance(one, Name) and one.id == name.id for one in sides)
    return same and any(isinstance(one, Literal) and one.value == 0 for one in sides)


def _picks(function: Function) -> bool:
    """Tell whether a function is the test by which items are picked."""
    each = function.parent
    return isinstance(each, Call) and each.callee is not function and each.name in _PICKS


def _answers(function: Function) -> bool:
    if function.returns.strip() in ("boolean", "bool"):
        return True
    return bool(set(words(function.name)[:1]) & _ASKS) or is_decision(function)


def _misses_first(call: Call) -> bool:
    """Tell whether the first entry of a list of rights or names is passed over: ``roles.indexOf("admin") > 0``."""
    test = call.parent
    if not isinstance(test, Binary) or test.op != ">" or test.left is not call:
        return False
    least = strip(test.right)
    named = set(last_words(call.receiver))
    return isinstance(least, Literal) and least.value == 0 and bool(named & (_LISTS | PERMISSION))
