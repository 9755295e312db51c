"""REG052: the size of an archive is limited by what its entries take packed, and not by what they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Expr, Member, Name
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PACKED: Final = frozenset({"compress_size", "compressedSize", "compressed_size", "compressedLength"})
_WHOLE: Final = frozenset({"file_size", "uncompressedSize", "uncompressed_size", "size", "originalSize", "vars"})
"""Names of what an entry becomes."""


@module_check("REG052", words={"compress", "compressed"})
def packed_size(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of packed sizes in a function that never asks for the others."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op not in ("<", "<=", ">", ">=") or not _speaks_of(module, node):
            continue
        function = function_of(node)
        body = function.body if function is not None else module.body
        if any(member.name in _WHOLE for member in find(body, Member)):
            continue
        yield Match(
            node,
            f"'{short(module.text_of(node))}' adds up what the entries take packed: a few kilobytes of zeros pass, and "
            "become gigabytes on the disk.",
            confidence=Confidence.LIKELY,
        )


def _speaks_of(module: Module, node: Binary) -> bool:
    """Tell whether one side is made of packed sizes and the other one is a limit."""
    for side in (node.left, node.right):
        made: object = side
        if isinstance(side, Name):
            made = module.scopes.origin(side)
        if isinstance(made, Expr) and any(member.name in _PACKED for member in find(made, Member)):
            return True
    return False
