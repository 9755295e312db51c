"""LIF412: when a guest leaves, one table that it could fill is emptied of it, and another is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call
from reviewer.code.walk import function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.guests.faces import Filled, faces, is_called, taken_out_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOOKS: Final = frozenset("keys items values entries get has map create delete clear pop remove discard dict".split())
"""Words of which a module that keeps tables has at least one."""


@module_check("LIF412", words=_LOOKS)
def face_released_in_part(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the tables that the functions of a guest fill by what takes out of them."""
    if module.is_test:
        return
    for face in faces(module):
        gone = [(one, at) for one in face.filled if (at := taken_out_at(inquiry, module, face, one.table)) is not None]
        kept = [one for one in face.filled if not any(one is other or one.table is other.table for other, _at in gone)]
        if not gone or not kept or face.undone:
            continue
        emptied, at = gone[0]
        home = function_of(at)
        if home is None or home is face.maker or home.kind == "constructor" or home.name == "__init__":
            continue
        left = kept[0]
        sure = is_called(module, left) or _alike(emptied, left)
        yield Match(
            at,
            f"'{home.name}' takes what a plugin put there out of '{_named(emptied)}', and nothing takes anything out "
            f"of '{_named(left)}', which '{left.member.name}' fills for the same plugin: that outlives it.",
            related=((left.at, "put here"),),
            confidence=None if sure else Confidence.POSSIBLE,
        )


def _alike(one: Filled, other: Filled) -> bool:
    """Tell whether two tables are filled by the same function of the host."""
    return isinstance(one.at, Call) and isinstance(other.at, Call) and one.at.name == other.at.name


def _named(filled: Filled) -> str:
    return filled.table.name.removeprefix("#")
