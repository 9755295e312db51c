"""REG046: a digest is of other bytes than those that are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Template,
    strip,
)
from reviewer.code.text.ideas import INSTALLS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, surroundings
from reviewer.experts.registry.verification import PACKAGES, comparisons, hashed, is_fetch, is_verification
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDENTITY: Final = frozenset("id name version manifest url path filename title key".split())
_BYTES: Final = frozenset("bytes payload content contents archive tarball blob buffer data zip package body".split())
_READ_WHOLE: Final = frozenset({"read_bytes", "readFileSync"})
_TAKES_IN: Final = frozenset("publish upload submit release add register store put deposit".split())


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
    yield from _recorded(module)
    yield from _fetched_twice(module)
    yield from _fetched_after(module)


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
    if isinstance(origin, Call) and origin.name in _READ_WHOLE:
        return _is_manifest_file(origin)
    if isinstance(origin, Call) and origin.name in ("stringify", "dumps") and origin.args:
        inner = strip(origin.args[0])
        named = isinstance(inner, Member) and set(last_words(inner)) <= {"id", "name", "version", "url"}
        return ("manifest" in last_words(inner) or named) and not isinstance(inner, Object)
    if isinstance(origin, Member):
        return bool(set(last_words(origin)) <= {"id", "name", "version", "url"} and last_words(origin))
    return False


def _is_manifest_file(read: Call) -> bool:
    """Tell whether what is read is the manifest of a package by its name, and no list of the digests of its files."""
    texts = [str(node.value).lower() for node in find(read, Literal) if isinstance(node.value, str)]
    said = {word for text in texts for word in words(text)} | {
        word for name in find(read, Name) for word in words(name.id)
    }
    document = any(text.endswith((".json", ".toml", ".yaml", ".yml")) for text in texts)
    return document and not said & {
        "lock",
        "integrity",
        "hashes",
        "digests",
        "sums",
        "record",
        "files",
        "index",
        "registry",
    }


def _fetched_twice(module: Module) -> Iterator[Match]:
    seen: dict[tuple[int, str], Call] = {}
    for call in module.all(Call):
        function = function_of(call)
        if function is None or not call.args or not is_fetch(module, call):
            continue
        key = (id(function), module.text_of(call))
        first = seen.setdefault(key, call)
        if first is call:
            continue
        verified = [check for check in find(function.body, Call) if is_verification(check) or hashed(module, check)]
        if not _of_packages(function) and not any(hashed(module, check) for check in verified):
            continue
        if any(inside(first, check) for check in verified) or _kept_for(module, first, verified):
            yield Match(
                call,
                "The package is fetched a second time here: what was verified is not what is used.",
                related=((first, "the bytes that were verified"),),
            )


def _of_packages(function: Function) -> bool:
    return bool(surroundings(function) & (PACKAGES | INSTALLS | {"load", "update"}))


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


def _recorded(module: Module) -> Iterator[Match]:
    """Find digests that a publication records with the bytes, and makes of their name or manifest."""
    for made in module.all(Assign):
        function = function_of(made)
        if function is None or made.value is None or not isinstance(made.target, Name):
            continue
        if not set(words(made.target.id)[-1:]) & DIGESTS or not set(words(function.name)) & _TAKES_IN:
            continue
        inputs = hashed(module, made.value)
        given = [param.name for param in function.params if set(words(param.name)) & _BYTES]
        if not inputs or not given or not _is_name_only(module, inputs[0]) or _hashes_more(module, function, made):
            continue
        yield Match(
            made,
            f"'{made.target.id}' is made of '{short(module.text_of(inputs[0]))}', and '{given[0]}' may be any bytes: "
            "whoever compares it finds nothing changed.",
        )


def _hashes_more(module: Module, function: Function, made: Assign) -> bool:
    """Tell whether a function makes another digest, which may be the one of the bytes."""
    return any(hashed(module, call) for call in find(function.body, Call) if not inside(call, made))


def _fetched_after(module: Module) -> Iterator[Match]:
    """Find packages that a function of the file fetches to verify them, and that its caller fetches once more."""
    for check in module.all(Call):
        function = function_of(check)
        target = definition(module, check.callee)
        if function is None or not isinstance(target, Function) or target.module is not module or target is function:
            continue
        first = _verified_inside(module, target)
        if first is None:
            continue
        wanted = _as_given(module, first, target, check)
        for call in find(function.body, Call):
            later = call.raw.start_byte > check.raw.end_byte and is_fetch(module, call) and bool(call.args)
            if later and module.text_of(call.args[0]) == wanted:
                yield Match(
                    call,
                    f"The package is fetched a second time here: what '{target.name}' verified is not what is used.",
                    related=((check, "the bytes that were verified"),),
                )
                break


def _verified_inside(module: Module, target: Function) -> Call | None:
    """Return the fetch of a function that verifies what it fetches and gives nothing of it back."""
    if not target.params or any(answer.value is not None for answer in returns_of(target)):
        return None
    if not any(inside(one.node, target) for one in comparisons(module)):
        return None
    return next((call for call in find(target.body, Call) if call.args and is_fetch(module, call)), None)


def _as_given(module: Module, fetch: Call, target: Function, check: Call) -> str:
    """Return what a function fetches in the words of its caller: ``entry.url`` of ``verify(entry)``."""
    inner = strip(fetch.args[0])
    text = module.text_of(inner)
    root = inner
    while isinstance(root, Member | Index):
        root = strip(root.object)
    for place, param in enumerate(target.params):
        given = check.arg(place, param.name)
        if isinstance(root, Name) and root.id == param.name and given is not None:
            return module.text_of(given) + text[len(param.name) :]
    return ""
