"""REG043, REG044, REG046: the expected digest comes from the package, is compared in part, or is of other bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Index, Literal, Member, Name, Object, Opaque, Template, strip
from reviewer.code.walk import find, function_of, inside
from reviewer.code.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in, surroundings
from reviewer.experts.registry.verification import (
    PACKAGES,
    comparisons,
    hashed,
    is_fetch,
    is_verification,
    roots,
)
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SAME_SERVER: Final = (".sha256", ".sha512", ".sha1", ".md5", ".digest", ".checksum", "/digest", "/checksum", "/sha256")
_PARTS: Final = frozenset({"startsWith", "startswith", "endsWith", "endswith", "includes", "indexOf", "find"})
_EXPECTED: Final = frozenset("expected wanted pinned recorded declared".split())
_CUTS: Final = frozenset({"slice", "substring", "substr"})
_IDENTITY: Final = frozenset("id name version manifest url path filename title key".split())


@module_check("REG043", words=DIGESTS)
def digest_from_package(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find expected digests that are read out of the bytes that they are to vouch for."""
    if module.is_test:
        return
    for one in comparisons(module):
        inputs = hashed(module, one.actual)
        if not inputs:
            continue
        source = _variable(module, inputs[0])
        expected = roots(module, one.expected)
        if source is not None and source in expected and not hashed(module, one.expected):
            yield Match(
                one.node,
                f"The expected digest is read out of '{source[1]}' itself: whoever changes the package changes the "
                "digest with it.",
            )
        elif _from_same_server(module, one.expected):
            yield Match(
                one.node,
                "The expected digest is fetched from beside the package: whoever can change one can change the other.",
                confidence=Confidence.POSSIBLE,
            )


def _variable(module: Module, expr: Expr) -> tuple[int, str] | None:
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in ("from", "Buffer", "bytes", "Uint8Array", "encode") and expr.args:
        expr = strip(expr.args[0])
    if not isinstance(expr, Name):
        return None
    bindings = module.scopes.lookup(expr.id, expr)
    return (id(bindings[0]), expr.id) if len(bindings) == 1 else None


def _from_same_server(module: Module, expected: Expr) -> bool:
    """Tell whether an expected digest was fetched from the package's address with an ending."""
    origin: object = module.scopes.origin(expected)
    for _ in range(6):
        if not isinstance(origin, Call):
            return False
        if is_fetch(module, origin) or origin.name in ("get", "text", "read"):
            spelled = [part for arg in origin.args for part in find(arg, Literal)]
            if any(isinstance(part.value, str) and part.value.endswith(_SAME_SERVER) for part in spelled):
                return True
        receiver = origin.receiver
        origin = module.scopes.origin(receiver) if receiver is not None else None
    return False


@module_check("REG044", words=DIGESTS)
def digest_partly_compared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find digests of which a beginning, or any part, is enough."""
    if module.is_test:
        return
    for call in module.calls(tuple(_PARTS)):
        other = call.arg(0)
        receiver = call.receiver
        if receiver is None or other is None or isinstance(strip(other), Literal | Template):
            continue
        expected = _digest_text(module, other) or _shortened(module, other) or set(last_words(other)) & _EXPECTED
        if _digest_text(module, receiver) and expected:
            yield Match(
                call, f"'{call.name}' takes a part of the digest for the whole: a short or empty one always fits."
            )
    for node in module.all(Binary):
        if node.op in ("==", "!=") and _cuts_one(module, node):
            yield Match(node, "Only a part of the digest is compared: other packages that share it are easy to make.")
        elif node.op in ("in", "not in") and module.language == "python" and hashed(module, node.right):
            yield Match(node, "A part of the digest is taken for the whole: a short or empty one always fits.")


def _digest_text(module: Module, expr: Expr) -> bool:
    found = set(last_words(expr))
    plural = found & {"digests", "hashes", "checksums", "list", "set", "allowed", "known", "trusted"}
    return bool(hashed(module, expr)) or (bool(found & DIGESTS) and not plural)


def _cuts_one(module: Module, node: Binary) -> bool:
    """Tell whether one side is a stretch of a digest and the other is about a package, too."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        both = _cut(module, other) and _of_digests(other)
        if _cut(module, side) and (
            both or said_in(other) & (DIGESTS | _EXPECTED | PACKAGES | {"entry", "record", "manifest"})
        ):
            return True
    return False


def _shortened(module: Module, expr: Expr) -> bool:
    """Tell whether a stretch of a digest is sought in another one: ``have.startsWith(want.slice(0, 16))``."""
    made = module.scopes.origin(expr)
    return isinstance(made, Expr) and _cut(module, made)


def _cut(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is a stretch of a digest from its beginning."""
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in _CUTS and expr.receiver is not None and len(expr.args) == 2:
        cut = _digest_text(module, expr.receiver) or _of_digests(expr)
        return cut and isinstance(expr.args[1], Literal)
    if isinstance(expr, Index) and isinstance(expr.key, Opaque) and expr.key.kind == "slice":
        text = module.text_of(expr.key).strip("[]")
        return text.startswith(":") and _digest_text(module, expr.object)
    return False


def _of_digests(expr: Expr) -> bool:
    """Tell whether a text is cut in a function that by its name compares digests: ``sameDigest(one, other)``."""
    function, receiver = function_of(expr), expr.receiver if isinstance(expr, Call) else None
    if function is None or not isinstance(receiver, Name) or not set(words(function.name)) & DIGESTS:
        return False
    return any(param.name == receiver.id for param in function.params)


@module_check("REG046", words=DIGESTS | {"verify"})
def digest_of_other_bytes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find packages that are fetched once to be verified and once more to be used, and hashes of names."""
    if module.is_test:
        return
    for one in comparisons(module):
        for part in hashed(module, one.actual)[:1]:
            if _is_name_only(module, part):
                yield Match(
                    one.node,
                    f"The digest is made of '{module.text_of(part)[:60]}' and not of the bytes: any package with these "
                    "words passes.",
                )
    yield from _fetched_twice(module)


def _is_name_only(module: Module, part: Expr) -> bool:
    """Tell whether what is hashed is an id, a version or a manifest, not bytes."""
    part = strip(part)
    if isinstance(part, Call) and part.name in ("encode", "from", "bytes"):
        part = part.receiver if part.name == "encode" and part.receiver is not None else part.arg(0) or part
    origin = module.scopes.origin(part)
    if isinstance(origin, Template | Binary):
        names = {word for node in find(origin, Member) for word in words(node.name)[-1:]}
        names |= {
            word for node in find(origin, Name) for word in words(node.id)[-1:] if not isinstance(node.parent, Member)
        }
        return bool(names) and names <= _IDENTITY
    if isinstance(origin, Call) and origin.name in ("stringify", "dumps") and origin.args:
        inner = strip(origin.args[0])
        return "manifest" in last_words(inner) and not isinstance(inner, Object)
    if isinstance(origin, Member):
        return bool(set(last_words(origin)) <= {"id", "name", "version", "url"} and last_words(origin))
    return False


def _fetched_twice(module: Module) -> Iterator[Match]:
    seen: dict[tuple[int, str], Call] = {}
    for call in module.all(Call):
        function = function_of(call)
        if function is None or not call.args or not is_fetch(module, call):
            continue
        key = (id(function), module.text_of(call))
        first = seen.setdefault(key, call)
        if first is call or not surroundings(function) & (PACKAGES | {"install", "load", "update"}):
            continue
        verified = [check for check in find(function.body, Call) if is_verification(check) or hashed(module, check)]
        if any(inside(first, check) for check in verified) or _kept_for(module, first, verified):
            yield Match(
                call,
                "The package is fetched a second time here: what was verified is not what is used.",
                related=((first, "the bytes that were verified"),),
            )


def _kept_for(module: Module, fetched: Call, verified: list[Call]) -> bool:
    """Tell whether the fetched bytes are kept in a variable that is verified."""
    at = fetched.raw.start_byte
    return any(
        any(
            getattr(binding, "value", None) is not None and binding.raw.start_byte <= at < binding.raw.end_byte
            for name in find(check, Name)
            for binding in module.scopes.lookup(name.id, name)
            if hasattr(binding, "raw")
        )
        for check in verified
    )
