"""API492: a plugin reaches for what the host keeps to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Function, Index, Literal, Member, Name, Object, Param, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_OF_PYTHON: Final = frozenset({"__dict__", "__globals__", "__closure__", "__self__", "__subclasses__", "__code__"})
"""Members with two underscores by which one comes to what an object keeps."""


@module_check("API492")
def host_internals_reached(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the members that a plugin takes of what the host handed it for those that are marked as private."""
    if module.is_test or inquiry.subject.kind != "plugin" or inquiry.subject.ecosystem != "generic":
        return
    for holder, name, at in _taken(module):
        if not _is_private(name) or _is_request(module, holder):
            continue
        whose = module.resolve(holder)
        if whose != "context" and not whose.startswith("context."):
            continue
        if any(_is_private(step) for step in whose.split(".")):
            continue  # what lies below is found by its first step
        if _is_put_here(inquiry, name):
            continue
        yield Match(
            at,
            f"'{name}' of '{short(module.text_of(holder))}' belongs to the host alone, as its name says: what is done "
            "there passes every check, and the next release of the host may lack it.",
        )


def _is_put_here(inquiry: Inquiry, name: str) -> bool:
    """Tell whether the plugin itself puts a member there: ``context._init = payload``, ``{ _init: payload }``."""
    return any(inquiry.project.answers(f"puts {name}", lambda one: _puts(one, name), naming={name}))


def _puts(module: Module, name: str) -> bool:
    written = any(isinstance(one.target, Member) and one.target.name == name for one in module.all(Assign))
    return written or any(
        isinstance(key, Literal) and key.value == name for one in module.all(Object) for key, _value in one.entries
    )


def _is_request(module: Module, holder: Expr) -> bool:
    """Tell whether a holder is the request that a middleware is handed with the next one: ``(ctx, next) => …``.

    What a framework notes there of the request, such as the route, is there to be read.
    """
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    taking = bound[0].parent if bound and isinstance(bound[0], Param) else None
    return isinstance(taking, Function) and any(param.name == "next" for param in taking.params)


def _taken(module: Module) -> Iterator[tuple[Expr, str, Node]]:
    """Yield (holder, member, place) for what is read by a name that is written down."""
    for member in module.all(Member):
        yield member.object, member.name, member
    for index in module.all(Index):
        key = strip(index.key)
        if isinstance(key, Literal) and isinstance(key.value, str) and module.language != "python":
            yield index.object, key.value, index
    for call in module.calls(("getattr", "get", "vars")):
        named = strip(call.args[1]) if len(call.args) > 1 else None
        known = call.name == "getattr" or module.resolve(call.callee) == "Reflect.get"
        if known and isinstance(named, Literal) and isinstance(named.value, str):
            yield call.args[0], named.value, call
        elif call.name == "vars" and len(call.args) == 1 and call.receiver is None:
            yield call.args[0], "__dict__", call


def _is_private(name: str) -> bool:
    """Tell whether a name says that nobody else may use it: ``_handlers``, ``__dict__``, not ``__name__``."""
    if name.startswith("__") and name.endswith("__"):
        return name in _OF_PYTHON
    return name.startswith(("_", "#")) and len(name) > 1
