"""The texts in the code of an assistant plugin, as far as one of some words stands in its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Literal, Template

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_RUNNERS: Final = frozenset(
    "exec execSync spawn spawnSync execFile execFileSync run call check_call check_output Popen popen system getoutput "
    "getstatusoutput create_subprocess_shell execa execaCommand shell sh $".split()
)
"""Functions that run a text, or a program with a text."""


def texts_of(module: Module, *words: bytes) -> Iterator[tuple[str, Node]]:
    """Yield the texts of a module, a list of words as one, where its file has one of the words."""
    if module.is_test or not any(word in module.source for word in words):
        return
    for literal in module.all(Literal):
        if isinstance(literal.value, str) and not isinstance(literal.parent, Template | Array):
            yield literal.value, literal
    for template in module.all(Template):
        pieces = [item.value if isinstance(item, Literal) else "${x}" for item in template.items]
        yield "".join(str(piece) for piece in pieces), template
    for array in module.all(Array):
        items = [item.value for item in array.items if isinstance(item, Literal) and isinstance(item.value, str)]
        if items and isinstance(array.parent, Call):
            yield " ".join(items), array


def is_run(node: Node) -> bool:
    """Tell whether a text is handed to something that runs it."""
    above = node.parent
    while above is not None and not isinstance(above, Call):
        above = above.parent
    return isinstance(above, Call) and above.name in _RUNNERS
