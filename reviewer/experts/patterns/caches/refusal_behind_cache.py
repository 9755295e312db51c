"""PAT440: what is kept is given out before anybody asks whether it may still be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, exits
from reviewer.code.syntax import Assign, Call, Function, If, Index, Literal, Name, Return, Throw, strip
from reviewer.code.walk import find, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.worked_from import compared_when_read
from reviewer.experts.patterns.wrapped import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement
    from reviewer.experts.check import Inquiry

_ENDED: Final = word_set(
    "revoked revocation revocations withdrawn withdrawal yanked recalled retracted banned blocked blocklist "
    "blocklisted blacklist blacklisted denylist denylisted suspended quarantined delisted retired discontinued "
    "unpublished disabled"
)
"""Words for a right, a release or an account that has come to its end; it may do so at any moment."""
_STANDS: Final = word_set("subscription subscriptions subscribed licensed licenced entitled entitlements")
"""Words for what somebody holds for as long as it is paid for."""
_EMPTIES: Final = word_set("delete pop clear remove discard forget evict invalidate drop purge expire")
_AGES: Final = word_set("ttl expires expiry expire age fresh stale maxage until deadline")


@module_check("PAT440", words=_ENDED | _STANDS)
def refusal_behind_cache(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept result for a refusal that is only reached where nothing is kept yet."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        if isinstance(strip(memo.value), Literal):
            continue  # it is only noted that this one was there: ``seen[name] = true``
        if not memo.reads or compared_when_read(memo) or said_in(memo.function.body) & _AGES:
            continue
        found = _behind(module, memo)
        if found is None or id(found) in said or _emptied_elsewhere(module, memo):
            continue
        said.add(id(found))
        yield _match(module, found, memo.name or "the cache", memo.node)
    for kept in wrapped(module):
        refusal = next((one for one in _refusals(kept.function.body)), None)
        if refusal is not None and id(refusal) not in said and "cache_clear" not in module.identifiers:
            yield _match(module, refusal, kept.by, kept.node)


def _match(module: Module, refusal: If, keeper: str, place: Node) -> Match:
    return Match(
        refusal.test,
        f"'{short(module.text_of(refusal.test))}' is only asked where nothing is kept: what '{short(keeper)}' has goes "
        "on being given out after that has changed.",
        related=((place, "kept here"),),
    )


def _behind(module: Module, memo: Memo) -> If | None:
    """Return the refusal that what is kept is never asked."""
    work = strip(memo.value)
    if isinstance(work, Function):
        asked = _standing(before(memo.node))
        return next((one for one in _refusals(work.body) if not _words(one.test) & asked), None)
    for refusal in _refusals(memo.function.body):
        where = next((c.test for c in conditions(refusal) if asks_kept(module, memo, c.test)), None)
        if where is not None and not _words(refusal.test) & _standing(before(where)):
            return refusal
    return None


def _refusals(body: list[Statement]) -> Iterator[If]:
    """Yield the branches that leave without an answer because something has ended, or is not held any more."""
    for one in find(body, If, into_functions=False):
        if _words(one.test) and exits(one.body) and any(map(_refuses, one.body)):
            yield one


def _refuses(statement: Node) -> bool:
    if isinstance(statement, Throw):
        return True
    if not isinstance(statement, Return):
        return False
    value = strip(statement.value) if statement.value is not None else None
    return value is None or (isinstance(value, Literal) and not value.value)


def _words(test: Expr) -> set[str]:
    """Return the words of a test that say that something has ended or is held."""
    return said_in(test) & (_ENDED | _STANDS)


def _standing(nodes: Iterator[Node]) -> set[str]:
    return {word for node in nodes if isinstance(node, If | Call) for word in _asked(node)}


def _asked(node: If | Call) -> set[str]:
    return said_in(node.test if isinstance(node, If) else node) & (_ENDED | _STANDS)


def asks_kept(module: Module, memo: Memo, test: Expr) -> bool:
    """Tell whether a test asks whether something is kept: by the table itself, or by a name that was read from it."""
    holder = memo.table.name if memo.table is not None else memo.name
    for node in walk(test):
        if _holds(module, node, holder):
            return True
        if isinstance(node, Name):
            for bound in module.scopes.lookup(node.id, node):
                given = bound.value if isinstance(bound, Assign) else None
                while isinstance(given, Index) and given.parent is bound:  # known, answer = book.get(key)
                    given = given.object
                if given is not None and any(_holds(module, part, holder) for part in walk(given)):
                    return True
    return False


def _holds(module: Module, node: Node, holder: str) -> bool:
    if getattr(node, "id", "") == holder or getattr(node, "name", "") == holder:
        return True
    return isinstance(node, Call) and node.receiver is not None and module.text_of(node.receiver) == holder


def _emptied_elsewhere(module: Module, memo: Memo) -> bool:
    """Tell whether another function takes entries out: whatever ends something may well do it there."""
    if memo.table is not None:
        return any(
            access.function is not None and not inside(access.function, memo.function)
            for access in memo.table.of("delete", "clear")
        )
    return any(
        call.receiver is not None and module.text_of(call.receiver) == memo.name and not inside(call, memo.function)
        for call in module.calls(_EMPTIES)
    )
