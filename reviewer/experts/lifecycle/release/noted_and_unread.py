"""LIF029: what takes back the listeners of one plugin is noted in its entry, and nobody ever reads the notes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Call, Function, Member, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import LISTEN_WORDS, LISTENS
from reviewer.code.walk import calls_in, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.subscriptions import OFFS
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.bringing.unloading import span

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.core.location import Location

_KEEPS: Final = ("push", "append", "add")


@module_check("LIF029", words=LISTEN_WORDS)
def noted_and_unread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of an entry into which a way to stop listening is put, for somebody who goes through it."""
    if module.is_test:
        return
    spoken: set[str] = set()
    for call in module.calls(_KEEPS):
        held = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(held, Member) or is_this_member(held) or len(call.args) != 1 or held.name in spoken:
            continue
        if not _undoes(module, call.args[0], call):
            continue
        spoken.add(held.name)
        read = partial(_reads, name=held.name)
        if any(inquiry.project.answers(f"lifecycle.reads:{held.name}", read, {held.name})):
            continue
        end = _taken_out(module, held.name)
        yield Match(
            end or call,
            f"What takes back the listeners of a plugin is noted in '{module.text_of(held)}', and nobody ever reads "
            "it: when the plugin is gone, they go on being called.",
            related=((call, "noted here"),) if end is not None else (),
        )


def _undoes(module: Module, given: Expr, call: Call) -> bool:
    """Tell whether what is noted ends a listening: the answer of one, a function that does so, or its handler."""
    value = strip(given)
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    if isinstance(made, Call):
        return made.name in LISTENS and made.receiver is not None and len(made.args) > 1
    if isinstance(made, Function):
        undo = any(one.name in OFFS and one.receiver is not None for one in calls_in(made.body))
        return undo or _is_heard(call, {value.id} if isinstance(value, Name) else set())
    parts = [part for _key, part in made.entries] if isinstance(made, Object) else []
    parts = made.items if isinstance(made, Array) else parts
    return _is_heard(call, {part.id for one in parts if one is not None and isinstance(part := strip(one), Name)})


def _is_heard(call: Call, names: set[str]) -> bool:
    """Tell whether the function around hands one of these on as a handler: ``bus.on(topic, guarded)``."""
    around = function_of(call)
    return any(
        one.name in LISTENS and one.receiver is not None and len(one.args) > 1 and names_in(one.args[1:]) & names
        for one in (calls_in(around.body) if around is not None and names else ())
    )


def _reads(module: Module, name: str) -> bool:
    """Tell whether a file reads a member of this name, and does not only put more into it."""
    if any(
        name in {*param.fields, *param.fields.values()} for function in module.functions for param in function.params
    ):
        return True
    for member in module.all(Member):
        if member.name != name:
            continue
        around = member.parent
        puts = isinstance(around, Member) and around.name in _KEEPS and isinstance(around.parent, Call)
        if not puts and not (isinstance(around, Assign) and around.target is member):
            return True
    return False


def _taken_out(module: Module, name: str) -> Location | None:
    """Return where entries with a member of this name are taken out of their table, to the end of the function."""
    for table in tables(module):
        values = [module.scopes.origin(one.value) for one in table.of("write") if one.value is not None]
        if not any(isinstance(made, Object) and name in made.keys for made in values):
            continue
        for access in table.of("delete"):
            function = outermost(access.node)
            given = {param.name for param in function.params} if function is not None else set()
            if function is not None and access.key is not None and names_in(access.key) & given:
                return span(module, access.node, function.body[-1])
    return None
