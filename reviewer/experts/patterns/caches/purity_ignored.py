"""PAT029: those who are called say whether their results may be kept, and the host keeps them all."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Call,
    Class,
    Expr,
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import find
from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.given_classes import is_contract
from reviewer.experts.patterns.flags import first_asked, is_read
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import keeps_instances
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo

_FLAGS: Final = frozenset({"pure", "deterministic", "cacheable", "idempotent", "volatile", "impure", "memoizable"})
"""What a contract calls it, whoever fills it."""
_TRUTH: Final = frozenset({"bool", "boolean", "true", "false"})
_LISTS: Final = (
    "readonlyset<",
    "set<",
    "set[",
    "frozenset[",
    "readonlyarray<",
    "array<",
    "string[]",
)
"""Beginnings of types of a flag that names the commands which it holds for."""
_PLAIN: Final = _TRUTH | frozenset(
    "string str number int float path date datetime url bytes any unknown object".split()
)
"""Types of members that nobody calls."""
_MOST: Final = 60
"""Flags of one file that are looked at."""


@subject_check("PAT029")
def purity_ignored(inquiry: Inquiry) -> Iterator[Match]:
    """Look for a flag of what is registered that nobody reads, and for results that are kept of those who carry it."""
    told: set[Location] = set()
    for flags in _FLAGGED.of(inquiry):
        for name, offered, place in flags.flags:
            if is_read(inquiry, name):
                continue
            kept = next((one for one in _kept(inquiry, offered) if one is not None), None)
            if kept is None or kept[0] in told:
                continue
            told.add(kept[0])
            yield Match(
                kept[0],
                f"The result is kept in '{kept[1]}' whoever gave it: '{name}' says whether that may be done, and "
                "nothing reads it.",
                related=((place, f"'{name}' is declared here"),),
                fix=f"Keep a result only where '{name}' says that it stays the same.",
            )


def _kept(inquiry: Inquiry, offered: frozenset[str]) -> Iterator[tuple[Location, str] | None]:
    """Yield for each file where a result is first asked for that was got from those who carry a flag, and its store."""

    def first(module: Module) -> tuple[Location, str] | None:
        known = (memo for memo in memos(inquiry, module) if memo.reads and not keeps_instances(memo))
        kept = next((memo for memo in known if _of_them(memo, offered)), None)
        return (locate(module, first_asked(kept)), kept.name) if kept is not None else None

    question = f"patterns.results kept of {' '.join(sorted(offered))}"
    return inquiry.project.answers(question, first, naming=offered, tests=False)


class _Flagged(Fact, frozen=True):
    """The flags that a module declares."""

    flags: tuple[tuple[str, frozenset[str], Location], ...]
    """Flag, names of what its owner offers to be called, place."""


def _flagged(_inquiry: Inquiry, module: Module) -> _Flagged | None:
    flags = tuple(islice(chain(_flags(module), _entered(module)), _MOST))
    return _Flagged(flags) if flags else None


_FLAGGED: Final = Drawn("flags", _flagged, _Flagged, (), tests=False)


def _flags(module: Module) -> Iterator[tuple[str, frozenset[str], Location]]:
    """Yield the flags of contracts and of records that hold what is called."""
    for cls in module.all(Class):
        if cls.kind == "class" and not (cls.decorators or is_contract(cls) or _is_tuple(module, cls)):
            continue
        for flag in cls.fields:
            said = flag.type.strip().lower().removeprefix("readonly ")
            lists = flag.name in _FLAGS and said.startswith(_LISTS)  # which of its commands are so
            if not lists and (said not in _TRUTH or (cls.methods and flag.name not in _FLAGS)):
                continue
            offered = frozenset(method.name for method in cls.methods) | {
                one.name for one in cls.fields if one.type.strip() and one.type.strip().lower() not in _PLAIN
            }
            if offered:
                yield flag.name, offered, locate(module, flag)


def _is_tuple(module: Module, cls: Class) -> bool:
    return any(module.text_of(base).rsplit(".", 1)[-1] == "NamedTuple" for base in cls.bases)


def _entered(module: Module) -> Iterator[tuple[str, frozenset[str], Location]]:
    """Yield the options that a registration takes and keeps: ``(name, act, { cacheable = false } = {}) => …``."""
    for table in tables(module):
        for access in table.of("write") if table.kind == "map" else ():
            made = strip(access.value) if access.value is not None else None
            if not isinstance(made, Object) or access.function is None:
                continue
            entries = [(str(key.value), value) for key, value in made.entries if isinstance(key, Literal)]
            given = [key for key, value in entries if _param(module, value) is not None]
            for key, value in entries:
                if _is_option(module, value) and (offered := frozenset(given) - {key}):
                    yield key, offered, locate(module, value)


def _param(module: Module, value: Expr) -> Param | None:
    name = strip(value)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    return bound[0] if len(bound) == 1 and isinstance(bound[0], Param) else None


def _is_option(module: Module, value: Expr) -> bool:
    """Tell whether a value is what a caller may say yes or no to: it is one of them where he says nothing."""
    param, name = _param(module, value), strip(value)
    if param is None or not isinstance(name, Name):
        return False
    if param.type.strip().lower() in _TRUTH:
        return True
    text = module.text_of(param)
    return any(f"{name.id} = {yes}" in text or f"{name.id}={yes}" in text for yes in ("false", "true", "False", "True"))


def _of_them(memo: Memo, offered: frozenset[str]) -> bool:
    """Tell whether the function that keeps a result gets it from one of those who carry the flag."""
    return any(
        call.name in offered and isinstance(call.callee, Member) and not is_this_member(call.callee)
        for call in find(memo.function.body, Call)
    )
