"""API005: a version is held against both ends of a range as a text, seen by the pattern that its texts must match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Regex,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, function_of, names_in
from reviewer.experts.api.vocabulary import LOWER, UPPER, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.lifecycle.values import value_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_FLOORS: Final = LOWER | frozenset("first low floor start begin beginning onwards".split())
_CEILINGS: Final = UPPER | frozenset("to last high ceiling end under".split())
_MATCHES: Final = frozenset("test exec match fullmatch search".split())
_TEXTS: Final = frozenset({"string", "str"})
_VERSIONED: Final = frozenset("version release firmware build".split())
"""Words of what has a version as its text."""
_DATED: Final = frozenset("date day on at time year month stamp".split())
_SPEAKS: Final = PLAIN_GUESTS | {"version", "versions", "semver", "compare", "compatible", "manifest"}
"""Words of a file in which a release is not the day on which something came out."""
_DOTS: Final = 2
_NUMBER: Final = r"\\d|0-9"


@module_check("API005", words=_FLOORS)
def range_as_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that holds one value against a lower and an upper end."""
    if module.is_test:
        return
    by_function: dict[int, list[tuple[Binary, Expr, Expr]]] = {}
    for node in module.all(Binary):
        if node.op not in _ORDER:
            continue
        for held, end in ((node.left, node.right), (node.right, node.left)):
            if set(words(spelled(end))) & (_FLOORS | _CEILINGS) and not _names_an_end(held):
                by_function.setdefault(id(function_of(node)), []).append((node, held, end))
    for pairs in by_function.values():
        floor = next((one for one in pairs if set(words(spelled(one[2]))) & _FLOORS), None)
        ceiling = next((one for one in pairs if set(words(spelled(one[2]))) & _CEILINGS), None)
        if floor is None or ceiling is None or module.text_of(floor[1]) != module.text_of(ceiling[1]):
            continue
        if _are_texts(module, [floor[1], floor[2], ceiling[2]]):
            text = short(module.text_of(floor[0]))
            yield Match(
                floor[0],
                f"'{text}' compares versions as text: '9.4.0' counts as newer than '15.2.0'.",
                related=((ceiling[0], "the other end"),) if ceiling[0].line != floor[0].line else (),
            )


def _names_an_end(held: Expr) -> bool:
    return bool(set(words(spelled(held))) & (_FLOORS | _CEILINGS))


def _are_texts(module: Module, sides: list[Expr]) -> bool:
    """Tell whether nothing is made of the texts of versions before they are compared."""
    kinds = [_is_text(module, side) for side in sides]
    if False in kinds:
        return False
    came_back = [
        side for side, kind in zip(sides, kinds, strict=True) if kind and isinstance(_made(module, side), Call)
    ]
    if came_back or any(_is_held_to_pattern(module, side) for side in sides):
        return True
    return bool(kinds[0]) and _is_own_release(module, *sides)


def _is_own_release(module: Module, held: Expr, low: Expr, high: Expr) -> bool:
    """Tell whether a program holds its own release against the range of what it is handed.

    Its own is a field, or a variable from outside of the function; what came out on a day is a part of each item.
    """
    said = set(words(spelled(held)))
    if not said & _VERSIONED or said & _DATED or (said == {"release"} and module.words.isdisjoint(_SPEAKS)):
        return False
    function = function_of(held)
    return _is_of_host(module, held, function) and not any(_is_of_host(module, end, function) for end in (low, high))


def _is_of_host(module: Module, side: Expr, function: Function | None) -> bool:
    side = strip(side)
    if isinstance(side, Member):
        return module.text_of(side).startswith(("this.", "self."))
    bound = module.scopes.lookup(side.id, side) if isinstance(side, Name) else []
    return (
        bool(bound)
        and function is not None
        and all(isinstance(one, Assign | Param) and function_of(one) is not function for one in bound)
    )


def _is_text(module: Module, side: Expr) -> bool | None:
    """Tell whether an operand is a text: True by its type or by what gives it back, None where nothing says so."""
    side = strip(side)
    made = _made(module, side)
    if isinstance(made, Call):
        called = made.args[0] if made.name == "map" and len(made.args) == 1 else made.callee
        return _holds_to_pattern(module, called, gives_back=True)
    kind = (declared_type(module, side) or value_type(module, side)).strip()
    if kind:
        return kind in _TEXTS
    return None if made is None or isinstance(made, Member | Index | Name) else False


def _made(module: Module, side: Expr) -> Expr | None:
    """Return what an operand is; of ``const [low, high] = both.map(checked)`` the call that made them."""
    origin = module.scopes.origin(strip(side))
    made = strip(origin) if isinstance(origin, Expr) else None
    whole = strip(made.object) if isinstance(made, Index) else None
    return whole if isinstance(whole, Call) else made


def _is_held_to_pattern(module: Module, side: Expr) -> bool:
    """Tell whether the function, or the class around it, holds an operand itself to the pattern and goes on with it."""
    function = function_of(side)
    around = class_of(side) if module.text_of(side).startswith(("this.", "self.")) else None
    while around is None and function is not None and (outer := function_of(function)) is not None:
        function = outer
    area = around if around is not None else function
    if area is None:
        return False
    text = module.text_of(side)
    for call in calls_in(area):
        for arg in call.args:
            same = module.text_of(arg) == text or text in _each_of(module, arg)
            if same and (_is_match(module, call) or _checks_only(module, call)):
                return True
    return False


def _each_of(module: Module, arg: Expr) -> list[str]:
    """Return what a variable stands for, one after the other, in a loop over a list that is written out."""
    arg = strip(arg)
    bound = module.scopes.lookup(arg.id, arg) if isinstance(arg, Name) else []
    over = strip(bound[0].iterable) if bound and isinstance(bound[0], For) and bound[0].iterable is not None else None
    return [module.text_of(item) for item in over.items] if isinstance(over, Array) else []


def _checks_only(module: Module, call: Call) -> bool:
    """Tell whether a call looks at a text and what it gives is thrown away: ``assertRelease(host.from);``."""
    return isinstance(call.parent, ExprStatement) and _holds_to_pattern(module, call.callee)


def _holds_to_pattern(module: Module, called: Expr, *, gives_back: bool = False) -> bool:
    """Tell whether a function holds its first parameter to the pattern of a version, and gives it back as it was."""
    target = definition(module, called)
    if not isinstance(target, Function) or not target.params:
        return False
    given = target.params[0].name
    if not any(given in names_in(call.args) and _is_match(target.module, call) for call in calls_in(target.body)):
        return False
    answers = [strip(one.value) for one in returns_of(target) if one.value is not None]
    return not gives_back or (bool(answers) and all(isinstance(one, Name) and one.id == given for one in answers))


def _is_match(module: Module, call: Call) -> bool:
    """Tell whether a call matches a text against three numbers with dots between them."""
    if call.name not in _MATCHES:
        return False
    for expr in (call.receiver, *call.args):
        origin = module.scopes.origin(strip(expr)) if expr is not None else None
        if isinstance(origin, Call) and origin.name == "compile" and origin.args:
            origin = strip(origin.args[0])
        pattern = origin.pattern if isinstance(origin, Regex) else origin.value if isinstance(origin, Literal) else ""
        if isinstance(pattern, str) and pattern.count(r"\.") >= _DOTS and found(_NUMBER, pattern):
            return True
    return False
