"""COM033: a frame of a peer is made a text and parsed, however long it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Binary, Call, Expr, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BYTES: Final = frozenset({"Buffer", "Uint8Array", "ArrayBuffer", "RawData", "bytes", "bytearray", "memoryview"})
_PEERS: Final = word_set(
    "session socket sock conn connection link peer channel pipe wire line client port guest plugin addon extension "
    "module sender"
)
"""Words of a parameter that stands for whoever sent the frame."""
_NAMED: Final = word_set("bytes buffer buf raw frame packet chunk")
"""Last words of a parameter without a type that holds a frame."""
_TAKES: Final = word_set("receive receives received on handle incoming message frame data packet accept process ingest")
"""Words of a function that takes in what a peer sent."""
_DECODES: Final = frozenset({"toString", "decode"})
_PARSES: Final = frozenset({"parse", "loads"})
_LENGTHS: Final = frozenset({"length", "byteLength", "nbytes", "size"})
_BOUNDED: Final = regex(
    rb"max_?(?:payload|frame|message|msg|packet|size|bytes|len|http)|payload_?limit|(?:frame|message|msg|size)_?limit",
    re.IGNORECASE,
)
"""What a subject says that bounds what it takes in, wherever that is."""


_WORDS: Final = _NAMED | {"uint", "bytearray", "array", "memoryview"}


@module_check("COM033", words=_WORDS)
def whole_frame(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that is handed a peer and its bytes for a look at how many they are."""
    if module.is_test:
        return
    for function in module.functions:
        frame = next((param for param in function.params if _is_bytes(param)), None)
        if frame is None or not _TAKES & set(words(function.name)):
            continue
        if not any(_PEERS & set(words(param.name)[-1:]) for param in function.params if param is not frame):
            continue
        parsed = _parsed(module, function, frame)
        if parsed is None or _measured(function, frame) or _is_bounded(inquiry):
            continue
        yield Match(
            parsed,
            f"'{frame.name}' is made a text and parsed whatever its length: one message of a peer keeps this process "
            "busy, and fills its memory.",
        )


def _is_bytes(param: Param) -> bool:
    """Tell whether a parameter is the bytes of a message: by its type, or where it has none by its name."""
    if param.type:
        return _plain_type(param.type) in _BYTES
    return bool(_NAMED & set(words(param.name)[-1:]))


def _plain_type(declared: str) -> str:
    return re.split(r"[\s|<\[]", declared.strip("'\" "), maxsplit=1)[0]


def _parsed(module: Module, function: Function, frame: Param) -> Call | None:
    """Return the call that parses a frame, or hands its text to a function of the subject that does."""
    for call in find(function.body, Call):
        if not call.args or not _is_text_of(module, call.args[0], frame):
            continue
        target = callee(module, call)
        if call.name in _PARSES and target is None:
            return call
        if target is None or not target.params or _measured(target, target.params[0]):
            continue
        told = target.params[0].name
        if any(one.name in _PARSES and told in names_in(one.args) for one in find(target.body, Call)):
            return call
    return None


def _is_text_of(module: Module, value: Expr, frame: Param) -> bool:
    """Tell whether a value is a frame, or the text that it is made."""
    made = strip(value)
    if isinstance(made, Name):
        bound = module.scopes.origin(made)
        if bound is frame:
            return True
        made = strip(bound) if isinstance(bound, Expr) else made
    if isinstance(made, Call) and (made.name in _DECODES or made.name in ("String", "str")):
        held = made.args[0] if made.args and (made.receiver is None or _is_decoder(made)) else made.receiver
        return isinstance(held, Expr) and module.scopes.origin(strip(held)) is frame
    return False


def _is_decoder(call: Call) -> bool:
    """Tell whether a call is of a decoder that is handed the bytes: ``decoder.decode(data)``."""
    return isinstance(call.receiver, Call) or "decoder" in words(getattr(call.receiver, "name", ""))


def _measured(function: Function, frame: Param) -> bool:
    """Tell whether a function holds how long a frame is against anything, or has another one do so."""
    for test in find(function.body, Binary):
        if test.op in (">", ">=", "<", "<=") and any(_is_length(side, frame) for side in (test.left, test.right)):
            return True
    return any(
        isinstance(strip(one), Name) and frame.name in names_in(one) and bool(_MEASURES & set(words(call.name)))
        for call in find(function.body, Call)
        for one in call.args
    )


_MEASURES: Final = word_set("size length limit bound bounded fits measure cap long large")


def _is_length(side: Expr, frame: Param) -> bool:
    made = strip(side)
    if isinstance(made, Member):
        return made.name in _LENGTHS and frame.name in names_in(made.object)
    return isinstance(made, Call) and made.name in ("len", "byteLength") and frame.name in names_in(made.args)


def _is_bounded(inquiry: Inquiry) -> bool:
    """Tell whether any file of the subject names a limit of what comes in: that of the library, or its own."""
    project = inquiry.project
    return project.once(
        "communication.bounded frames", lambda: any(_BOUNDED.search(text) for _path, text in project.texts())
    )
