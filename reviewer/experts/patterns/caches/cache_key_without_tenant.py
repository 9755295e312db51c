"""PAT001: a result is kept under a key that does not say for whom it was computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Function, Literal, Member, Name, Param, strip
from reviewer.code.walk import class_of, find, function_of, inside, names_in
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.inner_memos import inner_memos
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances, missing, unique_key
from reviewer.experts.patterns.vocabulary import (
    CACHES,
    last_spelled,
    names_tenant,
    spelled,
)
from reviewer.experts.patterns.whom import is_served, teller, whom_here
from reviewer.experts.patterns.wrapped import wrapped
from reviewer.experts.patterns.wrapped_by_own import wrapped_by_own

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.feeds import Feed

_IDENTITIES: Final = frozenset({"id", "key", "slug", "code", "uid", "uuid"})
"""Members by which one of several is told from the others."""
_BEGINNINGS: Final = frozenset({"__init__", "__post_init__"})


@module_check("PAT001", words=())
def cache_key_without_tenant(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a tenant or a user goes into a kept result and not into its key."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in (*memos(inquiry, module), *inner_memos(module)):
        if (
            not ((memo.reads and answers(module, memo)) or _is_cache(memo))
            or keeps_instances(memo)
            or not computed(memo)
            or _is_handed(module, memo)
        ):
            continue
        left = missing(module, memo)
        who = whom_here(inquiry, module, left) or next((one for one in left if _made_for(module, memo, one)), None)
        if who is None or id(memo.key) in said or unique_key(module, memo):
            continue
        said.add(id(memo.key))
        tenant = names_tenant(teller(who)) or is_served(inquiry, module, who.name) or _made_for(module, memo, who)
        yield Match(
            memo.key_place(),
            f"The result kept in '{short(memo.name)}' depends on '{short(who.spelled)}', and the key "
            f"'{short(module.text_of(memo.key))}' does not tell one from another: "
            f"the next {'tenant' if tenant else 'user'} is answered with the first one's.",
            related=((memo.node, "kept here"),),
            severity=None if tenant else Severity.HIGH,
            confidence=Confidence.POSSIBLE if who.root == "this" and memo.table is None else None,
        )
    yield from _of_wrapped(inquiry, module)


def _is_handed(module: Module, memo: Memo) -> bool:
    """Tell whether callers hand over a record of their own for one result: ``cache["files"] = …``."""
    holder = strip(memo.holder) if memo.holder is not None else None
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    return isinstance(strip(memo.key), Literal) and any(isinstance(one, Param) for one in bound)


def _made_for(module: Module, memo: Memo, feed: Feed) -> bool:
    """Tell whether a function around made all this for one of several, and what is kept outlives it, for all of them.

    The maker knows that one by an id: ``garage.id`` beside ``await garage.counts(day)``.
    """
    if memo.table is None or memo.table.owner is not None or function_of(memo.table.declared) is not None:
        return False
    cls = memo.function.owner
    if feed.root == "this" and feed.path and cls is not None:
        begin = cls.method("constructor") or cls.method("__init__")
        given = {param.name for param in begin.params} if begin is not None else set()
        values = module.scopes.field_values(cls, feed.path[0])
        told = feed.path[0] in given or any(name in given for value in values for name in names_in(value))
        return told and any(_is_identity(member, feed.path[0]) for member in find(cls, Member))
    maker = feed.root.parent if isinstance(feed.root, Param) else None
    if not isinstance(maker, Function) or maker is memo.function or not inside(memo.node, maker):
        return False
    return any(_is_identity(member, feed.local) for member in find(maker.body, Member))


def _is_identity(member: Member, name: str) -> bool:
    """Tell whether a member is the id of what has a name: ``garage.id``, also where a closure keeps it."""
    held = strip(member.object)
    named = held.id if isinstance(held, Name) else held.name if is_this_member(held) else ""
    return named == name and member.name in _IDENTITIES


def _of_wrapped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    own = list(wrapped_by_own(module))
    for kept, outlives in (*((one, False) for one in wrapped(module)), *own):
        left = [
            feed
            for feed in feeds(module, kept.function)
            if (
                isinstance(feed.root, str) and feed.root != "this" and feed.local not in kept.names and not _makes(feed)
            )
            or (feed.root in kept.function.params and feed.local not in kept.names and feed.name not in kept.names)
            or (feed.root == "this" and isinstance(kept.node, Call) and _changes_later(module, kept.function, feed))
            or (outlives and isinstance(feed.root, Param) and feed.root.parent is not kept.function)
        ]
        who = whom_here(inquiry, module, left)
        if who is not None:
            yield Match(
                kept.node,
                f"'{kept.by}' keeps the results of '{kept.function.name or 'this function'}' by other things than "
                f"'{short(who.spelled)}', on which they depend: the next one is answered with the first one's.",
            )


def _makes(feed: Feed) -> bool:
    """Tell whether a name is what makes the result, or was asked for: ``UserModel(…)``, ``fetch(query).user``."""
    _holder, told, given = feed.spelled.partition("(")
    asked = bool(told) and not given.startswith(")")
    name = feed.local.split(".", 1)[0]
    return asked or (name[:1].isupper() and not name.isupper())


def _changes_later(module: Module, function: Function, feed: Feed) -> bool:
    """Tell whether a field that a function reads gets another value once the object is made."""
    cls = class_of(function)
    changes = module.scopes.fields(cls).get(feed.path[0], ()) if cls is not None and feed.path else ()
    makers = [function_of(one) for one in changes]
    return any(one is not None and one.kind != "constructor" and one.name not in _BEGINNINGS for one in makers)


def _is_cache(memo: Memo) -> bool:
    name = set(spelled(memo.table.name)) if memo.table is not None else last_spelled(memo.holder)
    return bool(name & CACHES)
