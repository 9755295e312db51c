"""PAT012: what one caller adds goes into the list or the table that is the same for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Binary, Call, Index, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import CACHES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_ADDS: Final = frozenset(
    "push unshift splice append extend insert update add set sort reverse pop shift remove setdefault fill".split()
)
"""Methods that change what they are called on."""
_MEANT: Final = word_set("configure register define override install setup reset init initialise initialize seed")
"""Words of functions that are there to change what all fall back on."""


@module_check("PAT012", words=())
def constant_written(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each change of a variable that is only another name for a filled constant of the module."""
    if module.is_test:
        return
    constants = {
        assign.target.id: assign
        for assign in module.all(Assign)
        if function_of(assign) is None and isinstance(assign.target, Name) and _is_filled_constant(assign)
    }
    if not constants:
        return
    for node in module.some(Call, Assign):
        changed = _changed(node)
        function = function_of(node)
        if changed is None or function is None or not _MEANT.isdisjoint(words(function.name)):
            continue
        name = _constant_behind(module, changed)
        if name in constants:
            yield Match(
                node,
                f"'{short(module.text_of(changed))}' is '{name}' itself, and no copy of it: what is put in for one "
                "caller is there for all that come after.",
                related=((constants[name], "one for all"),),
            )


def _is_filled_constant(assign: Assign) -> bool:
    """Tell whether a module names something that is there from the start, in capitals: ``STAGES = ["load"]``."""
    if not isinstance(assign.target, Name) or assign.value is None:
        return False
    name, value = assign.target.id, strip(assign.value)
    if set(words(name)) & (CACHES | {"state"}):
        return False  # it is there to be filled for all
    if len(name) < 3 or name.upper() != name or not name.replace("_", "").isalnum():
        return False
    return (isinstance(value, Array) and value.kind in ("list", "set") and bool(value.items)) or (
        isinstance(value, Object) and bool(value.entries)
    )


def _changed(node: Node) -> Expr | None:
    """Return what a call or an assignment changes in place, where that is a variable."""
    if isinstance(node, Call):
        receiver = strip(node.receiver) if node.receiver is not None and node.name in _ADDS else None
        return receiver if isinstance(receiver, Name) else None
    if isinstance(node, Assign) and isinstance(strip(node.target), Member | Index):
        target = strip(node.target)
        holder = strip(target.object) if isinstance(target, Member | Index) else None
        return holder if isinstance(holder, Name) and holder.id not in ("this", "self") else None
    return None


def _constant_behind(module: Module, changed: Expr) -> str:
    """Return the constant that a local variable is another name for: ``stages`` of ``const stages = STAGES``."""
    bound = module.scopes.lookup(changed.id, changed) if isinstance(changed, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Assign) or only.value is None or function_of(only) is None:
        return ""
    value = strip(only.value)
    if isinstance(value, Binary) and value.op in ("??", "or"):
        value = strip(value.right)
    if not isinstance(value, Name):
        return ""
    behind = module.scopes.lookup(value.id, value)
    return value.id if len(behind) == 1 and isinstance(behind[0], Assign) and function_of(behind[0]) is None else ""
