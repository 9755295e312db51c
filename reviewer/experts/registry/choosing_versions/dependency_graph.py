"""REG014, REG015: entries of a registry that need each other, or need what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.registry.document_entries import registries
from reviewer.experts.registry.requirements import required_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.document_entries import Entry
    from reviewer.experts.registry.requirements import Requirement


@subject_check("REG014")
def dependency_cycle(inquiry: Inquiry) -> Iterator[Match]:
    """Find circles of plugins in a registry document; each circle once, at the need that closes it."""
    for _document, entries in registries(inquiry):
        graph = _graph(entries)
        for path, need in _cycles(graph):
            yield Match(
                need.at,
                f"{' needs '.join(repr(one) for one in [*path, path[0]])}: no order of loading satisfies this.",
                related=tuple((graph[one][0].at, f"what '{one}' needs") for one in path[:-1]),
            )


@subject_check("REG015")
def dependency_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Find needs of entries that no entry of the same registry meets."""
    for document, entries in registries(inquiry):
        known = {entry.id for entry in entries}
        needs = [(entry, need) for entry in entries for need in required_by(entry.value)]
        if not any(need.id in known for _entry, need in needs) and len(needs) > 1:
            continue  # what they need comes from elsewhere
        for entry, need in needs:
            if need.id not in known:
                yield Match(need.at, f"'{entry.id}' needs '{need.id}', which {document.path} does not have.")


def _graph(entries: list[Entry]) -> dict[str, list[Requirement]]:
    graph: dict[str, list[Requirement]] = {}
    for entry in entries:
        graph.setdefault(entry.id, []).extend(need for need in required_by(entry.value) if need.id != entry.id)
    return graph


def _cycles(graph: dict[str, list[Requirement]]) -> Iterator[tuple[list[str], Requirement]]:
    """Yield each way that comes back to where it began, by a search in depth without recursion."""
    done: set[str] = set()
    for start in sorted(graph):
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, position = stack.pop()
            if position == 0:
                if name in done:
                    continue
                path.append(name)
                on_path.add(name)
            needs = graph.get(name, [])
            if position >= len(needs):
                on_path.discard(path.pop())
                done.add(name)
                continue
            stack.append((name, position + 1))
            target = needs[position].id
            if target in on_path:
                yield path[path.index(target) :], needs[position]
            elif target in graph and target not in done:
                stack.append((target, 0))
