"""COM449: who was asked on behalf of somebody asks on in another name, and the rights are asked of that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Object,
    Param,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import look_up_key
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM449", words={"error", "forbidden", "denied", "refuse", "refused", "permission", "exception"})
def caller_not_passed_on(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each way back into a function that asks for rights for whom it is told to ask about."""
    if module.is_test:
        return
    for function in module.functions:
        asked = _asked_about(function) if function.name and len(function.params) > 1 else None
        for call in module.calls((function.name,)) if asked is not None else ():
            if asked is None or definition(module, call.callee) is not function:
                continue
            given = call.arg(function.params.index(asked), asked.name)
            if given is None or not isinstance(strip(given), Name | Member) or asked.name in names_in(given):
                continue
            if not _at_hand(module, call, asked.name, strip(given)) or _told(module, function, asked.name):
                continue
            yield Match(
                call,
                f"'{short(module.text_of(given))}' is named as '{asked.name}' here, though the '{asked.name}' for whom "
                f"all this is done is at hand: '{function.name}' asks what the one in between may, so that anybody "
                "gets its rights by way of it.",
                related=((asked, "whose rights are asked"),),
            )


def _asked_about(function: Function) -> Param | None:
    """Return the parameter about which a function asks, and refuses: ``if (!rights.allows(origin, key)) throw``."""
    own = {param.name: param for param in function.params if param.name and not param.rest and param.default is None}
    for test in find(function.body, If):
        if function_of(test) is not function or not any(isinstance(one, Throw) for one in walk(test.body)):
            continue
        if not exits(test.body):
            continue
        for call in find(test.test, Call):
            refused = isinstance(call.parent, Unary) and call.parent.op == "not"
            first = strip(call.args[0]) if call.args else None
            if refused and isinstance(first, Name) and first.id in own and len(call.args) > 1:
                return own[first.id]
        for held in find(test.test, Binary):
            if held.op == "not in" and isinstance(right := strip(held.right), Call):
                named = [name for name in find(right.args, Name) if name.id in own]
                if named:
                    return own[named[0].id]
    return None


def _told(module: Module, function: Function, name: str) -> bool:
    """Tell whether what is run is told for whom it works, beside what it is given to do: ``run(args, {caller, call})``.

    It speaks for itself then, and can look at whom it serves.
    """
    for call in calls_in(function.body, into_functions=False):
        if not isinstance(strip(call.callee), Member | Index) or definition(module, call.callee) is not None:
            continue
        for given in (*call.args, *call.keywords.values()):
            handed = strip(given)
            values = [strip(value) for _key, value in handed.entries] if isinstance(handed, Object) else [handed]
            named = any(isinstance(one, Name) and one.id == name for one in values)
            if named and look_up_key(module, call.callee) is not None:
                return True
    return False


def _at_hand(module: Module, call: Call, name: str, given: Expr) -> bool:
    """Tell whether a function around the one that calls was told for whom it does its work, beside what is given."""
    inner = function_of(call)
    for around in ancestors(inner) if inner is not None else ():
        if isinstance(around, Function) and any(param.name == name for param in around.params):
            bound = module.scopes.lookup(name, call)
            root = given
            while isinstance(root, Member):
                root = strip(root.object)
            known = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
            outer = bool(known) and getattr(known[0], "function", None) is not inner
            own = bool(known) and isinstance(known[0], Param) and known[0].parent is inner
            return len(bound) == 1 and isinstance(bound[0], Param) and outer and not own
    return False
