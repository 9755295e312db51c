"""REG043: the list of digests lies in the archive whose members it is to vouch for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Comprehension, Expr, For, Index, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.verification import comparisons, hashed, roots
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_Variable = tuple[int, str]

_ARCHIVES: Final = frozenset(
    "zip zipfile unzip jszip tar tarfile tgz archive archives unpack unpacked unzipped extract infolist namelist "
    "getmembers members entries".split()
)
"""Words of what holds the members of a package by their names."""
_TAKES: Final = frozenset("get pop read file open extractfile getdata readfile entry getentry".split())
"""Calls that give a member of an archive for its name."""
_SIGNATURES: Final = frozenset("verify verifies verified signature signatures signed sig cosign minisign gpg".split())
_DEEPEST: Final = 3
"""Loops that are followed from one to the next."""
PARSES: Final = frozenset("parse loads load json splitlines split".split())


@module_check("REG043", words=DIGESTS)
def digest_list_inside(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find digests that are looked up in a list which was read out of the same archive as what was hashed."""
    if module.is_test or module.words.isdisjoint(_ARCHIVES):
        return
    for one in comparisons(module):
        inputs = hashed(module, one.actual)
        if not inputs or hashed(module, one.expected):
            continue
        held = _grounds(module, inputs[0])
        for taken, holder, name in _lists(module, one.expected):
            same = _variables(module, holder) & held
            if same and _is_archive(module, holder) and not vouched_for(module, taken, name):
                yield Match(
                    one.node,
                    f"The expected digests are read from '{name}', which lies in the same archive: whoever changes a "
                    "member changes the list with it.",
                    related=((taken, "the list is taken out of the archive here"),),
                )
                break


def _lists(module: Module, expected: Expr) -> Iterator[tuple[Expr, Expr, str]]:
    """Yield (where, archive, name) of members that an expected digest was parsed from."""
    for way in _ways(module, expected):
        for parse in find(way, Call, into_functions=False):
            if set(words(parse.name)).isdisjoint(PARSES):
                continue
            given = [*parse.args, *([parse.receiver] if parse.receiver is not None else [])]
            for part in (part for arg in given for one in ways_back(module, arg) for part in walk(one)):
                taken = _taken(part)
                if taken is not None:
                    yield taken


def _taken(part: Node) -> tuple[Expr, Expr, str] | None:
    """Return what takes a member of a fixed name out of something: ``files.get("sums.json")``, ``files["sums"]``."""
    key: Expr | None = None
    holder: Expr | None = None
    if isinstance(part, Call) and part.name.lower() in _TAKES:
        key, holder = part.arg(0), part.receiver
    elif isinstance(part, Index):
        key, holder = part.key, part.object
    if not isinstance(part, Expr) or key is None or holder is None:
        return None
    said = strip(key)
    named = isinstance(said, Literal) and isinstance(said.value, str) and said.value
    return (part, strip(holder), str(named)) if named else None


def _ways(module: Module, expr: Expr) -> Iterator[Expr]:
    """Yield what an expression was made from, also through loops and through tables that were filled one by one."""
    edge, seen = [expr], set[int]()
    for _ in range(_DEEPEST):
        further: list[Expr] = []
        for start in edge:
            for way in ways_back(module, start):
                if id(way) not in seen:
                    seen.add(id(way))
                    yield way
                    further.extend([*_gone_over(module, way), *_put_in(way)])
        edge = further


def _gone_over(module: Module, expr: Expr) -> Iterator[Expr]:
    """Yield what the variables of an expression go over: ``sums`` of ``for (const [name, sum] of sums)``."""
    for name in find(expr, Name):
        for binding in module.scopes.lookup(name.id, name):
            if isinstance(binding, For) and binding.iterable is not None:
                yield binding.iterable
            elif isinstance(binding, Comprehension):
                yield from (over for _target, over in binding.clauses)


def _put_in(expr: Expr) -> Iterator[Expr]:
    """Yield what was entered into the table that an expression looks up in: ``sums[name] = sum``."""
    inner, function = strip(expr), function_of(expr)
    table = strip(inner.object) if isinstance(inner, Index) else None
    if not isinstance(table, Name) or function is None:
        return
    for entry in find(function.body, Assign):
        target = strip(entry.target)
        held = strip(target.object) if isinstance(target, Index) else None
        if isinstance(held, Name) and held.id == table.id and entry.value is not None:
            yield entry.value


def _grounds(module: Module, code: Expr) -> set[_Variable]:
    """Return the variables and fields that hashed bytes were taken from."""
    found = roots(module, code)
    for way in _ways(module, code):
        found |= roots(module, way) | {(0, one.name) for one in find(way, Member) if is_this_member(one)}
    return found


def _variables(module: Module, holder: Expr) -> set[_Variable]:
    """Return the variable or field that holds an archive, as `_grounds` names it."""
    if is_this_member(holder):
        return {(0, holder.name)}
    if not isinstance(holder, Name):
        return set()
    found = {(id(binding), holder.id) for binding in module.scopes.lookup(holder.id, holder)}
    return found | {one for one in roots(module, holder) if one[1] == holder.id}


def _is_archive(module: Module, holder: Expr) -> bool:
    """Tell whether something holds the members of an archive: by what it is called, made from, or handed in as."""
    said = {word for way in ways_back(module, holder) for word in said_in(way)}
    for name in find(holder, Name):
        for binding in module.scopes.lookup(name.id, name):
            if isinstance(binding, Param):
                said |= {*words(binding.name), *words(binding.type)} | surroundings(function_of(binding) or None)
    return not said.isdisjoint(_ARCHIVES)


def vouched_for(module: Module, taken: Expr, name: str) -> bool:
    """Tell whether somebody verifies the list itself, whose signature may well come with it."""
    function = function_of(taken)
    while function is not None and function.outer is not None:
        function = function.outer
    for call in find(function.body, Call) if function is not None else ():
        if set(words(call.name)).isdisjoint(_SIGNATURES):
            continue
        for arg in (*call.args, *call.keywords.values()):
            ways = [part for way in ways_back(module, arg) for part in walk(way)]
            if any(isinstance(part, Literal) and part.value == name for part in ways):
                return True
    return False
