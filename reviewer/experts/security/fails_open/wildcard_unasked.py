"""SEC181: whoever asks for everything at once is not asked whether they may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import Binary, Call, Expr, If, Index, Literal, Name, Node, Return, Throw, Unary, strip
from reviewer.code.text.ideas import HELD
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ALL: Final = frozenset({"*", "**", "#", "all", "any", "everything"})
_ASKS: Final = word_set("may can allows allowed permits permitted authorize authorized granted")
_HELD: Final = HELD | word_set("grant granted permission scope role roles allowed rule pattern right")
"""Names of what somebody holds: there the star is what was granted, and no wish."""


@module_check("SEC181", words=TRIGGERS | _ASKS)
def wildcard_unasked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test that asks about a name unless the name means all of them."""
    if module.is_test:
        return
    for test in module.all(Binary):
        if test.op not in ("and", "or"):
            continue
        wanted, star = _wish(test.left, "!=" if test.op == "and" else "==", module)
        held = _HELD
        if wanted is None:
            wanted, star = _pattern(test.left, holds=test.op == "or")
            held = _HELD - {"pattern"} if wanted is not None and module.scopes.is_param(wanted) else _HELD
        if wanted is None or set(words(wanted.id)) & held:
            continue
        asked = _asked(module, test.right, wanted.id, negated=test.op == "and")
        if asked is None or not _refuses(test, negated=test.op == "and") or _asked_later(module, asked):
            continue
        yield _told(test, wanted.id, star)


@module_check("SEC181", words=TRIGGERS | _ASKS)
def wildcard_passes_by(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each branch for everything that stands beside a question, or leaves before it comes."""
    if module.is_test:
        return
    for test in module.all(If):
        for op in ("!=", "=="):
            wanted, star = _wish(test.test, op, module)
            if wanted is None or set(words(wanted.id)) & _HELD or _asks_about(module, test.orelse, ""):
                continue
            if op == "!=":
                passes = not test.orelse and _asks_about(module, test.body, wanted.id)
            else:
                leaves = (
                    exits(test.body) and isinstance(test.body[-1], Return) and not _asks_about(module, test.body, "")
                )
                passes = leaves and _gives(test.body[-1]) and _asks_about(module, [*_behind(test)], wanted.id)
            if passes:
                yield _told(test if op == "!=" else test.body[-1], wanted.id, star)


def _told(at: Node, name: str, star: str) -> Match:
    return Match(
        at,
        f"'{name}' is let through without being asked about where it is '{star}': who may have a few gets "
        "them all by asking for everything.",
        fix=f"Ask about '{star}' like about any other, and grant it to nobody by default.",
    )


def _gives(answer: Node) -> bool:
    """Tell whether a branch answers with something, and not with no."""
    value = strip(answer.value) if isinstance(answer, Return) and answer.value is not None else None
    return value is not None and not (isinstance(value, Literal) and not value.value)


def _behind(test: If) -> Iterator[Node]:
    """Yield the statements behind a branch in its block."""
    found = False
    for statement in siblings(test, None) if test.parent is not None else ():
        if found:
            yield statement
        found = found or statement is test


def _asks_about(module: Module, nodes: Sequence[Node], name: str) -> bool:
    """Tell whether somewhere a right to what has this name, or any right, is asked about and refused."""
    for node in walk(nodes, into_functions=False):
        if isinstance(node, Call) and is_check(module, node) and (not name or _given(node, name)):
            return True
        if isinstance(node, If) and exits(node.body) and isinstance(node.body[-1], Throw):
            for part in walk(node.test, into_functions=False):
                held = isinstance(part, Binary) and part.op in ("in", "not in") and path_words(part.right) & _HELD
                if held and (not name or any(one.id == name for one in find(part, Name))):
                    return True
                if isinstance(part, Call) and path_words(part.callee) & _HELD and (not name or _given(part, name)):
                    return True
    return False


def _given(call: Call, name: str) -> bool:
    return any(node.id == name for one in (*call.args, *call.keywords.values()) for node in find(one, Name))


def _wish(expr: Expr, op: str, module: Module) -> tuple[Name | None, str]:
    """Return the name that is compared with the sign for everything, and the sign."""
    test = strip(expr)
    if isinstance(test, Unary) and test.op == "not" and op == "!=":
        test, op = strip(test.operand), "=="
    if isinstance(test, Name):  # ``const everything = topic === "*"``
        held = module.scopes.origin(test)
        test = held if isinstance(held, Binary) else test
    if isinstance(test, Binary) and test.op == op:
        for one, other in ((test.left, test.right), (test.right, test.left)):
            name, sign = strip(one), strip(other)
            if isinstance(sign, Name):
                meant = module.scopes.origin(sign)
                sign = meant if isinstance(meant, Literal) else sign
            if isinstance(name, Name) and isinstance(sign, Literal) and sign.value in _ALL:
                return name, str(sign.value)
    return None, ""


def _asked(module: Module, expr: Expr, name: str, *, negated: bool) -> Call | Binary | None:
    """Return what asks whether a name is allowed."""
    test = strip(expr)
    if isinstance(test, Binary) and test.op == ("not in" if negated else "in"):
        held = _holds_rights(module, test.right)
        return test if held and any(one.id == name for one in find(test.left, Name)) else None
    if negated:
        if not isinstance(test, Unary) or test.op not in ("not", "!"):
            return None
        test = strip(test.operand)
    if not isinstance(test, Call):
        return None
    given = _given(test, name)
    said = set(words(test.name)[:1]) & _ASKS or is_check(module, test) or path_words(test.callee) & _HELD
    listed = test.name in ("has", "includes") and test.receiver is not None and _holds_rights(module, test.receiver)
    return test if given and (said or listed) else None


def _asked_later(module: Module, asked: Call | Binary) -> bool:
    """Tell whether another function asks the same of each thing that comes: a pattern is only what is wished for."""
    if not isinstance(asked, Call):
        return False
    here, question = function_of(asked), module.text_of(asked.callee)
    return any(
        function_of(call) is not here and module.text_of(call.callee) == question
        for call in module.calls((asked.name,))
    )


def _holds_rights(module: Module, held: Expr) -> bool:
    """Tell whether a list is of what somebody may have: by its name, or looked up by who asks."""
    if path_words(held) & _HELD:
        return True
    made = module.scopes.origin(held)
    key: Expr | None = None
    if isinstance(made, Call) and made.name == "get" and made.args:
        key = strip(made.args[0])
    elif isinstance(made, Binary) and made.op == "??":  # ``allowed.get(who) ?? []``
        return _holds_rights(module, made.left)
    elif isinstance(made, Index):
        key = strip(made.key)
    return isinstance(key, Name) and module.scopes.is_param(key)


def _pattern(expr: Expr, *, holds: bool) -> tuple[Name | None, str]:
    """Return the name in which a star is looked for, and the star: ``"*" not in pattern``, ``!topic.endsWith("*")``."""
    test = strip(expr)
    if not holds and isinstance(test, Unary) and test.op == "not":
        test, holds = strip(test.operand), True
    if isinstance(test, Binary) and test.op == ("in" if holds else "not in"):
        sign, name = strip(test.left), strip(test.right)
    elif holds and isinstance(test, Call) and test.name in _LOOKS_FOR and test.args and test.receiver is not None:
        sign, name = strip(test.args[0]), strip(test.receiver)
    else:
        return None, ""
    if isinstance(name, Name) and isinstance(sign, Literal) and isinstance(sign.value, str) and "*" in sign.value:
        return name, sign.value
    return None, ""


_LOOKS_FOR: Final = frozenset({"includes", "endsWith", "startsWith", "endswith", "startswith"})


def _refuses(test: Binary, *, negated: bool) -> bool:
    """Tell whether the test decides about a refusal, or is the answer itself."""
    around: Node | None = test.parent
    if isinstance(around, If) and any(node is test for node in walk(around.test)):
        listed = negated and isinstance(strip(test.right), Binary)
        if listed and not (around.body and isinstance(around.body[-1], Throw)):
            return False
        return exits(around.body) if negated else bool(around.body)
    return not negated and isinstance(around, Return)
