"""SEC087: grants have an end, and no decision looks at it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Field,
    Member,
    Object,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.place import locate
from reviewer.experts.security.deciding.decisions import decision_functions
from reviewer.experts.security.deciding.members_read import is_read
from reviewer.experts.security.over_time.end_never_compared import GRANTED, ends_unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDS: Final = word_set("expires expiry expiration expire until validuntil notafter")
_SHORT: Final = 2
"""Statements of a function that only says whether something has ended."""
_CLOCKS: Final = frozenset({"now", "time", "utcnow", "monotonic", "Date", "getTime", "today"})


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
        if name in ends_unread(inquiry) or (is_read(inquiry, name) and not _only_where_nobody_asks(inquiry, name)):
            continue
        if _of_a_server(inquiry, name, at.path):
            continue
        yield Match(
            at,
            f"'{owner}' ends at '{name}', and no line ever looks at it: what was granted for an hour is "
            "granted for ever.",
        )


def _of_a_server(inquiry: Inquiry, name: str, path: str) -> bool:
    """Tell whether a field is only declared, in the spelling of what a server of somebody else answers with.

    Nobody who writes TypeScript spells so a field of a grant of the program's own.
    """
    if "_" not in name or not path.endswith((".ts", ".mts", ".cts")):
        return False
    written = inquiry.project.answers(
        f"security.written {name}", lambda module: [name] if _writes(module, name) else [], {name}, tests=False
    )
    return not any(written)


def _writes(module: Module, name: str) -> bool:
    return any(name in made.keys for made in module.all(Object)) or any(
        last_name(made.target) == name for made in module.all(Assign) if isinstance(made.target, Member)
    )


def _only_where_nobody_asks(inquiry: Inquiry, name: str) -> bool:
    """Tell whether an end is read by one short question alone, ``def live(self, now)``, that nobody puts."""
    readers = [
        (module, function_of(member))
        for module in inquiry.project.modules(naming={name}, tests=False)
        for member in module.all(Member)
        if member.name == name and not (isinstance(member.parent, Assign) and member.parent.target is member)
    ]
    if not readers or len({id(function) for _module, function in readers}) != 1:
        return False
    module, function = readers[0]
    if function is None or function.owner is None or function.decorators or len(function.body) > _SHORT:
        return False
    if not any(field.name == name for field in function.owner.fields):
        return False  # what asks all grants is there for others to call
    said = re.findall(rb"(?<![\w$])" + re.escape(function.name.encode()) + rb"(?![\w$])", module.source)
    return len(said) == 1 and all(path == module.path for path in inquiry.project.paths({function.name}))


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
        if said & _ENDS and owner is not None and set(words(owner.name)) & GRANTED:
            yield field, field.name, owner.name
    for owner in module.classes:
        if not set(words(owner.name)) & GRANTED:
            continue
        for name, given in module.scopes.fields(owner).items():
            said = set(words(name)) | {name.lower().replace("_", "")}
            if said & _ENDS and not any(field.name == name for field in owner.fields):
                yield given[0], last_name(given[0].target), owner.name
