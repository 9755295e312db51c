"""PAT029: those who are called say whether their results may be kept, and the host keeps them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Class, Field, Index, Literal, Member, Name, Node
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.paths import last_words
from reviewer.experts.patterns.memos import memos
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo

_FLAGS: Final = frozenset({"pure", "deterministic", "cacheable", "idempotent", "volatile", "impure", "memoizable"})
_TRUTH: Final = frozenset({"bool", "boolean", "true", "false"})


@subject_check("PAT029")
def purity_ignored(inquiry: Inquiry) -> Iterator[Match]:
    """Look for a flag of the contract that nobody reads, and for results that are kept of those who carry it."""
    drawn = list(_FLAGGED.of(inquiry))
    read = frozenset[str]().union(*(one.read for one in drawn))
    for name, offered, said, place in (flag for one in drawn for flag in one.flags):
        if name in read:
            continue
        for module in inquiry.project.modules(naming=offered, tests=False):
            kept = next((memo for memo in memos(inquiry, module) if memo.reads and _of_them(memo, offered, said)), None)
            if kept is not None:
                yield Match(
                    locate(module, kept.node),
                    f"The result is kept in '{kept.name}' whoever gave it: '{name}' says in the contract whether that "
                    "may be done, and nothing reads it.",
                    related=((place, f"'{name}' is declared here"),),
                    fix=f"Keep a result only where '{name}' says that it stays the same.",
                )
                break


class _Flagged(Fact, frozen=True):
    """What a module says about flags: those that it declares, and those that it reads."""

    flags: tuple[tuple[str, frozenset[str], frozenset[str], Location], ...]
    """Flag, names of what its owner offers to be called, words of its owner, place."""
    read: frozenset[str]


def _flagged(_inquiry: Inquiry, module: Module) -> _Flagged:
    return _Flagged(tuple(_flags(module)), frozenset(_read(module)))


_FLAGGED: Final = Drawn("flags", _flagged, _Flagged, _FLAGS, tests=False)


def _flags(module: Module) -> Iterator[tuple[str, frozenset[str], frozenset[str], Location]]:
    for cls in module.all(Class):
        for flag in cls.fields:
            if flag.name in _FLAGS and flag.type.strip().lower() in _TRUTH:
                offered = frozenset(method.name for method in cls.methods) | {
                    one.name for one in cls.fields if "=>" in one.type or "Callable" in one.type
                }
                if offered:
                    yield flag.name, offered, frozenset(words(cls.name)), locate(module, flag)


def _read(module: Module) -> Iterator[str]:
    """Yield the flags that a module reads, as a member or under their name."""
    for node in module.some(Member, Index, Call, Name):
        key: Node | None = None
        if isinstance(node, Member):
            written = isinstance(node.parent, Assign) and node.parent.target is node
            if node.name in _FLAGS and not written:
                yield node.name
        elif isinstance(node, Index):
            key = node.key
        elif isinstance(node, Call) and node.name in ("get", "getattr") and node.args:
            key = node.args[-1] if node.name == "get" and len(node.args) == 1 else node.args[min(1, len(node.args) - 1)]
        elif isinstance(node, Name) and node.id in _FLAGS and not isinstance(node.parent, Field):
            yield node.id
        if isinstance(key, Literal) and key.value in _FLAGS:
            yield str(key.value)


def _of_them(memo: Memo, offered: frozenset[str], said: frozenset[str]) -> bool:
    """Tell whether the function that keeps a result gets it from one of those who carry the flag."""
    return any(
        call.name in offered and bool(set(last_words(call.receiver)) & said) for call in find(memo.function.body, Call)
    )
