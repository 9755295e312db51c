"""API301: a name of the host that some of the promised releases of it do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import If, Import, Member, Name, Param, Try
from reviewer.code.walk import ancestors
from reviewer.experts.api.python_hooks.hook_beyond_host import lacking
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.hooks import hosts_of
from reviewer.experts.python_package.requirements import requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.hook_table import HookHost


@module_check("API301", words={"pytest"})
def name_beyond_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold what a plugin takes from its host's module against the releases that the package says it runs on."""
    if module.is_test or module.language != "python":
        return
    for host in hosts_of(inquiry):
        need = requirement(inquiry, host.host)
        told: set[str] = set()
        for name, at in _taken(module, host) if need is not None and not need.optional else ():
            if name not in told and not _chosen(at):
                told.add(name)
                yield from lacking(host, need, at, f"'{host.host}.{name}'", host.names[name])


def _taken(module: Module, host: HookHost) -> Iterator[tuple[str, Node]]:
    """Yield the names that code takes when it runs, in source order; types that are only written down are left out."""
    for node in module.some(Member, Import):
        if isinstance(node, Import):
            if node.source == host.host:
                yield from ((one.name, node) for one in node.names if one.name in host.names)
        elif (
            isinstance(node, Member)
            and node.name in host.names
            and isinstance(node.object, Name)
            and module.resolve(node.object) == host.host
        ):
            yield node.name, node


def _chosen(node: Node) -> bool:
    """Tell whether a condition or a ``try`` around a place chooses, or the place is a type of a parameter."""
    return any(isinstance(around, If | Try | Param) for around in ancestors(node))
