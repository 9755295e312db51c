"""LIF050: a restored state leaves out a field that was saved, or asks for one that never was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, Expr, If, Index, Literal, Member, Object, Statement, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, inside
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
        mark = None if pair.codec else _never_marked(module, pair)
        if mark is not None:
            yield mark
        elif unknown and not any(_about(name) and not _refuses_others(node) for name, node in pair.read.items()):
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


def _never_marked(module: Module, pair: StatePair) -> Match | None:
    """Return that every state is turned away, for the mark that is asked for is never put on one."""
    for name, read in pair.read.items():
        if (
            name in pair.written
            or not _about(name)
            or not _refuses_others(read)
            or _marked_elsewhere(module, pair, name)
        ):
            continue
        made = next(iter(pair.written.values()))
        return Match(
            made.parent if isinstance(made.parent, Object) else made,
            f"'{pair.restore.name}' turns away a state whose '{name}' is not the one it knows, and '{pair.save.name}' "
            "saves none: what is saved here is never taken back.",
            related=((read, "asked for here"),),
        )
    return None


def _marked_elsewhere(module: Module, pair: StatePair, name: str) -> bool:
    """Tell whether somebody puts the mark on what the plugin gives: ``{"format": 2, **plugin.get_state()}``."""
    for made in module.all(Object):
        if name in made.keys and (made.spreads or any(call.name == pair.save.name for call in calls_in(made))):
            return True
    return any(
        isinstance(strip(one.target), Index | Member) and _names(one.target) == name
        for one in module.all(Assign)
        if not inside(one, pair.restore)
    )


def _names(target: Expr) -> str:
    target = strip(target)
    if isinstance(target, Member):
        return target.name
    key = strip(target.key) if isinstance(target, Index) else None
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def _unknown(pair: StatePair, name: str) -> Match:
    close = nearest(name, [other for other in pair.written if other not in pair.read])
    meant = f"; it saves '{close}'" if close else ""
    return Match(
        pair.read[name],
        f"'{name}' is read from the state, but '{pair.save.name}' never saves it{meant}: after a reload it is always "
        "empty.",
        related=((pair.save, "saved here"),),
    )
