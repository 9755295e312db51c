"""REG043: the list of digests lies in the folder of the package whose files it is to vouch for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Expr, Index, Literal, Member, Name, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.proving.digest_list_inside import PARSES, vouched_for
from reviewer.experts.registry.verification import comparisons, hashed
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_JOINS: Final = frozenset({"join", "resolve", "joinpath"})
_Lies = tuple[str, Expr, Expr]
"""In which folder a file lies, under what name, and the expression that says so."""


@module_check("REG043", words=DIGESTS)
def digest_list_beside(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find digests that are looked up in a list which was read from beside what was hashed."""
    if module.is_test:
        return
    for one in comparisons(module):
        inputs = hashed(module, one.actual)
        if not inputs or hashed(module, one.expected):
            continue
        folders = {folder for code in inputs for folder, _name, _at in _files(module, code)}
        for parse in _parsed(module, one.expected):
            for folder, name, at in _files(module, parse):
                written = strip(name)
                if folder not in folders or not isinstance(written, Literal) or not isinstance(written.value, str):
                    continue
                if not vouched_for(module, at, written.value):
                    yield Match(
                        one.node,
                        f"The expected digests are read from '{written.value}', which lies beside the files that it "
                        "vouches for: whoever changes one changes the list with it.",
                        related=((at, "the list is read here"),),
                    )
                    return


def _parsed(module: Module, expected: Expr) -> Iterator[Expr]:
    """Yield what a list of digests was parsed from, where the expected one was looked up in it."""
    for way in (one for table in _looked_up_in(module, expected) for one in ways_back(module, table)):
        for call in walk(way, into_functions=False):
            if isinstance(call, Call) and not set(words(call.name)).isdisjoint(PARSES):
                yield from (*call.args, *([call.receiver] if call.receiver is not None else []))


def _looked_up_in(module: Module, expected: Expr) -> Iterator[Expr]:
    """Yield the lists that an expected digest was taken out of by the name of a file: ``sums["index.js"]``."""
    for way in ways_back(module, expected):
        taken = strip(way)
        if isinstance(taken, Index) and not _is_digest_name(taken.key):
            yield taken.object
        named = isinstance(taken, Call) and taken.name == "get" and taken.args and not _is_digest_name(taken.args[0])
        if named and isinstance(taken, Call) and taken.receiver is not None:
            yield taken.receiver


def _is_digest_name(key: Expr) -> bool:
    """Tell whether a key names the digest of a single thing, of which other checks speak."""
    said = strip(key)
    return isinstance(said, Literal) and not DIGESTS.isdisjoint(words(str(said.value)))


def _files(module: Module, expr: Expr) -> Iterator[_Lies]:
    """Yield the files right in a folder that a value was read from: ``join(folder, "index.js")``, ``folder / name``."""
    for way in ways_back(module, expr):
        for part in walk(way, into_functions=False):
            yield from _file(module, part)


def _file(module: Module, part: Node) -> Iterator[_Lies]:
    folder: Expr | None = None
    name: Expr | None = None
    if isinstance(part, Call) and part.name in _JOINS:
        places = [*([part.receiver] if part.name == "joinpath" and part.receiver is not None else []), *part.args]
        folder, name = places if len(places) == 2 else (None, None)
    elif isinstance(part, Binary) and part.op == "/":
        folder, name = part.left, part.right
    elif isinstance(part, Template) and len(part.items) == 2 and isinstance(part.items[1], Literal):
        folder, name = part.items[0], part.items[1]
    held = strip(folder) if folder is not None else None
    if isinstance(part, Expr) and name is not None and isinstance(held, Name | Member) and _is_place(held):
        yield module.text_of(held), name, part


def _is_place(held: Name | Member) -> bool:
    return isinstance(held, Name) or is_this_member(held) or isinstance(held.object, Name)
