"""API446: one object with the functions of the host is given to every plugin, and each can change it for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Export, For, Function, Name, Object, strip
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import runs_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_SEALS: Final = frozenset({"freeze", "deepFreeze", "harden"})


@module_check("API446", words={"create", "plugin", "plugins", "for", "values", "register", "map"})
def shared_face(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at objects that inherit from a shared one, and at what each guest of a loop is called with."""
    if module.is_test or module.language == "python":
        return
    spoken: set[int] = set()
    for call in module.all(Call):
        for given in _shared_with_all(module, call):
            made = module.scopes.origin(given)
            if not isinstance(made, Object) or id(made) in spoken or not _is_shared(module, made, given, call):
                continue
            spoken.add(id(made))
            yield Match(
                call if call.name == "create" else made,
                f"Every plugin gets the one '{given.id}', and it is open: a plugin that puts a function of its own "
                "into it hears and answers what the others ask.",
                related=((made, "the one that all share") if call.name == "create" else (call, "given to each"),),
            )


def _shared_with_all(module: Module, call: Call) -> Iterator[Name]:
    """Yield the names that a call hands to each guest: as what theirs inherits from, or as they are."""
    if call.name == "create" and module.resolve(call.callee) == "Object.create" and len(call.args) == 1:
        first = strip(call.args[0])
        function = function_of(call)
        if isinstance(first, Name) and function is not None and function.params:
            yield first
        return
    if call.receiver is None or runs_guest(module, call) is None or not _for_each(call):
        return
    for given in map(strip, call.args):
        if isinstance(given, Name):
            yield given


def _for_each(call: Call) -> bool:
    """Tell whether a call is made for one guest after another."""
    for around in ancestors(call):
        if isinstance(around, For):
            return inside(call, around)
        if isinstance(around, Function):
            above = around.parent
            return isinstance(above, Call) and above.name in ("forEach", "map") and around in above.args
    return False


def _is_shared(module: Module, made: Object, given: Name, call: Call) -> bool:
    """Tell whether an open object of functions is made once, outside of the turn or the function for one guest."""
    if not any(isinstance(strip(value), Function) for _key, value in made.entries):
        return False
    maker = function_of(made)
    loop = next((one for one in ancestors(call) if isinstance(one, For | Function)), None)
    if loop is None or inside(made, loop) or not isinstance(made.parent, Assign | Export):
        return False
    scope: list[Node] = list(maker.body) if maker is not None else list(module.body)
    return not any(
        one.name in _SEALS and one.args and isinstance(sealed := strip(one.args[0]), Name) and sealed.id == given.id
        for one in find(scope, Call)
    )
