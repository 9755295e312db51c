"""COM332: the actions that an integration registers and those that its services.yaml describes are not the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import did_you_mean
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.integration.facts import domain, is_integration
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Call, Expr
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_FILE = "services.yaml"
_OF_PLATFORMS = frozenset({"async_register_platform_entity_service", "async_register_batched_platform_entity_service"})
_OF_ENTITIES = frozenset({"async_register_entity_service", "async_register_batched_entity_service"}) | _OF_PLATFORMS
_REGISTERS = frozenset({"async_register", "register", "async_register_admin_service"}) | _OF_ENTITIES


@subject_check("COM332")
def actions_agree(inquiry: Inquiry) -> Iterator[Match]:
    """Compare in both directions; a name that can't be worked out may be any of those described."""
    document = inquiry.subject.other_documents.get(_FILE)
    if document is None or not is_integration(inquiry):
        return
    described = {name: value for name, value in document.root.members() if not name.startswith(".")}
    registered: dict[str, Location] = {}
    open_ended = False
    for name, place in _registered(inquiry):
        open_ended = open_ended or not name
        registered.setdefault(name, place)
    for name, place in registered.items():
        if name and name not in described:
            yield Match(
                place,
                f"The action '{name}' is not described in {_FILE}{did_you_mean(name, described)}: nobody sees what it "
                "does and takes.",
                severity=Severity.LOW,
            )
    if not open_ended and registered:
        for name, value in described.items():
            if name not in registered:
                yield Match(
                    value.key or value,
                    f"{_FILE} describes the action '{name}', which nothing registers{did_you_mean(name, registered)}.",
                )


def _registered(inquiry: Inquiry) -> Iterator[tuple[str, Location]]:
    """Yield the names of the actions with where they are registered; an empty name is one that is worked out."""
    for module in inquiry.project.modules(_REGISTERS, tests=False):
        for call in module.calls(_REGISTERS):
            receiver = module.text_of(call.receiver) if call.receiver is not None else ""
            if call.name in ("async_register", "register") and not receiver.endswith("services"):
                continue
            of_domain = fixed_text(module, call.args[0]) if call.args else ""
            plain = call.name in ("async_register", "register")
            if plain and of_domain not in ("", domain(inquiry)):
                continue
            name = "" if plain and not of_domain else fixed_text(module, _name(call))
            yield name, locate(module, call)


def _name(call: Call) -> Expr | None:
    """Return the argument that names the action: behind hass and the domain, where those are handed over."""
    if call.name == "async_register_admin_service":
        return call.arg(2, "service")
    if call.name in _OF_PLATFORMS:
        return call.arg(2, "service_name")
    if call.name in _OF_ENTITIES:
        return call.arg(0, "name")
    return call.arg(1, "service")
