"""LIF050: a restored state leaves out a field that was saved, or asks for one that never was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, If, Statement
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, inside
from reviewer.core.nearest import nearest
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.state.restoring import FORMAT_WORDS
from reviewer.experts.lifecycle.state.state_fields import StatePair, state_pairs
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_MAKES: Final = frozenset(
    "load loads dict json deserialize deserialise unpack decode import read record recall raw row unmarshal".split()
)
"""Words of functions that make an object of what was written down."""
_ABOUT: Final = FORMAT_WORDS | frozenset(
    "saved at time timestamp date created updated id plugin name host by checksum hash digest meta".split()
)
"""Words of fields that say something about a state, and are no part of what the plugin goes on with."""


@module_check("LIF050", words={"state", "restore", "hydrate", "rehydrate", "thaw", "snapshot", *_MAKES})
def state_field_lost(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold what a plugin saves against what it restores."""
    if module.is_test:
        return
    for pair in state_pairs(module):
        lost = [name for name in pair.written if name not in pair.read and not _about(name)]
        unknown = [name for name in pair.read if name not in pair.written and not _about(name)]
        if pair.codec:
            unknown = []
        if unknown and not any(_about(name) and not _refuses_others(node) for name, node in pair.read.items()):
            yield _unknown(pair, unknown[0])
        elif lost:
            body = pair.restore.raw
            yield Match(
                locate_bytes(pair.restore.module, body.start_byte, body.end_byte),
                f"'{pair.restore.name}' leaves out '{lost[0]}', which '{pair.save.name}' saves in line "
                f"{pair.written[lost[0]].line}: after a reload the plugin goes on without it.",
                related=((pair.written[lost[0]], "saved here"),),
            )


def _about(name: str) -> bool:
    said = words(name)
    return bool(said) and set(said) <= _ABOUT


def _refuses_others(read: Node) -> bool:
    """Tell whether a state of any other format is turned away: ``if state.get("format") != FORMAT: return``."""
    compared = False
    for around in ancestors(read):
        if isinstance(around, Binary) and around.op in ("!=", "!=="):
            compared = True
        elif isinstance(around, If):
            return compared and inside(read, around.test) and exits(around.body)
        elif isinstance(around, Statement):
            return False
    return False


def _unknown(pair: StatePair, name: str) -> Match:
    close = nearest(name, [other for other in pair.written if other not in pair.read])
    meant = f"; it saves '{close}'" if close else ""
    return Match(
        pair.read[name],
        f"'{name}' is read from the state, but '{pair.save.name}' never saves it{meant}: after a reload it is always "
        "empty.",
        related=((pair.save, "saved here"),),
    )
