"""SEC015: what gives nothing back asks for the right to read, and nothing asks for the right to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Call, Function, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.guarding import DEMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_READS: Final = regex(r"([A-Za-z][\w-]{0,40}[.:/_]|[a-z]{2,40}|[A-Z][a-z]{1,40})(read|READ|Read|view|VIEW|View)")
_WRITES: Final = {
    "read": ("write", "edit", "change", "manage"),
    "view": ("write", "edit", "change", "manage"),
}


class _Asked(Struct, frozen=True):
    """A function that asks for a right to read: where, of what, and how the right is written."""

    at: Call
    function: Function
    resource: str
    verb: str


@module_check("SEC015", words={"read", "view"})
def write_right_unasked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what gives something with what gives nothing, where both ask for the same right to read."""
    if module.is_test:
        return
    asked = list(_asked(module))
    for one in asked:
        same = [other for other in asked if other.resource == one.resource and other.function is not one.function]
        if _gives(one.function) or not any(_gives(other.function) for other in same) or not _acts(one):
            continue
        unasked = _unasked(inquiry, one)
        if unasked:
            yield Match(
                one.at,
                f"'{short(module.text_of(one.at))}' asks for reading, and '{one.function.name}' only changes things: "
                f"nothing asks for '{unasked}', which is declared.",
            )


def _asked(module: Module) -> Iterator[_Asked]:
    for call in module.all(Call):
        for arg in call.args:
            found = _READS.fullmatch(_spelled(arg)[:60])
            function = _guarded(module, call) if found is not None else None
            if found is not None and function is not None:
                yield _Asked(call, function, found[1], found[2])


def _spelled(arg: Expr) -> str:
    """Return how a right is written: ``"grades:read"``, and ``GRADES_READ`` of ``Right.GRADES_READ``."""
    right = strip(arg)
    if isinstance(right, Literal):
        return right.value if isinstance(right.value, str) else ""
    whole = isinstance(right, Member) and isinstance(strip(right.object), Name)
    return right.name if isinstance(right, Member) and whole else ""


def _guarded(module: Module, call: Call) -> Function | None:
    """Return the function that a decorator guards, or one that asks by itself."""
    if isinstance(call.parent, Function) and any(call is one for one in call.parent.decorators):
        return call.parent if set(words(call.name)) & (DEMANDS | {"needs", "need", "with"}) else None
    return function_of(call) if is_check(module, call) else None


def _gives(function: Function) -> bool:
    return any(one.value is not None for one in returns_of(function))


def _acts(one: _Asked) -> bool:
    """Tell whether a function does something besides asking."""
    return any(call is not one.at for call in calls_in(one.function.body))


def _unasked(inquiry: Inquiry, one: _Asked) -> str:
    """Return the right to change the same thing that the subject declares, where its name stands only once."""
    for verb in _WRITES[one.verb.lower()]:
        write = one.resource + (verb.upper() if one.verb.isupper() else verb.title() if one.verb.istitle() else verb)
        texts = (source for _path, source in inquiry.project.texts(naming=set(words(write))))
        if sum(source.count(write.encode()) for source in texts) == 1:
            return write
    return ""
