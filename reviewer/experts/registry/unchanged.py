"""What a comparison of digests is about: bytes that are refused where they differ, or something that has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    Function,
    If,
    Index,
    Jump,
    Member,
    Name,
    Node,
    Return,
    Statement,
    Switch,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, walk
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.registry.verification import PACKAGES, hashed

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.registry.verification import Comparison

EARLIER: Final = frozenset("previous prev old last former before".split())
"""Words of a digest that this program has made itself, of an earlier state."""
_STATES: Final = EARLIER | frozenset("existing current after latest cached known next".split())
"""Words of one of two states; where nobody is refused, only these are told apart."""
_REFUSALS: Final = frozenset(
    "reject refuse fail abort exit quit die error warn push append add quarantine unlink discard panic "
    "bail raise".split()
)
"""Words of calls that refuse, or note what is wrong."""
_BYTES: Final = PACKAGES | frozenset(
    "byte bytes buffer content contents data file files image binary installer install update download loader load "
    "verify verified integrity checksum trust trusted sealed pinned".split()
)
"""Words of code that has a package at hand, or the bytes of one."""


def tells_changes(module: Module, one: Comparison) -> bool:
    """Tell whether a comparison only says if something is as it was: two states are told apart, and none is refused."""
    function = function_of(one.node)
    if function is not None and _kept_for_next_time(module, one, function):
        return True
    states = bool(said_in([one.actual, one.expected]) & _STATES) or (function is not None and function.kind == "getter")
    leaves: tuple[type[Node], ...] = () if states else (Return,)
    if not states and (hashed(module, one.actual) or hashed(module, one.expected)):
        leaves = (Return, Jump)  # one that is passed over; of two names alone that is a search
    return not _refuses(one.node, leaves)


def _kept_for_next_time(module: Module, one: Comparison, function: Function) -> bool:
    """Tell whether one digest is put where the other was taken from: ``before = seen[path]; seen[path] = now``."""
    sides = [one.actual, one.expected]
    for side, other in (sides, sides[::-1]):
        taken, now = module.scopes.origin(side), strip(other)
        if isinstance(taken, Index | Member) and isinstance(now, Name):
            place = module.text_of(taken)
            for put in find(function.body, Assign):
                value = strip(put.value) if put.value is not None else None
                if isinstance(value, Name) and value.id == now.id and module.text_of(put.target) == place:
                    return True
    return False


def of_package(module: Module, one: Comparison) -> bool:
    """Tell whether the bytes of a digest are at hand: hashed here, or spoken of around the comparison."""
    if hashed(module, one.actual) or hashed(module, one.expected):
        return True
    function = function_of(one.node)
    said = surroundings(function) | set(words(module.path.rsplit(".", 1)[0].replace("/", "_")))
    while function is not None:
        said.update(word for param in function.params for word in words(param.name))
        function = function.outer
    return bool(said & _BYTES)


def _refuses(node: Node, leaves: tuple[type[Node], ...]) -> bool:
    """Tell whether somebody is refused where two digests differ; ``leaves`` is what counts for that beside errors."""
    for around in ancestors(node):
        if isinstance(around, If):
            tested = node is around.test or inside(node, around.test)
            return not tested or _ends(around, leaves)
        if isinstance(around, Assign):
            return not isinstance(around.target, Name) or _asked_later(around, around.target.id, leaves)
        if isinstance(around, Return):
            return Return in leaves
        if isinstance(around, Statement):
            return True
    return True


def _ends(test: If, leaves: tuple[type[Node], ...]) -> bool:
    """Tell whether a branch leaves, or what comes after a branch that leaves, or notes what is to be done."""
    branches = [*test.body, *test.orelse]
    for node in walk(branches, into_functions=False):
        if isinstance(node, (Throw, *leaves)):
            return True
        if isinstance(node, Call) and set(words(node.name)) & _REFUSALS:
            return True
    if exits(test.body):
        beside = siblings(test)
        return any(isinstance(one, Throw) for one in beside[beside.index(test) + 1 :]) if test in beside else False
    noted = {one.target.id for one in find(branches, Assign) if isinstance(one.target, Name)}
    return any(_asked_later(test, name, ()) for name in sorted(noted))


def _asked_later(after: Node, name: str, leaves: tuple[type[Node], ...]) -> bool:
    """Tell whether somebody is refused by a value that was kept."""
    function = function_of(after)
    if function is None:
        return False
    tests: list[tuple[Node, Expr]] = [(one, one.test) for one in find(function.body, If)]
    tests += [(one, one.subject) for one in find(function.body, Switch)]
    deciding = [
        one for one, test in tests if one.start > after.start and any(part.id == name for part in find(test, Name))
    ]
    return any(isinstance(node, (Throw, *leaves)) for one in deciding for node in walk(one, into_functions=False))
