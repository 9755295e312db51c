"""LIF430: a file is opened for writing, which empties it, and what stood in it is read only then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, Name, With, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"read_text", "read_bytes"})


@module_check("LIF430", words={"open"})
def emptied_before_read(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each block in which a file is open for writing for reads of the same file."""
    if module.language != "python":
        return
    for block in module.all(With):
        for number, (value, target) in enumerate(block.items):
            path = _emptied(module, value)
            if not path:
                continue
            later = [other for other, _target in block.items[number + 1 :]]
            reads = (one for part in (later, block.body) for one in calls_in(part) if _reads(module, one, path))
            read = next(reads, None)
            if read is not None and not _written_before(block, target, read):
                yield Match(
                    read,
                    f"'{short(path)}' was opened for writing and is empty by now: what stood in it is lost before it "
                    "is read.",
                    related=((value, "emptied here"),),
                )


def _written_before(block: With, target: Expr | None, read: Call) -> bool:
    """Tell whether something was written in front of a read, so that it is read back on purpose."""
    return isinstance(target, Name) and any(
        one.id == target.id and one.raw.start_byte < read.raw.start_byte for one in find(block.body, Name)
    )


def _emptied(module: Module, value: Expr) -> str:
    """Return the path of a file that is opened for writing from its beginning, as a text; else an empty one."""
    call = strip(value)
    if not isinstance(call, Call) or call.name != "open":
        return ""
    own = call.receiver is not None and module.resolve(call.callee) not in ("io.open", "codecs.open", "builtins.open")
    path = call.receiver if own else call.arg(0, "file")
    mode = call.arg(0 if own else 1, "mode")
    writes = isinstance(mode, Literal) and isinstance(mode.value, str) and mode.value.startswith("w")
    return module.text_of(path) if writes and path is not None else ""


def _reads(module: Module, call: Call, path: str) -> bool:
    """Tell whether a call reads the file of a path: ``path.read_text()``, ``open(path)``."""
    if call.name in _READS and call.receiver is not None:
        return module.text_of(call.receiver) == path
    if call.name != "open":
        return False
    plain = call.receiver is None
    given = call.arg(0, "file") if plain else call.receiver
    mode = call.arg(1 if plain else 0, "mode")
    reads = mode is None or (isinstance(mode, Literal) and str(mode.value).startswith("r"))
    return reads and given is not None and module.text_of(given) == path
