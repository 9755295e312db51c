"""What becomes of a service, or of a function of the platform, that code hands to a function of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Binary, Call, Member, Name, Object, Param
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node


def calls_of_handed(module: Module, service: Node) -> list[tuple[Module, Call]]:
    """Return the calls that a function of the subject makes on a service that is handed to it, with their module.

    None where the function does anything else with it, or nobody knows what function that is.
    """
    handed = service.parent
    function = callee(module, handed) if isinstance(handed, Call) else None
    if function is None or not isinstance(handed, Call):
        return []
    position = next((place for place, given in enumerate(handed.args) if given is service), len(function.params))
    param = function.params[position] if position < len(function.params) else None
    if param is None or param.rest or param.fields:
        return []
    made: list[tuple[Module, Call]] = []
    for name in find(function.body, Name):
        if name.id != param.name or param not in function.module.scopes.lookup(name.id, name):
            continue
        member = name.parent
        call = member.parent if isinstance(member, Member) else None
        if not isinstance(call, Call) or call.callee is not member:
            return []
        made.append((function.module, call))
    return made


def is_default(module: Module, name: Name) -> bool:
    """Tell whether a function of the platform is what runs where nobody gives another one.

    ``request = fetch`` of a parameter or a field, ``options.fetch ?? fetch``.
    """
    if module.scopes.lookup(name.id, name):
        return False
    parent = name.parent
    if isinstance(parent, Param):
        return parent.default is name or name in parent.fallbacks.values()
    if isinstance(parent, Assign | Object):
        return not isinstance(parent, Assign) or parent.value is name
    return isinstance(parent, Binary) and parent.op in ("??", "or") and parent.right is name
