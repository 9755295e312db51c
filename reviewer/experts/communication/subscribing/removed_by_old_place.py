"""COM447: what was put into a list is taken out by the place that it had then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Delete,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Return,
)
from reviewer.code.syntax import strip as bare
from reviewer.code.text.ideas import LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ADDS: Final = frozenset({"push", "append", "insertRule"})
_SEARCHES: Final = frozenset({"indexOf", "lastIndexOf", "findIndex", "index"})
_ENDS: Final = word_set("off un unsubscribe unlisten unregister remove detach disconnect cancel delete drop leave")
_BEGINS: Final = LISTENS | word_set("subscribe listen register attach connect watch observe add on")


@module_check("COM447", words={"splice", "del", "pop", "deleteRule"})
def removed_by_old_place(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each removal by place for whether the place was counted when the thing was added."""
    if module.is_test:
        return
    for node, of, place in _removals(module):
        counted = _counted(module, of, place) or _token(module, of, place)
        if counted is not None:
            yield Match(
                node,
                f"'{module.text_of(place)}' is the place that this had when it was added: after anything before it was "
                "taken out, another one is removed here, or none.",
                related=((counted, "counted here"),),
            )


def _removals(module: Module) -> Iterator[tuple[Call | Delete, Expr, Expr]]:
    """Yield what takes one thing out of a list by its place, the list, and the place."""
    for call in module.calls(("splice", "pop", "deleteRule")):
        one = len(call.args) == (2 if call.name == "splice" else 1) and call.receiver is not None
        if one and (call.name != "pop" or module.language == "python"):
            many = bare(call.args[-1])
            if call.receiver is not None and (call.name != "splice" or getattr(many, "value", None) == 1):
                yield call, call.receiver, call.args[0]
    for gone in module.all(Delete) if module.language == "python" else ():
        for target in gone.targets:
            if isinstance(target, Index):
                yield gone, target.object, target.key


def _counted(module: Module, of: Expr, place: Expr) -> Expr | None:
    """Return where a place was counted that a function made later, or another method of its object, removes by."""
    place = _base(place)
    here = function_of(place)
    if isinstance(place, Name):
        bound = module.scopes.lookup(place.id, place)
        only = bound[0] if len(bound) == 1 else None
        maker = function_of(only) if isinstance(only, Assign) else None
        if not isinstance(only, Assign) or maker is None or maker is here or here is None or not inside(here, maker):
            return None
        return only.value if _was_added(module, maker, only.value, of) else None
    owner = here.owner if here is not None else None
    if isinstance(place, Member) and owner is not None and isinstance(bare(place.object), Name):
        assigns = module.scopes.fields(owner).get(place.name, [])
        only = assigns[0] if len(assigns) == 1 else None
        maker = function_of(only) if only is not None else None
        if only is not None and maker is not None and maker is not here:
            return only.value if _was_added(module, maker, only.value, of) else None
    return None


def _token(module: Module, of: Expr, place: Expr) -> Expr | None:
    """Return where the place was counted that a function gives as the token of a subscription, to hand in here."""
    place = _base(place)
    here = function_of(place)
    bound = module.scopes.lookup(place.id, place) if isinstance(place, Name) else []
    if here is None or len(bound) != 1 or not isinstance(bound[0], Param) or bound[0].parent is not here:
        return None
    if not set(words(here.name)[:1]) & _ENDS:
        return None
    for other in module.functions:
        if other.owner is not here.owner or other is here or not {other.name, *words(other.name)[:1]} & _BEGINS:
            continue
        for given in find(other.body, Return, into_functions=False):
            value = module.scopes.origin(given.value) if given.value is not None else None
            listed = _list(value) if isinstance(value, Expr) else None
            same = listed is not None and module.text_of(listed) == module.text_of(of)
            if same and isinstance(value, Expr) and _was_added(module, other, value, of):
                return given.value
    return None


def _base(place: Expr) -> Expr:
    """Return a place without the one that is taken off it."""
    place = bare(place)
    if isinstance(place, Binary) and place.op == "-" and _is_one(place.right):
        return bare(place.left)
    return place


def _is_one(expr: Expr) -> bool:
    made = bare(expr)
    return isinstance(made, Literal) and made.value == 1


def _list(expr: Expr) -> Expr | None:
    """Return the list whose end, or a place of which, an expression gives."""
    made = _base(expr)
    if isinstance(made, Member) and made.name == "length":
        return made.object
    if isinstance(made, Call):
        if made.name in ("push", "insertRule") or (made.name in _SEARCHES and made.args):
            return made.receiver
        if made.receiver is None and made.name == "len" and len(made.args) == 1:
            return made.args[0]
    return None


def _was_added(module: Module, maker: Function, place: Expr | None, of: Expr) -> bool:
    """Tell whether a function counts a place of a list that it adds to; in Python, not that of a dict."""
    listed = _list(place) if place is not None else None
    if listed is None:
        return False
    adds = [call for call in calls_in(maker.body, into_functions=False) if call.name in _ADDS]
    if module.language == "python":
        spelled = module.text_of(listed)
        adds = [call for call in adds if call.receiver is not None and module.text_of(call.receiver) == spelled]
        last = spelled.rpartition(".")[2]
        return bool(adds) and (isinstance(bare(listed), Name) or module.text_of(of).rpartition(".")[2] == last)
    return bool(adds)
