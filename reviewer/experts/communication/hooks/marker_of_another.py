"""COM306: hooks are marked for another host than the one that calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.specifications import hooked, managers, specifications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry


@module_check("COM306", words={"marker", "pluggy", "hookimpl"})
def marker_of_another(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at marks for a host that the subject has no manager of, on functions that are hooks of one that it has."""
    if module.is_test or module.language != "python":
        return
    hosts = managers(inquiry) if specifications(inquiry) else frozenset()
    told: set[str] = set()
    for one in hooked(module) if hosts and "" not in hosts else ():
        if one.project in hosts or one.project in specifications(inquiry) or one.project in told:
            continue
        meant = [spec for host in sorted(hosts) if (spec := specifications(inquiry).get(host, {}).get(one.name))]
        if meant:
            told.add(one.project)
            made = next(
                (call for call in module.calls({"HookimplMarker"}) if _names(call, one.project)),
                one.function,
            )
            yield Match(
                made,
                f"The mark is for '{one.project}' and '{one.name}' is a hook of '{meant[0].project}', whose manager "
                "looks for its own marks alone: it finds none here, and never calls the plugin.",
                related=((meant[0].at, "the specification"), (one.function, "marked for another host")),
            )


def _names(call: Call, project: str) -> bool:
    return getattr(call.arg(0, "project_name"), "value", "") == project
