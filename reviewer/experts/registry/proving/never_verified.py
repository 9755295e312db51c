"""REG047: a package is downloaded and unpacked, stored or run, and nothing verifies it on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, strip
from reviewer.code.text.ideas import INSTALLS, PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.verification import PACKAGES, SIGNED, compares, is_fetch, is_load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOOKS: Final = SIGNED | frozenset(
    "verify verifies verified verification validate createhash hashlib ssri cosign sigstore gpg pgp minisign".split()
)
_HASHES: Final = frozenset("createhash hashlib hexdigest digest".split())
"""Words of code that makes a digest, whatever becomes of it."""
_BYTES: Final = frozenset(
    "array buffer blob content bytes body stream pipe pipeline chunk chunks write read raw data urlretrieve zip "
    "archive tarball text code source".split()
)
_STORES: Final = frozenset(
    "writeFile writeFileSync write_bytes createWriteStream outputFile copyfileobj urlretrieve write save put "
    "store".split()
)
_INSTALLS: Final = INSTALLS | frozenset("add update upgrade fetch download get load".split())
_PLAINLY: Final = PLAIN_GUESTS | frozenset("package packages bundle tarball".split())
_LISTS: Final = frozenset(
    "index catalog catalogue list listing search metadata info feed manifest manifests json".split()
)


@module_check("REG047", words=PACKAGES)
def never_verified(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find downloads of packages that are used as they come."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for call in module.all(Call):
        function = _outer(call)
        if function is None or id(function) in spoken or not is_fetch(module, call) or _is_own(module, call):
            continue
        if not _is_package(call, function):
            continue
        use = _use(module, function, call)
        if use is None:
            continue
        recorded = _only_recorded(module, function)
        if (_looked_at(module, function) and not recorded) or _gives_digest(function):
            continue
        spoken.add(id(function))
        yield Match(
            call,
            f"What '{call.name}' brings goes to '{use.name}' on line {use.line}, and no line verifies a digest or a "
            "signature.",
            related=((use, "the package is used here"),),
            confidence=Confidence.POSSIBLE
            if (_LOOKS & module.words and not recorded) or _only_downloads(call, function)
            else None,
        )


def _only_recorded(module: Module, function: Function) -> bool:
    """Tell whether a digest of the package is made only to be written down."""
    said = said_in(function.body)
    return bool(said & _HASHES) and not said & (_LOOKS - _HASHES - SIGNED) and not compares(module)


def _gives_digest(function: Function) -> bool:
    """Tell whether a function answers with the digest of what it brought, for its caller to compare."""
    return any(
        isinstance(value := strip(answer.value) if answer.value is not None else None, Call)
        and value.name in ("digest", "hexdigest")
        for answer in returns_of(function)
    )


def _outer(call: Call) -> Function | None:
    function = function_of(call)
    while function is not None and function.outer is not None and (function.kind == "arrow" or not function.name):
        function = function.outer
    return function


def _is_own(module: Module, call: Call) -> bool:
    """Tell whether the fetch is a function of the subject, which is judged where it fetches or by who calls it."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and bool(_LOOKS & said_in(target))


def _is_package(call: Call, function: Function) -> bool:
    around = (surroundings(function) - _of_a_guest(function)) | said_in([*call.args])
    for param in function.params:
        around.update(words(param.name), words(param.type))
    name = set(words(function.name))
    said = said_in(function.body)
    if name & _LISTS or not (around & PACKAGES or (name & _INSTALLS and said & _PLAINLY)):
        return False
    return bool(said & _BYTES) and not (
        "json" in said and not said & {"array", "buffer", "blob", "bytes", "content", "stream"}
    )


def _of_a_guest(function: Function) -> set[str]:
    """Return the words of a class that is a plugin itself, ``EmbedArtPlugin``: what it brings is none for that."""
    cls = class_of(function)
    said = words(cls.name) if cls is not None else ()
    return set(said) if said[-1:] and said[-1] in PLAIN_GUESTS else set()


def _only_downloads(call: Call, function: Function) -> bool:
    """Tell whether a function is one for downloads of any kind, whose callers know what they fetch."""
    around = surroundings(function) | said_in([*call.args, *function.body])
    return not around & _PLAINLY


def _use(module: Module, function: Function, fetched: Call) -> Call | None:
    """Return the call after the fetch that stores, unpacks or runs a package."""
    for call in find(function.body, Call):
        if call.raw.start_byte < fetched.raw.start_byte or call is fetched:
            continue
        name = set(words(call.name))
        if call.name in _STORES and not name & {"log", "stdout"} and call.args:
            return call
        if is_load(module, call) or (name & {"extract", "unpack", "unzip", "untar", "extractall"}):
            return call
    return None


def _looked_at(module: Module, function: Function) -> bool:
    """Tell whether the function, what it calls, or what calls it speaks of digests or signatures."""
    if any(_LOOKS & (said_in(one) | set(words(one.name))) for one in reached(module, function)):
        return True
    if not function.name:
        return False
    for call in module.calls((function.name,)):
        caller = _outer(call)
        if caller is not None and caller is not function and _LOOKS & said_in(caller):
            return True
    return False
