"""Finds calls that an earlier version took and this one does not, and answers that callers did not have to expect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.interface.change import Comparison, comparison
from reviewer.experts.interface.types import narrowed, widened

if TYPE_CHECKING:
    from reviewer.experts.interface.change import Key
    from reviewer.experts.interface.member import Offered, Parameter, Signature


@subject_check("API041")
def call_refused(inquiry: Inquiry) -> Iterator[Match]:
    """Yield functions that ask for more than before."""
    for change, key, old, new in _called(inquiry):
        weight = change.weigh(*change.note(key))
        if weight.severity is None or old.signature is None or new.signature is None:
            continue
        if old.implemented and not _is_class_member(change, key, new):
            continue  # the host calls it: what it passes on is more, not less, to the plugin
        for said in _refused(old.signature, new.signature, python=new.place.path.endswith(".py")):
            yield Match(new.place, f"{new.name} {said} {change.versions}{weight.said}", severity=weight.severity)


@subject_check("API042")
def answer_widened(inquiry: Inquiry) -> Iterator[Match]:
    """Yield functions and properties that give what callers did not have to expect."""
    for change, key, old, new in _called(inquiry):
        weight = change.weigh(*change.note(key))
        if weight.severity is None:
            continue
        said = _of_function(old, new) if old.signature is not None else _of_property(old, new)
        if said:
            yield Match(new.place, f"{new.name} {said} {change.versions}{weight.said}", severity=weight.severity)


def _called(inquiry: Inquiry) -> Iterator[tuple[Comparison, Key, Offered, Offered]]:
    """Yield what is there in both versions and can be compared."""
    change = comparison(inquiry)
    for key, old, new in change.kept() if change is not None else ():
        if change is not None and old.kind == new.kind and not old.overloaded and not new.overloaded:
            yield change, key, old, new


def _is_class_member(change: Comparison, key: Key, new: Offered) -> bool:
    owner = change.after.get((key[0], new.owner))
    return owner is not None and owner.kind == "class"


def _refused(old: Signature, new: Signature, *, python: bool) -> Iterator[str]:
    """Say what callers that were right are refused for now."""
    before = {one.name: one for one in old.parameters if one.name}
    after = {one.name: one for one in new.parameters if one.name}
    places = _by_place(old, new, python=python)
    lost = [one for one in old.parameters if one.name and one.name not in after and one.name not in places]
    fresh = [one for one in new.parameters if one.name and one.name not in before and one.name not in places.values()]
    named = [one for one in lost if one.passed != "position" and not one.rest] if python else []
    if len(named) == len(fresh) == 1 and fresh[0].required == named[0].required:
        yield f"calls its parameter {fresh[0].name}, which callers pass by the name {named[0].name},"
        lost, fresh = [], []
    for one in fresh:
        if one.required and not one.name.startswith("_") and not _was_there(old, new, one):
            yield f"asks for a new argument {one.name}"
    for one in lost:
        if not one.rest and (one in named or len(new.parameters) < len(old.parameters)) and not _takes_more(new):
            yield f"takes no {one.name} any more"
    for name in [one.name for one in new.parameters if one.name in before]:
        was, now = before[name], after[name]
        if now.required and not was.required and not was.rest:
            yield f"asks for {name}, which could be left out,"
        elif gone := narrowed(was.type, now.type, optional=not now.required):
            yield f"refuses {' and '.join(gone)} for {name}"
        elif was.passed != "keyword" and now.passed == "keyword":
            yield f"takes {name} by its name alone"
        elif was.passed in ("any", "keyword") and now.passed == "position" and python:
            yield f"takes {name} by its place alone"
    order = [one.name for one in old.parameters if one.name in after and one.passed != "keyword"]
    if order != [one.name for one in new.parameters if one.name in set(order)]:
        yield f"takes its arguments in another order ({', '.join(after)})"


def _by_place(old: Signature, new: Signature, *, python: bool) -> dict[str, str]:
    """Return parameters that have another name now and are passed by their place, so that no caller notices."""
    pairs = zip(old.parameters, new.parameters, strict=False)
    known = {one.name for one in old.parameters}, {one.name for one in new.parameters}
    return {
        was.name: now.name
        for was, now in pairs
        if was.name not in known[1] and now.name not in known[0] and (not python or was.passed == "position")
        if was.required or not now.required
    }


def _takes_more(signature: Signature) -> bool:
    return any(one.rest for one in signature.parameters)


def _was_there(old: Signature, new: Signature, one: Parameter) -> bool:
    """Tell whether a pattern without a name stood at the place of a parameter."""
    at = _position(new, one)
    return at < len(old.parameters) and not old.parameters[at].name


def _position(signature: Signature, one: Parameter) -> int:
    return signature.parameters.index(one)


def _of_function(old: Offered, new: Offered) -> str:
    if old.signature is None or new.signature is None or old.implemented:
        return ""
    if new.signature.asynchronous and not old.signature.asynchronous:
        return (
            "answers with a promise, where it gave the value itself,"
            if not _is_python(new)
            else ("has to be awaited, where it gave the value itself,")
        )
    if old.signature.asynchronous and not new.signature.asynchronous and (new.signature.returns or _is_python(new)):
        return "gives the value itself, where callers await it," if _is_python(new) else ""
    more = widened(old.signature.returns, new.signature.returns)
    return f"may answer with {' or '.join(more)}, which callers did not have to expect," if more else ""


def _of_property(old: Offered, new: Offered) -> str:
    if old.kind != "property" or old.implemented:
        return ""
    if new.optional and not old.optional:
        return "may be missing"
    if new.readonly and not old.readonly:
        return "can no longer be written"
    more = widened(old.type, new.type, optional=old.optional)
    return f"may be {' or '.join(more)}, which readers did not have to expect," if more else ""


def _is_python(offered: Offered) -> bool:
    return offered.place.path.endswith(".py")
