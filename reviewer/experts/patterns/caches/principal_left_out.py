"""PAT002: a key takes other members of a record than the one that says who asks, and the work is told all of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Call, Expr, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import names_principal
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEYS: Final = word_set("key keyof keyfor cachekey fingerprint")
_MOST: Final = 20
"""Calls in one file that are looked at."""


@module_check("PAT002", words=_KEYS)
def principal_left_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes keys for a member of its records that says who asks."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or _KEYS.isdisjoint(words(function.name)):
            continue
        for param in function.params:
            left = _who_left_out(module, function, param)
            answer = next(returns_of(function), None) if left else None
            found = _told_to_the_work(inquiry, module, function, param) if answer is not None else None
            if answer is not None and found is not None:
                where, work = found
                yield Match(
                    answer,
                    f"The key takes other members of '{param.name}' and leaves out '{left}', which says who asks and "
                    "is told to the work: what was worked out for one is answered to the next.",
                    related=((locate(where, work), f"'{short(where.text_of(work))}' is told all of it"),),
                )


def _who_left_out(module: Module, function: Function, param: Param) -> str:
    """Return the member of a record that names who asks, where a key takes other members of it and not that one."""
    record = named_type(module, param.type) if param.type else None
    uses = [one for one in find(function.body, Name) if one.id == param.name]
    taken = {one.parent.name for one in uses if isinstance(one.parent, Member) and one.parent.object is one}
    if record is None or not taken or any(not isinstance(one.parent, Member) for one in uses):
        return ""
    for field in record.fields:
        kind = named_type(record.module, field.type) if field.type else None
        inner = [one.name for one in kind.fields] if kind is not None else []
        if field.name not in taken and any(map(names_principal, (field.name, *inner))):
            return field.name
    return ""


def _told_to_the_work(inquiry: Inquiry, module: Module, maker: Function, param: Param) -> tuple[Module, Call] | None:
    """Return the call that is told the whole record, and whose result is then kept under the key."""
    keeps = {one.name for one in module.functions if one.name and _calls(one, maker)} | {maker.name}
    said = param.type.strip().rsplit(".", 1)[-1]
    for other in inquiry.project.modules(naming={said}, tests=False):
        for kept in islice(other.calls(keeps), _MOST):
            asking = function_of(kept)
            if asking is None or (other is module and asking.name in keeps):
                continue
            put = kept if kept.name != maker.name else _around(kept)
            for work in _results_among(other, put) if put is not None else ():
                if _shared(other, kept, work, said):
                    return other, work
    return None


def _calls(function: Function, maker: Function) -> bool:
    return function is not maker and any(call.name == maker.name for call in calls_in(function.body))


def _around(call: Call) -> Call | None:
    """Return the call in which a key is made: ``kept.set(keyOf(visit), text)``."""
    return call.parent if isinstance(call.parent, Call) and call in call.parent.args else None


def _results_among(module: Module, put: Call) -> Iterator[Call]:
    """Yield the calls whose results are handed over to be kept."""
    for arg in put.args:
        made = module.scopes.origin(strip(arg)) if isinstance(strip(arg), Name) else None
        if isinstance(made, Expr):
            yield from (call for call in find(made, Call) if not inside(call, put))


def _shared(module: Module, kept: Call, work: Call, said: str) -> bool:
    """Tell whether the same record, of the type that the key is made of, is handed to both as it is."""
    told = {name.id for name in map(strip, work.args) if isinstance(name, Name)}
    for arg in map(strip, kept.args):
        bound = module.scopes.lookup(arg.id, arg) if isinstance(arg, Name) and arg.id in told else []
        if any(isinstance(one, Param) and one.type.strip().rsplit(".", 1)[-1] == said for one in bound):
            return True
    return False
