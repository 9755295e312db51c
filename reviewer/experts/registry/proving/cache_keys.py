"""REG080: a downloaded package that is kept under its name or version instead of its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Binary, Call, Expr, Function, Member, Name, Template, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.registry.verification import SIGNED, compares, is_fetch, is_verification

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CACHE: Final = frozenset("cache cached caches cachedir downloads downloaded".split())
_BYTES: Final = PLAIN_GUESTS | frozenset(
    "package packages archive archives tarball tgz bundle artifact artifacts wheel zip release releases "
    "skill skills theme themes widget widgets mod mods pack packs".split()
)
_NAMES: Final = frozenset("id name version slug url ref tag branch commit plugin".split())
_DIGEST: Final = SIGNED | {"sri", "etag"}
_LOOKS: Final = frozenset(
    {"exists", "existsSync", "access", "stat", "is_file", "has", "isfile", "statSync", "accessSync"}
)


@module_check("REG080", words=_CACHE | _BYTES)
def package_cached_by_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find caches of packages, in memory and in files, whose key is no digest."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind == "set" or not set(words(table.name)) & (_CACHE | _BYTES):
            continue  # a set only notes that something was done
        for access in table.of("write"):
            function = access.function
            if access.key is None or function is None or not _fetches(module, function, set(words(table.name))):
                continue
            if _by_name(module, access.key) and not _verified(function):
                yield Match(access.node, _message(module, access.key))
                break
    for call in module.all(Call):
        function = function_of(call)
        if function is None or call.name not in ("join", "resolve", "joinpath") or not call.args:
            continue
        about = said_in([*call.args[:-1], *([call.receiver] if call.receiver is not None else [])])
        if (about | surroundings(function)) & _CACHE:
            yield from _file(module, call, call.args[-1], function)
    if module.language == "python":
        for node in module.all(Binary):
            function = function_of(node)
            if isinstance(node.parent, Binary) and node.parent.op == "/" and node.parent.left is node:
                continue
            if node.op == "/" and function is not None and said_in(node.left) & _CACHE:
                yield from _file(module, node, node.right, function)


def _file(module: Module, node: Expr, name: Expr, function: Function) -> Iterator[Match]:
    looks = any(call.name in _LOOKS or _tries_to_read(call) for call in find(function.body, Call))
    if looks and _by_name(module, name) and _fetches(module, function, said_in(node)) and not _verified(function):
        yield Match(node, _message(module, name))


def _tries_to_read(call: Call) -> bool:
    """Tell whether a file is read where it may be missing: ``readFile`` in a ``try``, or with a ``catch`` behind it."""
    if call.name not in ("readFile", "readFileSync", "read_bytes"):
        return False
    after = call.parent
    return guarding_try(call) is not None or (isinstance(after, Member) and after.name == "catch")


def _message(module: Module, key: Expr) -> str:
    return (
        f"The package is kept under '{module.text_of(key)[:60]}': after a change under the same name the old bytes, or "
        "somebody else's, are taken for it."
    )


def _by_name(module: Module, key: Expr) -> bool:
    """Tell whether a key is made of names and versions, and of no digest."""
    origin = module.scopes.origin(key)
    found: set[str] = set()
    for expr in (key, origin):
        if isinstance(expr, Expr):
            for node in find(strip(expr), Member):
                found.update(words(node.name))
            for name in find(strip(expr), Name):
                found.update(words(name.id))
            if isinstance(strip(expr), Template | Binary | Call):
                found.update(said_in(expr))
    return bool(found & _NAMES) and not found & _DIGEST


def _fetches(module: Module, function: Function, about: set[str]) -> bool:
    around = surroundings(function)
    for param in function.params:
        around.update(words(param.name), words(param.type))
    return bool((around | about) & _BYTES) and any(is_fetch(module, call) for call in find(function.body, Call))


def _verified(function: Function) -> bool:
    """Tell whether what is kept is verified whatever its name is: in the same function, or by all that call it."""
    module = function.module
    callers = [function_of(call) for call in module.calls((function.name,))] if function.name else []
    if callers and all(one is not None and any(map(is_verification, find(one.body, Call))) for one in callers):
        return True
    if not compares(function.module):
        return bool(said_in(function.body) & {"verify", "verified", "signature", "integrity", "ssri"})
    return bool(said_in(function.body) & (_DIGEST | {"verify"}))
