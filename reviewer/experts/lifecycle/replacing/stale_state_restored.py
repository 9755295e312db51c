"""LIF480: a new instance gets the state that was kept at the last stop, while the one with the present state runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Literal, Member, Name, Template, strip
from reviewer.code.walk import ancestors, calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_FILES: Final = frozenset("writeFile writeFileSync readFile readFileSync open write_text read_text".split())
_GONE: Final = frozenset("delete remove clear has unlink rm set save put store write add append push pop".split())
"""Members of a store that read nothing out of it."""


class _Kept(Struct, frozen=True):
    """What an end keeps of an instance: the member that gives it, the store, and where that is filled."""

    member: str
    store: str
    at: Call | Assign


@module_check("LIF480", words=HOOK_WORDS)
def stale_state_restored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where an exchange of instances reads the store that only an end fills, and asks the old one nothing."""
    if module.is_test:
        return
    stops = uses_in(inquiry, module, "stop")
    woken = {id(home) for use in uses_in(inquiry, module, "start") if (home := outermost(use.site)) is not None}
    kept = [one for use in stops for one in _kept_by(module, use)] if woken else []
    seen: set[int] = set()
    for use in stops if kept else ():
        function = outermost(use.site)
        if function is None or id(function) in seen:
            continue
        seen.add(id(function))
        reached = with_helpers(function)
        if not any(id(one) in woken for one in reached):
            continue
        for one in kept:
            asked = any(isinstance(n, Member) and n.name == one.member for f in reached for n in find(f.body, Member))
            read = None if asked or inside(one.at, function) else _read(module, function, reached, one)
            if read is not None:
                yield Match(
                    read,
                    f"'{function.name}' gives the new instance what was kept when one was stopped last "
                    f"(line {one.at.line}); the running one is never asked for its '{one.member}', and what it has "
                    "done since is lost.",
                    related=((one.at, "kept here, at a stop"),),
                )
                break


def _kept_by(module: Module, use: HookUse) -> Iterator[_Kept]:
    """Yield what the function that ends an instance takes from it by another member and puts away."""
    function, holder = outermost(use.site), module.text_of(strip(use.receiver))
    for call in calls_in(function.body) if function is not None else ():
        callee = strip(call.callee)
        if not isinstance(callee, Member) or call.args or call.keywords or callee.name == use.name:
            continue
        if module.text_of(strip(callee.object)) != holder or function is None:
            continue
        put = _put(module, call, function)
        store = _store(module, put) if put is not None else ""
        if put is not None and store:
            yield _Kept(callee.name, store, put)


def _put(module: Module, value: Expr, function: Function) -> Call | Assign | None:
    """Return the call or the assignment that puts a value away, seen from the call that gives it."""
    held = use_of(value)
    if held.how == "assigned" and isinstance(held.by, Assign) and isinstance(strip(held.by.target), Name):
        name = strip(held.by.target)
        uses = [n for n in find(function.body, Name) if isinstance(name, Name) and n.id == name.id and n is not name]
        return next((put for n in uses if (put := _around(n)) is not None), None)
    return _around(value)


def _around(value: Expr) -> Call | Assign | None:
    found: Call | Assign | None = None
    for around in ancestors(value):
        if isinstance(around, Assign):
            return around if isinstance(strip(around.target), Index) else None
        if isinstance(around, Call) and value is not around.callee:
            found = around
        if isinstance(around, Function) or not isinstance(around, Expr):
            break
    return found


def _store(module: Module, access: Call | Assign | Index) -> str:
    """Return what says which store is meant: its object, or the constant parts of the path of a file."""
    if isinstance(access, Assign | Index):
        target = strip(access.target) if isinstance(access, Assign) else access
        return module.text_of(strip(target.object)) if isinstance(target, Index) else ""
    if access.name in _FILES and (access.receiver is None or _is_file(module, access)):
        place = access.receiver if access.name.endswith("_text") else access.arg(0)
        return _path(module, place) if place is not None else ""
    return module.text_of(strip(access.receiver)) if access.receiver is not None else ""


def _is_file(module: Module, access: Call) -> bool:
    return access.name.endswith("_text") or module.resolve(access.callee).startswith("fs.")


def _path(module: Module, place: Expr) -> str:
    place = strip(place)
    made = module.scopes.origin(place) if isinstance(place, Name) else place
    if isinstance(made, Call):
        return module.text_of(made.callee)
    if isinstance(made, Template):
        return "".join(str(one.value) for one in made.items if isinstance(one, Literal))
    if isinstance(made, Binary):
        return f"{module.text_of(made.left)}/{_path(module, made.right)}"
    return ""


def _read(module: Module, function: Function, reached: list[Function], kept: _Kept) -> Node | None:
    """Return where a function, or a helper that it calls, takes something out of the same store."""
    for home in reached:
        for node in find(home.body, Expr):
            reads = isinstance(node, Index) and not (isinstance(node.parent, Assign) and node.parent.target is node)
            if isinstance(node, Call):
                reads = node.name not in _GONE and node.name != getattr(kept.at, "name", "")
            if not reads or not isinstance(node, Call | Index) or _store(module, node) != kept.store:
                continue
            if home is function:
                return node
            return next((c for c in calls_in(function.body) if home in _led(module, c)), None)
    return None


def _led(module: Module, call: Call) -> list[Function]:
    target = definition(module, call.callee)
    return with_helpers(target, 1) if isinstance(target, Function) else []
