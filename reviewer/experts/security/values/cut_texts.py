"""A text that is cut to the length of another and compared with it: begins or ends with, written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Binary, Call, Expr, Index, Opaque, strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_CUTS = frozenset({"slice", "substring", "substr"})


def cut_to_length(module: Module) -> Iterator[tuple[Binary, Expr, Expr, str]]:
    """Yield each ``whole.slice(0, part.length) === part`` as test, whole, part, and which end is compared.

    ``whole[:len(part)] == part`` is one, too, and ``whole.slice(-part.length)`` compares the other end.
    """
    for node in module.all(Binary):
        if node.op not in ("==", "!="):
            continue
        for cut, part in ((node.left, node.right), (node.right, node.left)):
            found = _cut(module, strip(cut), module.text_of(part))
            if found is not None:
                yield node, found[0], part, found[1]
                break


def _cut(module: Module, cut: Expr, part: str) -> tuple[Expr, str] | None:
    """Return what is cut to the length of a part, and the end that is left of it."""
    lengths = (f"{part}.length", f"len({part})")
    if isinstance(cut, Call) and cut.name in _CUTS and cut.receiver is not None and cut.args:
        said = [module.text_of(arg).replace(" ", "") for arg in cut.args]
        if len(said) == 2 and said[0] == "0" and said[1] in lengths:
            return cut.receiver, "startswith"
        if len(said) == 1 and said[0].startswith("-") and said[0][1:] in lengths:
            return cut.receiver, "endswith"
    elif isinstance(cut, Index) and isinstance(cut.key, Opaque):
        said_key = module.text_of(cut.key).replace(" ", "")
        if said_key.removeprefix("0").removeprefix(":") in lengths and ":" in said_key[:2]:
            return cut.object, "startswith"
        if said_key.startswith("-") and said_key.endswith(":") and said_key[1:-1] in lengths:
            return cut.object, "endswith"
    return None
