"""COM305: a hook that is called otherwise than its own specification says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Spread
from reviewer.core.nearest import did_you_mean
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.specifications import calls_of, specifications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM305", words={"hook", "ihook", "hooks"})
def hook_call(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold each call of a hook against the arguments that its specification names."""
    if module.is_test or module.language != "python" or not specifications(inquiry):
        return
    for call, spec in calls_of(inquiry, module):
        related = ((spec.at, "the specification"),)
        if any(isinstance(one, Spread) for one in call.args):
            continue
        if call.args:
            yield Match(
                call,
                f"pluggy takes the arguments of a hook by name alone: this call of '{spec.name}' raises TypeError.",
                related=related,
            )
            continue
        unknown = [name for name in call.keywords if name not in spec.arguments]
        missing = [name for name in spec.arguments if name not in call.keywords]
        if unknown:
            yield Match(
                call,
                f"'{unknown[0]}' is no argument of the hook '{spec.name}'{did_you_mean(unknown[0], missing)}; no "
                "plugin can ask for it.",
                related=related,
                severity=None if missing else Severity.LOW,
            )
        elif missing:
            listed = " and ".join(f"'{name}'" for name in missing)
            yield Match(
                call,
                f"The hook '{spec.name}' is called without {listed}: a plugin that asks for it, as the specification "
                "lets it, fails.",
                related=related,
            )
