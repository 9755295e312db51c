"""API300: a hook that asks for what its host does not hand over, or can't take what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.hooks import hosts_of, implementations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.hook_table import Hook
    from reviewer.experts.python_package.hooks import Implementation


@module_check("API300", words={"pytest", "hookimpl", "impl", "plugin"})
def hook_argument(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the parameters of every hook with the arguments of its definition, in all releases that are known."""
    for one in implementations(inquiry, module) if hosts_of(inquiry) else ():
        hook = one.host.hooks.get(one.name)
        if hook is None or one.function.kind == "getter":
            continue
        if one.host.gives_all:
            yield from _refused(one, hook)
        asked = [param for param in one.function.params if not param.rest and param.default is None]
        if one.host.gives_all:
            asked = asked[_positional(hook) :]
        for param in asked:
            if param.name and param.name not in hook.arguments:
                yield Match(
                    param,
                    f"'{param.name}' is no argument of {one.host.host}'s hook '{one.name}'"
                    f"{did_you_mean(param.name, hook.arguments)}; {_knows(hook)}.",
                )


def _refused(one: Implementation, hook: Hook) -> Iterator[Match]:
    """Speak of the arguments that the host hands over by name and that the hook has no parameter for."""
    params = one.function.params
    if any(param.rest for param in params):
        return
    taken = {param.name for param in params[_positional(hook) :]}
    missing = [
        name
        for name, span in hook.arguments.items()
        if "positional" not in span.note and not span.since and not span.removed and name not in taken
    ]
    if missing:
        listed = " and ".join(f"'{name}'" for name in missing)
        yield Match(
            one.function,
            f"{one.host.host} hands {listed} to '{one.name}' by name, and this has no parameter for it: the call "
            "fails. Add it, or **kwargs.",
        )


def _positional(hook: Hook) -> int:
    return sum("positional" in span.note for span in hook.arguments.values())


def _knows(hook: Hook) -> str:
    names = list(hook.arguments)
    return f"it has {', '.join(names)}" if names else "it has none"
