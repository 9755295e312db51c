"""Stacks on which a host puts the ends of its guests: who closes such a stack ends the guest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, With, strip
from reviewer.experts.lifecycle.hooks.hooks import HookUse, hooks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

STACKS: Final = ("AsyncExitStack", "ExitStack", "AsyncDisposableStack", "DisposableStack")
"""What keeps ends and carries them out, the last first, when it is closed."""
_WAITING: Final = frozenset({"push_async_callback", "push_async_exit"})
_PUTS: Final = _WAITING | {"callback", "push", "defer", "adopt"}
_CLOSES: Final = frozenset({"aclose", "close", "dispose", "disposeAsync"})


def is_put_on_stack(module: Module, use: HookUse) -> bool:
    """Tell whether the end of a guest is put on a stack, as it is or in a short function."""
    return use.kind == "stop" and any(_puts(module, call) for call in (use.call, use.site))


def is_waited_for_by_stack(module: Module, use: HookUse) -> bool:
    """Tell whether who closes the stack, on which the end of a guest was put, waits for that end."""
    if not is_put_on_stack(module, use):
        return False
    waits = use.call.name in _WAITING or use.site.name in _WAITING
    return waits or (module.language != "python" and "AsyncDisposableStack" in module.identifiers)


def closings(module: Module) -> tuple[Call, ...]:
    """Return the calls that close a stack on which a file has put the ends of guests; worked out once."""
    return module.once("lifecycle.stacks", lambda: tuple(_closings(module)))


def _closings(module: Module) -> Iterator[Call]:
    if not module.identifiers & set(STACKS) or not _holds_ends(module):
        return
    for call in module.calls(_CLOSES):
        if call.receiver is not None and _is_stack(module, call.receiver):
            yield call


def _holds_ends(module: Module) -> bool:
    """Tell whether the end of a guest is put on a stack, or a function of the file that ends one."""
    uses = hooks_of(module)
    if any(is_put_on_stack(module, use) for use in uses):
        return True
    frames = {id(use.frame) for use in uses if use.kind == "stop" and use.frame is not None}
    for call in module.calls(_PUTS):
        put = definition(module, call.args[0]) if call.args and _puts(module, call) else None
        if isinstance(put, Function) and id(put) in frames:
            return True
    return False


def _puts(module: Module, call: Call) -> bool:
    return call.name in _PUTS and call.receiver is not None and _is_stack(module, call.receiver)


def _is_stack(module: Module, expr: Expr) -> bool:
    """Tell whether an expression holds such a stack: one that is made here, declared to be one, or called as one."""
    held = strip(expr)
    if isinstance(held, Call) and held.name == "pop_all":
        return True
    named = held.id if isinstance(held, Name) else held.name if isinstance(held, Member) else ""
    if named in module.once("lifecycle.stack_names", lambda: frozenset(_names(module))):
        return True
    return _is_type(declared_type(module, held))


def _names(module: Module) -> Iterator[str]:
    """Yield what the stacks that a file makes, or declares, are called."""
    for made in module.calls({*STACKS, "pop_all"}):
        around = made.parent
        if isinstance(around, With):
            yield from (target.id for value, target in around.items if value is made and isinstance(target, Name))
        target = around.target if isinstance(around, Assign) else None
        if isinstance(target, Name | Member):
            yield target.id if isinstance(target, Name) else target.name
    for cls in module.classes:
        yield from (field.name for field in cls.fields if _is_type(field.type))


def _is_type(annotation: str) -> bool:
    return annotation.strip().strip("'\"").split(".")[-1].split(" ")[0] in STACKS
