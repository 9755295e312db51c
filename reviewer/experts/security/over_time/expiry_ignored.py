"""SEC087: grants have an end, and no decision looks at it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Call,
    Case,
    Expr,
    Field,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Unary,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find
from reviewer.experts.check import Match, subject_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.place import locate
from reviewer.experts.security.decisions import decision_functions
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDS: Final = word_set("expires expiry expiration expire until validuntil notafter")
_CLOCKS: Final = frozenset({"now", "time", "utcnow", "monotonic", "Date", "getTime", "today"})
_OF_FORM: Final = frozenset("isFinite isInteger isSafeInteger isNaN isinstance type len".split())
"""Calls that look at the form of a value."""
_GRANTS: Final = (PERMISSION | {"token", "lease", "capability", "scope", "license"}) - {"access"}


@subject_check("SEC087")
def expiry_ignored(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the fields of grants with what all of the code reads."""
    project = inquiry.project
    declared = [
        (locate(module, place), name, owner)
        for module in project.modules(naming=_ENDS, tests=False)
        for place, name, owner in _declared(module)
    ]
    if not declared:
        return
    if not any(decision_functions(inquiry, module) or _verifies(module) for module in project.modules(tests=False)):
        return
    for at, name, owner in declared:
        if is_read(inquiry, name):
            continue
        yield Match(
            at,
            f"'{owner}' ends at '{name}', and no line ever looks at it: what was granted for an hour is "
            "granted for ever.",
        )


def is_read(inquiry: Inquiry, name: str) -> bool:
    """Tell whether any line of the subject reads a member of this name to some end."""
    return any(inquiry.project.answers(f"reads {name}", partial(_reads, name=name), naming={name}, tests=False))


def _verifies(module: Module) -> bool:
    """Tell whether a module checks something that was handed out, such as a token."""
    return any(
        not function.signature_only
        and set(words(function.name)[:1]) & {"verify", "check", "validate", "redeem", "authorize"}
        for function in module.functions
    )


def _declared(module: Module) -> Iterator[tuple[Field | Assign, str, str]]:
    """Yield the fields of grants that say when they end, with their names and those of the grants."""
    for field in module.all(Field):
        said = set(words(field.name)) | {field.name.lower().replace("_", "")}
        owner = class_of(field)
        if said & _ENDS and owner is not None and set(words(owner.name)) & _GRANTS:
            yield field, field.name, owner.name
    for owner in module.classes:
        if not set(words(owner.name)) & _GRANTS:
            continue
        for name, given in module.scopes.fields(owner).items():
            said = set(words(name)) | {name.lower().replace("_", "")}
            if said & _ENDS and not any(field.name == name for field in owner.fields):
                yield given[0], last_name(given[0].target), owner.name


def _reads(module: Module, name: str) -> bool:
    """Tell whether a module reads a member of this name to some end, takes it apart, or asks a database for it."""
    if name not in module.identifiers:
        return False
    for member in module.all(Member):
        if member.name == name and not _is_written(member) and not _is_looked_over(member):
            return True
    for index in module.all(Index):
        if isinstance(index.key, Literal) and index.key.value == name and not _is_looked_over(index):
            return True
    if any(name in param.fields for param in module.all(Param)):
        return True
    if any(name in module.text_of(test) for case in module.all(Case) for test in case.tests):
        return True
    for loop in module.all(For):
        if loop.target is not None and any(one.id == name for one in find(loop.target, Name)):
            return True
    return any(isinstance(text.value, str) and name in text.value and not _is_key(text) for text in module.all(Literal))


def _is_written(member: Member) -> bool:
    around = member.parent
    return getattr(around, "target", None) is member


def _is_looked_over(read: Expr) -> bool:
    """Tell whether a value is only looked at for its form, or copied under its own name."""
    around = read.parent
    if isinstance(around, Call):
        return around.name in _OF_FORM and read in around.args
    if isinstance(around, Unary):
        return around.op == "typeof"
    return isinstance(around, Object) and any(
        value is read and isinstance(key, Literal) and str(key.value) == last_name(read)
        for key, value in around.entries
    )


def _is_key(text: Literal) -> bool:
    around: Node | None = text.parent
    return isinstance(around, Object | Function) or (isinstance(around, Index) and _is_looked_over(around))
