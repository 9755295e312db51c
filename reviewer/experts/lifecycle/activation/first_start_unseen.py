"""LIF205 and LIF254: what a plugin stored is taken as it is, though on the first start nothing was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Binary, Call, Cast, Expr, Member, Name, Unary, strip
from reviewer.code.walk import class_of, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.editor.mementos import is_memento
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
        if not call.args:
            yield from _trusted(module, call, "'loadData()' gives null")


@module_check("LIF205", words={"state"})
def state_not_there_yet(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what an extension of the editor takes out of its store without a default."""
    if module.is_test:
        return
    for call in module.calls({"get"}):
        if len(call.args) == 1 and call.receiver is not None and is_memento(module, call.receiver):
            yield from _trusted(module, call, f"'{short(module.text_of(call))}' gives undefined")


def _trusted(module: Module, call: Call, lead: str) -> Iterator[Match]:
    """Yield the finding where what a call brings is kept and read as if it were there."""
    assign = _kept(call)
    if assign is None or not isinstance(assign.target, Name | Member) or assign.default is not None:
        return
    slot = module.text_of(assign.target)
    if _is_seen_to(module, assign, slot):
        return
    used = _read_of(module, assign, slot)
    if used is not None:
        yield Match(
            assign,
            f"{lead} before anything was stored, and '{slot}' is used without its defaults: the first start fails.",
            related=((used, "read here"),),
        )


def _kept(call: Call) -> Assign | None:
    """Return the assignment that is given what a call brings, and nothing else."""
    around = call.parent
    for _ in range(_DEEPEST):
        if isinstance(around, Await | Cast):
            around = around.parent
    return around if isinstance(around, Assign) and around.op == "=" else None


def _shared(module: Module, kept: Assign) -> bool:
    """Tell whether what is kept outlives the function: in a field, or in a variable of the file."""
    target = kept.target
    if is_this_member(target):
        return True
    declared = module.scopes.table(None).get(target.id, ()) if isinstance(target, Name) else ()
    return bool(declared) and not kept.declare


def _is_seen_to(module: Module, kept: Assign, slot: str) -> bool:
    """Tell whether the class, or for a variable the function, asks for the value or gives it another."""
    function, held = function_of(kept), _shared(module, kept)
    for node in module.all(Assign):
        if node is not kept and node.value is not None and module.text_of(node.target) == slot:
            again = node.op in _UNLESS or any(
                module.text_of(one) == slot for one in walk(node.value) if isinstance(one, Name | Member)
            )
            later = not held and node.raw.start_byte > kept.raw.end_byte
            if (again or later) and (held or function_of(node) is function):
                return True
    tested = [side for test in module.all(Binary) if test.op in _ASKS for side in (test.left, test.right)]
    tested += [test.operand for test in module.all(Unary) if test.op in ("not", "!")]
    return any(module.text_of(strip(one)) == slot for one in tested)


def _read_of(module: Module, kept: Assign, slot: str) -> Expr | None:
    """Return a read of a member that takes the value to be there, or None."""
    owner, function, held = class_of(kept), function_of(kept), _shared(module, kept)
    for member in module.all(Member):
        if module.text_of(strip(member.object)) != slot or member.optional or isinstance(member.parent, Cast):
            continue
        if (
            (owner is not class_of(member) and is_this_member(kept.target))
            if held
            else function_of(member) is not function
        ):
            continue
        if not held and member.raw.start_byte < kept.raw.end_byte:
            continue
        tests = [one for test in conditions(member) for one in walk(test.test) if isinstance(one, Expr)]
        if all(module.text_of(one) != slot for one in tests):
            return member
    return None
