"""API301: a hook or an argument that some of the promised releases of the host do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.hooks import hosts_of, implementations
from reviewer.experts.python_package.requirements import requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.hook_table import HookHost, Span
    from reviewer.experts.python_package.requirements import Requirement

_ENDS = (">", "=", "~")
"""Signs with which a range says where it begins."""


@module_check("API301", words={"pytest", "hookimpl", "impl", "plugin"})
def hook_beyond_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold every hook and its arguments against the releases that the package says it runs on."""
    for one in implementations(inquiry, module) if hosts_of(inquiry) else ():
        hook = one.host.hooks.get(one.name)
        if hook is None or one.chosen:
            continue
        need = requirement(inquiry, one.host.host)
        if not one.is_on("optionalhook"):
            yield from lacking(one.host, need, one.function, f"hook '{one.name}'", hook.span)
        for param in one.function.params:
            span = hook.arguments.get(param.name)
            if span is not None and param.default is None and not param.rest and span != hook.span:
                what = f"argument '{param.name}' in '{one.name}'"
                yield from lacking(one.host, need, param, what, span)


def lacking(host: HookHost, need: Requirement | None, at: Node, what: str, span: Span) -> Iterator[Match]:
    """Say of a part of a host in which of the promised releases it is not there."""
    promised = _promised(host, need)
    without = [release for release in span.lacking(host.releases) if release in promised]
    where = f" ('{need.text}')" if need is not None and need.text else ""
    if span.removed and span.removed in promised:
        yield Match(
            at,
            f"{host.host} {span.removed}, which the package promises to run with{where}, has no {what} any more: "
            "it refuses the plugin.",
        )
    elif without and need is not None and need.text.lstrip("(").startswith(_ENDS):
        yield Match(
            at,
            f"{host.host} {without[0]}, which the package promises to run with{where}, has no {what} yet: it "
            f"came by {span.since}.",
        )
    elif span.deprecated and span.deprecated in promised:
        yield Match(
            at,
            f"{host.host} has deprecated the {what} by {span.deprecated}, and warns every user of the plugin.",
            severity=Severity.LOW,
        )


def _promised(host: HookHost, need: Requirement | None) -> tuple[str, ...]:
    """Return the releases of the table that the package says it runs with; without a word, the newest."""
    if need is None:
        return host.releases[-1:]
    return tuple(release for release in host.releases if need.admits(release))
