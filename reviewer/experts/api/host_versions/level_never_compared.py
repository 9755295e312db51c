"""API048: host and plugins say which contract they speak, and nobody compares the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.standing import Standing
from reviewer.code.syntax import Assign, Class, Field, Index, Literal, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.paths import word_set
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_CONTRACTS: Final = word_set("api contract protocol abi sdk interface engine host")
_LEVELS: Final = word_set("version versions level levels revision revisions supported compatible compat major")
_LISTED: Final = word_set("supported compatible compat")
_MANY: Final = word_set("levels revisions")
_BARE: Final = word_set("level revision")
"""Members that say a level where the host lists the levels that it speaks: a ``version`` alone is the plugin's own."""
_SINGULAR: Final = word_set("version level revision")


class _Declared(Struct, frozen=True):
    """The constants of a file that say levels, and the members of its contracts that may; each with its place."""

    constants: tuple[tuple[str, Location], ...]
    members: tuple[tuple[str, Location], ...]


class _Said(Struct):
    """What is declared in a subject, and every name that is read in it."""

    constants: dict[str, Location] = field(default_factory=dict)
    members: dict[str, Location] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)


@subject_check("API048")
def level_never_compared(inquiry: Inquiry) -> Iterator[Match]:
    """Look for levels that host and plugins declare, and that no line of the subject reads."""
    said = _Said()
    found = list(_DECLARED.of(inquiry.project))
    for declared in found:
        for name, place in declared.constants:
            said.constants.setdefault(name, place)
    listed = {word for name in said.constants for word in words(name)}
    for declared in found:
        for name, place in declared.members:
            if name not in _BARE or f"{name}s" in listed:
                said.members.setdefault(name, place)
    if not said.constants or not said.members:
        return
    for module in inquiry.project.modules(naming={*said.constants, *said.members}):
        _gather_reads(module, said)
    constant = next((name for name in said.constants if name not in said.read), "")
    member = next((name for name in said.members if name not in said.read), "")
    if constant and member and all(name not in said.read for name in said.members):
        yield Match(
            said.constants[constant],
            f"'{constant}' says which levels of the contract the host speaks, plugins carry '{member}', and nothing "
            "compares them: one that was written for another contract is loaded and called all the same.",
            related=((said.members[member], "what a plugin says it speaks"),),
        )


def _speaks(name: str) -> bool:
    parts = set(words(name))
    listed = bool(parts & _LISTED and parts & _MANY) and parts <= _LEVELS
    return listed or bool(parts & _CONTRACTS and parts & _LEVELS)


def _declared(module: Module) -> _Declared:
    constants, members = [], []
    for assign in module.all(Assign):
        target = assign.target
        if isinstance(target, Name) and target.id.isupper() and function_of(assign) is None and _speaks(target.id):
            constants.append((target.id, locate(module, assign)))
    for member in module.all(Field):
        cls = next((around for around in ancestors(member) if isinstance(around, Class)), None)
        contract = cls is not None and (cls.kind != "class" or any(one.signature_only for one in cls.methods))
        named = member.name in _BARE or (_speaks(member.name) and bool(set(words(member.name)) & _SINGULAR))
        if contract and named:
            members.append((member.name, locate(module, member)))
    return _Declared(tuple(constants), tuple(members))


_DECLARED: Final = Standing("api.levels", _declared, _LEVELS)


def _gather_reads(module: Module, said: _Said) -> None:
    """Note the declared names that a module reads: imports of a name are no reading of it."""
    wanted = said.constants.keys() | said.members.keys()
    if not any(name in module.identifiers for name in wanted):
        return
    for node in module.some(Name, Member, Index, Literal):
        name = ""
        if isinstance(node, Name):
            own = isinstance(node.parent, Assign) and node.parent.target is node
            name = "" if own else node.id
        elif isinstance(node, Member):
            name = node.name
        elif isinstance(node, Literal) and isinstance(node.value, str):
            name = node.value
        if name in wanted:
            said.read.add(name)
