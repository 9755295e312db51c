"""REG052: archives that are unpacked however large they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Throw,
    strip,
)
from reviewer.code.walk import calls_in, find, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.packages.archive_words import (
    ARCHIVES,
    outermost,
)
from reviewer.experts.registry.packages.limited_before import limited_by_callers
from reviewer.experts.registry.verification import is_fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TAR: Final = ("extractall", "unpack_archive")
_BOMBS: Final = (
    "gunzipSync",
    "inflateSync",
    "unzipSync",
    "brotliDecompressSync",
    "inflateRawSync",
    "gunzip",
    "inflate",
)
_LIMITS: Final = frozenset(
    "size sizes limit limits max maximum cap capped budget quota total written filesize ratio maxoutputlength "
    "toobig toolarge uncompressedsize bytesize most largest biggest".split()
)
_OWN_SIZES: Final = frozenset({"file_size", "size", "uncompressedSize", "originalSize"})
"""Members in which an entry says how large it is."""
_SAID_BY_ENTRY: Final = frozenset("size filesize uncompressedsize".split())
_MANY: Final = frozenset("members entries files infos names infolist namelist getmembers items".split())
"""Words of all that an archive holds."""


@module_check("REG052", words=ARCHIVES)
def unpacked_without_limit(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find unpacking in functions that know no size, count or limit."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for call in module.all(Call):
        if not _unpacks(module, call):
            continue
        outer = outermost(call)
        if outer is None or id(outer) in spoken:
            continue
        said = said_in(outer) | {word for one in reached(module, outer, 1) for word in said_in(one)}
        spoken.add(id(outer))
        limits = _LIMITS - _SAID_BY_ENTRY if _holds_to_what_it_says(module, outer) else _LIMITS
        unlimited = not said & limits or _only_counts(module, outer)
        if unlimited and not limited_by_callers(module, outer, _LIMITS):
            yield Match(
                call,
                f"'{call.name}' unpacks whatever the archive holds: a few kilobytes can become gigabytes on the disk.",
                confidence=Confidence.LIKELY if _fetches(module, outer) or _refuses_some(call) else Confidence.POSSIBLE,
            )


def _holds_to_what_it_says(module: Module, function: Function) -> bool:
    """Tell whether entries are held to the size that each says of itself, and none of these to any bound."""
    near = [function, *reached(module, function, 1)]
    if not any(one.name in _OWN_SIZES for each in near for one in find(each.body, Member)):
        return False
    compared = [one for each in near for one in find(each.body, Binary) if one.op in ("<", "<=", ">", ">=")]
    return bool(compared) and not any(_is_bound(module, side) for one in compared for side in (one.left, one.right))


def _only_counts(module: Module, function: Function) -> bool:
    """Tell whether all that is held against a limit is how many entries there are, and nothing is read up to a size."""
    near = [function, *reached(module, function, 1)]
    compared = [one for each in near for one in find(each.body, Binary) if one.op in ("<", "<=", ">", ">=")]
    counts = [one for one in compared if any(_is_count(side) for side in (one.left, one.right))]
    read = any(call.name == "read" and call.args for each in near for call in find(each.body, Call))
    return bool(counts) and len(counts) == len(compared) and not read


def _is_count(side: Expr) -> bool:
    side = strip(side)
    counted = side.args[0] if isinstance(side, Call) and side.name == "len" and len(side.args) == 1 else None
    counted = side.object if isinstance(side, Member) and side.name == "length" else counted
    return counted is not None and bool(set(last_words(counted)) & _MANY)


def _is_bound(module: Module, side: Expr) -> bool:
    """Tell whether a side of a comparison may be a limit: a number, a constant, a setting or what is handed in."""
    bound = module.scopes.lookup(side.id, side) if isinstance(side, Name) else []
    made = [side, *(one.value for one in bound if isinstance(one, Assign) and one.value is not None)]
    if any(isinstance(one, Param) for one in bound):
        return True
    return any(
        (isinstance(part, Name) and part.id.isupper())
        or (isinstance(part, Member) and part.name not in _OWN_SIZES)
        or (isinstance(part, Literal) and isinstance(part.value, int | float) and part.value > 0)
        for part in walk(made, into_functions=False)
    )


def _refuses_some(call: Call) -> bool:
    """Tell whether members are refused where they are read one by one: whoever does so takes archives of strangers."""
    loop = enclosing_loop(call)
    return loop is not None and next(find(loop.body, Throw, into_functions=False), None) is not None


def _fetches(module: Module, function: Function) -> bool:
    """Tell whether the function that unpacks has brought the archive over the network itself."""
    return any(is_fetch(module, one) for one in calls_in(function.body))


def _promised(module: Module, call: Call) -> str:
    """Return what a function stands for that was made with ``promisify``, or an empty string."""
    made = module.scopes.origin(call.callee)
    return module.resolve(made.args[0]) if isinstance(made, Call) and made.name == "promisify" and made.args else ""


def _unpacks(module: Module, call: Call) -> bool:
    name = _promised(module, call) or module.resolve(call.callee)
    if call.name in _TAR or (call.name == "extractAllTo"):
        return True
    typed = declared_type(module, call.receiver) if call.name in ("read", "open") and call.receiver is not None else ""
    if call.name in ("read", "open") and (name.startswith("zipfile.ZipFile") or typed.endswith("ZipFile")):
        return enclosing_loop(call) is not None and bool(call.args) and not isinstance(call.args[0], Literal)
    if (call.name in _BOMBS or name.rsplit(".", 1)[-1] in _BOMBS) and (
        name.startswith("zlib.") or call.name.endswith("Sync")
    ):
        options = call.arg(1)
        return not (isinstance(options, Object) and options.get("maxOutputLength") is not None)
    return name.startswith(("tar.", "unzipper.", "extract-zip", "decompress")) and call.name in (
        "x",
        "extract",
        "Extract",
    )
