"""REG029: any other version counts as an update, an older one, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    ExprStatement,
    If,
    Index,
    Literal,
    Member,
    Name,
    Template,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, said_in, surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_UPDATES: Final = frozenset(
    "update updates upgrade upgrades outdated updatable upgradable updater upgrader refresh newer available".split()
)
_COMPARES: Final = frozenset(
    "gt gte lt lte compare rcompare newer isnewer uptodate greater semver version cmp parse sort max order "
    "newest".split()
)
_INSTALLED: Final = frozenset("installed current present active versions".split())
_FORMAT: Final = frozenset("schema format protocol api manifest state data save saved memory snapshot".split())
"""Words of versions that say how something is written."""


@module_check("REG029", words=_UPDATES)
def other_version_taken(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every test of updates whether two versions differ."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op not in ("!=", "==") or not _of_two_versions(module, node) or _refuses(node):
            continue
        function = _named(node)
        if _only_told(node):
            continue
        if function is None or not _is_update(function) or _compares(function):
            continue
        yield Match(
            node,
            f"'{short(module.text_of(node))}' only asks whether the versions differ: an older one, with the holes that "
            "were closed since, is installed as an update.",
            confidence=Confidence.POSSIBLE if _is_already_there(node) else None,
        )


def _is_already_there(node: Binary) -> bool:
    """Tell whether only the same version ends the update, which an index that names the latest one allows."""
    asked: Node = node
    while isinstance(around := asked.parent, Binary) and around.op in ("or", "||"):
        asked = around  # one reason of several to leave
    test = asked.parent
    if node.op != "==" or not isinstance(test, If) or test.test is not asked:
        return False
    told = all(isinstance(one, ExprStatement) and isinstance(strip(one.value), Call) for one in test.body)
    return (exits(test.body) and not test.orelse) or (told and bool(test.orelse))


def _named(node: Binary) -> Function | None:
    function = function_of(node)
    while function is not None and not function.name:
        function = function.outer
    return function


def _is_update(function: Function) -> bool:
    return bool(surroundings(function) & _UPDATES)


def _refuses(node: Binary) -> bool:
    """Tell whether a difference is an error, and no reason to install something."""
    test = node.parent
    return isinstance(test, If) and test.test is node and any(isinstance(part, Throw) for part in test.body)


def _only_told(node: Binary) -> bool:
    """Tell whether what hangs on a test is a text for a person: ``message = f"Updating to {version}"``."""
    test = node.parent
    if isinstance(test, Conditional) and test.test is node:
        return all(isinstance(strip(one), Literal | Template) for one in (test.then, test.other))
    if not isinstance(test, If) or test.test is not node or not test.orelse:
        return False
    made = [one.value if isinstance(one, ExprStatement) else None for one in (*test.body, *test.orelse)]
    values = [one.value if isinstance(one, Assign) else None for one in made]
    return all(one is not None and isinstance(strip(one), Literal | Template) for one in values)


def _of_two_versions(module: Module, node: Binary) -> bool:
    """Tell whether both sides are versions, by their names or by what they were read from."""
    left, right = _is_version(module, node.left), _is_version(module, node.right)
    return (left and (right or _is_installed(module, node.right))) or (right and _is_installed(module, node.left))


def _is_installed(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is what a table of installed versions holds: ``this.installed.get(id)``."""
    read = module.scopes.origin(strip(expr))
    if isinstance(read, Index):
        return bool(set(last_words(read.object)) & _INSTALLED)
    if not isinstance(read, Call) or read.name != "get":
        return False
    return bool(set(last_words(read.receiver)) & _INSTALLED)


def _is_version(module: Module, expr: Expr) -> bool:
    expr = strip(expr)
    if isinstance(expr, Name):
        taken = module.scopes.origin(expr)
        expr = taken if isinstance(taken, Member) else expr
    if isinstance(expr, Literal) or not isinstance(expr, Name | Member | Index):
        return False
    said = last_words(expr)
    return bool(said) and said[-1] in ("version", "ver") and not set(said) & _FORMAT


def _compares(function: Function) -> bool:
    """Tell whether versions are put in order in the function after all."""
    called = {word for call in calls_in(function.body) for word in (*words(call.name), call.name.lower())}
    if called & _COMPARES or said_in(function.body) & {"semver", "pinned", "allowdowngrade", "force"}:
        return True
    return any(isinstance(call, Call) and call.name in ("Version", "SemVer") for call in calls_in(function.body))
