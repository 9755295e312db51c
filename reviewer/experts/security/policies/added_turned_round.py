"""SEC093: what an update wants in addition is worked out the wrong way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    If,
    Member,
    Name,
    Return,
    Spread,
    Unary,
    strip,
)
from reviewer.code.text.ideas import HELD
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RIGHTS: Final = HELD | word_set("permission grant granted scope capability right")
_OLD: Final = word_set(
    "before old older previous prior current currently granted consented approved agreed known existing installed "
    "earlier had held accepted"
)
_NEW: Final = word_set(
    "asked asks wanted wants new newer next requested requests incoming manifest offered offer candidate upcoming "
    "fresh latest update declared desired demanded"
)
_MORE: Final = word_set("added additional additions extra more gained widened escalated newly grown fresh new further")
_WRAPS: Final = frozenset({"set", "frozenset", "Set", "list", "sorted", "tuple", "from", "map", "keys", "values"})
_HAS: Final = frozenset({"has", "includes", "contains"})


@module_check("SEC093", words=_MORE)
def added_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each difference of rights that is called what was added, for what is taken from what."""
    if module.is_test:
        return
    for difference, whole, without in _differences(module):
        if not _called_more(difference):
            continue
        before, after = _said(module, whole), _said(module, without)
        if not (before | after) & _RIGHTS or before & _NEW or after & _OLD:
            continue
        if before & _OLD and after & _NEW:
            yield Match(
                difference,
                f"'{short(module.text_of(difference))}' is what is no longer asked for, and is taken for what was "
                "added: a version that wants more gets it without a question.",
                fix="Take the rights that were granted from those that are asked for, and not the other way round.",
            )


def _differences(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield each difference of two collections, what it is a part of, and what is left out."""
    for node in module.some(Binary, Call, Comprehension):
        if isinstance(node, Binary) and node.op == "-":
            yield node, node.left, node.right
        elif isinstance(node, Call) and node.name == "difference" and node.receiver is not None and node.args:
            yield node, node.receiver, node.args[0]
        elif isinstance(node, Call) and node.name == "filter" and node.receiver is not None and node.args:
            callback = strip(node.args[0])
            left_out = _left_out(callback) if isinstance(callback, Function) else None
            if left_out is not None:
                yield node, node.receiver, left_out
        elif isinstance(node, Comprehension) and len(node.clauses) == 1:
            tests = [test for test in map(strip, node.tests) if isinstance(test, Binary) and test.op == "not in"]
            if len(tests) == 1:
                yield node, node.clauses[0][1], tests[0].right


def _left_out(callback: Function) -> Expr | None:
    """Return what the items of a filter must not be in: ``(right) => !before.has(right)``."""
    last = callback.body[-1] if callback.body else None
    test = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    asked = strip(test.operand) if isinstance(test, Unary) and test.op == "not" else None
    return asked.receiver if isinstance(asked, Call) and asked.name in _HAS else None


def _called_more(difference: Expr) -> bool:
    """Tell whether a difference is put into a variable that is called what was added."""
    for around in ancestors(difference):
        if isinstance(around, Assign) and isinstance(around.target, Name):
            return bool(set(words(around.target.id)) & _MORE)
        if isinstance(around, If | Function) or (isinstance(around, Call) and around.name not in _WRAPS):
            return False
    return False


def _said(module: Module, part: Expr) -> set[str]:
    """Return the words of a collection, wrappers seen through, and of what a plain name was made of."""
    part = strip(part)
    while True:
        if isinstance(part, Call) and part.name in _WRAPS and part.args:
            part = strip(part.args[0])
        elif isinstance(part, Array) and len(part.items) == 1 and isinstance(part.items[0], Spread):
            part = strip(part.items[0].value)
        else:
            break
    said = path_words(part)
    if isinstance(part, Name) and not said & (_OLD | _NEW):
        made = module.scopes.origin(part)
        said = (
            said | {word for one in find(made, Member) for word in path_words(one)} if isinstance(made, Expr) else said
        )
    return said
