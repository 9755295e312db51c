"""LIF011, in a host: what an entry holds is made anew, and what it held before goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import before
from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Literal, Member, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.holding.owners import is_end
from reviewer.experts.paths import surroundings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_GONE: Final = word_set("exit exited crash crashed died dead gone closed ended error failed close lost disconnect")
"""Words of code that runs when what was held has ended by itself."""


@module_check("LIF011", words={"stop", "close", "kill", "terminate", "dispose", "shutdown", "end"})
def process_overwritten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each field of an entry that is given another instance, for the end of the one before."""
    if module.is_test:
        return
    first = {
        str(key.value): value
        for made in module.all(Object)
        for key, value in made.entries
        if isinstance(key, Literal) and _makes(value)
    }
    ended = {
        callee.object.name
        for call in module.all(Call)
        if isinstance(callee := strip(call.callee), Member)
        and is_stopper(callee.name)
        and isinstance(callee.object, Member)
    }
    for assign in module.all(Assign):
        target = strip(assign.target)
        if not isinstance(target, Member) or is_this_member(target) or not _makes(assign.value):
            continue
        if target.name not in first or target.name not in ended or not _has_end(module, assign):
            continue
        function = outermost(assign)
        if function is None or _ends_before(assign, target.name) or _hears_of_end(assign):
            continue
        calls = list(callers(function))
        if any(_ends_before(call, target.name) or _hears_of_end(call) for call in calls):
            continue
        yield Match(
            assign,
            f"'{module.text_of(target)}' is made anew, and what it held is never ended: both run from now on, and "
            "nobody can reach the first one any more.",
            related=((first[target.name], "the first one is made here"),),
        )


def _makes(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    return isinstance(made, Call) and made.new


def _has_end(module: Module, assign: Assign) -> bool:
    """Tell whether what is made is of a class of the subject that has an end."""
    made = strip(assign.value) if assign.value is not None else None
    cls = definition(module, made.callee) if isinstance(made, Call) else None
    cls = cls or (class_of_value(module, made) if made is not None else None)
    return isinstance(cls, Class) and any(is_end(method.name) for method in cls.methods)


def _ends_before(node: Node, name: str) -> bool:
    """Tell whether the field was ended, or looked at by a helper that is to end it, before a place."""
    for earlier in before(node):
        if isinstance(earlier, Call):
            callee = strip(earlier.callee)
            of_field = isinstance(callee, Member) and isinstance(callee.object, Member) and callee.object.name == name
            if (of_field and is_end(earlier.name)) or is_stopper(words(earlier.name)[0] if words(earlier.name) else ""):
                return True
    return False


def _hears_of_end(node: Node) -> bool:
    """Tell whether a place is reached because what was held has ended by itself."""
    if not _GONE.isdisjoint(surroundings(outermost(node))):
        return True
    for around in ancestors(node):
        first = around.args[0] if isinstance(around, Call) and len(around.args) > 1 else None
        if isinstance(first, Literal) and not _GONE.isdisjoint(words(str(first.value))):
            return True
    return False
