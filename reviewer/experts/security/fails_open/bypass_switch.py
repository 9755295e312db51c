"""SEC076: a switch that turns a check off is left in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement
    from reviewer.experts.check import Inquiry

_OFF: Final = word_set(
    "skip bypass disable disabled no ignore unsafe insecure backdoor without override allowall force"
)
_CHECKS: Final = word_set(
    "auth authentication authenticate authenticated authorization signature signatures verify verification check "
    "checks permission permissions security sandbox policy trust validation acl integrity"
)
_ALONE: Final = word_set("backdoor bypass insecure unsafe unsigned")
_DEBUG: Final = word_set("debug debugging dev development test testing internal magic master")
_STAGES: Final = frozenset({"NODE_ENV", "ENV", "APP_ENV", "ENVIRONMENT", "FLASK_ENV", "PYTHON_ENV", "STAGE"})
"""Variables that say where the program runs."""
_LIVE: Final = frozenset({"production", "prod", "live"})
_SOUGHT: Final = frozenset({"includes", "some", "indexOf", "find", "startsWith"})
_GATES: Final = word_set("gate guard require ensure enforce demand policy warden")
_REFUSES: Final = word_set(
    "permission permissionerror forbidden denied lacks missing allowed unauthorized grant granted"
)
_PROOFS: Final = word_set(
    "signature signatures verify verifier trusted trust signed integrity permission permissions allowed"
)
_DECIDES: Final = PERMISSION | _CHECKS | {"can", "may", "allowed", "login", "admin"}


@module_check("SEC076", words=_OFF | _DEBUG | {"backdoor", "env", "environ"})
def bypass_switch(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for conditions on a switch of the environment, a request or a setting that end a check with yes."""
    if module.is_test:
        return
    for node in module.all(If):
        if node.orelse:
            continue
        function = function_of(node)
        if function is None or not _says_yes(node.body):
            continue
        about = surroundings(function)
        if not about & (_DECIDES | _PROOFS) and not (about & _GATES and _throws_or_answers(function)):
            continue
        switch = _switch(module, node.test, sure=_answers_true(node.body) and bool(about & _PROOFS))
        if switch is not None:
            yield Match(node, f"'{shown(module, switch, 50)}' ends the check with yes: whoever can set it passes.")
    for function in module.functions:
        if not surroundings(function) & _DECIDES or not is_decision(function):
            continue
        for side in _alternatives(function):
            held = module.scopes.origin(side) if isinstance(strip(side), Name) else side
            switch = _switch(module, held, sure=False) if isinstance(held, Expr) else None
            if switch is not None:
                yield Match(side, f"'{shown(module, switch, 50)}' is a yes by itself: whoever can set it passes.")


def _alternatives(function: Function) -> Iterator[Expr]:
    """Yield what is enough for a yes by itself, before what is really asked: ``return debugging || may(who, what)``."""
    for answer in returns_of(function):
        made = strip(answer.value) if answer.value is not None else None
        while isinstance(made, Binary) and made.op == "or":
            yield made.left
            made = strip(made.right)


def _says_yes(body: list[Statement]) -> bool:
    """Tell whether a branch ends with yes, or leaves a check that throws early."""
    if len(body) > 3 or not exits(body):
        return False
    for statement in body:
        if isinstance(statement, Return):
            value = statement.value
            passes = isinstance(value, Call) and value.name == "next" and not value.args
            return value is None or passes or (isinstance(value, Literal) and value.value is True)
    return False


def _answers_true(body: list[Statement]) -> bool:
    value = body[-1].value if isinstance(body[-1], Return) else None
    return isinstance(value, Literal) and value.value is True


def _throws_or_answers(function: Function) -> bool:
    """Tell whether a function of a gate stops somebody who lacks something."""
    return any(
        isinstance(node, Throw) and bool(said_in(node) & _REFUSES) for node in walk(function.body, into_functions=False)
    )


def _switch(module: Module, test: Expr, *, sure: bool) -> Expr | None:
    """Return the part of a condition that is a switch somebody outside the code can set.

    ``sure`` tells that what is skipped is a proof, which a switch for development mustn't skip either.
    """
    for node in walk(test, into_functions=False):
        if not isinstance(node, Member | Index | Name | Call) or isinstance(node.parent, Member):
            continue
        if isinstance(node.parent, Unary) and node.parent.op == "typeof":
            continue  # what kind of value it is
        if any(isinstance(one, Call) and one.name in _SOUGHT for one in (node, node.parent)):
            continue  # which of several it is, and no switch
        said = _said(node) | _said_by_constant(module, node)
        named = bool(said & _ALONE) or bool(said & _OFF and said & _CHECKS)
        asked = isinstance(node, Call) and definition(module, node.callee) is not None  # a helper, and no setting
        debug = bool(said & _DEBUG) and not asked
        debug = debug and (_from_request(module, node) or (sure and _from_environment(module, node)))
        staged = module.resolve(node).rpartition(".")[2] in _STAGES and not _in_production(node)
        if (named or debug or staged) and (_from_outside(module, node) or _from_environment(module, node)):
            return node
    return None


def _in_production(stage: Expr) -> bool:
    """Tell whether it is asked for the very stage that people work with: what is left out there helps developers."""
    asked = stage.parent
    if not isinstance(asked, Binary):
        return False
    other = strip(asked.right if asked.left is stage else asked.left)
    named = isinstance(other, Literal) and other.value in _LIVE
    denied = isinstance(asked.parent, Unary) and asked.parent.op == "not"
    return named and (asked.op == "==") is not denied


def _said_by_constant(module: Module, node: Expr) -> set[str]:
    """Return the words of what a constant of the module was made of: ``const lenient = process.env.PLUGIN_DEV``."""
    made = module.scopes.origin(node) if isinstance(node, Name) else None
    return _said(made) if isinstance(made, Expr) and made is not node and function_of(made) is None else set()


def _said(node: Node) -> set[str]:
    found: set[str] = set()
    # The options of a call say how something is done, and not what was asked.
    asked = (
        [node.callee, *(one for one in node.args if not isinstance(one, Object))] if isinstance(node, Call) else node
    )
    for part in walk(asked, into_functions=False):
        if isinstance(part, Name):
            found.update(words(part.id))
        elif isinstance(part, Member) and not _tests_a_text(part):
            found.update(words(part.name))
        elif isinstance(part, Literal) and isinstance(part.value, str):
            found.update(words(part.value[:60]))
    return found


def _tests_a_text(member: Member) -> bool:
    """Tell whether a member is what a regular expression is asked by: ``/^2/.test(code)`` is no switch for tests."""
    return member.name == "test" and isinstance(member.parent, Call) and member.parent.callee is member


def _from_outside(module: Module, node: Expr) -> bool:
    kinds = trace(module, node).kinds()
    return bool(kinds & {"environment", "request", "message", "config", "manifest", "plugin", "argument"})


def _from_environment(module: Module, node: Expr) -> bool:
    made = module.scopes.origin(node) if isinstance(node, Name) else node
    compared = isinstance(made, Binary) and made.op in ("==", "!=", "in", "not in")
    return trace(module, made.left if isinstance(made, Binary) and compared else node).kinds() == {"environment"}


def _from_request(module: Module, node: Expr) -> bool:
    return bool(trace(module, node).kinds() & {"request", "message", "manifest", "plugin"})
