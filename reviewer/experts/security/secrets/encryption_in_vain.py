"""SEC362: encryption without what makes it hold: a nonce of its own for each text, a tag that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.secrets.sealing import AUTHENTICATED, algorithm_of, sealings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RANDOM: Final = frozenset({"randomBytes", "urandom", "token_bytes", "getRandomValues", "get_random_bytes"})
_FIXED: Final = frozenset({"from", "alloc", "Uint8Array", "bytes", "bytearray", "fromhex", "encode", "unhexlify"})
"""Calls that make bytes of a constant."""
_SHAPES: Final = _FIXED | frozenset(
    "slice subarray digest update createHash sha256 sha1 sha512 md5 blake2b new fill toString hexdigest ljust rjust "
    "concat".split()
)
"""Calls that give the same bytes for the same things."""
_GLOBAL: Final = frozenset({"Buffer", "Uint8Array", "bytes", "bytearray", "hashlib", "crypto", "this", "self"})
_FRESH: Final = word_set(
    "random nonce iv counter count seq sequence number next salt time now date clock version ulid uuid text plain "
    "plaintext data message secret value body content payload sealed cipher ciphertext encrypted blob packet frame raw "
    "buffer buf bytes header"
)
"""Words of what differs from one text to the next, or is read back from what was sealed."""


@module_check("SEC362", words={"cipheriv", "decipheriv", "subtle", "aesgcm", "aes", "modes", "cipher", "poly1305"})
def encryption_in_vain(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the nonce of everything that is encrypted, and at the tag of what is decrypted."""
    if module.is_test:
        return
    for sealing in sealings(module):
        why = _repeats(module, sealing.nonce)
        if why and not _only_opens(sealing.call):
            yield Match(
                sealing.call,
                f"'{short(module.text_of(sealing.nonce))}' {why}: two texts under one nonce and one key give away what "
                "differs between them, and with GCM the key of their seal.",
            )
    for call in module.calls(("createDecipheriv",)):
        missing = _unverified(module, call)
        if missing:
            yield Match(call, f"The text is used though {missing}: whoever changes the stored bytes is not found out.")


def _only_opens(call: Call) -> bool:
    """Tell whether the function only reads what others have sealed: ``Cipher(…).decryptor()``."""
    function = function_of(call)
    done = {one.name for one in calls_in(function.body)} if function is not None else set()
    return bool(done & {"decryptor", "decrypt"}) and not done & {"encryptor", "encrypt", "encrypt_and_digest"}


def _repeats(module: Module, nonce: Expr) -> str:
    """Return why a nonce is the same each time, as words; empty where it isn't."""
    made = module.scopes.origin(nonce)
    if isinstance(made, Expr) and _is_constant(module, made):
        return "is the same constant for every text"
    outside = isinstance(made, Call) and function_of(made) is None and class_of(made) is None
    if isinstance(made, Call) and made.name in _RANDOM and outside and function_of(nonce) is not None:
        return "is drawn once, when the file is loaded, and used for every text"
    if is_this_member(strip(nonce)):
        return _kept_in_object(module, strip(nonce))
    if isinstance(made, Call | Index) and (known := _made_of_given(module, made)):
        return f"is made of '{known}', and so is the same whenever that is"
    return ""


def _made_of_given(module: Module, made: Expr) -> str:
    """Return what a nonce is made of where nothing in it is drawn or counted: ``Buffer.alloc(12, label)``."""
    calls = list(find(made, Call))
    names = [one for one in find(made, Name) if one.id not in _GLOBAL]
    names = [one for one in names if not isinstance(module.scopes.origin(one), Imported)]
    given = [one.id for one in names if isinstance(module.scopes.origin(one), Param)]
    spelled = [one.id for one in names] + [one.name for one in find(made, Member)]
    said = {word for one in spelled for word in words(one)}
    if not given or len(given) != len(names) or said & _FRESH or any(one.name not in _SHAPES for one in calls):
        return ""
    return given[0]


def _is_constant(module: Module, made: Expr) -> bool:
    made = strip(made)
    if isinstance(made, Literal):
        return isinstance(made.value, str | bytes)
    if isinstance(made, Template):
        return not made.holes
    if isinstance(made, Binary) and made.op == "*":
        return any(
            isinstance(strip(side), Literal) and isinstance(getattr(strip(side), "value", 0), bytes)
            for side in (made.left, made.right)
        )
    if not isinstance(made, Call) or made.name not in _FIXED:
        return False
    if made.name in ("Uint8Array", "alloc", "bytes", "bytearray") and _filled_later(module, made):
        return False
    parts = [*made.args, *([made.receiver] if made.name == "encode" and made.receiver is not None else [])]
    return bool(parts) and all(isinstance(strip(part), Literal) for part in parts)


def _filled_later(module: Module, made: Call) -> bool:
    """Tell whether empty bytes are given a value by a call, as ``getRandomValues(iv)`` does."""
    around = made.parent
    if isinstance(around, Call) and around.name in _RANDOM | {"randomFillSync", "randomFill"}:
        return True
    name = around.target if isinstance(around, Assign) else None
    if not isinstance(name, Name):
        return False
    return any(
        isinstance(arg, Name) and arg.id == name.id
        for call in module.calls(_RANDOM | {"randomFillSync", "randomFill", "set", "copy", "writeUInt32BE"})
        for arg in [*call.args, *([call.receiver] if call.receiver is not None else [])]
    )


def _kept_in_object(module: Module, nonce: Expr) -> str:
    """Return why a nonce that an object keeps is used again; empty where something gives it a new value."""
    cls = class_of(nonce)
    name = getattr(nonce, "name", "")
    values = module.scopes.field_values(cls, name) if cls is not None else []
    if len(values) != 1:
        return ""
    value, by = strip(values[0]), function_of(values[0])
    if _is_constant(module, value):
        return "is the same constant for every text"
    once = by is None or by.kind == "constructor" or by.name == "__init__"
    drawn = isinstance(value, Call) and value.name in _RANDOM
    return "is drawn once, when the object is made, and used for every text" if once and drawn else ""


def _unverified(module: Module, call: Call) -> str:
    """Return which step of a verifying decryption is left out, as words."""
    if not algorithm_of(module, call).endswith(AUTHENTICATED):
        return ""
    kept = call.parent.target if isinstance(call.parent, Assign) else None
    function = function_of(call)
    if not isinstance(kept, Name) or function is None or _goes_on(function, kept):
        return ""
    done = {one.name for one in calls_in(function.body) if _is(one.receiver, kept)}
    if "setAuthTag" not in done:
        return "its tag is never set with 'setAuthTag'"
    return "" if "final" in done or "pipe" in done else "'final', which checks the tag, is never called"


def _goes_on(function: Function, kept: Name) -> bool:
    """Tell whether a decipher is handed to somebody else, who may finish the work."""
    return any(_is(arg, kept) for one in calls_in(function.body) for arg in one.args)


def _is(expr: Node | None, name: Name) -> bool:
    made = strip(expr) if isinstance(expr, Expr) else None
    return isinstance(made, Name) and made.id == name.id
