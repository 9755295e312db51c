"""API306: an implementation that does not fit the hook which the same subject specifies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import did_you_mean, nearest
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.specifications import (
    calls_by_computed_name,
    hooked,
    is_on,
    managers,
    specifications,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.specifications import Hooked, Specification


@module_check("API306", words={"hookimpl", "impl", "hook", "plugin"})
def own_hook(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold each marked function against the hooks that the host of its mark has."""
    if module.is_test or module.language != "python":
        return
    for one in hooked(module) if specifications(inquiry) else ():
        hooks = specifications(inquiry).get(one.project)
        if one.project == "pytest" or not hooks:
            continue
        spec = hooks.get(one.name)
        if spec is not None:
            yield from _asked(one, spec)
        elif (
            one.project in managers(inquiry) and not is_on(one, "optionalhook") and not calls_by_computed_name(inquiry)
        ):
            near = nearest(one.name, hooks)
            hint = f"; '{near}' is near" if near else ""
            yield Match(
                one.function,
                f"'{one.project}' has no hook '{one.name}'{hint}: nobody calls this, and a manager that checks what is "
                "pending refuses the plugin.",
                related=((hooks[near].at, "specified here"),) if near else (),
            )


def _asked(one: Hooked, spec: Specification) -> Iterator[Match]:
    for param in one.function.params:
        own = param.name in ("self", "cls") or param.rest or param.default is not None
        if not own and param.name and param.name not in spec.arguments:
            listed = ", ".join(spec.arguments) or "none"
            yield Match(
                param,
                f"'{param.name}' is no argument of the hook '{spec.name}'{did_you_mean(param.name, spec.arguments)}; "
                f"it has {listed}: registering the plugin fails.",
                related=((spec.at, "the specification"),),
            )
