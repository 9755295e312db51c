"""COM300: a function that is meant to be a hook, and that the host never calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.hooks import defines_hooks, hosts_of, implementations, own_hooks
from reviewer.experts.python_package.requirements import requirements
from reviewer.experts.python_package.spelling import slip_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.hooks import Implementation


@module_check("COM300", words={"pytest", "hookimpl", "impl", "plugin"})
def hook_unknown(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look every hook up among those of the host, and those that the plugin defines for others."""
    for one in implementations(inquiry, module) if hosts_of(inquiry) else ():
        if one.name in one.host.hooks or one.name in own_hooks(inquiry) or one.is_on("optionalhook"):
            continue
        meant = slip_of(one.name, one.host.hooks)
        if meant:
            said = f"{one.host.host} has no hook '{one.name}'; did you mean '{meant}'?"
            yield Match(one.function, f"{said} As it is, {_fate(one)}.")
        elif one.function.owner is None and not defines_hooks(inquiry) and not _of_another(inquiry, one):
            said = f"{one.host.host} has no hook '{one.name}', and no plugin that this package needs may define it"
            yield Match(one.function, f"{said}: {_fate(one)}.", confidence=Confidence.POSSIBLE)


def _fate(one: Implementation) -> str:
    if one.host.prefix and not one.host.bases:
        return f"{one.host.host} refuses to start"
    return "nobody calls it"


def _of_another(inquiry: Inquiry, one: Implementation) -> bool:
    """Tell whether another plugin of the host, which the package needs, may define the hook."""
    return any(name != one.host.host and one.host.host in name for name in requirements(inquiry))
