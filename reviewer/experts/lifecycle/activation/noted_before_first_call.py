"""LIF020: a plugin is noted as running in a host's own words, and the first call of it may still fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before, guarding_try, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    is_nothing,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import is_brought, loads_something
from reviewer.experts.lifecycle.bringing.plugin_work import plugin_work
from reviewer.experts.lifecycle.bringing.taken_back import undone_on_failure
from reviewer.experts.lifecycle.guests.entries import PASSING, state_of
from reviewer.experts.lifecycle.hooks.hooks import hooks_of, kind_of_name
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.lifecycle.vocabulary import has_word
from reviewer.subject.opposites import undoes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_TELLS: Final = frozenset(
    "set on once off add get has is log info debug warn error emit bind with to then catch".split()
)
"""First words of what a thing is told or asked that doesn't begin it."""
_STATE_IN_SQL: Final = regex(r"(?i)\bupdate\s.{1,80}\bset\s.{0,80}\b(?:state|status|phase)\s{0,4}=\s{0,4}'(\w{1,20})'")


@module_check("LIF020", words={"import", "require", "importlib", "load", "points", "module"})
def noted_before_first_call(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the first call of each plugin that is brought in or kept, for what was noted of it before."""
    if module.is_test or not loads_something(module.source):
        return
    known = {id(use.site) for use in hooks_of(module)} | {id(use.call) for use in hooks_of(module)}
    for function in module.functions:
        if function.signature_only or function.kind == "constructor":
            continue
        for call in calls_in(function.body, into_functions=False):
            if id(call) in known or not _begins(module, call) or guarding_try(call) is not None:
                continue
            noted = _noted(module, function, call)
            if noted is not None and not undone_on_failure(module, call):
                yield Match(
                    noted,
                    "From here on the plugin counts among those that run, and "
                    f"'{short(module.text_of(call.callee))}' has yet to succeed: a failure doesn't take this back.",
                    related=((call, "may fail here"),),
                    fix="Note it when the call has succeeded, or take the note back where it fails.",
                )
                break


def _begins(module: Module, call: Call) -> bool:
    """Tell whether a call has a plugin do something of which only the success counts."""
    callee = strip(call.callee)
    if not isinstance(callee, Member) or is_this_member(callee) or call.new:
        return False
    said = words(call.name)
    if not said or said[0] in _TELLS or kind_of_name(call.name) in ("stop", "save", "restore"):
        return False
    if use_of(call).how not in ("dropped", "returned") or _is_an_end(module, call.name):
        return False
    return plugin_work(module, callee) is not None or _is_new(module, callee)


def _is_new(module: Module, callee: Member) -> bool:
    """Tell whether a thing was made from what was brought in, in the same function."""
    made = module.scopes.origin(callee.object)
    held = strip(made.callee) if isinstance(made, Call) else None
    return held is not None and not isinstance(definition(module, held), Class) and is_brought(module, held)


def _is_an_end(module: Module, name: str) -> bool:
    return any(undoes(other.lower(), name.lower()) for other in module.identifiers if other != name)


def _noted(module: Module, function: Function, call: Call) -> Node | None:
    """Return where the plugin of a call was noted as running before, in the same function."""
    root = root_name(call.callee.object) if isinstance(call.callee, Member) else ""
    if not root or root.startswith("this."):
        return None
    earlier = list(before(call))
    entry = _entered(module, function, root, earlier) if _is_first(function, call, root) else None
    return entry or _said(module, function, root, call, earlier) or _said_in_database(module, call, earlier)


def _is_first(function: Function, call: Call, root: str) -> bool:
    """Tell whether nothing is asked of a thing before a call, which is waited for or has an end of its own."""
    others = [one for one in calls_in(function.body) if one.receiver is not None and root_name(one.receiver) == root]
    first = min((one.start for one in others), default=call.start) == call.start
    ends = any(undoes(call.name.lower(), other.lower()) for other in function.module.identifiers)
    return first and (ends or isinstance(call.parent, Await) or use_of(call).how == "returned")


def _entered(module: Module, function: Function, root: str, earlier: list[Node]) -> Node | None:
    """Return where the thing itself is put into a table."""
    for table in tables(module):
        if has_word(table.name, PASSING) or any(
            one.function is function and one.how in ("delete", "clear") for one in table.accesses
        ):
            continue
        for access in table.of("write"):
            put = strip(access.value) if access.value is not None else None
            asked = any(one.function is not function for one in table.of("has", "iterate"))
            by_key = table.kind == "set" and asked and _is_key_of(module, function, put or access.key, root)
            named = root in names_in(put) if isinstance(put, Object) else isinstance(put, Name) and put.id == root
            named = named or by_key
            if access.function is function and named and any(node is access.node for node in earlier):
                return access.node
    return None


def _is_key_of(module: Module, function: Function, key: Expr | None, root: str) -> bool:
    """Tell whether a thing was looked up by a key: ``machine = machines.get(id)``."""
    key = strip(key) if key is not None else None
    if not isinstance(key, Name):
        return False
    looked = (one for one in find(function.body, Assign) if isinstance(one.target, Name) and one.target.id == root)
    return any(one.value is not None and key.id in names_in(one.value) for one in looked)


def _said(module: Module, function: Function, root: str, call: Call, earlier: list[Node]) -> Node | None:
    """Return where a record says that its plugin runs: in a member that others ask, and that nothing sets later."""
    for assign in find(function.body, Assign, into_functions=False):
        target = strip(assign.target)
        if not isinstance(target, Member) or root_name(target) != root or assign.op != "=":
            continue
        if not any(node is assign for node in earlier) or state_of(assign.value) in ("pending", "resting"):
            continue
        again = any(
            isinstance(node, Assign) and isinstance(node.target, Member) and node.target.name == target.name
            for node in after(call)
        )
        if not again and _is_asked(module, function, target.name, assign.value):
            return assign
    return None


def _is_asked(module: Module, function: Function, name: str, value: Expr | None) -> bool:
    """Tell whether another function takes those for running of which a member says this, and not what it said first."""
    value = strip(value) if value is not None else None
    first = [strip(held) for made in module.all(Object) for key, held in made.entries if _key(key) == name]
    first += [strip(part.value) for cls in module.classes for part in cls.fields if part.name == name and part.value]
    if is_nothing(value) or not first:
        return False
    if isinstance(value, Literal) and value.value is True and all(not getattr(one, "value", True) for one in first):
        reads = (
            one for one in module.all(Member) if one.name == name and getattr(one.parent, "target", None) is not one
        )
        return any(function_of(one) is not function for one in reads)
    for test in module.all(Binary):
        sides = [strip(test.left), strip(test.right)]
        if test.op not in ("==", "!=") or not any(isinstance(s, Member) and s.name == name for s in sides):
            continue
        other = next((one for one in sides if not (isinstance(one, Member) and one.name == name)), None)
        around = function_of(test)
        while around is not None and around is not function:
            around = around.outer
        if around is function or not isinstance(other, Literal):
            continue
        if isinstance(value, Literal):
            if other.value == value.value and all(getattr(one, "value", "") != value.value for one in first):
                return True
        elif is_nothing(other) and all(is_nothing(one) for one in first):
            return True
    return False


def _key(key: Expr | None) -> str:
    return str(key.value) if isinstance(key, Literal) else ""


def _said_in_database(module: Module, call: Call, earlier: list[Node]) -> Node | None:
    """Return the statement by which a database says that a plugin runs which was only just made."""
    callee = strip(call.callee)
    if not isinstance(callee, Member) or not _is_new(module, callee):
        return None
    for node in earlier:
        text = (
            strip(node.args[0])
            if isinstance(node, Call) and node.name in ("execute", "run", "query") and node.args
            else None
        )
        said = _STATE_IN_SQL.search(text.value) if isinstance(text, Literal) and isinstance(text.value, str) else None
        if said is not None and state_of(text) == "" and said[1].lower() not in ("loaded", "new", "known"):
            return node
    return None
