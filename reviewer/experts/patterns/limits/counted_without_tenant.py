"""PAT019: a limit is counted under a key that leaves out the tenant, of whom the function is told all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.reach.made_functions import run_by
from reviewer.code.syntax import Assign, Call, Class, Function, Member, Name, Param, Throw, strip
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.asker_record import left_out
from reviewer.experts.patterns.counting import counted, key_place
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.leading import composed
from reviewer.experts.patterns.vocabulary import PLUGINS, PRINCIPALS, UNIQUE_KEYS, names_tenant, spelled
from reviewer.experts.patterns.whom import is_served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.counting import Counted
    from reviewer.experts.patterns.feeds import Feed

_ASKED: Final = frozenset({"get", "getStore", "current", "peek"})
"""Methods by which a holder is asked for what it holds now."""
_BY_HIMSELF: Final = PRINCIPALS | word_set("caller client customer ip address sender peer guest host session")
"""Who may be charged by himself, whatever else a function is told."""
_DEEDS: Final = word_set(
    "action command method route path operation reason verb kind type what label event topic name message"
)
"""What is done, of which a refusal may speak."""
_NAMES: Final = PLUGINS | word_set("name slug kind type key label")
"""What several tenants may well have of the same name."""


@module_check("PAT019")
def counted_without_tenant(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each key under which a function counts and refuses, or has another function do so."""
    if module.is_test:
        return
    tables: set[int] = set()
    for one in counted(module):
        if one.table is not None and id(one.table) in tables:
            continue  # what gives back goes by the same key
        key = feeds(module, one.key)
        tenant = _told(inquiry, module, one.function, key, one.table.scope if one.table is not None else None)
        tenant = tenant or _charged(module, one.function, key) or _told_in_vain(one) or _cut(inquiry, module, key)
        if key and tenant:
            tables.add(id(one.table))
            yield Match(_named(module, one.key) or one.node, _message(module, one.name, one.key, tenant))
    said: set[int] = set()
    for call in module.all(Call):
        around = function_of(call)
        limiter = _limiter(module, call) if around is not None and call.args else None
        given = _given(call, limiter) if limiter is not None else None
        if around is None or limiter is None or given is None or id(around) in said:
            continue
        key = feeds(module, given, call.receiver if call.receiver is not None else None)
        tenant = _told(inquiry, module, around, key, limiter.function.outer)
        if any(last_name(strip(arg)) == tenant for arg in (*call.args, *call.keywords.values())):
            continue  # it is told there, and left out
        if key and tenant:
            said.add(id(around))
            yield Match(
                _named(module, given) or call,
                _message(module, limiter.name, given, tenant),
                related=((limiter.node, "counted here"),) if limiter.function.module is module else (),
            )


def _cut(inquiry: Inquiry, module: Module, key: Mapping[Feed, object]) -> str:
    """Return for whom a record says that somebody asks, where a key takes nothing but the plugin out of it."""
    roots = {feed.root for feed in key}
    only = next(iter(roots)) if len(roots) == 1 else None
    used = {feed.path[0] for feed in key if feed.path}
    if not isinstance(only, Param) or len(used) != len(key):
        return ""
    return left_out(inquiry, module, only, used)


def _told_in_vain(one: Counted) -> str:
    """Return what a function is told before that under which it counts, if it goes into nothing at all."""
    names = [param.name for param in one.function.params if param.name not in ("", "self", "this", "cls")]
    used = names_in(one.function.body)
    first = names[0] if len(names) > 1 else ""
    beside = any(name in names_in(one.key) for name in names[1:])
    return first if first and beside and first not in used and not first.startswith("_") else ""


def _message(module: Module, name: str, key: Expr, tenant: str) -> str:
    return (
        f"'{short(name)}' counts under '{short(module.text_of(key))}' alone: all tenants share one allowance, and "
        f"'{short(tenant)}' is not told apart."
    )


def _limiter(module: Module, call: Call) -> Counted | None:
    """Return what a call has another function of the subject count under a key that it hands over."""
    target = run_by(module, call)
    if target is None or target is function_of(call):
        return None
    return next((one for one in counted(target.module) if one.function is target and key_place(one) >= 0), None)


def _given(call: Call, limiter: Counted) -> Expr | None:
    place = key_place(limiter)
    return call.arg(place, limiter.function.params[place].name)


def _told(
    inquiry: Inquiry, module: Module, function: Function, key: Mapping[Feed, object], home: Function | None
) -> str:
    """Return the tenant of whom a function, or one around it, is told beside what its key says; else nothing.

    What lies outside of ``home``, the function whose calls share one count, says nothing.
    """
    names = {name for feed in key for name in (feed.local, *feed.path)}
    if not names or any(is_served(inquiry, module, name) for name in names):
        return ""
    if any(set(spelled(name)) & (_BY_HIMSELF | UNIQUE_KEYS) for name in names):
        return ""
    for name in _beside(module, function, key, home):
        if name in names or not is_served(inquiry, module, name):
            continue
        if set(spelled(name)) & _NAMES or not any(_may_be_the_same(module, name, feed.name) for feed in key):
            continue
        return name
    return ""


def _beside(module: Module, function: Function, key: Mapping[Feed, object], home: Function | None) -> Iterator[str]:
    """Yield what a function knows beside its key: its parameters, members of those, and those of the object."""
    roots = {id(feed.root): feed for feed in key}
    around: Function | None = function
    while around is not None and around is not home:
        for param in around.params:
            feed = roots.get(id(param))
            if param.fields:
                yield from param.fields.values()
            elif feed is None:
                yield param.name
                yield from _members(module, function, param)
            elif feed.path:
                yield from _members(module, function, param)
        around = around.outer
    cls = class_of(function)
    if cls is not None and any(feed.root == "this" for feed in key) and home is None:
        begin = cls.method("constructor") or cls.method("__init__")
        for param in begin.params if begin is not None else ():
            if param.name in module.scopes.fields(cls) or any(one.name == param.name for one in cls.fields):
                yield param.name


def _members(module: Module, function: Function, param: Param) -> Iterator[str]:
    """Yield the members of a parameter that the function reads, or that its type has."""
    for member in find(function.body, Member):
        if isinstance(member.object, Name) and member.object.id == param.name:
            yield member.name
    declared = named_type(module, param.type)
    for one in declared.fields if isinstance(declared, Class) else ():
        yield one.name


def _may_be_the_same(module: Module, tenant: str, name: str) -> bool:
    """Tell whether two tenants may have the same of something: by its word, or as ids are made of both elsewhere."""
    if set(spelled(name)) & _NAMES and names_tenant(tenant):
        return True
    return bool(composed(module, tenant, name)) or _behind(module, tenant, name) > 1


def _behind(module: Module, tenant: str, name: str) -> int:
    """Return how many functions take one thing after another: ``(fair, stall)``."""
    found = 0
    for function in module.functions:
        names = [param.name for param in function.params]
        found += tenant in names and name in names[names.index(tenant) + 1 :]
    return found


def _charged(module: Module, function: Function, key: Mapping[Feed, object]) -> str:
    """Return for whom a function counts, as it is spelled there, where the key says something else; else nothing."""
    if any(names_tenant(part) for feed in key for part in (feed.local, *feed.path)):
        return ""
    params = function.params
    told = next((param.name for param in params if names_tenant(param.name)), "")
    if told:
        return told
    for call in find(function.body, Call, into_functions=False):
        holder = last_name(call.receiver) if call.name in _ASKED else call.name
        if not call.args and names_tenant(holder):
            return module.text_of(call)  # whoever is being served
    places = [at for at, param in enumerate(params) if any(feed.root is param for feed in key)]
    if not places or any(set(spelled(params[at].name)) & _BY_HIMSELF for at in places):
        return ""
    return next((param.name for param in params[: places[0]] if _is_refused(function, param)), "")


def _is_refused(function: Function, param: Param) -> bool:
    """Tell whether a parameter is somebody whom a refusal names, and who has no other part in the function."""
    if param.type.strip() not in ("", "string", "str") or set(spelled(param.name)) & _DEEDS:
        return False
    uses = [node for node in find(function.body, Name) if node.id == param.name]
    return bool(uses) and all(any(isinstance(around, Throw) for around in ancestors(use)) for use in uses)


def _named(module: Module, key: Expr) -> Assign | None:
    """Return the assignment inside the function that names a key: there the tenant is left out."""
    key = strip(key)
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Assign) and function_of(only) is function_of(key) else None
