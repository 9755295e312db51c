"""REG043: a package is taken in under the digest that its sender states, which nobody works out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, Member, Name, Node, Param
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.registry.entering import reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DIGESTS: Final = word_set("digest sha256 sha512 sha384 sha checksum integrity hash")
_BYTES: Final = word_set("bytes data body content contents buffer archive tarball blob file payload zip package")
TAKES_IN: Final = word_set("publish upload submit ingest accept receive store push release import register deposit")
"""Words of functions that take a package in."""
_HASHES: Final = word_set(
    "hash createhash hashlib digest hexdigest sha256 sha512 sha1 sha384 blake2b blake3 checksum integrity ssri"
)
_SENDS: Final = frozenset({"fetch", "axios", "post", "urlopen"})


@module_check("REG043", words=_DIGESTS)
def digest_on_word(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that gets a package with its digest for anything that works the digest out."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.name or not set(words(function.name)) & TAKES_IN or function.signature_only:
            continue
        stated, given = _given(function, _DIGESTS), _given(function, _BYTES)
        if stated is None or given is None or _base(stated) != _base(given):
            continue
        if _worked_out(module, function, given) or _sent_on(function):
            continue
        yield Match(
            stated,
            f"'{short(module.text_of(stated))}' is what the sender says the digest is, and "
            f"'{short(module.text_of(given))}' is never hashed: the bytes need not have anything to do with it.",
        )


def _given(function: Function, vocabulary: frozenset[str]) -> Expr | None:
    """Return where something with one of these names is read that the function was given."""
    for node in find(function.body, Member):
        if _is_named(node.name, vocabulary) and isinstance(node.object, Name) and not _is_called(node):
            bound = function.module.scopes.lookup(node.object.id, node.object)
            if any(isinstance(one, Param) and one.parent is function for one in bound):
                return node
    for name in find(function.body, Name):
        if _is_named(name.id, vocabulary) and not isinstance(name.parent, Member):
            bound = function.module.scopes.lookup(name.id, name)
            if any(isinstance(one, Param) and one.parent is function for one in bound):
                return name
    return None


def _is_named(name: str, vocabulary: frozenset[str]) -> bool:
    return name.lower() in vocabulary or bool(set(words(name)[-1:]) & vocabulary)


def _is_called(node: Member) -> bool:
    return isinstance(node.parent, Call) and node.parent.callee is node


def _base(expr: Expr) -> str:
    return expr.object.id if isinstance(expr, Member) and isinstance(expr.object, Name) else ""


def _worked_out(module: Module, function: Function, given: Expr) -> bool:
    """Tell whether a digest is made on the way, or the bytes are handed to something that verifies them."""
    name = getattr(given, "name", "") or getattr(given, "id", "")
    for one in reached(module, function, 2):
        for call in calls_in(one.body):
            said = {*words(call.name), call.name.lower()}
            if said & _HASHES and (call.receiver is not None or call.args):
                return True
            about = {*words(call.name)[:1]} & {"verify", "check", "assert", "ensure", "validate"}
            if about and any(_speaks_of(argument, name) for argument in (*call.args, *call.keywords.values())):
                return True
    return False


def _speaks_of(argument: Node, name: str) -> bool:
    return any(
        (isinstance(node, Member) and node.name == name) or (isinstance(node, Name) and node.id == name)
        for node in walk(argument)
    )


def _sent_on(function: Function) -> bool:
    """Tell whether a function is a client's: it only sends the package to a server."""
    return any(call.name in _SENDS for call in calls_in(function.body)) or bool(
        surroundings(function) & {"client", "cli"}
    )
