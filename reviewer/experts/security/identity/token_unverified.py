"""SEC560: who calls, or what they may, is read from a token whose signature nobody looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Await, Call, Cast, Expr, Index, Literal, Member, Name, Object, strip
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READS_ONLY: Final = frozenset(
    "jsonwebtoken.decode jwt-decode jwt_decode jwt-decode.jwtDecode jose.decodeJwt jose.jwt.get_unverified_claims "
    "jose.jws.get_unverified_claims".split()
)
"""Calls that say what a token says, and never look at its signature."""
_DECODES: Final = frozenset({"jwt.decode", "jose.jwt.decode", "jwt.api_jwt.decode"})
_VERIFIES: Final = frozenset({"jwt.decode", "jose.jwt.decode", "jsonwebtoken.verify", "jose.jwtVerify", "jwt.verify"})
_CALLED: Final = frozenset("decode jwtDecode jwt_decode decodeJwt get_unverified_claims verify jwtVerify".split())
_CLAIMS: Final = frozenset(
    "sub subject plugin plugin_id pluginId tenant tenant_id tenantId aud azp client_id clientId scope scopes scp roles "
    "role permissions rights grants user user_id userId uid email name app extension tool skill".split()
)
"""Members of a token by which somebody is known, or is allowed something."""


@module_check("SEC560", words={"jwt", "jose", "jsonwebtoken"})
def token_unverified(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each token that is taken apart for who verifies it."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for call in module.calls(_CALLED):
        name = module.resolve(call.callee)
        if name in _VERIFIES and _lets_unsigned(module, call):
            yield Match(call, "'none' is among the algorithms: a token without any signature passes.")
            continue
        reads = name in _READS_ONLY or (name in _DECODES and _unsigned(call))
        if reads and is_believed(module, call) and not _verified_beside(module, call):
            yield Match(
                call,
                f"'{short(module.text_of(call.callee))}' tells what the token says and looks at no signature: whoever "
                "writes a token is whom it names.",
            )


def _options(call: Call) -> list[Object]:
    given = (strip(one) for one in (*call.args, *call.keywords.values()))
    return [one for one in given if isinstance(one, Object)]


def _unsigned(call: Call) -> bool:
    """Tell whether a call is told not to look at the signature: ``verify=False``, ``{"verify_signature": False}``."""
    told = [call.keywords.get("verify"), *(one.get("verify_signature") for one in _options(call))]
    return any(isinstance(one, Literal) and one.value is False for one in told if one is not None)


def _lets_unsigned(module: Module, call: Call) -> bool:
    """Tell whether a token without a signature is among what is taken for good."""
    told = [call.keywords.get("algorithms"), *(one.get("algorithms") for one in _options(call))]
    for one in told:
        made = module.scopes.origin(one) if one is not None else None
        items = made.items if isinstance(made, Array) else []
        if any(isinstance(item, Literal) and str(item.value).lower() == "none" for item in items):
            return True
    return False


def is_believed(module: Module, call: Call) -> bool:
    """Tell whether a member of the token says who somebody is, or what they may: ``claims.sub``."""
    around = call.parent
    while isinstance(around, Cast | Await):
        around = around.parent
    if isinstance(around, Member | Index | Call):
        taken = step(around)
        return taken is not None and strip(taken[0]) is call and taken[1] in _CLAIMS
    if not isinstance(around, Assign) or function_of(call) is None:
        return False
    target = around.target
    if isinstance(target, Object):
        return any(isinstance(key, Literal) and key.value in _CLAIMS for key, _value in target.entries)
    if not isinstance(target, Name):
        return False
    function = function_of(call)
    reads = (step(part) for part in find(function.body, Expr)) if function is not None else iter(())
    return any(
        found is not None and found[1] in _CLAIMS and isinstance(held := strip(found[0]), Name) and held.id == target.id
        for found in reads
    )


def _verified_beside(module: Module, call: Call) -> bool:
    """Tell whether the same function, or one that calls it, also verifies a token: the first look only picks a key."""
    function = function_of(call)
    for other in calls_in(function.body) if function is not None else ():
        if other is not call and "verify" in other.name.lower():
            return True
        if other is not call and module.resolve(other.callee) in _DECODES and not _unsigned(other):
            return True
    return False
