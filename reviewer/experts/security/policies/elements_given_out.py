"""SEC014: a new list is given out, and what is in it are the very records by which the host decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Member,
    Name,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GIVES: Final = word_set("grant suspend revoke allow permit issue entitle authorize authorise withdraw approve entrust")
_WORDS: Final = _GIVES | (PERMISSION - {"access"})


@module_check("SEC014", words=_WORDS)
def elements_given_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look in each class that gives and takes rights for methods that give out its records."""
    if module.is_test:
        return
    for cls in module.classes:
        if cls.kind != "class" or not _gives_rights(cls):
            continue
        changed = {name: place for method in cls.methods for name, place in _changed_in_place(method)}
        for method in cls.methods if changed else ():
            if method.private or method.name.startswith(("_", "#")) or method.kind == "constructor":
                continue
            for answer in returns_of(method):
                held = _elements_of(answer.value)
                if held in changed:
                    yield Match(
                        answer,
                        f"'{method.name}' gives out a new list of the very records of '{held.lstrip('_#')}', by which "
                        "is decided who may do what: whoever asks can change them.",
                        related=((changed[held], "changed in place here"),),
                        fix="Give out copies of the records, or make them so that nobody can change them.",
                    )


def _gives_rights(cls: Class) -> bool:
    """Tell whether a class by its methods gives and takes rights, or decides about them."""
    verbs = {words(method.name)[0] for method in cls.methods if words(method.name)}
    return len(verbs & _GIVES) > 1 or any(is_decision(method) for method in cls.methods)


def _changed_in_place(method: Function) -> Iterator[tuple[str, Assign]]:
    """Yield the fields whose records a method changes where they are: ``for r of this._records: r.off = true``."""
    for loop in find(method.body, For):
        held = strip(loop.iterable) if loop.iterable is not None else None
        if not is_this_member(held) or not isinstance(loop.target, Name):
            continue
        for put in find(loop.body, Assign):
            target = strip(put.target.object) if isinstance(put.target, Member) else None
            if isinstance(target, Name) and target.id == loop.target.id:
                yield held.name, put


def _elements_of(value: Expr | None) -> str:
    """Return the field of which an answer is a new list with the same elements."""
    made = strip(value) if value is not None else None
    if isinstance(made, Comprehension) and len(made.clauses) == 1:
        target, source = made.clauses[0][0], strip(made.clauses[0][1])
        same = isinstance(target, Name) and isinstance(made.element, Name) and target.id == made.element.id
        return source.name if same and is_this_member(source) else ""
    if isinstance(made, Array) and len(made.items) == 1 and isinstance(made.items[0], Spread):
        inner = strip(made.items[0].value)
        return inner.name if is_this_member(inner) else ""
    if not isinstance(made, Call):
        return ""
    if made.name in ("filter", "slice") and made.receiver is not None:
        held = strip(made.receiver)
        return held.name if is_this_member(held) else ""
    if made.name in ("list", "tuple", "from") and len(made.args) == 1:
        inner = strip(made.args[0])
        return inner.name if is_this_member(inner) else _elements_of(inner)
    return ""


@module_check("SEC014", words={"mappingproxytype", "proxy", "freeze"})
def outer_alone_frozen(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for a table that is given out under a cover, with lists in it that can be changed."""
    if module.is_test:
        return
    for cls in module.classes:
        if cls.kind != "class" or not any(is_decision(method) for method in cls.methods):
            continue
        for method in cls.methods:
            for answer in returns_of(method) if not method.private else ():
                made = strip(answer.value) if answer.value is not None else None
                held = strip(made.args[0]) if isinstance(made, Call) and len(made.args) == 1 else None
                if not isinstance(made, Call) or made.name not in ("MappingProxyType", "freeze"):
                    continue
                if is_this_member(held) and _holds_lists(module, cls, held.name) and _is_private(held):
                    yield Match(
                        answer,
                        f"'{module.text_of(made)}' keeps the table from being changed, and not the lists in it: "
                        "whoever holds one can add to it what is then allowed.",
                        fix="Give out tuples or copies of what is in the table.",
                    )


def _is_private(held: Member) -> bool:
    return held.name.startswith(("_", "#"))


def _holds_lists(module: Module, cls: Class, name: str) -> bool:
    """Tell whether a table holds lists or sets: it is filled with them when it is made."""
    for value in module.scopes.field_values(cls, name):
        made = strip(value)
        if isinstance(made, Comprehension):
            inner = [one for one in find(made.element, Call) if one.name in ("list", "set", "dict")]
            if inner or any(one.kind in ("list", "set") for one in find(made.element, Array)):
                return True
    return False
