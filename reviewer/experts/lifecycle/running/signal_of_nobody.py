"""LIF180: work is given a signal that nobody can ever raise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.contexts import is_stopper
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Conditional, Field, Member, Name, Param, Return, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.fate import home_of
from reviewer.experts.lifecycle.holding.owners import is_end

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node


@module_check("LIF180", words={"controller"})
def signal_of_nobody(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each controller for somebody who keeps it and can abort."""
    if module.is_test:
        return
    for call in module.calls(("AbortController",)):
        if not call.new:
            continue
        taken = call.parent
        if isinstance(taken, Member) and taken.name == "signal" and not _stands_in(taken):
            yield Match(
                taken,
                "The controller of this signal is thrown away at once, so nothing can ever abort it: what listens to "
                "the signal goes on whatever is stopped.",
            )
        elif isinstance(taken, Assign) and (renewed := _renewed(module, taken)) is not None:
            yield Match(
                renewed,
                f"This puts another controller into '{module.text_of(taken.target)}', and nobody ever calls 'abort()' "
                "of the one that was there: what listens to its signal goes on.",
            )
        elif isinstance(taken, Assign) and taken.declare and _only_signal(module, taken):
            yield Match(
                taken,
                f"Only the signal of '{module.text_of(taken.target)}' is handed on, and nobody ever calls its "
                "'abort()': what listens to the signal goes on whatever is stopped.",
            )
        elif name := _shared_unraised(module, taken):
            yield Match(
                call,
                f"Only the signal of '{name}' is ever handed on, and nobody calls its 'abort()': what listens to the "
                "signal goes on when its owner has ended.",
            )
            return


def _stands_in(signal: Member) -> bool:
    """Tell whether a signal that is never raised only stands in where none was given."""
    around = signal.parent
    if isinstance(around, Param | Conditional | Return):
        return True
    if isinstance(around, Assign):
        return around.default is signal
    return isinstance(around, Binary) and around.op in ("??", "or")


def _only_signal(module: Module, made: Assign) -> bool:
    """Tell whether a local controller is used for its signal alone, by somebody who gets it."""
    home = function_of(made)
    if not isinstance(made.target, Name) or home is None:
        return False
    name = made.target.id
    uses = [
        use
        for use in find(home.body, Name)
        if use.id == name and use is not made.target and home_of(module, name, use) is home
    ]
    return bool(uses) and all(_is_given_signal(use) for use in uses)


def _shared_unraised(module: Module, made: Node | None) -> str:
    """Return the private field, or the variable that functions share, of whose controllers nobody raises one."""
    target = strip(made.target) if isinstance(made, Assign) else None
    if isinstance(made, Field) or (isinstance(target, Member) and is_this_member(target)):
        name = made.name if isinstance(made, Field) else getattr(target, "name", "")
        if not name.startswith(("#", "_")) and not _is_private(module, name):
            return ""
        uses: list[Name | Member] = [use for use in module.all(Member) if use.name.lstrip("#") == name.lstrip("#")]
    elif isinstance(made, Assign) and isinstance(target, Name) and made.declare and function_of(made) is not None:
        name = target.id
        uses = [use for use in module.all(Name) if use.id == name]
    else:
        return ""
    if any(isinstance(use.parent, Assign) and _is_set(use) and _renewed(module, use.parent) for use in uses):
        return ""  # it is told where it is replaced
    uses = [use for use in uses if not _is_set(use)]
    return name if uses and all(_is_given_signal(use) for use in uses) else ""


def _is_private(module: Module, name: str) -> bool:
    """Tell whether a field of a class of the file is declared as private."""
    return any(field.name == name and field.private for cls in module.classes for field in cls.fields)


def _is_set(use: Name | Member) -> bool:
    around = use.parent
    return isinstance(around, Assign) and around.target is use


def _is_given_signal(use: Expr) -> bool:
    around = use.parent
    return isinstance(around, Member) and around.object is use and around.name == "signal" and not _stands_in(around)


def _renewed(module: Module, made: Assign) -> Assign | None:
    """Return where a controller that others share is replaced at an end, where nobody ever aborts one of them.

    It is told once, at the end of its owner, for a field and for a variable that functions inside share.
    """
    target = strip(made.target)
    function = function_of(made)
    if function is None or made.declare or not (is_end(function.name) or is_stopper(function.name)):
        return None
    text = module.text_of(target)
    kind = Member if isinstance(target, Member) else Name
    if not isinstance(target, Name) and not is_this_member(target):
        return None
    uses = [use for use in module.all(kind) if use is not target and module.text_of(use) == text]
    reads = [use for use in uses if not (isinstance(use.parent, Assign) and use.parent.target is use)]
    return made if reads and all(_is_given_signal(use) for use in reads) else None
