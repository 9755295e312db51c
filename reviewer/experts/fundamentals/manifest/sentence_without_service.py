"""FUN018: a person is asked for something that no service of the host stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Assign, Function, Literal, Name, Object, strip
from reviewer.code.walk import calls_in, function_of
from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.listed_rights import is_spoken, spoken_in
from reviewer.experts.place import locate
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FEWEST: Final = 3
_SHARED: Final = 2
"""Keys that sentences and services have in common, where both are about the same permissions."""


@subject_check("FUN018")
def sentence_without_service(inquiry: Inquiry) -> Iterator[Match]:
    """Hold tables that put permissions into sentences against tables of services that are handed out by them."""
    if inquiry.subject.kind != "host":
        return
    drawn = list(_TABLES.of(inquiry))
    services = [keys for one in drawn for keys in one.services]
    left = []
    for at, names in (sentence for one in drawn for sentence in one.sentences):
        said = set(names)
        known = next((keys for keys in services if len(keys & said) >= _SHARED and keys < said), None)
        if known is not None:
            left.append(_Unserved(at, len(known), [name for name in names if name not in known]))
    _leave_spoken(inquiry, left)
    for one in left:
        if one.idle and len(one.idle) <= one.known:
            shown = " and ".join(f"'{name}'" for name in one.idle[:3])
            yield Match(
                one.at,
                f"People are asked for {shown}, for which no service of the host stands: they agree to what does not "
                "exist.",
            )


class _Tables(Fact, frozen=True):
    """The tables of one file: those that put names into words, and the names of those that hold services."""

    sentences: tuple[tuple[Location, tuple[str, ...]], ...]
    services: tuple[frozenset[str], ...]


class _Unserved(Struct):
    """A table of sentences, how many services there are for it, and the names of which no code was seen to speak."""

    at: Location
    known: int
    idle: list[str]


def _draw(inquiry: Inquiry, module: Module) -> _Tables | None:
    if inquiry.subject.kind != "host" or is_tooling(module.path):
        return None
    sentences = tuple((locate(module, assign), tuple(table.keys)) for assign, table in _sentences(module))
    services = tuple(map(frozenset, _services(module)))
    return _Tables(sentences, services) if sentences or services else None


_TABLES: Final = Drawn("fundamentals.sentences", _draw, _Tables, tests=False)


def _leave_spoken(inquiry: Inquiry, unserved: list[_Unserved]) -> None:
    """Take out the names of which some code speaks; what the sentences themselves say is no such code."""
    for module in inquiry.project.modules(tests=False) if unserved else ():
        if is_tooling(module.path):
            continue
        everything = set(spoken_in(module, frozenset()))
        for one in unserved:
            spoken = everything if one.at.path != module.path else _around(module, one.at)
            one.idle = [name for name in one.idle if not is_spoken(name, spoken)]


def _around(module: Module, at: Location) -> set[str]:
    """Return what a module speaks of outside the table of sentences at a place."""
    tables = [table for assign, table in _sentences(module) if locate(module, assign) == at]
    return set(spoken_in(module, frozenset(id(node) for table in tables for pair in table.entries for node in pair)))


def _sentences(module: Module) -> Iterator[tuple[Assign, Object]]:
    """Yield the tables at the top of a file that put each of some names into words."""
    for assign in module.all(Assign):
        made = strip(assign.value) if assign.value is not None else None
        if not isinstance(made, Object) or function_of(assign) is not None or not isinstance(assign.target, Name):
            continue
        texts = [strip(value) for _key, value in made.entries]
        if len(texts) >= _FEWEST and all(
            isinstance(one, Literal) and isinstance(one.value, str) and " " in one.value.strip() for one in texts
        ):
            yield assign, made


def _services(module: Module) -> Iterator[set[str]]:
    """Yield the names of the services of each table of functions, in a function that asks who may use them."""
    for made in module.all(Object):
        around = function_of(made)
        functions = [key for key, value in made.entries if isinstance(strip(value), Function)]
        if around is None or len(functions) < _SHARED or len(functions) != len(made.entries):
            continue
        if any(is_check(module, call) for call in calls_in(around.body)):
            yield set(made.keys)
