"""SEC022: an operation is told who asks for it, as its siblings are, and does not look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Function, If, Member, Name, Object
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import is_decision, is_guard, is_guard_function
from reviewer.experts.security.deciding.operations import CHANGES
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACTORS: Final = word_set("user actor caller principal requester requestor admin operator who identity")
_RECORDS: Final = AUDITS | word_set("log logger info warn debug add record write note emit track entry event events")


@module_check("SEC022", words=_ACTORS)
def actor_unread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for operations that take the one who acts, and never ask what that one may do."""
    if module.is_test:
        return
    for node in module.all_nodes:
        members: list[Function] = []
        if isinstance(node, Class) and node.kind == "class":
            members = [m for m in node.methods if m.kind == "method" and not m.signature_only]
        elif isinstance(node, Object):
            members = [value for _key, value in node.entries if isinstance(value, Function) and value.kind != "getter"]
        if len(members) > 1:
            yield from _compare(members)


def _compare(members: list[Function]) -> Iterator[Match]:
    asking: dict[str, Function] = {}
    for member in members:
        for name in _actors(member):
            if name not in asking and _asks(member, name):
                asking[name] = member
    for member in members:
        if member.private or member.name.startswith(("_", "#")) or is_decision(member) or is_guard_function(member):
            continue
        for name in _actors(member):
            sibling = asking.get(name)
            if sibling is None or sibling is member or not _acts(member) or _looks(member, name):
                continue
            yield Match(
                member,
                f"'{member.name}' is told '{name}' and never asks what '{name}' may do, as '{sibling.name}' does.",
                related=((sibling, "this one asks"),),
            )
            break


def _actors(member: Function) -> list[str]:
    """Return the parameters of an operation that say who acts."""
    return [p.name for p in member.params if not p.rest and words(p.name)[-1:] and words(p.name)[-1] in _ACTORS]


def _asks(member: Function, name: str) -> bool:
    """Tell whether an operation refuses some who act."""
    for test in find(member.body, If, into_functions=False):
        named = any(isinstance(part, Name) and part.id == name for part in walk(test.test))
        if named and (refuses(test.body) or refuses(test.orelse)):
            return not _asks_only_for_presence(test, name)
    return any(is_guard(call) and _given(call, name) for call in calls_in(member.body, into_functions=False))


def _asks_only_for_presence(test: If, name: str) -> bool:
    """Tell whether a test only asks whether there is somebody: ``if (!user) throw …``."""
    parts = [part for part in walk(test.test) if isinstance(part, Name) and part.id == name]
    return not any(isinstance(part.parent, Call | Member) for part in parts)


def _given(call: Call, name: str) -> bool:
    return any(isinstance(part, Name) and part.id == name for arg in call.args for part in walk(arg))


def _acts(member: Function) -> bool:
    """Tell whether an operation changes something, by its name or by what it calls."""
    if set(words(member.name)) & CHANGES:
        return True
    return any(set(words(call.name)[:1]) & (CHANGES - {"add", "write"}) for call in calls_in(member.body))


def _looks(member: Function, name: str) -> bool:
    """Tell whether an operation reads who acts for anything but a record of it."""
    return any(isinstance(part, Name) and part.id == name and not _in_record(part) for part in walk(member.body))


def _in_record(part: Name) -> bool:
    around = part.parent
    while around is not None and not isinstance(around, Function):
        if isinstance(around, Call):
            return bool((path_words(around.callee)) & _RECORDS)
        around = around.parent
    return False
