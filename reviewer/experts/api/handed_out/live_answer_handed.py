"""API182: a member of what plugins are given hands on a collection that a method of the host gives out as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_context_type
from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Member, Name, strip
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.api.handed_out.live_table_handed import OWN, live_table
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_LOOKED_AT_ONLY: Final = ("readonly", "mapping", "sequence", "iterable", "iterator", "frozenset", "tuple", "collection")
"""How a type begins that lets nobody change what is given."""


@module_check("API182", words=FACES)
def live_answer_handed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the members of a context give back of what a method of the host gives them."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for cls in module.classes:
        if not is_context_type(cls.name):
            continue
        for method in cls.methods:
            if method.private or method.returns.strip("'\" ").lower().startswith(_LOOKED_AT_ONLY):
                continue
            for answer in returns_of(method):
                call = strip(answer.value) if answer.value is not None else None
                if isinstance(call, Member) and not is_this_member(call):
                    table = live_table(module, call)
                    table = None if table is not None and set(words(table.name)) & OWN else table
                else:
                    table = _given_by_host(module, cls, call) if isinstance(call, Call) else None
                if table is not None and call is not None:
                    yield Match(
                        call,
                        f"'{short(module.text_of(call))}' gives '{table.name.strip('#_')}' of the host itself, no copy "
                        f"of the {table.kind}: what a plugin adds, replaces or removes is so for all the others and "
                        "the host.",
                        related=((table.declared, "the host's own"),),
                    )


def _given_by_host(module: Module, cls: Class, call: Call) -> Table | None:
    """Return the collection of another class that one of its methods gives out as it is."""
    target = callee(module, call)
    host = target.owner if target is not None else None
    if target is None or host is None or host is cls or target.signature_only:
        return None
    if target.returns.strip("'\" ").lower().startswith(_LOOKED_AT_ONLY):
        return None
    for answer in returns_of(target):
        given = strip(answer.value) if answer.value is not None else None
        table = live_table(target.module, given) if isinstance(given, Name | Member) else None
        if table is not None and not (set(words(table.name)) & OWN and not _makes(host, cls)):
            return table
    return None


def _makes(host: Class, cls: Class) -> bool:
    """Tell whether a class makes contexts for whoever asks: what it has of its own belongs to no single plugin."""
    return any(one.name == cls.name for method in host.methods for one in find(method.body, Call))
