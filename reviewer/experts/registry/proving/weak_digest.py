"""REG045: a package is verified with a hash for which other bytes can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.text.calling import calls
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, statement_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in, surroundings
from reviewer.experts.registry.proving.digest_optional import guards_refusal
from reviewer.experts.registry.unchanged import EARLIER, tells_changes
from reviewer.experts.registry.verification import PACKAGES, SIGNED, comparisons, hashed
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.verification import Comparison

_WEAK: Final = frozenset({"md5", "sha1", "md4", "ripemd160", "crc32", "adler32"})
_MAKERS: Final = ("createHash", "md5", "sha1", "new", "crc32", "adler32", "file_digest", "digest")
_PUBLISHED: Final = frozenset("publish release upload submit deposit add register enter shelve".split())
"""First words of functions that make a package known to those who will hold it against its digest."""
_SECRETS: Final = frozenset(
    "password passwd passphrase secret token mac hmac user login cookie session auth nonce auth authorization "
    "nonce".split()
)
"""Words of statements about people and not about packages."""
_KEYS: Final = frozenset("cache etag key bucket shard color gravatar avatar id short slug name token password".split())
"""Words of functions in which a hash is a name and vouches for nothing."""
_ONLY_NAMES: Final = frozenset("cache etag columns bucket gravatar avatar websocket handshake".split())
"""The same, whatever is done with what it gives."""


@module_check("REG045", words={"md", "sha", "crc", "adler"})
def weak_digest(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find weak hashes that are compared with an expected digest, or made to be."""
    if module.is_test:
        return
    refusing = [one for one in comparisons(module) if not _only_tells_changes(module, one)]
    compared = {id(call) for one in refusing for side in (one.actual, one.expected) for call in _made_for(module, side)}
    for call in module.all(Call):
        name = _weak(module, call)
        if not name:
            continue
        if (said_in(_statement(call)) | surroundings(function_of(call))) & _SECRETS:
            continue
        if surroundings(function_of(call)) & _ONLY_NAMES:
            continue
        if _compared_elsewhere(inquiry, module, function_of(call)):
            compared.add(id(call))
        around = surroundings(function_of(call)) | set(_kept_in(call))
        told = bool(around & SIGNED) and bool((around | _module_words(module)) & PACKAGES) and not around & _KEYS
        if id(call) in compared or told:
            yield Match(
                call,
                f"{name} does not tell one package from another: two with the same digest can be made on purpose.",
                confidence=None if id(call) in compared or _is_published(call) else Confidence.POSSIBLE,
            )


def _is_published(call: Call) -> bool:
    """Tell whether what a call gives is written down beside the version of what it was made of."""
    held, function = _statement(call), function_of(call)
    part = strip(held.value) if isinstance(held, ExprStatement) else held
    if isinstance(part, Assign) and isinstance(part.target, Member) and set(words(part.target.name)) & DIGESTS:
        return function is not None and _PUBLISHED & set(words(function.name)[:1]) != set()
    name = held.target.id if isinstance(held, Assign) and isinstance(held.target, Name) else ""
    if not name and isinstance(held, ExprStatement) and isinstance(assign := strip(held.value), Assign):
        name = assign.target.id if isinstance(assign.target, Name) else ""
    for record in find(function.body, Object) if name and function is not None else ():
        keys = {str(key.value) for key, _held in record.entries if isinstance(key, Literal)}
        named = {str(key.value) for key, value in record.entries if isinstance(key, Literal) and _is(value, name)}
        if "version" in keys and any(set(words(key)) & DIGESTS for key in named):
            return True
    return False


def _is(value: Expr, name: str) -> bool:
    inner = strip(value)
    return isinstance(inner, Name) and inner.id == name


def _only_tells_changes(module: Module, one: Comparison) -> bool:
    """Tell whether a comparison only says if something is as it was: both sides are made here, or none is refused."""
    if hashed(module, one.actual) and hashed(module, one.expected):
        return True
    if (set(last_words(one.actual)) | set(last_words(one.expected))) & EARLIER or tells_changes(module, one):
        return True
    test = one.node
    decides = isinstance(test, Binary) and any(isinstance(around, If) for around in ancestors(test))
    return decides and isinstance(test, Binary) and not guards_refusal(test)


def _compared_elsewhere(inquiry: Inquiry, module: Module, function: Function | None) -> bool:
    """Tell whether another file compares what a function gives with a digest that is expected."""
    if function is None or not function.name or not set(words(function.name)) & DIGESTS:
        return False
    for other in inquiry.project.modules(naming={function.name}, tests=False, showing=calls(function.name)):
        if other is module:
            continue
        for one in (compared for compared in comparisons(other) if not _only_tells_changes(other, compared)):
            made = [*_made_for(other, one.actual), *_made_for(other, one.expected)]
            if any(call.name == function.name for call in made):
                return True
    return False


def _statement(call: Call) -> Node:
    return statement_of(call) or call


def _weak(module: Module, call: Call) -> str:
    """Return the name of the weak hash that a call makes, or an empty string."""
    if call.name not in _MAKERS:
        return ""
    name = module.resolve(call.callee)
    flag = call.keywords.get("usedforsecurity")
    if isinstance(flag, Literal) and flag.value is False:
        return ""
    if name.startswith(("hashlib.", "zlib.", "binascii.")) and name.rsplit(".", 1)[-1] in _WEAK:
        return name.rsplit(".", 1)[-1].upper()
    made = [_constant(module, arg) for arg in call.args[:2]]
    given = [one.value for one in made if isinstance(one, Literal) and isinstance(one.value, str)]
    if call.name == "createHash" or name in ("hashlib.new", "hashlib.file_digest") or name.endswith("subtle.digest"):
        return next((text.upper() for text in given if text.lower().replace("-", "") in _WEAK), "")
    return ""


def _constant(module: Module, expr: Expr) -> object:
    """Return what an argument was set to, also as a member of an object of constants."""
    made = module.scopes.origin(expr)
    held = module.scopes.origin(made.object) if isinstance(made, Member) else None
    return held.get(made.name) if isinstance(held, Object) and isinstance(made, Member) else made


def _made_for(module: Module, expr: Expr, depth: int = 4) -> Iterator[Call]:
    """Yield the calls that an expression's value goes back to, own functions entered."""
    if depth == 0:
        return
    for node in walk(expr, into_functions=False):
        if not isinstance(node, Call):
            origin = module.scopes.origin(node) if isinstance(node, Expr) and node is not expr else None
            if isinstance(origin, Call):
                yield from _made_for(module, origin, depth - 1)
            continue
        yield node
        target = definition(module, node.callee)
        if isinstance(target, Function):
            yield from (inner for inner in walk(target.body) if isinstance(inner, Call))
    origin = module.scopes.origin(expr)
    if isinstance(origin, Expr) and origin is not expr:
        yield from _made_for(module, origin, depth - 1)


def _kept_in(call: Call) -> tuple[str, ...]:
    node: Node | None = call
    while node is not None and not hasattr(node, "target"):
        node = node.parent
    return last_words(getattr(node, "target", None)) if node is not None else ()


def _module_words(module: Module) -> frozenset[str]:
    return module.words & PACKAGES
