"""PAT002: what one version of a thing answered is kept under a key that is the same for all of its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import class_of_value, declared_type, lineage, named_type
from reviewer.code.syntax import Call, Expr, Function, Member, Name, strip
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import answers, computed
from reviewer.experts.patterns.vocabulary import VERSIONS, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo


@module_check("PAT002", words={"version", "revision"})
def version_left_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept answer of a thing that has a version, where another key of the file tells versions apart."""
    if module.is_test:
        return
    kept = [one for one in memos(inquiry, module) if one.reads and answers(module, one) and computed(one)]
    telling = [one for one in kept if _tells_version(module, one)]
    for memo in kept if telling else ():
        asked = _asked(module, memo)
        if memo in telling or asked is None or (memo.table is not None and memo.table.of("delete", "clear")):
            continue
        yield Match(
            memo.key_place(),
            f"'{short(module.text_of(asked))}' has a version, and the key '{short(module.text_of(memo.key))}' does not "
            "tell it: after an update the answer of the old version is still given.",
            related=((telling[0].key_place(), "this key tells it"), (memo.node, "kept here")),
        )


def _tells_version(module: Module, memo: Memo) -> bool:
    return any(
        not VERSIONS.isdisjoint(spelled(name)) for feed in feeds(module, memo.key) for name in (feed.local, *feed.path)
    ) or any(not VERSIONS.isdisjoint(spelled(part.name)) for part in find(memo.key, Member))


def _asked(module: Module, memo: Memo) -> Expr | None:
    """Return the thing with a version whose method gave what is kept."""
    value = strip(memo.value)
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    if not isinstance(made, Expr):
        return None
    for call in walk(made.body if isinstance(made, Function) else made):
        holder = strip(call.receiver) if isinstance(call, Call) and call.receiver is not None else None
        if isinstance(holder, Name) and holder.id != "this" and _has_version(module, holder):
            return holder
    return None


def _has_version(module: Module, holder: Expr) -> bool:
    cls: Class | None = class_of_value(module, holder) or named_type(module, declared_type(module, holder))
    fields = [field for owner in lineage(cls) for field in owner.fields] if cls is not None else []
    return any(field.name in ("version", "revision") for field in fields)
