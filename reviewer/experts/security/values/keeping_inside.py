"""Whether a question where a path lies keeps somebody out, or only sorts files of the program's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Throw,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, names_in, walk
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.asked_to_refuse import answer_uses, says_refused
from reviewer.experts.security.reaching.file_calls import READS, WRITES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module

_SAYS_WHERE: Final = word_set(
    "inside within contains contained outside escapes escaping under beneath below child sub subpath allowed allow "
    "permitted safe unsafe secure trusted valid confined traversal guard check verify ensure assert"
)
"""Words of a function, or of what keeps its answer, that say what the question is for."""
_ONE_OF_THEM: Final = frozenset({"some", "every", "any", "all", "bool", "Boolean"})
"""Calls that answer for a list what a callback answers for each item."""
_LEAVES: Final = frozenset("reject abort fail next deny forbidden sendStatus status writeHead end exit".split())
"""Calls by which a handler turns somebody away."""
_DEPTH: Final = 2


def keeps_out(module: Module, test: Node, depth: int = _DEPTH) -> bool:
    """Tell whether what lies outside is refused, or what lies inside is read or written, by an answer of a test."""
    inner, inside = test, True
    for around in ancestors(test):
        if isinstance(around, If | While):
            return inner is around.test and isinstance(around, If) and _turns_away(around, inside, names_in(test))
        if isinstance(around, Conditional):
            return inner is around.test and _says_no(around.other if inside else around.then)
        if isinstance(around, Return):
            return _answers(module, around, depth)
        if isinstance(around, Assign):
            named = set(words(around.target.id)) if isinstance(around.target, Name) else set()
            if named & _SAYS_WHERE:
                return True
            return depth > 0 and any(keeps_out(module, use, depth - 1) for use in answer_uses(around))
        if isinstance(around, Unary):
            inside = inside is not (around.op == "not")
        elif isinstance(around, Binary):
            # ``file.indexOf(root) !== 0``
            inside = inside is not (around.op == "!=")
        elif isinstance(around, Call):
            if around.name not in _ONE_OF_THEM:
                return False
        elif not isinstance(
            around, Cast | Await | Member | Comprehension
        ):  # any(path.startswith(one) for one in roots)
            return False
        inner = around
    return False


def _answers(module: Module, answer: Return, depth: int) -> bool:
    """Tell whether a function answers with the test, and by its name or its callers keeps somebody out."""
    function = next((one for one in ancestors(answer) if isinstance(one, Function)), None)
    if function is None:
        return False
    call = function.parent
    if isinstance(call, Call) and call.callee is not function:
        return call.name in _ONE_OF_THEM and keeps_out(module, call, depth)
    if set(words(function.name)) & _SAYS_WHERE or not function.name:
        return True
    asked = module.calls((function.name,)) if depth else []
    return any(keeps_out(module, one, depth - 1) for one in asked)


def _turns_away(test: If, inside: bool, asked: set[str]) -> bool:
    """Tell whether one side of a statement refuses, or the other one touches the file that is asked about."""
    held, outside = (test.body, test.orelse) if inside else (test.orelse, test.body)
    if inside and not outside:
        beside = siblings(test)
        outside = beside[beside.index(test) + 1 :][:2] if test in beside else []
        if outside and not isinstance(outside[0], Return | Throw) and not says_refused(outside[:1]):
            outside = []
    if any(_refuses(one) for one in walk(outside, into_functions=False)) or says_refused(outside):
        return True
    return any(
        call.name in READS | WRITES and names_in(call) & asked for call in find(held, Call, into_functions=False)
    )


def _refuses(node: Node) -> bool:
    if isinstance(node, Call):
        return node.name in _LEAVES
    return isinstance(node, Throw) or (isinstance(node, Return) and node.value is not None and _says_no(node.value))


def _says_no(value: Expr) -> bool:
    made = strip(value)
    return isinstance(made, Literal) and made.value in (None, False)


def same_pattern(module: Module, call: Call, others: Sequence[Call]) -> bool:
    """Tell whether the same text is asked for its end, too: what begins it is a part of a pattern and no folder."""
    said = module.text_of(call.receiver) if call.receiver is not None else ""
    return any(
        one.name in ("endsWith", "endswith")
        and one.receiver is not None
        and module.text_of(one.receiver) == said
        and not isinstance(strip(one.args[0]) if one.args else None, Literal)
        for one in others
    )
