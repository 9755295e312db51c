"""PAT029: a plugin lists which of its commands are pure, and the host keeps the answers of them all."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Expr
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
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

_PURE: Final = frozenset("pure deterministic cacheable memoizable idempotent".split())
_LISTS: Final = frozenset("set frozenset list tuple sequence readonlyset readonlyarray array collection".split())
_VERBS: Final = frozenset("verb command cmd action method operation op query call name task function request".split())
"""Words of a parameter that says which command is run."""
_MOST: Final = 20
"""Lists of one file that are looked at."""


class _Listed(Fact, frozen=True):
    """The lists of pure commands that the contracts of a module have."""

    lists: tuple[tuple[str, Location], ...]


def _listed(_inquiry: Inquiry, module: Module) -> _Listed | None:
    found = tuple(islice(_lists(module), _MOST))
    return _Listed(found) if found else None


_LISTED: Final = Drawn("pure-names", _listed, _Listed, (), tests=False)


def _lists(module: Module) -> Iterator[tuple[str, Location]]:
    if not module.words & _PURE:
        return
    for cls in module.all(Class):
        if cls.methods or (cls.kind == "class" and not (cls.decorators or is_contract(cls))):
            continue
        for field in cls.fields:
            kind = field.type.strip()
            if set(words(field.name)) & _PURE and (kind.endswith("[]") or set(words(kind.partition("<")[0])) & _LISTS):
                yield field.name, locate(module, field)


@subject_check("PAT029")
def pure_names_unread(inquiry: Inquiry) -> Iterator[Match]:
    """Look for a list of pure commands that nobody reads, and for answers that are kept whichever command gave them."""
    for listed in _LISTED.of(inquiry):
        for name, place in listed.lists:
            if is_read(inquiry, name):
                continue
            for kept, holder in _kept(inquiry):
                yield Match(
                    kept,
                    f"The answer is kept in '{holder}' whichever command gave it: '{name}' lists those whose answers "
                    "may be kept, and nothing reads it. What does something is not done a second time.",
                    related=((place, f"'{name}' is declared here"),),
                    fix=f"Keep an answer only where '{name}' has the command.",
                )
                return


def _kept(inquiry: Inquiry) -> Iterator[tuple[Location, str]]:
    """Yield where answers of commands are first asked for, and in what they are kept."""

    def first(module: Module) -> tuple[Location, str] | None:
        known = (memo for memo in memos(inquiry, module) if memo.reads and not keeps_instances(memo))
        kept = next((memo for memo in known if _answers_command(memo)), None)
        return (locate(module, first_asked(kept)), kept.name) if kept is not None else None

    found = inquiry.project.answers("patterns.answers of commands kept", first, tests=False)
    return (one for one in found if one is not None)


def _answers_command(memo: Memo) -> bool:
    """Tell whether a function that keeps a result is told the name of the command that it runs, and hands it on."""
    verbs = {param.name for param in memo.function.params if set(words(param.name)) & _VERBS}
    asked = (call for call in find(memo.function.body, Call) if call is not memo.node)
    return bool(verbs & _key_names(memo)) and any(verbs & names_in(call.args) for call in asked)


def _key_names(memo: Memo) -> set[str]:
    """Return the names that a key is made of, also where a line before makes it."""
    made = memo.function.module.scopes.origin(memo.key)
    return names_in(memo.key) | (names_in(made) if isinstance(made, Expr) else set())
