"""REG066: a signature is verified with a key that comes with what is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Index, Literal, Member, Name, Param, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings
from reviewer.experts.registry.made_from import texts_in
from reviewer.experts.registry.verification import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_PACKAGES: Final = (
    PLAIN_GUEST
    | (PACKAGES - {"registry", "marketplace", "installer"})
    | frozenset("manifest descriptor update metadata envelope offer entry sidecar card label listing".split())
)
_KEYS: Final = frozenset("key publickey pubkey signingkey verifykey certificate cert pem keys".split())
_TRUSTED: Final = frozenset("keys trusted anchors roots keyring certificates certs known".split())
_MAKES: Final = frozenset(
    "createPublicKey from_public_bytes load_pem_public_key load_der_public_key importKey import_key verify "
    "createVerify VerifyKey PublicKey".split()
)
_IDENTIFIES: Final = frozenset({"fingerprint", "thumbprint", "pinned", "keyid", "trusted", "known"})
"""Words of calls that say which key one is, or whether it is known."""
_BYTES: Final = PACKAGES | frozenset("bytes archive content contents data blob buffer raw body tarball".split())
"""Words of parameters that hold what is signed, beside the record that tells of it."""
_ABOUT: Final = frozenset({"verify", "verified", "trusted", "trust", "signature", "signed", "keys"})


@module_check("REG066", words={"key", "keys", "cert", "certificate", "pubkey"})
def key_from_package(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every key that becomes a trusted one, or verifies, for where it comes from."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for call in module.calls(_MAKES | {"append", "push", "add"}):
        adds = call.name in ("append", "push", "add")
        if adds and not (call.receiver is not None and path_words(call.receiver) & _TRUSTED):
            continue
        if not surroundings(function_of(call)) & _ABOUT and not _verifies_with(call):
            continue
        found = next((part for argument in call.args for part in _parts(module, argument)), None)
        if found is not None and call.line not in spoken and not _pinned(module, found):
            spoken.add(call.line)
            yield Match(
                found if isinstance(found.parent, Binary | Conditional) else call,
                f"'{short(module.text_of(found))}' comes with the package that it is to vouch for: whoever makes a "
                "package signs it with a key of their own and puts that in.",
            )


def _parts(module: Module, argument: Expr) -> Iterator[Node]:
    """Yield the keys of the package itself that an argument has in it, or that its names stand for."""
    for part in walk(argument):
        if _is_own_key(module, part):
            yield part
        made = module.scopes.origin(part) if isinstance(part, Name) else None
        choice = made if isinstance(made, Binary | Conditional | Member | Index | Call) else ()
        yield from (one for one in _chosen(choice) if _is_own_key(module, one))


def _chosen(made: Expr | tuple[()]) -> Iterator[Expr]:
    """Yield what a value may be: each side of ``item.publicKey ?? keys.get(item.publisher)``."""
    if isinstance(made, Binary) and made.op in ("??", "or"):
        yield from _chosen(strip(made.left))
        yield from _chosen(strip(made.right))
    elif isinstance(made, Conditional):
        yield from _chosen(strip(made.then))
        yield from _chosen(strip(made.other))
    elif isinstance(made, Expr):
        yield made


def _pinned(module: Module, key: Node) -> bool:
    """Tell whether a key that comes along is held against one that is known: by its fingerprint, or among those."""
    name = _member_name(key)
    if not name:
        return False
    for call in module.all(Call):
        asks = call.name in ("has", "includes") or bool(set(words(call.name)) & _IDENTIFIES)
        if asks and any(_member_name(strip(argument)) == name for argument in call.args):
            return True
    return any(
        name in (_member_name(strip(node.left)), _member_name(strip(node.right)))
        for node in module.all(Binary)
        if node.op in ("==", "!=", "in", "not in") and not isinstance(strip(node.right), Literal)
    )


def _member_name(node: Node) -> str:
    if isinstance(node, Index):
        return str(node.key.value) if isinstance(node.key, Literal) else ""
    return node.name if isinstance(node, Member) else ""


def _is_own_key(module: Module, node: object) -> bool:
    """Tell whether a node is a key that is a member of the package: ``bundle["key"]``, ``manifest.publicKey``."""
    if isinstance(node, Index) and isinstance(node.key, Literal) and isinstance(node.key.value, str):
        name, holder = node.key.value, node.object
    elif isinstance(node, Member):
        name, holder = node.name, node.object
    elif isinstance(node, Call) and node.name == "get" and node.receiver is not None and node.args:
        key = node.args[0]
        name = str(key.value) if isinstance(key, Literal) else ""
        holder = node.receiver
    else:
        return False
    if "".join(words(name)) not in _KEYS and words(name)[-1:] != ("key",):
        return False
    return _is_package(module, holder) or _signed_too(holder)


def _signed_too(holder: Expr) -> bool:
    """Tell whether the signature that a function verifies is a member of the same thing, whatever that is called."""
    holder = strip(holder)
    function = function_of(holder)
    bound = function is not None and isinstance(holder, Name) and any(p.name == holder.id for p in function.params)
    if not bound or function is None or not isinstance(holder, Name):
        return False
    given = set().union(*(surroundings(function), *(words(param.name) for param in function.params)))
    if not given & _BYTES:
        return False
    verified = (call for call in calls_in(function.body) if call.name == "verify")
    if any(_is_seal(part, holder.id) for call in verified for arg in call.args for part in walk(arg)):
        return True
    return any(
        words(_member_name(node))[:1] in (("signature",), ("sig",))
        and isinstance(base := strip(node.object), Name)
        and base.id == holder.id
        for node in walk(function.body)
        if isinstance(node, Member | Index)
    )


def _is_seal(part: Node, holder: str) -> bool:
    """Tell whether something that is verified is a member of a record, and not its key: ``row.seal``."""
    base = strip(part.object) if isinstance(part, Member | Index) else None
    if not isinstance(base, Name) or base.id != holder:
        return False
    name = _member_name(part)
    return bool(name) and "".join(words(name)) not in _KEYS and words(name)[-1:] != ("key",)


def _is_package(module: Module, holder: Expr) -> bool:
    base = strip(holder)
    while isinstance(base, Member | Index):
        if set(last_words(base)) & _PACKAGES:
            return True
        base = strip(base.object)
    if not isinstance(base, Name):
        return False
    if not set(words(base.id)) & _PACKAGES:
        made = module.scopes.origin(base)
        return isinstance(made, Member) and _is_package(module, made.object)
    return any(
        isinstance(one, Param) or (isinstance(one, Assign) and _comes_with_it(module, one))
        for one in module.scopes.lookup(base.id, base)
    )


def _comes_with_it(module: Module, made: Assign) -> bool:
    """Tell whether a manifest is a member of the package, or was read out of its archive."""
    if made.value is None:
        return False
    value = strip(made.value)
    if isinstance(value, Member):
        return _is_package(module, value.object)
    return isinstance(value, Call) and value.name in ("parse", "loads") and bool(texts_in(module, value))


def _verifies_with(call: Call) -> bool:
    """Tell whether a function that makes a key verifies something: ``VerifyKey(…)``, then ``key.verify(…)``."""
    function = function_of(call)
    return (
        call.name not in ("append", "push", "add")
        and function is not None
        and any(other.name == "verify" for other in calls_in(function.body))
    )
