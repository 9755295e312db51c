"""Calls that encrypt and decrypt: with which algorithm, and with which nonce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import (
    Call,
    Expr,
    Literal,
    Object,
    Statement,
    strip,
)
from reviewer.experts.paths import last_words, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

AUTHENTICATED: Final = ("gcm", "ccm", "ocb", "poly1305", "eax", "siv")
"""Ends of the names of algorithms that tell whether the text was changed."""
_AEADS: Final = frozenset({"AESGCM", "ChaCha20Poly1305", "AESCCM", "AESOCB3"})
_MODES: Final = frozenset({"GCM", "CBC", "CTR", "CFB", "OFB"})


class Sealing(Struct, frozen=True):
    """A call that encrypts, or makes what does; ``nonce`` is what has to differ from one text to the next."""

    call: Call
    algorithm: str
    nonce: Expr


def sealings(module: Module) -> Iterator[Sealing]:
    """Yield the calls of a module that encrypt with a nonce."""
    if module.language == "python":
        yield from _of_python(module)
        return
    for call in module.calls(("createCipheriv",)):
        nonce = call.arg(2)
        if nonce is not None:
            yield Sealing(call, algorithm_of(module, call), nonce)
    for call in module.calls(("encrypt",)):
        options = module.scopes.origin(call.args[0]) if call.args else None
        if set(last_words(call.receiver)) & {"subtle"} and isinstance(options, Object):
            nonce = options.get("iv") or options.get("counter")
            if nonce is not None:
                yield Sealing(call, text_of(options.get("name")).lower(), nonce)


def _of_python(module: Module) -> Iterator[Sealing]:
    for call in module.calls(("encrypt",)):
        made = module.scopes.origin(call.receiver) if call.receiver is not None else None
        if isinstance(made, Call) and made.name in _AEADS and call.args:
            yield Sealing(call, made.name.lower(), call.args[0])
    for call in module.calls(("new",)):
        nonce = call.keywords.get("nonce") or call.keywords.get("iv")
        if nonce is not None and set(last_words(call.receiver)) & {"aes", "cha", "cha20", "des", "des3", "poly1305"}:
            yield Sealing(call, algorithm_of(module, call), nonce)
    for call in module.calls(_MODES):
        if module.resolve(call.callee).rsplit(".", 2)[-2:-1] == ["modes"] and call.args and _encrypts(call):
            yield Sealing(call, call.name.lower(), call.args[0])


def _encrypts(mode: Call) -> bool:
    """Tell whether a mode is made for a cipher that encrypts, as far as that is said in one expression."""
    around = mode.parent
    while around is not None and not isinstance(around, Statement):
        if isinstance(around, Call) and around.name == "decryptor":
            return False
        around = around.parent
    return True


def algorithm_of(module: Module, call: Call) -> str:
    """Return the name of the algorithm or the mode of a call in lower case; empty where it isn't written out."""
    first = module.scopes.origin(call.args[0]) if call.args else None
    if isinstance(first, Literal):
        return text_of(first).lower()
    mode = call.arg(1, "mode")
    return "_".join(last_words(strip(mode))) if mode is not None else ""
