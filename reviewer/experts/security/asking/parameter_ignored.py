"""SEC021: a permission check that never looks at something it is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Call,
    ExprStatement,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Throw,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_decision, is_guard_function
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ABOUT: Final = word_set(
    "plugin extension addon addin app widget skill bot integration connector caller subject principal actor user "
    "tenant role agent identity client account overlay module who action permission perm right scope capability verb "
    "operation resource method privilege surface topic channel path file folder key host hostname url domain origin "
    "target object document record collection table command tool event name id workspace project mode level access "
    "what"
)
"""Names of what a permission is about."""
_BYTES: Final = word_set(
    "payload bytes data archive package content contents blob buffer body file tarball bundle artifact"
)
"""Names of what is verified."""
_ASIDE: Final = word_set(
    "options opts ctx context logger log now callback cb next reason message trace audit signal kwargs args default "
    "fallback session request req res response info meta extra"
)
_OPEN: Final = word_set("public anonymous all everything allowall null noop dummy mock fake stub base abstract static")
"""Words of checks that are meant to answer the same for everybody."""
_KEEPS: Final = frozenset({"add", "set", "append", "push", "setdefault", "insert", "put"})
"""Calls that take something into what is kept."""


@module_check("SEC021", words=TRIGGERS | {"guard", "check", "ensure", "verify"})
def parameter_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the parameters of each check with the names that its body reads."""
    if module.is_test:
        return
    for function in module.functions:
        verifies = _verifies(function)
        if not (is_decision(function) or is_guard_function(function) or verifies) or _trivial(function):
            continue
        read = {node.id for node in walk(function.body) if isinstance(node, Name)}
        if "arguments" in read or "locals" in read:
            continue
        for param in function.params:
            if param.name in read or _in_default(function, param):
                continue
            matters = bool(set(words(param.name)) & _BYTES) if verifies else _matters(param)
            matters = matters or (not param.rest and is_decision(function) and _kept_beside(function, param))
            maybe = not verifies and is_decision(function) and _is_told(param)
            if matters or maybe:
                yield Match(
                    param,
                    f"'{function.name}' never looks at '{param.name}': its answer is the same for every "
                    f"{_noun(param)}.",
                    confidence=Confidence.POSSIBLE
                    if not matters or param.name.startswith("_") or function.decorators
                    else None,
                )
                break


def _verifies(function: Function) -> bool:
    """Tell whether a function verifies the bytes that it is given, by its name."""
    return bool(set(words(function.name)[:1]) & {"verify", "verifies"}) and not function.signature_only


def _matters(param: Param) -> bool:
    said = words(param.name)
    return bool(said) and not param.rest and bool(set(said) & _ABOUT) and not set(said) & _ASIDE


def _kept_beside(function: Function, param: Param) -> bool:
    """Tell whether what a check ignores is kept beside it: ``held[addon].add((deed, field))`` takes the field in."""
    if set(words(param.name)) & _ASIDE:
        return False
    siblings = function.owner.methods if function.owner is not None else _closed_with(function)
    looked_at = _parts(function.body) - {one.name for one in function.params}
    for other in siblings:
        if other is function or all(one.name != param.name for one in other.params):
            continue
        for node in walk(other.body):
            if isinstance(node, Call) and node.name in _KEEPS and node.receiver is not None:
                holder, kept = _parts([node.receiver]), _parts(node.args)
            elif isinstance(node, Assign) and isinstance(node.target, Index) and node.value is not None:
                holder, kept = _parts([node.target.object]), _parts([node.target.key, node.value])
            else:
                continue
            if param.name in kept and holder & looked_at:
                return True
    return False


def _closed_with(function: Function) -> list[Function]:
    """Return the functions of the factory that a function stands in."""
    outer = function.outer
    return [one for one in function.module.functions if one.outer is outer] if outer is not None else []


def _parts(nodes: Iterable[Node]) -> set[str]:
    """Return the names and members below some nodes, without ``this``."""
    found = names_in(nodes) - {"this"}
    return found | {node.name for node in walk(nodes) if isinstance(node, Member)}


def _is_told(param: Param) -> bool:
    """Tell whether a parameter is declared as a text, by which callers say what they are about to do."""
    said = words(param.name)
    return bool(said) and param.type.strip() in ("string", "str") and not param.rest and not set(said) & _ASIDE


def _noun(param: Param) -> str:
    said = [word for word in words(param.name) if word not in ("id", "name", "key")]
    return said[-1] if said else param.name


def _in_default(function: Function, param: Param) -> bool:
    """Tell whether a later parameter's default, or a decorator, uses a parameter."""
    parts = [other.default for other in function.params if other.default is not None]
    return any(isinstance(node, Name) and node.id == param.name for part in parts for node in walk(part))


def _trivial(function: Function) -> bool:
    """Tell whether a check gives one constant answer, or none: a stub, a base class, a deny-all."""
    if surroundings(function) & _OPEN:
        return True
    body = [node for node in function.body if not _is_docstring(node)]
    if not body:
        return True
    first = body[0]
    if isinstance(first, Throw) or all(_hands_constant(function, one) for one in body):
        return True
    return isinstance(first, Return) and (first.value is None or isinstance(uncast(first.value), Literal))


def _hands_constant(function: Function, statement: Node) -> bool:
    """Tell whether a statement only answers a callback with constants, for others to put a check in its place."""
    step = strip(statement.value) if isinstance(statement, ExprStatement) else statement
    if isinstance(step, Assign):
        return isinstance(step.value, Literal)
    told = step.callee if isinstance(step, Call) else None
    given = {param.name for param in function.params}
    answered = isinstance(told, Name) and told.id in given
    return answered and isinstance(step, Call) and not names_in(step.args) & given


def _is_docstring(node: object) -> bool:
    return isinstance(getattr(node, "value", None), Literal) and not isinstance(node, Return)
