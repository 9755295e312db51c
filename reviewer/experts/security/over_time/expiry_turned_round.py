"""SEC130: what is still good is refused, and what has run out is let pass: the end is compared the wrong way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Binary,
    Call,
    Class,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Throw,
    Unary,
    is_nothing,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import decides
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FIRM_ENDS: Final = word_set("expires expiry expiration expire validuntil notafter")
_ENDS: Final = _FIRM_ENDS | {"until", "end", "ends"}
"""Words for when something ends; the last ones mean it where a decision reads them."""
_NOW: Final = word_set("now time monotonic today utcnow timestamp")
_HELD_BACK: Final = word_set(
    "block blocked ban banned lock locked suspend suspended mute muted quiet snooze snoozed retry wait waiting backoff "
    "cooldown throttle throttled quarantine quarantined disabled silence silenced open pause paused hold delay penalty "
    "embargo earliest since start starts begin notbefore"
)
"""Words of an end until which something is not to happen."""
_PROOFS: Final = word_set(
    "token tokens license licence certificate signature lease pass passes ticket tickets voucher session badge"
)
_STILL: Final = word_set("valid active alive live usable good current")
"""Words of a question whether a grant still holds."""
_OVER: Final = word_set("expired stale over ended outdated old dead lapsed past due evict prune purge sweep expire")
"""Words of a function that answers whether something has ended."""


@module_check("SEC130", words=_ENDS)
def expiry_turned_round(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of an end with the present for what becomes of what has not ended."""
    if module.is_test:
        return
    for node in module.all(Binary):
        later = _later_than_now(module, node)
        function = function_of(node)
        if later is None or function is None or not _about_rights(inquiry, module, node, function):
            continue
        end, still_good = later
        refused = _refuses_when(node, function)
        if refused is not None and refused is still_good:
            text = short(module.text_of(end))
            yield Match(
                node,
                f"While '{text}' lies ahead the answer is no, and after it yes: what has run out is let pass, and "
                "what still holds is refused.",
            )


def _later_than_now(module: Module, node: Binary) -> tuple[Expr, bool] | None:
    """Return the end that is compared with now, and whether the comparison holds while it lies ahead."""
    if node.op not in ("<", "<=", ">", ">="):
        return None
    left, right = strip(node.left), strip(node.right)
    if _is_end(left) and _is_now(module, right):
        return left, node.op in (">", ">=")
    if _is_end(right) and _is_now(module, left):
        return right, node.op in ("<", "<=")
    return None


def _is_end(expr: Expr) -> bool:
    if not isinstance(expr, Member | Index):
        return False
    said = set(last_words(expr)) | {"".join(last_words(expr))}
    return bool(said & _ENDS) and not said & _HELD_BACK


def _is_now(module: Module, expr: Expr) -> bool:
    made = module.scopes.origin(expr)
    for one in (expr, made):
        if isinstance(one, Call) and set(words(one.name)) & _NOW:
            return True
        if isinstance(one, Name) and set(words(one.id)) & _NOW:
            return True
    return False


def _about_rights(inquiry: Inquiry, module: Module, node: Binary, function: Function) -> bool:
    """Tell whether a function decides, or the end is one of a grant or a proof, and nothing is held back until then."""
    around = surroundings(function) | path_words(node.left) | path_words(node.right)
    if around & (_HELD_BACK | _OVER):
        return False
    if decides(inquiry, module, function):
        return True
    firm = {one for side in (node.left, node.right) for one in (*last_words(side), "".join(last_words(side)))}
    owner = class_of(function)
    holder = set(words(owner.name)) if isinstance(owner, Class) else set()
    holds = bool(set(words(function.name)) & _STILL) and bool(holder & (PERMISSION | _PROOFS))
    return (bool(firm & _FIRM_ENDS) or holds) and bool((around | holder) & (PERMISSION | _PROOFS))


def _refuses_when(node: Binary, function: Function) -> bool | None:
    """Return True where the comparison holding means no, False where it means yes, None where neither is clear."""
    inner: Node = node
    alone = True  # whether there is no other reason for the same answer
    for around in ancestors(node):
        if isinstance(around, Binary) and around.op in ("and", "or"):
            alone = alone and (around.op == "and" or _asks_whether_it_ends(around, inner, node))
            inner = around
            continue
        if isinstance(around, If) and around.test is inner:
            no = _no(around)
            return no if alone or no else None
        if not alone:
            return None
        if isinstance(around, Return) and around.value is inner:
            return False
        return None
    return None


def _asks_whether_it_ends(either: Binary, compared: Node, node: Binary) -> bool:
    """Tell whether the other side only asks whether there is an end at all: ``grant.end === null || …``."""
    other = strip(either.left) if either.right is compared else strip(either.right)
    function = function_of(node)
    if isinstance(other, Unary) and other.op == "not":
        asked = strip(other.operand)
    elif isinstance(other, Binary) and other.op in ("==", "is", "===") and is_nothing(strip(other.right)):
        asked = strip(other.left)
    else:
        return False
    if function is None:
        return False
    said = function.module.text_of(asked)
    return said in (function.module.text_of(node.left), function.module.text_of(node.right))


def _no(test: If) -> bool | None:
    """Return True for a branch that refuses, False for one that says yes."""
    last = test.body[-1] if test.body else None
    if isinstance(last, Throw):
        return True
    if not isinstance(last, Return) or last.value is None:
        return None
    value = uncast(last.value)
    return (not value.value) if isinstance(value, Literal) and isinstance(value.value, bool) else None
