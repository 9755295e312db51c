"""SEC560: a token is taken apart by hand, and what its middle says is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Literal, Name, Param, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.security.identity.token_unverified import is_believed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSES: Final = ("parse", "loads")
_DECODES: Final = frozenset(
    "from atob b64decode urlsafe_b64decode standard_b64decode decodeBase64 decodeBase64Url base64url_decode toBuffer "
    "decode base64Decode base64UrlDecode fromBase64 b64d".split()
)
"""Calls that make bytes of a text in base64."""
_PROVES: Final = frozenset({"timingSafeEqual", "compare_digest", "createHmac", "createVerify", "hmac", "safeEqual"})
_OWN: Final = frozenset({"id", "access", "refresh"})
"""Words of tokens that somebody was given for himself by a server that he asked."""
_DEEPEST: Final = 4


@module_check("SEC560", words={"split", "partition"})
def token_taken_apart(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is parsed of the middle of a text that dots divide, and at what becomes of its members."""
    if module.is_test or inquiry.subject.kind == "plugin" or _proves(module):
        return
    for call in module.calls(_PARSES):
        decoded = _decoded(module, call)
        token = _token(module, decoded, 0) if decoded is not None else None
        if token is None or (path_words(token) & _OWN and "token" in path_words(token)):
            continue
        if any(is_believed(where, value) for where, value in _claims(module, call, 0)):
            yield Match(
                call,
                f"What '{short(module.text_of(token))}' says of itself is decoded here, and nobody looks at its "
                "signature: whoever writes a token is whom it names.",
            )


def _proves(module: Module) -> bool:
    """Tell whether a file also looks at signatures."""
    if _PROVES & module.identifiers:
        return True
    return any({"verify", "verified", "verifies"} & set(words(call.name)) for call in module.all(Call))


def _decoded(module: Module, parse: Call) -> Expr | None:
    """Return what is decoded from base64 for a call that parses it."""
    given = module.scopes.origin(parse.args[0]) if len(parse.args) == 1 else None
    for call in find(given, Call) if isinstance(given, Expr) else ():
        if call.name not in _DECODES or not call.args:
            continue
        if call.name == "from" and not _says_base64(call):
            continue
        if call.name == "decode" and "base64" not in module.text_of(call.callee).lower():
            continue
        return call.args[0]
    return None


def _says_base64(call: Call) -> bool:
    kind = strip(call.args[1]) if len(call.args) > 1 else None
    return isinstance(kind, Literal) and str(kind.value).startswith("base64")


def _token(module: Module, part: Expr, depth: int) -> Expr | None:
    """Return the text of whose parts, divided by dots, an expression holds the second; None for anything else."""
    if depth > _DEEPEST:
        return None
    for one in find(part, Expr):
        if isinstance(one, Index):
            whole = module.scopes.origin(one.object)
            second = isinstance(one.key, Literal) and one.key.value == 1
            if second and isinstance(whole, Call) and _splits_by_dots(whole):
                return whole.receiver
        elif isinstance(one, Name):
            found = _of_name(module, one, depth)
            if found is not None:
                return found
    return None


def _of_name(module: Module, name: Name, depth: int) -> Expr | None:
    for binding in module.scopes.lookup(name.id, name)[:3]:
        if isinstance(binding, Assign) and binding.value is not None:
            found = _token(module, binding.value, depth + 1)
        elif isinstance(binding, Param):
            found = _passed(module, binding, depth)
        else:
            continue
        if found is not None:
            return found
    return None


def _passed(module: Module, param: Param, depth: int) -> Expr | None:
    """Return the token whose part a function of the file is given to decode."""
    function = param.parent
    if not isinstance(function, Function) or not function.name or param not in function.params:
        return None
    at = function.params.index(param)
    for call in module.calls((function.name,)):
        given = call.arg(at, param.name)
        found = _token(module, given, depth + 1) if given is not None and given is not function else None
        if found is not None:
            return found
    return None


def _splits_by_dots(call: Call) -> bool:
    by = strip(call.args[0]) if call.args else None
    return call.name in ("split", "rsplit") and isinstance(by, Literal) and by.value == "."


def _claims(module: Module, made: Call, depth: int) -> Iterator[tuple[Module, Call]]:
    """Yield where a record is at hand that was parsed: here, and where a function that gives it back is called."""
    yield module, made
    function = function_of(made)
    around = made.parent
    while isinstance(around, Expr) and not isinstance(around, Assign | Call):
        around = around.parent
    if depth >= 2 or function is None or not isinstance(around, Return):
        return
    for where, call in call_sites(module, function) or ():
        if not any("verify" in one.name.lower() for one in calls_in(_body_around(call))):
            yield from _claims(where, call, depth + 1)


def _body_around(call: Call) -> list[Expr]:
    function = function_of(call)
    return list(find(function.body, Call)) if function is not None else []
