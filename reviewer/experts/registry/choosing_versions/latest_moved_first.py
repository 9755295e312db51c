"""REG023: the pointer to the latest version is moved before the version is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Assign, Await, Call, Expr, Index, Literal, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_POINTERS: Final = frozenset("latest newest current head default stable".split())
_SETS: Final = frozenset({"set", "put", "hset", "update", "setLatest", "set_latest", "move", "point"})
_WRITES_FILE: Final = frozenset({"write_text", "write_bytes", "writeFile", "writeFileSync", "symlink", "symlink_to"})
_STORES: Final = frozenset(
    "write put upload store save persist copy publish extract unpack download fetch push insert add".split()
)
_BYTES: Final = frozenset(
    "bytes package archive tarball bundle artifact blob buffer content file files data body payload zip tgz "
    "wheel".split()
)


@module_check("REG023", words=_POINTERS)
def latest_moved_first(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find pointers that name a version whose bytes are stored later in the same function."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for node in (*module.all(Assign), *module.all(Call)):
        function = function_of(node)
        if function is None or id(function) in spoken or not (_moves(node) or _writes_pointer(module, node)):
            continue
        stored = _stored_later(node, function)
        if stored is not None:
            spoken.add(id(function))
            yield Match(
                node,
                f"'{module.text_of(node)[:50]}' names the version before line {stored.line} has stored it: who asks in "
                "between, or after a failure, is sent to a version that is not there.",
                related=((stored, "the version is stored here"),),
                confidence=None
                if isinstance(stored.parent, Await) or module.language == "python"
                else Confidence.POSSIBLE,
            )


def _moves(node: Node) -> bool:
    """Tell whether a node points something called latest at a version."""
    if isinstance(node, Assign):
        target = node.target
        named = isinstance(target, Member) or (isinstance(target, Index) and not isinstance(target.key, Literal))
        words_of = set(last_words(target if isinstance(target, Member) else getattr(target, "object", None)))
        if isinstance(target, Index) and isinstance(target.key, Literal):
            named, words_of = True, set(words(str(target.key.value)))
        return named and bool(words_of & {"latest", "newest", "head"}) and _is_version(node.value)
    if isinstance(node, Call):
        if {"set", "latest"} <= set(words(node.name)) or {"update", "latest"} <= set(words(node.name)):
            return bool(node.args)
        receiver = node.receiver
        if node.name in _SETS and receiver is not None and set(last_words(receiver)) & {"latest", "newest", "heads"}:
            return any(_is_version(arg) for arg in node.args)
    return False


def _writes_pointer(module: Module, node: Node) -> bool:
    """Tell whether a call writes a version into a file whose name says latest: ``latest.json``."""
    if not isinstance(node, Call) or node.name not in _WRITES_FILE:
        return False
    held = node.receiver if node.name.startswith("write_") else node.arg(0)
    path = module.scopes.origin(held) if held is not None else None
    said = said_in(path) if isinstance(path, Expr) else set()
    return bool(said & {"latest", "newest"}) and any(_is_version(arg) for arg in node.args)


def _is_version(expr: Expr | None) -> bool:
    return (
        expr is not None
        and not isinstance(strip(expr), Literal)
        and bool(said_in(expr) & {"version", "release", "entry"})
    )


def _stored_later(node: Node, function: Function) -> Call | None:
    later = {id(one) for one in after(node)}
    for call in find(function.body, Call):
        if id(call) not in later:
            continue
        name = set(words(call.name))
        said = name | {word for arg in call.args for word in said_in(arg)}
        if name & _STORES and said & _BYTES and not name & {"log", "index", "audit"}:
            return call
    return None
