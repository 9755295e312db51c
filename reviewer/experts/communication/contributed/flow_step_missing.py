"""COM330: a flow shows a form whose answer no step takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import knows_all_bases, lineage
from reviewer.code.walk import class_of
from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.integration.facts import is_integration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry

_PREFIX = "async_step_"


@module_check("COM330", words={"step"})
def flow_step_missing(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for the method of every step that a form, a menu or a progress names."""
    if module.is_test or not is_integration(inquiry):
        return
    for call in module.calls({"async_show_form"}):
        cls = class_of(call)
        step = fixed_text(module, call.arg(-1, "step_id"))
        if cls is None or not step or step in _steps(cls) or not _closed(module, cls):
            continue
        yield Match(
            call.keywords["step_id"],
            f"'{cls.name}' shows the step '{step}' and has no {_PREFIX}{step}{did_you_mean(step, _steps(cls))}: the "
            "answer ends in an error.",
        )


def _steps(cls: Class) -> set[str]:
    named = {method.name for one in lineage(cls) for method in one.methods}
    named |= {one_field.name for one in lineage(cls) for one_field in one.fields}
    return {name.removeprefix(_PREFIX) for name in named if name.startswith(_PREFIX)}


def _closed(module: Module, cls: Class) -> bool:
    """Tell whether all bases are known, or are the plain flows of Home Assistant, which have no steps of their own."""
    plain = ("config_entries.ConfigFlow", "config_entries.OptionsFlow", "config_entries.OptionsFlowWithReload")
    known = all(module.resolve(base).endswith(plain) for base in cls.bases)
    return (known and bool(cls.bases)) or knows_all_bases(cls)
