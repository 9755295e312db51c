"""API620: a plugin writes into the settings that the host handed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Assign, Delete, Index, Member, Object, Unary, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_SETTINGS: Final = frozenset({"config", "settings", "configuration", "preferences", "options"})
_HELD: Final = frozenset(f"context.{name}" for name in _SETTINGS)


@module_check("API620", words=_SETTINGS)
def host_settings_changed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a plugin puts into the settings that it was handed, and takes out of them."""
    if module.is_test or inquiry.subject.kind != "plugin" or inquiry.subject.ecosystem != "generic":
        return
    for at, holder in _changed(module):
        if module.resolve(strip(holder)) in _HELD:
            yield Match(
                at,
                f"'{short(module.text_of(at))}' writes into the settings of the host: they are saved and seen by other "
                "plugins as if the user had chosen so, and a later default never holds.",
            )


def _changed(module: Module) -> Iterator[tuple[Node, Expr]]:
    """Yield (place, object) for what is put into an object, or taken out of it."""
    for assign in module.all(Assign):
        target = strip(assign.target)
        if isinstance(target, Member | Index) and not assign.declare:
            yield assign, target.object
    for one in module.all(Unary):
        gone = strip(one.operand)
        if one.op == "delete" and isinstance(gone, Member | Index):
            yield one, gone.object
    for statement in module.all(Delete):
        for target in statement.targets:
            if isinstance(target, Index):
                yield statement, target.object
    for call in module.calls(("update", "setdefault", "assign")):
        if call.name == "assign":
            if module.resolve(call.callee) == "Object.assign" and call.args:
                yield call, call.args[0]
        elif module.language == "python" and call.receiver is not None and not use_of(call).awaited:
            only = strip(call.args[0]) if len(call.args) == 1 else None
            if call.name == "setdefault" or isinstance(only, Object) or (call.keywords and not call.args):
                yield call, call.receiver
