"""SEC022: of the services that are handed out under the names of their rights, one asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Literal, Object, strip
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import checks_in, is_decision, is_guard_function
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_BETWEEN: Final = ".:/"
"""What stands between the thing and what is done with it in the name of a right."""


@module_check("SEC022", words=TRIGGERS | {"guard", "check", "ensure", "need", "demand", "require"})
def unasked_entry(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object of services whose keys are the rights that they ask for."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for node in module.all(Object):
        services = list(_services(module, node))
        asking = [(key, by) for key, service in services if (by := _asked_by(service, key)) is not None]
        if not asking or len(asking) == len(services):
            continue
        guards = {by.name for _key, by in asking}
        namespaces = {_namespace(key) for key, _by in asking}
        for key, service in services:
            if _namespace(key) not in namespaces or any(key == name for name, _by in asking):
                continue
            if not _asks_nothing(module, service, guards):
                continue
            other, by = asking[0]
            yield Match(
                service,
                f"'{key}' asks for no right, where '{other}' beside it asks for its own: whoever is given these "
                "services may do this without it.",
                related=((by, "this one asks"),),
            )


def _services(module: Module, node: Object) -> Iterator[tuple[str, Function]]:
    """Yield what an object holds under names like those of rights: ``{"notes.read": read}``."""
    for key, value in node.entries:
        name = key.value if isinstance(key, Literal) else None
        if not isinstance(name, str) or not _namespace(name):
            continue
        service = _function(module, value)
        if service is not None and service.module is module:
            yield name, service


def _function(module: Module, value: Expr) -> Function | None:
    made = strip(value)
    found = made if isinstance(made, Function) else definition(module, made)
    return found if isinstance(found, Function) else None


def _namespace(name: str) -> str:
    """Return what stands before the last mark in a name: ``notes`` of ``notes.read``."""
    at = max(name.rfind(mark) for mark in _BETWEEN)
    return name[:at] if at > 0 else ""


def _asked_by(service: Function, right: str) -> Call | None:
    """Return the call by which a service asks for the right whose name it goes by."""
    for call in calls_in(service.body):
        given = [strip(arg) for arg in (*call.args, *call.keywords.values())]
        if any(isinstance(one, Literal) and one.value == right for one in given):
            return call
    return None


def _asks_nothing(module: Module, service: Function, guards: set[str]) -> bool:
    """Tell whether a service does something, and neither asks as those beside it do nor in another way."""
    calls = list(calls_in(service.body))
    if not calls or is_decision(service) or is_guard_function(service):
        return False
    return not any(call.name in guards for call in calls) and next(checks_in(module, service), None) is None
