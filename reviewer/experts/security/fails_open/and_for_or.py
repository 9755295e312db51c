"""SEC480: a refusal needs two things to be wrong at once, of which each alone should be enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Expr, If, Literal, Member, Name, Return, Throw, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_RIGHTS: Final = word_set(
    "allow allows allowed may can permits permitted grants granted grant holds authorized authorised entitled "
    "permission permissions scope scopes right rights capability capabilities"
)
"""Words of a question whether somebody may do it at all."""
_STATES: Final = word_set(
    "rate quota budget throttle throttled within fresh valid verified verifies signed signature enabled active "
    "unexpired live checksum digest authentic authenticated nonce csrf"
)
"""Words of a question that everybody has to pass as well, whoever it is."""
_STRICT: Final = word_set(
    "rate quota budget throttle throttled verified verifies signed signature checksum digest csrf"
)
"""Those that stand beside a list of who, or what, is let through."""
_LISTED: Final = frozenset({"has", "includes"})
_LIFTS: Final = word_set(
    "admin admins owner bypass exempt unlimited skip ignore force root superuser super internal trusted override "
    "own self system debug dev development test anonymous public optional"
)
"""Words of what lets somebody off the other question."""


@module_check("SEC480", words=_RIGHTS | _STRICT)
def and_for_or(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal that two denied questions have to agree on."""
    if module.is_test:
        return
    for both, left, right in _joined(module):
        one, other = _denied(left), _denied(right)
        if one is None or other is None:
            continue
        said = [_said(one), _said(other)]
        listed = any(
            _asks_list(asked) and bool(words_of & _STRICT) for asked, words_of in ((one, said[1]), (other, said[0]))
        )
        if (said[0] | said[1]) & _LIFTS or not (_apart(*said) or listed):
            continue
        yield Match(
            both,
            f"This refuses only where '{short(module.text_of(one))}' and '{short(module.text_of(other))}' are both "
            "wrong: who passes one of them need not pass the other.",
            fix="Join the two with 'or': each of them is reason enough to refuse.",
        )


def _joined(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield what two questions stand in that a refusal hangs on together: ``a and b``, or one ``if`` in another."""
    for test in module.all(If):
        if not _refuses(test):
            continue
        both, around = strip(test.test), test.parent
        if isinstance(both, Binary) and both.op == "and":
            yield both, both.left, both.right
        elif isinstance(around, If) and not around.orelse and around.body == [test]:
            yield around.test, around.test, test.test


def _denied(expr: Expr) -> Expr | None:
    """Return the question that is denied: ``not asked``, ``asked === false``."""
    expr = strip(expr)
    if isinstance(expr, Unary) and expr.op == "not":
        return strip(expr.operand)
    if isinstance(expr, Binary) and expr.op in ("==", "!=", "not in"):
        right = strip(expr.right)
        if expr.op == "not in":
            return expr
        if isinstance(right, Literal) and right.value is (expr.op == "!="):
            return strip(expr.left)
    return None


def _refuses(test: If) -> bool:
    if not exits(test.body):
        return False
    last = test.body[-1]
    if isinstance(last, Throw):
        return True
    value = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    return isinstance(value, Literal) and value.value is False


def _said(asked: Expr) -> set[str]:
    """Return the words of the names and the short texts of a question."""
    said: set[str] = set()
    for node in walk(asked):
        said |= {word for name in _named(node) for word in words(name)}
    return said


def _named(node: Node) -> tuple[str, ...]:
    if isinstance(node, Name):
        return (node.id,)
    if isinstance(node, Member):
        return (node.name,)
    return (node.value,) if isinstance(node, Literal) and isinstance(node.value, str) else ()


def _asks_list(asked: Expr) -> bool:
    """Tell whether a question is whether somebody, or something, stands on a list."""
    if isinstance(asked, Call):
        return asked.name in _LISTED and asked.receiver is not None and len(asked.args) == 1
    return isinstance(asked, Binary) and asked.op in ("in", "not in")


def _apart(one: set[str], other: set[str]) -> bool:
    """Tell whether one question is about a right, and the other about what has to hold for everybody."""
    return any(
        bool(right & _RIGHTS) and not right & _STATES and bool(state & _STATES) and not state & _RIGHTS
        for right, state in ((one, other), (other, one))
    )
