"""FUN100: one damaged file of a folder ends the reading of all the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Comprehension, Expr, For, Function, Name, Node, Try
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.discovery import PARSERS, caught_for_good, is_listing, is_parse, readings
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST_STEPS: Final = 3
_WORDS: Final = frozenset(word.lower() for name in PARSERS for word in words(name))


@module_check("FUN100", words=_WORDS)
def one_bad_file_stops_all(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over the files of a folder for a net around what reads one of them."""
    if module.is_test or is_tooling(module):
        return
    told = {id(one.call) for one in readings(module)} if inquiry.subject.kind == "host" else set()
    for turn in module.some(For, Comprehension):
        if not _over_files(module, turn) or _of_the_package(module, turn):
            continue
        body = turn.body if isinstance(turn, For) else [turn]
        for call in (one for part in body for one in find(part, Call, into_functions=False)):
            if id(call) in told or not _parses(module, call) or _caught(call, turn):
                continue
            yield Match(
                call,
                f"One file that can't be read makes '{short(module.text_of(call.callee))}' throw and ends the loop: "
                "the files behind it are lost with it.",
            )
            break


def _over_files(module: Module, turn: Node) -> bool:
    """Tell whether a loop goes over what a listing of a folder gave."""
    iterables: list[Expr | None] = [turn.iterable] if isinstance(turn, For) else []
    if isinstance(turn, Comprehension):
        iterables = [iterable for _target, iterable in turn.clauses]
    return any(iterable is not None and is_listing(module, iterable) for iterable in iterables)


def _of_the_package(module: Module, turn: Node) -> bool:
    """Tell whether the folder is one that the package brings along, so that its files are the program's own."""
    if function_of(turn) is not None:
        return False
    iterable = turn.iterable if isinstance(turn, For) else None
    made: list[Node] = [iterable] if iterable is not None else []
    for _ in range(_MOST_STEPS):
        made += [
            origin
            for one in made
            for name in find(one, Name)
            if isinstance(origin := module.scopes.origin(name), Expr) and all(origin is not known for known in made)
        ]
    return any(name.id in ("__file__", "__dirname") for one in made for name in find(one, Name))


def _parses(module: Module, call: Call, depth: int = 0) -> bool:
    """Tell whether a call reads data of a text, itself or in a function of the subject that lets errors through."""
    if call.name == "require":
        return False
    if is_parse(module, call):
        return True
    target = definition(module, call.callee) if depth < 2 else None
    if not isinstance(target, Function) or target.signature_only:
        return False
    return any(
        not caught_for_good(inner) and _parses(target.module, inner, depth + 1)
        for inner in find(target.body, Call, into_functions=False)
    )


def _caught(call: Call, turn: Node) -> bool:
    """Tell whether the error of one turn is caught inside it."""
    for around in ancestors(call):
        if around is turn:
            return False
        if isinstance(around, Call) and around.name in ("catch", "allSettled"):
            return True
        if isinstance(around, Try) and around.handlers and any(inside(call, part) for part in around.body):
            return True
    return False
