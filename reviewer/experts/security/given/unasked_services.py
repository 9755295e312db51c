"""SEC016: a service is handed over for which the host lists a right, and nothing asks for that right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import declared_type
from reviewer.code.standing import Standing
from reviewer.code.syntax import Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.ideas import FACES, RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.listed_rights import lists_in, others_in, sentences_in, type_texts, types_in
from reviewer.experts.paths import path_words
from reviewer.experts.security.deciding.rights_checked import checked_lists
from reviewer.experts.security.handing.handed import handed
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_STEMS: Final = (".", ":", "/")
_PLAIN_TYPES: Final = frozenset({"string", "number", "boolean", "str", "int", "bool", "bigint", "float"})
_HELD: Final = RIGHTS | {"granted", "allowed", "permitted", "may", "rights"}


@module_check("SEC016", words=FACES | RIGHTS | {"import", "require", "importlib", "load"})
def unasked_services(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the open members of what guests are handed against the rights that the host lists and asks for."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    shown = [
        (name, place, value)
        for thing in handed(inquiry, module)
        if thing.followed
        for name, place, value in thing.open
        if _is_service(module, value)
    ]
    if not shown:
        return
    listed, asked = _rights(inquiry)
    for name, place, value in shown:
        right = listed.get(_form(name))
        if right is None or asked & _forms_of(right):
            continue
        yield Match(
            value if isinstance(place, Function) else place,
            f"'{name}' is '{short(module.text_of(value))}' as it is, whatever was granted: '{right}' can be asked for "
            "and granted, and nothing asks whether a plugin has it.",
        )


def _is_service(module: Module, value: Expr) -> bool:
    """Tell whether a value is a part of the host, as it is, that can do something."""
    held = strip(value)
    if isinstance(held, Name):  # what the host was made with, and not what one guest is
        bound = module.scopes.lookup(held.id, held)
        maker = function_of(held)
        given = len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is not maker
        return given and declared_type(module, held) not in _PLAIN_TYPES
    return isinstance(held, Member) and declared_type(module, held) not in _PLAIN_TYPES


def _rights(inquiry: Inquiry) -> tuple[dict[str, str], frozenset[str]]:
    """Return the rights that the host lists, by the service that each is about, and what it asks about anywhere."""
    told = list(_TOLD.of(inquiry.project))
    checked = frozenset[str]().union(*(one.checked for one in told))
    listed: dict[str, str] = {}
    for one in told:
        listed.update({_form(_stem(right)): right for right in one.rights})
        for name, rights in one.others:
            listed.update({_form(_stem(right)): right for right in rights} if name in checked else {})
    return listed, frozenset[str]().union(*(one.asked for one in told))


class _Told(Struct, frozen=True):
    """What one file says of rights."""

    rights: tuple[str, ...] = ()
    """Those that it lists under a name that says so."""
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What it lists under any other name."""
    checked: frozenset[str] = frozenset()
    """Names of the lists of whose members it asks whether somebody may."""
    asked: frozenset[str] = frozenset()
    """The forms of all that it asks for elsewhere."""


def _told(module: Module) -> _Told:
    if is_tooling(module.path):
        return _Told()
    found = [*lists_in(module), *sentences_in(module)]
    inside = {node for _listed, nodes in found for node in nodes} | set(type_texts(module))
    names = [name for listed, _nodes in found for name in (*listed.names, *listed.called)]
    names += [name for listed in types_in(module) for name in listed.names]
    others = list(others_in(module))
    inside |= {node for _listed, nodes in others for node in nodes}
    return _Told(
        tuple(names),
        tuple((listed.name, (*listed.names, *listed.called)) for listed, _nodes in others),
        frozenset(checked_lists(module)),
        frozenset(_asked(module, inside)),
    )


def _asked(module: Module, inside: set[int]) -> Iterator[str]:
    """Yield the rights that code speaks of: texts, members of enumerations, members of what was granted."""
    keys = {id(key) for made in module.all(Object) for key, _value in made.entries}
    for text in module.all(Literal):
        if isinstance(text.value, str) and len(text.value) < 60 and id(text) not in inside and id(text) not in keys:
            yield from _forms_of(text.value)
    for part in module.all(Member):
        holder = strip(part.object)
        called = holder.id if isinstance(holder, Name) else holder.name if isinstance(holder, Member) else ""
        if called[:1].isupper() or path_words(holder) & _HELD:
            yield from _forms_of(part.name)


def _stem(right: str) -> str:
    stem = right
    for sign in _STEMS:
        stem = stem.split(sign, 1)[0]
    return stem


def _form(name: str) -> str:
    return "".join(words(name)).removesuffix("s")


def _forms_of(right: str) -> frozenset[str]:
    return frozenset({_form(right), _form(_stem(right))})


_TOLD: Final = Standing("security.rights_listed_and_asked", _told)
