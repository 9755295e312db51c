"""SEC076: a switch that turns a check off is left in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Call, Expr, If, Index, Literal, Member, Name, Node, Return
from reviewer.code.walk import function_of, walk
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.security.provenance import trace
from reviewer.experts.security.sinks import shown
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
    "auth authentication authorization signature signatures verify verification check checks permission "
    "permissions security sandbox policy trust validation acl integrity"
)
_ALONE: Final = word_set("backdoor bypass insecure")
_DEBUG: Final = word_set("debug debugging dev development test testing internal magic master")
_STAGES: Final = frozenset({"NODE_ENV", "ENV", "APP_ENV", "ENVIRONMENT", "FLASK_ENV", "PYTHON_ENV", "STAGE"})
"""Variables that say where the program runs."""
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
        if function is None or not surroundings(function) & _DECIDES:
            continue
        if not _says_yes(node.body):
            continue
        switch = _switch(module, node.test)
        if switch is not None:
            yield Match(node, f"'{shown(module, switch, 50)}' ends the check with yes: whoever can set it passes.")


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


def _switch(module: Module, test: Expr) -> Expr | None:
    """Return the part of a condition that is a switch somebody outside the code can set."""
    for node in walk(test, into_functions=False):
        if not isinstance(node, Member | Index | Name | Call) or isinstance(node.parent, Member):
            continue
        said = _said(node)
        named = bool(said & _ALONE) or bool(said & _OFF and said & _CHECKS)
        debug = bool(said & _DEBUG) and _from_request(module, node)
        staged = module.resolve(node).rpartition(".")[2] in _STAGES
        if (named or debug or staged) and _from_outside(module, node):
            return node
    return None


def _said(node: Node) -> set[str]:
    found: set[str] = set()
    for part in walk(node, into_functions=False):
        if isinstance(part, Name):
            found.update(words(part.id))
        elif isinstance(part, Member):
            found.update(words(part.name))
        elif isinstance(part, Literal) and isinstance(part.value, str):
            found.update(words(part.value[:60]))
    return found


def _from_outside(module: Module, node: Expr) -> bool:
    kinds = trace(module, node).kinds()
    return bool(kinds & {"environment", "request", "message", "config", "manifest", "plugin", "argument"})


def _from_request(module: Module, node: Expr) -> bool:
    return bool(trace(module, node).kinds() & {"request", "message", "manifest", "plugin"})
