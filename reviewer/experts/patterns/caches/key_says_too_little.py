"""PAT001: a key of what many tenants have alike, and a cache of all tenants that is handed what is one's own."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Literal, Member, Name, Param, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.feeds import covered, feeds
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import answers, computed, counts, keeps_instances, missing, unique_key
from reviewer.experts.patterns.vocabulary import names_tenant
from reviewer.experts.patterns.whom import is_served, teller, whom_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.feeds import Feed
    from reviewer.experts.patterns.memos import Memo

_ALIKE: Final = frozenset("version name kind type format locale language title label revision".split())
"""Members that things of several tenants have alike."""
_MOST: Final = 12
"""Calls of one function that are looked at."""


@module_check("PAT001", words=())
def key_says_too_little(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept result whose key seems to know for whom it was, or that is one's own by who made its maker."""
    if module.is_test:
        return
    for memo in memos(inquiry, module):
        if not (memo.reads and answers(module, memo)) or keeps_instances(memo) or not computed(memo):
            continue
        left = missing(module, memo)
        if whom_here(inquiry, module, left) is not None or unique_key(module, memo):
            continue  # told already
        who = _known_by_likeness(inquiry, module, memo) or _made_for_one(inquiry, module, memo, left)
        if who:
            yield Match(
                memo.key_place(),
                f"The result kept in '{short(memo.name)}' depends on '{short(who)}', and the key "
                f"'{short(module.text_of(memo.key))}' does not tell one from another: the next tenant is answered "
                "with the first one's.",
                related=((memo.node, "kept here"),),
            )


def _known_by_likeness(inquiry: Inquiry, module: Module, memo: Memo) -> str:
    """Return the tenant that a key knows only by what others have alike: the version of what was looked up for it."""
    key = module.scopes.origin(memo.key) if isinstance(memo.key, Name) else memo.key
    if not isinstance(key, Expr):
        return ""
    beside = {id(made) for member in find(key, Member) for made in _looked_up(module, memo, member)}
    if not beside:
        return ""
    told = feeds(module, key, memo.holder, beside=beside)
    for feed in feeds(module, memo.value, beside=() if _works(module, memo.value, beside) else beside):
        said = names_tenant(teller(feed)) or is_served(inquiry, module, feed.name)
        if said and counts(module, memo, feed) and not covered(feed, told):
            return feed.spelled
    return ""


def _works(module: Module, value: Expr, looked_up: set[int]) -> bool:
    """Tell whether what was looked up does the work itself, as an instance of one does: ``widget.draw(size)``."""
    origin = module.scopes.origin(value) if isinstance(value, Name) else value
    return isinstance(origin, Expr) and any(
        isinstance(call.receiver, Name)
        and any(id(one) in looked_up for one in module.scopes.lookup(call.receiver.id, call))
        for call in find(origin, Call)
    )


def _looked_up(module: Module, memo: Memo, member: Member) -> Iterator[Assign]:
    """Yield where the thing was looked up, of which a key has only what others have alike."""
    holder = member.object
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) and member.name in _ALIKE else []
    only = bound[0] if len(bound) == 1 else None
    value = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    own = isinstance(only, Assign) and isinstance(value, Call) and function_of(only) is memo.function
    if isinstance(only, Assign) and own and not names_tenant(module.text_of(only.target)):
        yield only


def _made_for_one(inquiry: Inquiry, module: Module, memo: Memo, left: list[Feed]) -> str:
    """Return what a maker was handed of one tenant, where the cache that it was handed is that of all of them."""
    if memo.table is not None or memo.holder is None:
        return ""
    if any(_says(inquiry, module, feed) for feed in feeds(module, memo.key)):
        return ""
    holder = _handed(module, memo.function, strip(memo.holder))
    for feed in left if holder is not None else ():
        at = feed.root if isinstance(feed.root, Param) else _given_field(module, memo.function, feed)
        maker = at.parent if at is not None else None
        if at is None or holder is None or maker is not holder.parent or not isinstance(maker, Function):
            continue
        if any(_apart(inquiry, other, call, maker, (holder, at)) for other, call in _calls(module, maker)):
            return feed.spelled
    return ""


def _calls(module: Module, maker: Function) -> list[tuple[Module, Call]]:
    return list(islice(call_sites(module, maker) or (), _MOST))


def _apart(inquiry: Inquiry, module: Module, call: Call, maker: Function, asked: tuple[Param, Param]) -> bool:
    """Tell whether a call hands over a cache that it has for all, beside what it makes for one tenant."""
    cache, own = (call.arg(maker.params.index(param), param.name) for param in asked)
    if cache is None or own is None or isinstance(strip(cache), Call | Literal):
        return False
    if isinstance(module.scopes.origin(cache), Call) and not is_this_member(strip(cache)):
        return False
    return any(_says(inquiry, module, feed) for feed in feeds(module, own)) and not any(
        _says(inquiry, module, feed) for feed in feeds(module, cache)
    )


def _says(inquiry: Inquiry, module: Module, feed: Feed) -> bool:
    return names_tenant(teller(feed)) or is_served(inquiry, module, feed.name)


def _handed(module: Module, function: Function, holder: Expr) -> Param | None:
    """Return the parameter by which a maker was handed a cache: of the function around, or of the constructor."""
    if isinstance(holder, Name):
        bound = module.scopes.lookup(holder.id, holder)
        only = bound[0] if len(bound) == 1 else None
        return only if isinstance(only, Param) and only.parent is not function else None
    return _field_param(module, function.owner, holder.name) if is_this_member(holder) else None


def _given_field(module: Module, function: Function, feed: Feed) -> Param | None:
    return _field_param(module, function.owner, feed.path[0]) if feed.root == "this" and feed.path else None


def _field_param(module: Module, cls: Class | None, name: str) -> Param | None:
    """Return the parameter of a constructor that becomes a field as it is."""
    begin = (cls.method("constructor") or cls.method("__init__")) if cls is not None else None
    if cls is None or begin is None:
        return None
    held = {strip(value).id for value in module.scopes.field_values(cls, name) if isinstance(strip(value), Name)}  # type: ignore[attr-defined]  # a name, as was asked
    return next((p for p in begin.params if p.name in held or (p.access and p.name == name)), None)
