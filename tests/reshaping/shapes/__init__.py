"""Ways to write the same Python differently: each takes a module and gives one that does the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from . import branches, files, names, spelling

_SHAPES = {**branches.SHAPES, **names.SHAPES, **spelling.SHAPES, **files.SHAPES}


def reshaped(path: str, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (shape, files by path) for every shape that finds something to change in a file."""
    for name, shape in _SHAPES.items():
        tree = shape(ast.parse(text))
        if tree is not None:
            yield name, {path: ast.unparse(ast.fix_missing_locations(tree)) + "\n"}
    parts = files.split(path, text)
    if parts is not None:
        yield "split", parts
