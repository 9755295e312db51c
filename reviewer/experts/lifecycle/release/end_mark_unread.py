"""LIF579: the end of a thing notes that it has ended, and nothing ever asks for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Field, Member
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.assigned import assigns
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.owners import is_end

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Class

_ENDED: Final = frozenset("disposed closed stopped destroyed ended terminated disconnected finished dead shut".split())


@module_check("LIF579", words=_ENDED)
def end_mark_unread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each mark of an end that only its own class can see for somebody who looks."""
    if module.is_test:
        return
    for cls in module.classes:
        for name, marks in module.scopes.fields(cls).items():
            if not set(words(name)) & _ENDED or not _is_hidden(cls, name):
                continue
            raised = next((one for one in marks if assigns(one, True) and _in_end(cls, one)), None)
            if raised is None or _is_read(module, name) or not _takes_more(cls):
                continue
            yield Match(
                raised,
                f"'{name}' is set here and nothing ever asks for it: what is handed to '{cls.name}' after its end is "
                "taken as if nothing had happened, and nobody releases it any more.",
                fix="Ask for it where something is taken, and release that at once or refuse it.",
            )


def _is_hidden(cls: Class, name: str) -> bool:
    """Tell whether nobody outside of a class can read a field."""
    declared = next((one for one in cls.fields if one.name == name), None)
    return name.startswith(("#", "_")) or (isinstance(declared, Field) and declared.private)


def _in_end(cls: Class, mark: Assign) -> bool:
    return any(is_end(method.name) and any(one is mark for one in find(method.body, Assign)) for method in cls.methods)


def _is_read(module: Module, name: str) -> bool:
    """Tell whether a file reads a field anywhere, or speaks of its name in another way."""
    for one in module.all(Member):
        if one.name != name:
            continue
        around = one.parent
        if not isinstance(around, Assign) or around.target is not one or not is_this_member(one):
            return True
    return module.source.count(f'"{name}"'.encode()) + module.source.count(f"'{name}'".encode()) > 0


def _takes_more(cls: Class) -> bool:
    """Tell whether a class has a method by which it is handed what it is to keep."""
    takes = frozenset({"add", "push", "register", "track", "own", "start", "attach", "defer", "use", "subscribe", "on"})
    return any(bool(set(words(method.name)[:1]) & takes) and bool(method.params) for method in cls.methods)
