"""Which parameter of the subject an argument becomes: what it is called there says what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Cast

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Param


def received_as(module: Module, value: Node) -> Param | None:
    """Return the parameter of a function, or of the constructor of a class, that is given a value in a call; else None.

    ``new Locker(root)`` gives the parameter ``folder`` of ``constructor(folder)``, in whatever file that is.
    """
    inner, around = value, value.parent
    while isinstance(around, Cast):
        inner, around = around, around.parent
    if not isinstance(around, Call) or around.callee is inner:
        return None
    target = callee(module, around)
    if target is None:
        return None
    params = [param for param in target.params if not param.rest]
    for position, given in enumerate(around.args):
        if given is inner:
            return params[position] if position < len(params) else None
    name = next((name for name, given in around.keywords.items() if given is inner), "")
    return next((param for param in params if param.name == name), None) if name else None
