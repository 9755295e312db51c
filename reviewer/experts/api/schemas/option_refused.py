"""API305: an option that pytest refuses when it is added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.data.patterns import found
from reviewer.experts.python_package.hooks import hosts_of, implementations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TYPES: Final = ("string", "paths", "pathlist", "args", "linelist", "bool", "int", "float")


@module_check("API305", words={"addoption", "addini"})
def option_refused(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what ``pytest_addoption`` adds: short options, and the types of settings."""
    hooks = implementations(inquiry, module) if hosts_of(inquiry) else ()
    spans = [(one.function.start, one.function.stop) for one in hooks if one.name == "pytest_addoption"]
    for call in module.calls({"addoption", "addini"}):
        if not any(start <= call.start < stop for start, stop in spans):
            continue
        if call.name == "addini":
            kind = fixed_text(module, call.arg(2, "type"))
            if kind and kind not in _TYPES:
                yield Match(
                    call.arg(2, "type") or call,
                    f"pytest knows no type '{kind}' of a setting{did_you_mean(kind, _TYPES)}; it takes "
                    f"{', '.join(_TYPES)}.",
                )
            continue
        for argument in call.args:
            name = fixed_text(module, argument)
            if found(r"^-[a-z]$", name):
                yield Match(
                    argument,
                    f"'{name}' is refused: short options in lower case are pytest's own. Take '{name.upper()}', or a "
                    "long one alone.",
                )
