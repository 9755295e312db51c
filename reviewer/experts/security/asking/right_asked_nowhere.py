"""SEC022: a listed right is asked for nowhere, and what it is for stands beside an operation that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Function, Literal, Member, Object
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.listed_rights import Listed, lists_in, type_texts, types_in
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_decision, is_guard_function
from reviewer.experts.security.deciding.operations import guard_of
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 60
"""Rights of one host that are looked for."""
_GENERAL: Final = word_set("read write use all any manage access get set list admin full self own data")
"""Words of rights that say nothing about what they are for."""


@subject_check("SEC022")
def right_asked_nowhere(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the rights that a host lists against what its operations ask for."""
    if inquiry.subject.kind != "host":
        return
    lists = [listed for lists in _LISTS.of(inquiry) for listed in lists.lists]
    if len({frozenset(one.names) for one in lists}) != 1:
        return
    modules = [one for one in inquiry.project.modules(tests=False) if not is_tooling(one.path)]
    rights = lists[0]
    spoken = {name for one in modules for name in _spoken(one, rights)}
    silent = [name for name in rights.names if name not in spoken]
    if not silent or len(silent) == len(rights.names) or len(rights.names) > _MOST:
        return
    for module in modules:
        for node in module.some(Class, Object):
            members = _members(node)
            asking = [one for one in members if guard_of(module, one) and _asks_for(one, rights)]
            for name in silent if asking else ():
                open_ = [one for one in members if one not in asking and _is_for(module, one, name, rights.names)]
                if len(open_) == 1:
                    yield Match(
                        open_[0],
                        f"'{open_[0].name}' is what '{name}' is for, and nothing in the host ever asks for that right: "
                        f"'{asking[0].name}' beside it asks for its own.",
                        related=((rights.at, "the right is listed here"), (asking[0], "this one asks")),
                    )


class _Lists(Fact, frozen=True):
    """The lists of rights of one file."""

    lists: tuple[Listed, ...]


def _lists(_inquiry: Inquiry, module: Module) -> _Lists | None:
    """Return the lists of a file that is part of the program; None where it has none."""
    found = () if is_tooling(module.path) else (*(one for one, _values in lists_in(module)), *types_in(module))
    return _Lists(found) if found else None


_LISTS: Final = Drawn("security.listed-rights", _lists, _Lists, tests=False)


def _spoken(module: Module, rights: Listed) -> Iterator[str]:
    """Yield the rights that a module names outside of the list: by their text, or by what code calls them."""
    called = dict(zip(rights.called, rights.names, strict=False))
    listing = {node for _listed, values in lists_in(module) for node in values} | set(type_texts(module))
    for literal in module.all(Literal):
        if isinstance(literal.value, str) and literal.value in rights.names and id(literal) not in listing:
            yield literal.value
    yield from (called[one.name] for one in module.all(Member) if one.name in called)


def _members(node: object) -> list[Function]:
    if isinstance(node, Class):
        return [one for one in node.methods if one.kind == "method" and not one.private and not one.signature_only]
    entries = node.entries if isinstance(node, Object) else []
    return [value for _key, value in entries if isinstance(value, Function)]


def _asks_for(member: Function, rights: Listed) -> bool:
    """Tell whether an operation names one of the rights in a call."""
    return any(
        (isinstance(part, Literal) and part.value in rights.names)
        or (isinstance(part, Member) and part.name in rights.called)
        for call in calls_in(member.body)
        for arg in call.args
        for part in (*find(arg, Literal), *find(arg, Member))
    )


def _is_for(module: Module, member: Function, right: str, rights: Sequence[str]) -> bool:
    """Tell whether an operation that asks nothing does what one right alone is for, by its words and those it calls."""
    if guard_of(module, member) or is_decision(member) or is_guard_function(member):
        return False
    others = {stem for one in rights if one != right for stem in _stems(one)}
    own = _stems(right) - others - _GENERAL
    return bool(own & _stems(member.name)) and any(True for _ in find(member.body, Call))


def _stems(name: str) -> set[str]:
    return {one.removesuffix("s") if len(one) > 3 else one for one in words(name)}
