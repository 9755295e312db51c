"""REG601: what is to be installed is held against the version in the lock, and not against its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Class, Expr, If, Index, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_LOCKS: Final = frozenset({"lock", "locked", "lockfile", "pin", "pinned", "pins", "lockentry"})
_DIGESTS: Final = frozenset(
    {"digest", "integrity", "sha256", "sha512", "sha384", "checksum", "hash", "fingerprint", "sha"}
)


@module_check("REG601", words={"lock", "locked", "lockfile", "pinned", "pin"})
def lock_version_alone(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison with a locked version for one with the locked digest, here or elsewhere."""
    if module.is_test:
        return
    for test in module.all(Binary):
        locked = _locked_version(module, test)
        if locked is None or not _decides(test) or _is_handed_on(module, locked):
            continue
        if not _keeps_digests(inquiry, module) or _reads_digest(inquiry):
            continue
        yield Match(
            test,
            f"Of '{short(module.text_of(locked))}' only the version counts, and the digest that the lock keeps is read "
            "nowhere: whoever offers other bytes under the same version gets them installed.",
        )
        break


def _locked_version(module: Module, test: Binary) -> Expr | None:
    """Return the entry of a lock whose version is compared with another one."""
    if test.op not in ("==", "!="):
        return None
    sides = [_version_of(side) for side in (test.left, test.right)]
    if sides[0] is None or sides[1] is None:
        return None
    return next((side for side in sides if side is not None and _is_of_lock(module, side)), None)


def _version_of(side: Expr) -> Expr | None:
    """Return what the version of is read."""
    side = strip(side)
    if isinstance(side, Member) and side.name == "version":
        return side.object
    if isinstance(side, Index) and isinstance(side.key, Literal) and side.key.value == "version":
        return side.object
    return None


def _is_of_lock(module: Module, held: Expr) -> bool:
    """Tell whether a value is an entry of a lock, by its own name or by where it comes from."""
    held = strip(held)
    origin = module.scopes.origin(held)
    said = set(words(module.text_of(held)))
    if isinstance(origin, Expr):
        said |= set(words(module.text_of(origin)[:200]))
    elif isinstance(origin, Param):
        said |= set(words(origin.name))
    return bool(said & _LOCKS)


def _decides(test: Binary) -> bool:
    """Tell whether something is refused where the versions differ."""
    around = next((one for one in ancestors(test) if isinstance(one, If)), None)
    return around is not None and (exits(around.body) or exits(around.orelse))


def _is_handed_on(module: Module, locked: Expr) -> bool:
    """Tell whether the entry of the lock goes to a function, which may look at its digest."""
    function, name = function_of(locked), strip(locked)
    return isinstance(name, Name) and any(
        isinstance(strip(arg), Name) and getattr(strip(arg), "id", "") == name.id
        for call in module.all(Call)
        if function_of(call) is function
        for arg in (*call.args, *call.keywords.values())
    )


def _keeps_digests(inquiry: Inquiry, module: Module) -> bool:
    """Tell whether an entry of a lock has a digest: by a type of the subject, or by what writes one."""

    def told(one: Module) -> bool:
        for cls in one.all(Class):
            if set(words(cls.name)) & _LOCKS and any(set(words(field.name)) & _DIGESTS for field in cls.fields):
                return True
        for made in one.all(Object):
            keys = {word for key in made.keys for word in words(key)}
            function = function_of(made)
            if "version" in keys and keys & _DIGESTS and function is not None and set(words(function.name)) & _LOCKS:
                return True
        return False

    return told(module) or inquiry.project.once(
        "registry.locks keep digests",
        lambda: any(inquiry.project.answers("registry.locks keep digests", told, _LOCKS, tests=False)),
    )


def _reads_digest(inquiry: Inquiry) -> bool:
    """Tell whether a line of the subject reads the digest of an entry of a lock."""

    def reads(one: Module) -> bool:
        for part in one.some(Member, Index):
            if _names_digest(part) and isinstance(part, Member | Index) and _is_of_lock(one, part.object):
                return True
        patterns = (param for function in one.functions for param in function.params if param.fields)
        return any(set(one.fields) & _DIGESTS and set(words(one.type)) & _LOCKS for one in patterns)

    return inquiry.project.once(
        "registry.digests of locks are read",
        lambda: any(inquiry.project.answers("registry.digests of locks are read", reads, _LOCKS, tests=False)),
    )


def _names_digest(part: Node) -> bool:
    if isinstance(part, Member):
        return bool(set(words(part.name)) & _DIGESTS)
    return isinstance(part, Index) and isinstance(part.key, Literal) and part.key.value in _DIGESTS
