"""COM022: what is run by a name that was asked for is handed the very function that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Index, Member, Name, Param, strip
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.commands.command_cycle import counts_depth
from reviewer.experts.communication.vocabulary import EXECUTES, first_word
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry


@module_check("COM022", words=EXECUTES)
def face_of_itself(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that runs something by a name it is told for a way back to itself in what it hands on."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for function in module.functions:
        if first_word(function.name) not in EXECUTES or function.signature_only:
            continue
        asked = {param.name for param in function.params} & _looked_up_by(function)
        if not asked:
            continue
        back = next((call for call in calls_in(function.body) if _hands_itself(module, function, call)), None)
        around = [one for one in (function, function.outer) if one is not None]
        if back is not None and not any(counts_depth(module, one) for one in around):
            yield Match(
                back,
                f"'{short(module.text_of(back))}' is handed the way back to '{function.name}', and nothing counts how "
                "deep that goes: two that call each other never end.",
            )


def _looked_up_by(function: Function) -> set[str]:
    """Return the names by which a function looks up what it runs: ``cards[recipe]``, ``find(… kind …)``."""
    found: set[str] = set()
    for node in find(function.body, Index):
        key = strip(node.key)
        if isinstance(key, Name):
            found.add(key.id)
    for call in find(function.body, Call):
        if call.name == "get" and len(call.args) == 1 and isinstance(key := strip(call.args[0]), Name):
            found.add(key.id)
        elif call.name == "find" and call.args:
            found |= names_in(call.args)
    return found


def _hands_itself(module: Module, function: Function, call: Call) -> bool:
    """Tell whether a call in a function is given that function, or a new face that has it."""
    looked_up = _of_looked_up(module, call)
    return any(
        isinstance(node, Name | Member)
        and ((looked_up and _is_whole(function, node)) or _is_way_back(module, function, node))
        for given in call.args
        for node in walk(given)
    )


def _of_looked_up(module: Module, call: Call) -> bool:
    """Tell whether a call is one of a member of what was looked up: ``self._oracles[name].answer(…)``."""
    holder = module.scopes.origin(strip(call.receiver)) if call.receiver is not None else None
    return isinstance(holder, Index) or (isinstance(holder, Call) and holder.name == "get" and len(holder.args) == 1)


def _is_whole(function: Function, node: Expr) -> bool:
    """Tell whether a name is the object itself, whose method everybody who has it can call again."""
    own = isinstance(node, Name) and node.id == "this" and not isinstance(node.parent, Member)
    return own and function.owner is not None and not function.private


def _is_way_back(module: Module, function: Function, node: Expr) -> bool:
    outer = function.outer
    called = node.parent
    if isinstance(called, Call) and called.callee is node:  # this.#face(owner), in the function that makes faces
        made = definition(module, node)
        return made is not None and made is outer
    if isinstance(node, Name) and node.id == function.name:
        bound = module.scopes.lookup(node.id, node)
        return any(one is function or getattr(one, "value", None) is function for one in bound) and not any(
            isinstance(one, Param) for one in bound
        )
    return isinstance(node, Member) and node.name == function.name and definition(module, node) is function
