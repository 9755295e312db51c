"""PAT009: a function tells a module what one tenant wants, and the module goes by it for all of them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Assign, Function, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.tenancy.tenant_in_shared_variable import lays_down, read_elsewhere, reads_back, says_who
from reviewer.experts.patterns.vocabulary import TENANTS, names_tenant
from reviewer.experts.patterns.whom import is_served, teller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 12
"""Calls of one function that are looked at."""


@module_check("PAT009", words={"let", "var", "global"})
def told_to_the_module(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function of a module that keeps what it is told in a variable of the module, and at its callers."""
    if module.is_test:
        return
    said: set[str] = set()
    for node in module.all(Assign):
        function = function_of(node)
        if function is None or function.owner is not None or function.outer is not None or not function.name:
            continue
        name = node.target.id if isinstance(node.target, Name) and node.op == "=" and not node.declare else ""
        told = _param(module, node, function) if name and name not in said and not says_who(name) else None
        if told is None:
            continue
        lives = home(module, name, node)
        if lives is None or lives.scope is not None or not read_elsewhere(module, function, name):
            continue
        who = _told_of_one(inquiry, module, function, told) or _taken_back(module, function, told, name)
        if who:
            said.add(name)
            place = next((one for one in lives.bindings if isinstance(one, Assign) and function_of(one) is None), node)
            yield Match(
                place,
                f"'{name}' is one for the whole module, and '{function.name}' is called with what belongs to one "
                f"'{short(who)}': from then on it holds for all of them.",
                related=((node, "written here"),),
            )


def _param(module: Module, node: Assign, function: Function) -> Param | None:
    """Return the parameter that is kept as it is."""
    value = strip(node.value) if node.value is not None else None
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Param) and only.parent is function and only.name else None


def _told_of_one(inquiry: Inquiry, module: Module, function: Function, told: Param) -> str:
    """Return the tenant for whom a caller looks up what it tells the module, or an empty string."""
    at = function.params.index(told)
    for other, call in islice(call_sites(module, function) or (), _MOST):
        given = call.arg(at, told.name)
        for feed in feeds(other, given) if given is not None and function_of(call) is not None else ():
            one = _is_one(teller(feed)) and names_tenant(teller(feed))
            if isinstance(feed.root, Param) and (one or is_served(inquiry, other, feed.name)) and _is_one(feed.name):
                return feed.spelled
    return ""


def _taken_back(module: Module, function: Function, told: Param, name: str) -> str:
    """Return what a caller was handed and lays down here, where it waits and takes it back from the module."""
    at = function.params.index(told)
    for other, call in islice(call_sites(module, function) or (), _MOST):
        caller, given = function_of(call), call.arg(at, told.name)
        value = strip(given) if given is not None else None
        if other is not module or caller is None or not isinstance(value, Name):
            continue
        if lays_down(caller, value) and reads_back(call, name):
            return value.id
    return ""


def _is_one(name: str) -> bool:
    """Tell whether a name is that of one tenant or of what it wants, and not of all of them or of another thing."""
    said = words(name)
    if not said or (said[-1].endswith("s") and said[-1].removesuffix("s") in TENANTS):
        return False
    return not names_tenant(name) or said[-1] in TENANTS | _WANTED


_WANTED: Final = word_set(
    "id name slug key code ref settings config configuration options preferences plan profile context ctx info row "
    "record data"
)
"""Last words of the name of what is known of one tenant; a ``workspaceChangelog`` is something else."""
