"""Questions in plain words that a subject asks before it refuses somebody: ``has``, and what a role is sought in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.standing import Standing
from reviewer.code.syntax import Binary, Call, Function, If, Literal, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.security.deciding.asked_to_refuse import NAMING, PLAIN, denied_by, may_refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_ASKED_ABOUT: Final = 2
"""Parameters of a question about somebody and a right; a plain one about one thing asks what that is."""


def asked_plainly(function: Function) -> bool:
    """Tell whether somebody is refused anywhere in the subject where a function, whatever it is called, says no."""
    if function.name not in PLAIN or len(function.params) < _ASKED_ABOUT:
        return False
    module = function.module
    project = module.project

    def of_all() -> frozenset[tuple[str, int]]:
        return frozenset().union(*_ASKED.of(project)) if project is not None else _asked(module)

    known = project.once("security.asked_plainly", of_all) if project is not None else of_all()
    return (module.path, function.raw.start_byte) in known


def _asked(module: Module) -> frozenset[tuple[str, int]]:
    return frozenset(_found(module))


def _found(module: Module) -> Iterator[tuple[str, int]]:
    for test in module.all(If):
        for call in denied_by(module, test):
            target = definition(module, call.callee) if call.name in PLAIN and len(call.args) >= _ASKED_ABOUT else None
            if isinstance(target, Function):
                yield target.module.path, target.raw.start_byte


_ASKED: Final = Standing("security.asked_plainly", _asked, NAMING, showing=may_refuse)


def lets_in_fact(function: Function) -> bool:
    """Tell whether a function lets something happen and is no question: ``permitJoin`` tells the radio to do so."""
    if words(function.name)[:1] not in (("permit",), ("allow",), ("grant",)):
        return False
    return any(
        call.name == function.name and call.receiver is not None and use_of(call).how == "dropped"
        for call in find(function.body, Call)
    )


def looks_for_role(part: Node) -> bool:
    """Tell whether a name that is written out is sought among the roles of somebody: ``"curator" in user.roles``."""
    if isinstance(part, Binary) and part.op in ("in", "not in"):
        sought, held = strip(part.left), strip(part.right)
    elif isinstance(part, Call) and part.name in ("includes", "has") and part.args and part.receiver is not None:
        sought, held = strip(part.args[0]), strip(part.receiver)
    else:
        return False
    named = isinstance(sought, Literal) and isinstance(sought.value, str)
    return named and isinstance(held, Member) and held.name.lower() in ("roles", "scopes")
