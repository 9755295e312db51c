"""LIF008: a function gives a state with its version, its counterpart takes it apart, and nobody reads the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Call, Index, Literal, Member, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.state.version_never_read import VERSIONS, Kept, stated_version, trusted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_STATES: Final = frozenset("state saved stored kept snapshot memento checkpoint raw blob record saving".split())
"""Words of a parameter that holds what was kept."""
_TURNS: Final = (
    ("to", "from"),
    ("dump", "load"),
    ("save", "load"),
    ("save", "restore"),
    ("store", "restore"),
    ("export", "import"),
    ("encode", "decode"),
    ("pack", "unpack"),
    ("freeze", "thaw"),
    ("write", "read"),
    ("serialize", "deserialize"),
    ("serialise", "deserialise"),
)
"""First words of a function that gives what the other takes."""


@module_check("LIF008", words=VERSIONS - {"v"})
def version_unread_anywhere(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold what a function answers, with a version in it, against the function of the file that takes it apart."""
    if module.is_test:
        return
    for maker in module.functions:
        for answer in returns_of(maker):
            value = strip(answer.value) if answer.value is not None else None
            if isinstance(value, Call) and value.name in ("stringify", "dumps") and value.args:
                value = value.args[0]
            made = module.scopes.origin(value) if value is not None else None
            kept = stated_version(made) if isinstance(made, Object) else None
            use = _taken_apart(module, maker, kept) if kept is not None else None
            if kept is None or use is None or _is_read(inquiry, kept):
                continue
            yield Match(
                use,
                f"'{maker.name}' gives this with its '{kept.version}', and nothing looks at that: what another version "
                "kept is taken for what this one keeps.",
                related=((kept.at, "given with its version here"),),
            )
            return


def _taken_apart(module: Module, maker: Function, kept: Kept) -> Member | Index | Call | None:
    """Return where the counterpart of a function takes a part of what that gives."""
    for function in module.functions:
        for param in function.params if function is not maker else ():
            if param.name and (_turns(maker.name, function.name) or _holds_state(param)):
                use = trusted(function, param.name, kept)
                if isinstance(use, Member | Index | Call):
                    return use
    return None


def _turns(gives: str, takes: str) -> bool:
    """Tell whether one name is the other turned round: ``to_state`` and ``from_state``."""
    first, second = words(gives), words(takes)
    if not first or not second or first[1:] != second[1:]:
        return False
    return (first[0], second[0]) in _TURNS


def _holds_state(param: Param) -> bool:
    return not _STATES.isdisjoint(words(param.name))


def _is_read(inquiry: Inquiry, kept: Kept) -> bool:
    """Tell whether anything in the subject reads a member of this name, names it in a text, or has a schema of it."""
    version = kept.version
    for module in inquiry.project.modules(naming={version}, tests=False):
        for member in module.all(Member):
            if member.name == version and not (isinstance(member.parent, Call) and member.parent.callee is member):
                return True
        for text in find(module.body, Literal):
            if text.value == version and not isinstance(text.parent, Object):
                return True
        if any(made is not kept.at and _says_how(made, version) for made in module.all(Object)):
            return True
        if any(version in param.fields for function in module.functions for param in function.params):
            return True
    return False


def _says_how(made: Object, version: str) -> bool:
    """Tell whether a record says of its member what it has to be: ``{ format: literal(2) }``."""
    given = made.get(version)
    return given is not None and isinstance(strip(given), Call | Object)
