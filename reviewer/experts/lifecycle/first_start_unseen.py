"""LIF254: what an Obsidian plugin stored is taken as it is, though on the first start nothing was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Binary, Call, Cast, Expr, Member, Name, Unary, strip
from reviewer.code.walk import class_of, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.obsidian.plugin import is_plugin_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"??", "or", "and", "==", "!="})
_UNLESS: Final = frozenset({"??=", "||="})
_DEEPEST: Final = 4


@module_check("LIF254", words={"load"})
def first_start_unseen(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every place that keeps what ``loadData`` gives, for whether it may be null there."""
    if not is_plugin_code(inquiry, module):
        return
    for call in module.calls({"loadData"}):
        assign = _kept(call)
        if assign is None or call.args or not isinstance(assign.target, Name | Member) or assign.default is not None:
            continue
        slot = module.text_of(assign.target)
        if _is_seen_to(module, assign, slot):
            continue
        used = _read_of(module, assign, slot)
        if used is not None:
            yield Match(
                assign,
                f"'loadData()' gives null before anything was stored, and '{slot}' is used without its defaults: the "
                "first start fails.",
                related=((used, "read here"),),
            )


def _kept(call: Call) -> Assign | None:
    """Return the assignment that is given what a call brings, and nothing else."""
    around = call.parent
    for _ in range(_DEEPEST):
        if isinstance(around, Await | Cast):
            around = around.parent
    return around if isinstance(around, Assign) and around.op == "=" else None


def _is_seen_to(module: Module, kept: Assign, slot: str) -> bool:
    """Tell whether the class, or for a variable the function, asks for the value or gives it another."""
    owner, function = class_of(kept), function_of(kept)
    held = is_this_member(kept.target)
    for node in module.all(Assign):
        if node is not kept and node.value is not None and module.text_of(node.target) == slot:
            again = node.op in _UNLESS or any(
                module.text_of(one) == slot for one in walk(node.value) if isinstance(one, Name | Member)
            )
            if again and (class_of(node) is owner if held else function_of(node) is function):
                return True
    tested = [side for test in module.all(Binary) if test.op in _ASKS for side in (test.left, test.right)]
    tested += [test.operand for test in module.all(Unary) if test.op in ("not", "!")]
    return any(module.text_of(strip(one)) == slot for one in tested)


def _read_of(module: Module, kept: Assign, slot: str) -> Expr | None:
    """Return a read of a member that takes the value to be there, or None."""
    owner, function = class_of(kept), function_of(kept)
    held = is_this_member(kept.target)
    for member in module.all(Member):
        if module.text_of(strip(member.object)) != slot or member.optional or isinstance(member.parent, Cast):
            continue
        if class_of(member) is not owner if held else function_of(member) is not function:
            continue
        if not held and member.raw.start_byte < kept.raw.end_byte:
            continue
        tests = [one for test in conditions(member) for one in walk(test.test) if isinstance(one, Expr)]
        if all(module.text_of(one) != slot for one in tests):
            return member
    return None
