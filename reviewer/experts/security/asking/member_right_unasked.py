"""SEC022: one member of what plugins get asks for its right, and the one beside it does not, though it has one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Array, Class, Function, Literal, Object, strip
from reviewer.code.text.words import words
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import calls_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import checks_in, is_decision, is_guard_function
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_RIGHT: Final = regex(r"([a-z][\w-]{0,40}[.:/])([a-z][\w-]{1,40})")
_LISTED: Final = regex(rb"[\"'`][a-z][\w-]{0,40}[.:/][a-z][\w-]{1,40}[\"'`]")
_FEWEST: Final = 2


@module_check("SEC022", words=TRIGGERS | {"guard", "check", "ensure", "need", "demand"})
def member_right_unasked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the names of members that ask for nothing against the rights that are listed and nobody asks for."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for holder in module.some(Object, Class):
        members = list(_members(holder))
        asked = [(member, right) for member in members for right in _asked(module, member)]
        told = {id(member) for member, _right in asked}
        for beside in members if asked else ():
            if id(beside) in told or beside.private or not any(calls_in(beside.body)) or _decides(beside):
                continue
            for member, right in asked:
                own = _own_right(inquiry, right, beside)
                if own:
                    yield Match(
                        beside,
                        f"'{beside.name}' asks for nothing, though there is the right '{own}' and '{member.name}' "
                        f"asks for '{right}': whoever was granted nothing can do this.",
                        related=((member, "this one asks"),),
                    )
                    break


def _members(holder: Node) -> Iterator[Function]:
    if isinstance(holder, Class):
        yield from (one for one in holder.methods if one.kind == "method" and not one.signature_only)
    elif isinstance(holder, Object):
        yield from (value for _key, value in holder.entries if isinstance(value, Function) and value.kind != "getter")


def _asked(module: Module, member: Function) -> Iterator[str]:
    """Yield the rights that a member asks for, as far as they are written out."""
    for check in checks_in(module, member):
        for said in (strip(arg) for arg in check.args):
            if isinstance(said, Literal) and isinstance(said.value, str) and _RIGHT.fullmatch(said.value):
                yield said.value


def _decides(member: Function) -> bool:
    return is_decision(member) or is_guard_function(member)


def _own_right(inquiry: Inquiry, right: str, beside: Function) -> str:
    """Return the right beside another one in a list that a member is called after, where nothing asks for it."""
    form = _RIGHT.fullmatch(right)
    said = words(beside.name)
    for listed in (one for lists in _LISTS.of(inquiry.project) for one in lists):
        for other in listed if right in listed else ():
            own = _RIGHT.fullmatch(other)
            alike = own is not None and form is not None and own[1] == form[1] and other != right
            if alike and own is not None and words(own[2]) == said[:1] and not _is_asked(inquiry, other):
                return other
    return ""


def _is_asked(inquiry: Inquiry, right: str) -> bool:
    """Tell whether a right stands anywhere but in lists of rights."""
    named = re.compile(rb"(?<![\w.:/-])" + re.escape(right.encode()) + rb"(?![\w:/-])")
    times = sum(len(named.findall(text)) for _path, text in inquiry.project.texts(set(words(right))))
    return times > sum(right in one for lists in _LISTS.of(inquiry.project) for one in lists)


def _lists(module: Module) -> tuple[tuple[str, ...], ...]:
    """Return the lists of rights that a file writes down: arrays of texts, and types of texts."""
    arrays = (
        [str(item.value) for item in map(strip, made.items) if isinstance(item, Literal)]
        for made in module.all(Array)
        if len(made.items) >= _FEWEST
    )
    types = (sorted(texts_of_type(module, cls.name)) for cls in module.classes if cls.kind == "type")
    found = (tuple(text for text in texts if _RIGHT.fullmatch(text)) for texts in (*arrays, *types))
    return tuple(one for one in found if len(one) >= _FEWEST)


_LISTS: Final = Standing("security.right_texts", _lists, showing=_LISTED.search)
