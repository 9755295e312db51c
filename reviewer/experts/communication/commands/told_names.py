"""How the name of a member comes to where it is called: in a message, or together with the object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, Index, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.communication.incoming import incoming

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_PLAINLY: Final = frozenset({"method", "hook", "lifecycle", "property"})
"""Words of a parameter that asks for a member by its name."""


def told_by_message(module: Module, name: Expr) -> bool:
    """Tell whether a name is a field of a message that another process, a worker or a page sent.

    Likewise of what a function reads out of the line that it is handed: ``order = JSON.parse(line)``.
    """
    function, said = function_of(name), strip(name)
    if not isinstance(said, Member):
        return False
    return any(found.function is function for found in incoming(module)) or _is_read_from_line(module, said.object)


def _is_read_from_line(module: Module, whole: Expr) -> bool:
    held = strip(whole)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    for one in bound:
        made = strip(one.value) if isinstance(one, Assign) and one.value is not None else None
        if isinstance(made, Call) and module.resolve(made.callee) in ("JSON.parse", "json.loads") and made.args:
            return isinstance(module.scopes.origin(made.args[0]), Param)
    return False


def is_message_field(module: Module, name: Expr) -> bool:
    """Tell whether a name is a field that the handler of such a message takes: ``({ method }) => …``."""
    said = strip(name)
    bound = module.scopes.lookup(said.id, said) if isinstance(said, Name) else []
    only = bound[0] if len(bound) == 1 else None
    taken = isinstance(only, Param) and bool(only.fields)
    return taken and any(found.function is getattr(only, "parent", None) for found in incoming(module))


def both_given(module: Module, target: Expr, name: Expr) -> bool:
    """Tell whether a helper is given the object together with the name, so that its caller knows what it asks for."""
    bound = [module.scopes.origin(strip(expr)) for expr in (target, name)]
    return all(isinstance(origin, Param) for origin in bound) and bound[0] is not bound[1]


def is_each_of_many(module: Module, target: Expr) -> bool:
    """Tell whether a member of each in turn is called, as a host tells all of something: ``for (const p of plugins)``.

    Whoever asks for a command has it run by one.
    """
    held = strip(target)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Param) and isinstance(only.parent, Function):
        each = only.parent.parent
        return isinstance(each, Call) and each.name in ("forEach", "map") and each.args[:1] == [only.parent]
    return isinstance(only, For)


def is_optional_record(module: Module, target: Expr) -> bool:
    """Tell whether an object is what somebody may have written down, or nothing: ``options.transforms || {}``."""
    made = module.scopes.origin(target)
    return isinstance(made, Binary) and made.op in ("or", "??") and isinstance(strip(made.right), Object)


def sought_in_table(name: Expr, place: Node) -> bool:
    """Tell whether the name is looked for in a table of commands first, and the member is only what is left."""
    function = function_of(place)
    sought = strip(name)
    if function is None or not isinstance(sought, Name):
        return False
    for node in walk(function.body, into_functions=False):
        if node.raw.start_byte >= place.raw.start_byte:
            continue
        key: Expr | None = None
        if isinstance(node, Call) and node.name == "get" and node.receiver is not None and len(node.args) == 1:
            key = strip(node.args[0])
        elif isinstance(node, Index):
            key = strip(node.key)
        if isinstance(key, Name) and key.id == sought.id:
            return True
    return False


def names_a_method(module: Module, name: Expr) -> bool:
    """Tell whether a function plainly asks its caller for the name of a method: ``invoke(methodName, args)``."""
    said = strip(name)
    bound = module.scopes.lookup(said.id, said) if isinstance(said, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return isinstance(only, Param) and not only.fields and not _PLAINLY.isdisjoint(words(only.name))
