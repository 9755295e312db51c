"""The nodes of one kind in a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from reviewer.code.syntax import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

N = TypeVar("N", bound=Node)


def of_kind(module: Module, kind: type[N]) -> Iterator[N]:
    """Yield the nodes of one kind, each once, in source order; asking lowers the whole file."""
    for node in module.all_nodes:
        if isinstance(node, kind):
            yield node
