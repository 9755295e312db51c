"""COM033: the limit that a library keeps for the size of a message is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Expr, Literal, Object, strip
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NO_LIMIT: Final = {
    "maxPayload": (0,),
    "maxPayloadLength": (0,),
    "maxHttpBufferSize": (),
    "max_msg_size": (0,),
    "max_size": (None,),
    "ws_max_size": (None,),
    "max_message_size": (None, 0),
}
"""Options by which a library bounds what it takes in, with the values that mean no bound."""
_LISTENS: Final = frozenset(
    "WebSocketServer Server WebSocket serve connect unix_serve WebSocketResponse ws_connect App ws_connect".split()
)
_ENDLESS: Final = frozenset(
    {"Infinity", "Number.POSITIVE_INFINITY", "math.inf", "sys.maxsize", "Number.MAX_SAFE_INTEGER"}
)


@module_check("COM033", words={"payload", "buffer", "size"})
def limit_switched_off(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the options of what takes in messages for a limit that is none."""
    if module.is_test:
        return
    for call in module.calls(_LISTENS):
        options = [(name, value) for name, value in call.keywords.items()]
        for made in map(strip, call.args):
            if isinstance(made, Object):
                options += [(str(key.value), value) for key, value in made.entries if isinstance(key, Literal)]
        for name, value in options:
            if name in _NO_LIMIT and _is_none(module, name, value):
                yield Match(
                    value,
                    f"'{name}' switches the limit off that the library keeps: one message of any size is taken in "
                    "whole, and fills the memory.",
                )


def _is_none(module: Module, name: str, value: Expr) -> bool:
    given = strip(value)
    if isinstance(given, Literal):
        return any(given.value is wanted or (wanted == 0 and given.value == 0) for wanted in _NO_LIMIT[name])
    return module.resolve(given) in _ENDLESS
