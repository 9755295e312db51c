"""COM004: a counted loop over handlers takes out those that are done, and skips the one behind each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, Index, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.kept_functions import handed_in_members
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.data.messages import short
from reviewer.experts.shrinking import leaves_after, skips

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("COM004", words={"splice"})
def counted_loop(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that takes entries out of the list it counts through for whether they are handlers."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("splice",)):
        loop = skips(module, call)
        if isinstance(loop, For) and loop.style == "c" and _calls_handlers(loop):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' moves the rest up while the loop counts on: the handler behind each "
                "that is taken out does not hear of the event.",
                related=((loop, "the loop"),),
            )


@module_check("COM004", words={"splice"})
def taken_out_by_helper(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each counted loop for a call of a function that takes entries out of the list which it counts through."""
    if module.is_test or module.language == "python":
        return
    for loop in module.all(For):
        limit = _counted(loop)
        if limit is None or not (_calls_handlers(loop) or _calls_entries(module, loop, limit)):
            continue
        for call in calls_in(loop.body):
            helper = definition(module, call.callee) if call.name != "splice" else None
            if not isinstance(helper, Function) or helper.module is not module or leaves_after(call, loop):
                continue
            if any(_is_it(out, module, limit) for out in find(helper.body, Call)) and not _counts_back(loop):
                yield Match(
                    loop,
                    f"'{short(module.text_of(call))}' takes an entry out of '{short(module.text_of(limit))}' while "
                    "this loop counts on: the one behind each that is taken out is passed over.",
                    related=((call, "taken out here"),),
                )
                break


def _counted(loop: For) -> Expr | None:
    """Return the list to whose length a loop counts up."""
    for part in loop.header if loop.style == "c" else ():
        length = strip(part.right) if isinstance(part, Binary) and part.op in ("<", "!=") else None
        if isinstance(length, Member) and length.name == "length":
            return length.object
    return None


def _is_it(out: Call, module: Module, limit: Expr) -> bool:
    return out.name == "splice" and out.receiver is not None and module.text_of(out.receiver) == module.text_of(limit)


def _counts_back(loop: For) -> bool:
    """Tell whether the body of a loop sets its number back."""
    counted = {name.id for name in find(loop.header[:1], Name)}
    return any(
        isinstance(target, Name) and target.id in counted
        for node in walk(loop.body)
        if isinstance(node, Unary | Assign)
        for target in (
            node.operand if isinstance(node, Unary) and node.op in ("--", "++") else getattr(node, "target", None),
        )
    )


def _calls_entries(module: Module, loop: For, limit: Expr) -> bool:
    """Tell whether a loop calls its entries, or a function that was handed in with one: ``rows[i].act(x)``."""
    held = {
        node.target.id
        for node in find(loop.body, Assign)
        if isinstance(node.target, Name)
        and isinstance(node.value, Index)
        and module.text_of(node.value.object) == module.text_of(limit)
    }
    kept = handed_in_members(module)
    for call in calls_in(loop.body):
        callee = strip(call.callee)
        entry = strip(callee.object) if isinstance(callee, Member) and callee.name in kept else callee
        if isinstance(entry, Name) and entry.id in held:
            return True
    return False


def _calls_handlers(loop: For) -> bool:
    """Tell whether a loop hands something to what its names say are handlers."""
    named = {word for name in find(loop.body, Name) for word in words(name.id)}
    return bool(named & HANDLERS) and any(
        isinstance(one, Name) and set(words(one.id)) & HANDLERS
        for call in calls_in(loop.body)
        if call.name != "splice"
        for one in (*find(call.callee, Name), *call.args)
    )
