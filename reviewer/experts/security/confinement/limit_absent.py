"""SEC002: where no limit is written down there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Index, Literal, Member, Name, Return, Unary, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_LIMITS: Final = word_set(
    "limit limits max maxima maximum quota quotas budget budgets cap caps ceiling ceilings allowance allowances "
    "threshold thresholds bound bounds"
)
"""What a table of limits is called."""
_ENDLESS: Final = frozenset(
    "Infinity Number.POSITIVE_INFINITY Number.MAX_SAFE_INTEGER Number.MAX_VALUE math.inf sys.maxsize".split()
)
_OTHER: Final = word_set("timeout deadline ttl age retries delay depth distance cost best score")
"""Words of a table whose numbers stop nobody from doing anything."""


@module_check("SEC002", words=_LIMITS)
def limit_absent(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each look-up of somebody's limit that gives infinity where there is none, and at what it decides."""
    if module.is_test:
        return
    for node in module.some(Call, Binary):
        table, default = _lookup(node)
        if table is None or default is None or not _is_endless(module, default):
            continue
        said = path_words(table)
        if said & _LIMITS and not said & _OTHER and isinstance(node, Expr) and _decides(node):
            yield Match(
                node,
                f"'{short(module.text_of(node))}' gives no limit at all to what nobody wrote down: a name that is "
                "missing or misspelt there may do anything.",
                severity=Severity.HIGH,
            )


def _lookup(node: Node) -> tuple[Expr | None, Expr | None]:
    """Return the table and the default of ``limits.get(k, d)``, ``limits.get(k) ?? d`` and ``limits[k] || d``."""
    if isinstance(node, Call):
        if node.name == "get" and len(node.args) == 2 and node.receiver is not None:
            return node.receiver, node.args[1]
        return None, None
    if isinstance(node, Binary) and node.op in ("??", "or"):
        asked = strip(node.left)
        if isinstance(asked, Index) and not isinstance(strip(asked.key), Literal):
            return asked.object, node.right
        if isinstance(asked, Call) and asked.name == "get" and asked.receiver is not None and len(asked.args) == 1:
            return asked.receiver, node.right
    return None, None


def _is_endless(module: Module, value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Call) and value.name == "float" and value.args:
        given = strip(value.args[0])
        return isinstance(given, Literal) and str(given.value).lower() in ("inf", "infinity", "+inf")
    if isinstance(value, Name | Member):
        return module.resolve(value) in _ENDLESS or module.text_of(value) in _ENDLESS
    return False


def _decides(limit: Expr) -> bool:
    """Tell whether a limit is held against what somebody wants, and more is refused."""
    for around in ancestors(limit):
        if isinstance(around, Binary) and around.op in ("<", "<=", ">", ">="):
            return _refused(around)
        if isinstance(around, Assign):
            return isinstance(around.target, Name) and _compared(around, around.target.id)
        if not isinstance(around, Binary | Unary | Call):
            return False
    return False


def _compared(made: Assign, name: str) -> bool:
    function = function_of(made)
    if function is None:
        return False
    for test in find(function.body, Binary):
        if test.op in ("<", "<=", ">", ">=") and any(
            isinstance(side, Name) and side.id == name for side in (strip(test.left), strip(test.right))
        ):
            return _refused(test)
    return False


def _refused(test: Binary) -> bool:
    """Tell whether a comparison refuses: it is the test of a branch that throws or answers no, or it is the answer."""
    for around in ancestors(test):
        if isinstance(around, If):
            return refuses(around.body) or refuses(around.orelse)
        if isinstance(around, Return):
            return True
        if not isinstance(around, Binary | Unary):
            return False
    return False
