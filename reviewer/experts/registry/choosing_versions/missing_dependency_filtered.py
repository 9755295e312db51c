"""REG440: of what a record needs only those are kept that are there, and nobody hears of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.branches import passes_by
from reviewer.code.flow import returns_of
from reviewer.code.syntax import Binary, Call, Comprehension, For, Function, If, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.vocabulary import ACTIVE_WORDS, FIRM_DEPENDENCY_WORDS, PENDING_WORDS
from reviewer.experts.paths import last_name, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_OPTIONAL: Final = word_set("optional soft wants suggests recommends peer peers weak maybe before after dev")
_TOLD: Final = word_set("missing unmet unresolved unknown absent unsatisfied unavailable lacking lacks")
"""Words of a file that says somewhere that something is not there."""
_SOME: Final = (
    ACTIVE_WORDS
    | PENDING_WORDS
    | word_set(
        "selected selection wanted chosen subset changed affected pending remaining left todo done seen visited open "
        "order ordered sorted placed batch group level keep kept scope names set result ready waiting"
    )
)
"""What holds some of all there are: what is not in it is not missing."""


@module_check("REG440", words=FIRM_DEPENDENCY_WORDS)
def missing_dependency_filtered(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of needs out of which those are left that nobody has."""
    if module.is_test or module.words & _TOLD:
        return
    for node in module.some(Call, Comprehension, For):
        needs, table = _kept(node)
        if needs is None or table is None:
            continue
        said = set(words(needs.name))
        if not said & FIRM_DEPENDENCY_WORDS or said & _OPTIONAL or said_in(needs.object) & _OPTIONAL:
            continue
        named = set(words(last_name(table)))
        if not named or named & (_SOME | _OPTIONAL):
            continue
        yield Match(
            node,
            f"What is needed and not in '{last_name(table)}' is left out of '{needs.name}' here, and nobody is told: "
            "what needs it is placed and started without it.",
        )


def _kept(node: Node) -> tuple[Member | None, Expr | None]:
    """Return the needs of a record and the table in which those are looked up that are kept."""
    if isinstance(node, For):
        first = node.body[0] if len(node.body) > 1 and isinstance(node.target, Name) else None
        if node.iterable is None or not isinstance(first, If) or not passes_by(first):
            return None, None
        return _needs(node.iterable), _not_asked_of(first.test, getattr(node.target, "id", ""))
    if isinstance(node, Comprehension):
        if len(node.clauses) != 1 or len(node.tests) != 1 or not isinstance(strip(node.element), Name):
            return None, None
        target, over = node.clauses[0]
        return _needs(over), _asked_of(node.tests[0], getattr(target, "id", ""))
    if not isinstance(node, Call) or node.name != "filter" or node.receiver is None or len(node.args) != 1:
        return None, None
    callback = strip(node.args[0])
    if not isinstance(callback, Function) or not callback.params:
        return None, None
    answers = [one.value for one in returns_of(callback)]
    if len(answers) != 1 or answers[0] is None:
        return None, None
    return _needs(node.receiver), _asked_of(answers[0], callback.params[0].name)


def _needs(over: Expr) -> Member | None:
    """Return the member that a list is: ``spec.dependsOn`` of ``(spec.dependsOn ?? [])``."""
    held = strip(over)
    if isinstance(held, Binary) and held.op in ("??", "or"):
        held = strip(held.left)
    return held if isinstance(held, Member) else None


def _not_asked_of(test: Expr, each: str) -> Expr | None:
    """Return the table that has not what is passed over: ``if need not in specs: continue``."""
    held = strip(test)
    if isinstance(held, Binary) and held.op == "not in" and getattr(strip(held.left), "id", "") == each != "":
        return held.right
    return _asked_of(held.operand, each) if isinstance(held, Unary) and held.op in ("not", "!") else None


def _asked_of(test: Expr, each: str) -> Expr | None:
    """Return the table that has what is kept: ``specs`` of ``specs.has(id)`` and of ``id in specs``."""
    held = strip(test)
    while isinstance(held, Unary) and isinstance(strip(held.operand), Unary):
        held = strip(strip(held.operand).operand)  # type: ignore[attr-defined]  # !! of a test
    if isinstance(held, Binary) and held.op == "in" and getattr(strip(held.left), "id", "") == each != "":
        return held.right
    asks = isinstance(held, Call) and held.name in ("has", "hasOwn") and held.args
    if isinstance(held, Call) and asks and getattr(strip(held.args[-1]), "id", "") == each:
        return held.args[0] if held.name == "hasOwn" else held.receiver
    return None
