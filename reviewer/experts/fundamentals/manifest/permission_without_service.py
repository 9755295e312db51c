"""FUN018: a permission that can be asked for and granted, and that opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Call,
    Comprehension,
    Expr,
    For,
    Index,
    Literal,
    Node,
    Object,
    strip,
)
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.fundamentals.refusing import guards_of, told_in
from reviewer.experts.listed_rights import (
    Listed,
    is_plain,
    is_spoken,
    lists_in,
    others_in,
    sentences_in,
    spoken_in,
    type_texts,
    types_in,
)
from reviewer.experts.security.deciding.rights_checked import checked_lists
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_ASKED: Final = 2
"""Texts of a list that are told to what refuses, by which it is a list of permissions."""


class _Lists(Fact, frozen=True):
    """The lists of permissions of one file, and whether services are picked by the names in one of them."""

    lists: tuple[Listed, ...]
    dynamic: bool
    sentences: tuple[Listed, ...] = ()
    """Tables that put permissions into words, which are a list where there is no other."""
    types: tuple[Listed, ...] = ()
    """Types that list the texts that a permission may be."""
    others: tuple[Listed, ...] = ()
    """Constants that list texts under a name that says nothing of permissions."""
    guards: tuple[str, ...] = ()
    """Functions that refuse by what somebody was granted."""
    told: tuple[tuple[str, str], ...] = ()
    """Functions that are called with a text, each with the text."""
    checked: tuple[str, ...] = ()
    """Lists of whose members it is asked whether somebody may."""


@subject_check("FUN018")
def permission_without_service(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the lists of permissions against all that the code speaks of."""
    if inquiry.subject.kind != "host":
        return
    drawn = list(_LISTS.of(inquiry))
    lists = [listed for one in drawn for listed in one.lists]
    lists = lists or [listed for one in drawn for listed in one.sentences] or _asked_of(drawn)
    lists = lists or [listed for one in drawn for listed in one.types]
    same = {frozenset(one.names) for one in lists}  # a schema may repeat what a constant lists
    if len(same) != 1 or any(one.dynamic for one in drawn):
        return
    listed = lists[0]
    spoken = _spoken(inquiry, {one.at for one in lists})
    called = dict(zip(listed.names, listed.called, strict=False))
    idle = [
        name
        for name in listed.names
        if not is_spoken(name, spoken) and not (name in called and is_spoken(called[name], spoken))
    ]
    if not idle or len(listed.names) - len(idle) < max(1, len(idle)):
        return
    shown = " and ".join(f"'{name}'" for name in idle[:3])
    verb = "opens" if len(idle) == 1 else "open"
    row = dict(zip(listed.names, listed.places, strict=False)).get(idle[0], listed.at)
    typed = next((kind.at for one in drawn for kind in one.types if frozenset(kind.names) in same), None)
    yield Match(
        typed or row,
        f"{shown} can be asked for and granted ('{listed.name}'), but {verb} nothing: no service of the host looks at "
        f"{'it' if len(idle) == 1 else 'them'}.",
        related=((row, "listed here"),) if typed is not None else (),
    )


def _asked_of(drawn: list[_Lists]) -> list[Listed]:
    """Return the lists that are called anything, where what refuses is told of most that stands in one of them."""
    guards = {name for one in drawn for name in one.guards}
    told = {text for one in drawn for name, text in one.told if name in guards}
    checked = {name for one in drawn for name in one.checked}
    by_name = [listed for one in drawn for listed in one.others if listed.called and listed.name in checked]
    if by_name:
        return by_name
    found = [listed for one in drawn for listed in one.others if len(told & set(listed.names)) >= _ASKED]
    return [one for one in found if len(told & set(one.names)) * 2 > len(one.names)]


def _draw(inquiry: Inquiry, module: Module) -> _Lists | None:
    if inquiry.subject.kind != "host" or is_tooling(module.path):
        return None
    found = [listed for listed, _values in lists_in(module)]
    worded = [listed for listed, _values in sentences_in(module) if not _chosen_by_name(module, listed)]
    others = [listed for listed, _values in others_in(module) if not _chosen_by_name(module, listed)]
    made = _Lists(
        tuple(found),
        any(_chosen_by_name(module, listed) for listed in found),
        tuple(worded),
        tuple(types_in(module)),
        tuple(others),
        tuple(guards_of(module)),
        tuple(told_in(module)),
        tuple(sorted(set(checked_lists(module)))),
    )
    return made if made != _NOTHING else None


_NOTHING: Final = _Lists((), dynamic=False)
_LISTS: Final = Drawn("fundamentals.permissions", _draw, _Lists, tests=False)


def _spoken(inquiry: Inquiry, lists: Collection[Location]) -> set[str]:
    """Return all that the code speaks of, lists of permissions apart."""
    spoken: set[str] = set()
    for module in inquiry.project.modules(tests=False):
        if not is_tooling(module.path):
            listing = (
                *lists_in(module),
                *sentences_in(module),
                *(one for one in others_in(module) if one[0].at in lists),
            )
            inside = frozenset(node for _listed, values in listing for node in values) | set(type_texts(module))
            spoken.update(spoken_in(module, inside))
    return spoken


def _chosen_by_name(module: Module, listed: Listed) -> bool:
    """Tell whether services are picked by the name of the permission: ``context[right] = services[right]``."""
    loops: list[tuple[Node, list[Expr | None]]] = [(loop, [loop.iterable]) for loop in module.all(For)]
    loops += [(made, [iterable for _target, iterable in made.clauses]) for made in module.all(Comprehension)]
    for node, iterables in loops:
        if any(one is not None and listed.name in module.text_of(one) for one in iterables) and _indexes(module, node):
            return True
    for call in module.calls(("map", "forEach", "filter", "flatMap", "reduce")):
        if call.receiver is not None and listed.name in module.text_of(call.receiver) and _indexes(module, call):
            return True
    return False


def _indexes(module: Module, node: Node) -> bool:
    for index in find(node, Index):
        if isinstance(strip(index.key), Literal):
            continue
        held = module.scopes.origin(index.object)
        while isinstance(held, Call) and len(held.args) == 1:
            held = strip(held.args[0])
        if not (isinstance(held, Object) and held.entries and all(is_plain(v) for _k, v in held.entries)):
            return not any(isinstance(around, Call) and around.name == "includes" for around in ancestors(index))
    return False
