"""Policies that are handed in with what runs commands, and that nobody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Function,
    If,
    Literal,
    Member,
    Name,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, names_in
from reviewer.core.regex import regex
from reviewer.experts.communication.emissions import caller_params
from reviewer.experts.communication.vocabulary import GRANTS, REGISTERS, first_word
from reviewer.experts.paths import said_in
from reviewer.experts.security.deciding.verdicts import surely_decides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Param
    from reviewer.experts.check import Inquiry

_ASKS: Final = GRANTS | frozenset({"may", "can", "grants", "permits", "allows", "covers"})
_RIGHT_TO_CALL: Final = regex(
    rb"\b(?:plugins?|extensions?|add-?ons?|modules?|widgets?|tools?|agents?|commands?|actions?)[.:](?:call|invoke|ask|run|execute)\b"
)
"""A right by which one may call what others offer."""
_GUARDING: Final = frozenset(
    "verify verifies verified permit permits authorize authorise authorizes authorization auth policy policies guard "
    "guards forbid forbidden permission permissions".split()
)
"""Words of a file whose chain also decides who may do what: there a message that is dropped was refused."""
REFUSALS: Final = frozenset(
    "reject rejected rejection refused refusal denied denial forbidden vetoed veto unauthorized unauthorised "
    "blocked".split()
)
"""Words of errors by which somebody says no."""


def passes_refusals_on(statement: Node) -> bool:
    """Tell whether a statement only lets refusals through that were thrown: ``if (e instanceof Denied) throw e``."""
    if not isinstance(statement, If) or statement.orelse or len(statement.body) != 1:
        return False
    test = strip(statement.test)
    asked = isinstance(test, Binary) and test.op == "instanceof"
    asked = asked or (isinstance(test, Call) and test.name == "isinstance")
    return asked and isinstance(statement.body[0], Throw) and bool(REFUSALS & said_in(test))


def drop_refuses(module: Module) -> bool:
    """Tell whether steps of a chain in this file also decide who may do what, so that giving nothing refuses."""
    return not _GUARDING.isdisjoint(module.words)


def policy_unasked(module: Module, function: Function) -> bool:
    """Tell whether a policy was handed to the object or the function around, and this way in goes past it.

    No line of the file asks it, or only another door of the same object that is told who calls, too.
    """
    return any(
        not _read(module, param, name) or _read_by_other_door(function, name)
        for param in _handed_around(function)
        for name in _policies(module, param)
    )


def _policies(module: Module, param: Param) -> Iterator[str]:
    """Yield the names under which a parameter, or what its pattern takes out of it, is a policy."""
    if param.fields:
        yield from (local for local in param.fields.values() if _ASKS & set(words(local)))
    elif _is_policy(module, param):
        yield param.name


def _read_by_other_door(function: Function, policy: str) -> bool:
    """Tell whether a function beside this one, that is told who calls as this one is, asks a policy or hands it on."""
    told = {param.name for param in caller_params(function, plugins=False)}
    return any(
        told & {param.name for param in other.params}
        and first_word(other.name) not in REGISTERS
        and (
            policy in names_in(other.body)
            or any(is_this_member(one) and one.name.lstrip("_#") == policy for one in find(other.body, Member))
        )
        for other in (_doors_beside(function) if told else ())
    )


def _doors_beside(function: Function) -> list[Function]:
    """Return the other methods of the class, or the other functions of the function around."""
    cls = class_of(function)
    if cls is not None:
        return [one for one in cls.methods if one is not function and one.kind != "constructor"]
    outer = function.outer
    inner = find(outer.body, Function) if outer is not None else ()
    return [one for one in inner if one.outer is outer and one is not function]


def right_to_call_unasked(inquiry: Inquiry) -> bool:
    """Tell whether a list of rights has one to call others, ``addons.call``, and no line of the subject asks for it."""
    asked = "communication.rights to call"
    found = list(inquiry.project.answers(asked, _rights_to_call, tests=False, showing=_RIGHT_TO_CALL.search))
    listed = {text for one in found for text, asked in one if not asked}
    return bool(listed - {text for one in found for text, asked in one if asked})


def _rights_to_call(module: Module) -> frozenset[tuple[str, bool]]:
    """Return the texts of a file that name a right to call others, each with whether it is more than listed."""
    return frozenset(
        (node.value, not (isinstance(node.parent, Array) and len(node.parent.items) > 1))
        for node in module.all(Literal)
        if isinstance(node.value, str) and _RIGHT_TO_CALL.search(node.value.encode()) is not None
    )


def _handed_around(function: Function) -> Iterator[Param]:
    """Yield what the functions around were given, and what the constructor of the class was."""
    cls = class_of(function)
    begin = (cls.method("constructor") or cls.method("__init__")) if cls is not None else None
    if begin is not None:
        yield from begin.params
    outer = function.outer
    while outer is not None:
        yield from outer.params
        outer = outer.outer


def _is_policy(module: Module, param: Param) -> bool:
    if set(words(param.name)) & (GRANTS | {"rules"}):
        return True
    shape = named_type(module, param.type) if param.type else None
    members = [one.name for one in shape.methods] + [one.name for one in shape.fields] if shape is not None else []
    if bool(members) and all(not _ASKS.isdisjoint(words(name)) for name in members):
        return True
    return shape is not None and any(surely_decides(method) for method in shape.methods)


def _read(module: Module, param: Param, name: str) -> bool:
    """Tell whether anything is asked of what was handed in, or it is handed on: a mere copy into a field is not."""
    names = {name, f"_{name}", f"#{name}"}
    return any(
        node.id in names
        and not isinstance(node.parent, Assign)
        and any(one is param for one in module.scopes.lookup(node.id, node))
        for node in module.all(Name)
    ) or any(node.name in names and not isinstance(node.parent, Assign) for node in module.all(Member))


def blames(test: Expr, statement: Node, items: set[str], answers: set[str]) -> bool:
    """Tell whether a loop ends with the name of the one whose answer is not what it has to be.

    ``if (verdict !== "pass") return reviewer.name`` says who refused; ``if (found) return found`` has what was sought.
    """
    if not isinstance(statement, Return) or statement.value is None or not _is_not(test):
        return False
    named = names_in(statement.value)
    return bool(named & items) and not named & answers


def _is_not(test: Expr) -> bool:
    test = strip(test)
    if isinstance(test, Unary):
        return test.op in ("!", "not")
    if not isinstance(test, Binary) or test.op not in ("!=", "is not"):
        return False
    sides = (strip(test.left), strip(test.right))
    return any(isinstance(side, Literal) and side.value is not None and side.value is not False for side in sides)


def begins_with_no(loop: Node | None, names: set[str]) -> bool:
    """Tell whether an answer is a no before the question is put: ``let fine = false; try { fine = await ask(x) }``."""
    return any(
        isinstance(assign.target, Name)
        and assign.target.id in names
        and isinstance(assign.value, Literal)
        and assign.value.value is False
        for assign in (find(loop, Assign) if loop is not None else ())
    )
