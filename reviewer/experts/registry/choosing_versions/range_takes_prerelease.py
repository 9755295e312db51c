"""REG020: a range is worked out by hand from numbers alone, where the file reads prereleases off a version as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, Class, Function, Index, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import params_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PRE: Final = frozenset("prerelease pre tag label suffix beta channel stage".split())
"""Words of the member that holds the part behind the hyphen."""
_FITS: Final = frozenset(
    "satisfies satisfied satisfy fits fit accepts accept allows matches match compatible caret tilde within range "
    "contains admits meets".split()
)
"""Words of functions that hold a version against a range."""
_ASKED: Final = frozenset({"==", "!="})
_ORDERS: Final = frozenset({"<", ">", "<=", ">="})


@module_check("REG020", words=_PRE)
def range_takes_prerelease(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that says whether a version fits a range."""
    if module.is_test:
        return
    for function in module.functions:
        if len(function.params) < 2 or not set(words(function.name)) & _FITS:
            continue
        parts = _parsed(module, function)
        pre = {part for part in parts if set(words(part)) & _PRE}
        if not pre or len(parts) < 2 or _mentions(function, pre):
            continue
        test = _first_numbers_alike(module, function)
        if test is None or any(_mentions(one, pre) for one in _users(module, function)):
            continue
        yield Match(
            test,
            f"'{function.name}' holds the numbers of a version against the range and never looks at "
            f"'{min(pre)}': 2.4.0-beta.1 fits '^2.1.0', and is taken by everybody who has that range.",
        )


def _parsed(module: Module, function: Function) -> set[str]:
    """Return the names of the parts that a function of the subject reads off the versions which a function is given."""
    for call in find(function.body, Call):
        maker = definition(module, call.callee)
        if len(call.args) != 1 or not any(params_in(module, arg) for arg in call.args):
            continue
        if isinstance(maker, Class):
            return {field.name for field in maker.fields}
        for answer in returns_of(maker) if isinstance(maker, Function) else ():
            made = strip(answer.value) if answer.value is not None else None
            if isinstance(made, Object):
                return set(made.keys)
            cls = definition(module, made.callee) if isinstance(made, Call) else None
            if isinstance(cls, Class):
                return {field.name for field in cls.fields}
    return set()


def _mentions(function: Function, names: set[str]) -> bool:
    read = any(member.name in names for member in find(function.body, Member))
    return read or any(names & {*param.fields, *param.fields.values()} for param in function.params)


def _first_numbers_alike(module: Module, function: Function) -> Binary | None:
    """Return where the same number of two versions is compared, in a function that also asks which is greater."""
    orders = any(node.op in _ORDERS for node in find(function.body, Binary))
    for node in find(function.body, Binary) if orders else ():
        left, right = strip(node.left), strip(node.right)
        same = isinstance(left, Member) and isinstance(right, Member) and left.name == right.name
        if isinstance(left, Index) and isinstance(right, Index):
            same = module.text_of(left.key) == module.text_of(right.key)
        if node.op in _ASKED and same and _root(left) != _root(right):
            return node
    return None


def _root(expr: object) -> str:
    while isinstance(expr, Member | Index):
        expr = strip(expr.object)
    return expr.id if isinstance(expr, Name) else ""


def _users(module: Module, function: Function) -> Iterator[Function]:
    """Yield the functions of the file that ask a function, and what they themselves leave out counts as well."""
    for call in module.calls((function.name,)):
        around = function_of(call)
        while around is not None and around.outer is not None:
            around = around.outer
        if around is not None and around is not function:
            yield around
