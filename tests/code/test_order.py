"""The order of a module's nodes: walking by slices gives what walking the tree gives."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import Call, Function, Name, Return
from reviewer.code.walk import _not_ordered, find, walk

SOURCES = {
    "a.ts": b"""
export class Host {
  private running = new Map<string, Plugin>();
  async start(id: string) {
    const [first, ...rest] = await this.load(id, (entry) => { return entry.name; });
    for (const { name } of rest) { this.running.set(name, make(first)); }
    return () => this.stop(id);
  }
}
export const ready = (function () { return class { go() { return run(1); } }; })();
""",
    "a.py": b"""
class Host:
    limit = size(3)
    async def start(self, name):
        first, second = await self.load(name)
        def inner(value=first):
            return [use(item) for item in value if item]
        return inner() or (lambda: self.stop(second))
""",
}


def modules(path: str) -> tuple[Module, Module]:
    """Return a module whose nodes are in order, and the same one as a tree alone."""
    ordered, tree = Module(path, SOURCES[path]), Module(path, SOURCES[path])
    assert ordered.order.nodes
    return ordered, tree


def shape(nodes) -> list[tuple[str, int, int]]:
    return [(type(node).__name__, node.raw.start_byte, node.raw.end_byte) for node in nodes]


@pytest.mark.parametrize("path", SOURCES)
@pytest.mark.parametrize("into", [True, False])
def test_every_part_is_walked_as_the_tree_is(path, into):
    ordered, tree = modules(path)
    starts = list(
        zip(
            ordered.order.nodes,
            [n for root in tree.body for n in _not_ordered(root, into_functions=True, enter=True)],
            strict=True,
        )
    )
    assert len(starts) > 30
    for one, other in starts:
        assert shape(walk(one, into_functions=into)) == shape(_not_ordered(other, into_functions=into, enter=True))
        for kind in (Call, Function, Name, Return):
            found = shape(find(one, kind, into_functions=into))
            assert found == [row for row in shape(walk(other, into_functions=into)) if row[0] == kind.__name__]
    assert shape(walk(ordered.body, into_functions=into)) == shape(walk(tree.body, into_functions=into))


@pytest.mark.parametrize("path", SOURCES)
def test_calls_are_found_by_name_whether_the_module_is_lowered_or_not(path):
    ordered, tree = modules(path)
    names = ("load", "stop", "set", "use", "run", "size")
    assert sorted(shape(ordered.calls(names))) == sorted(shape(tree.calls(names)))
    assert len(list(ordered.calls(names))) >= 3
