"""The parts of an integration: its domain, its modules, its config flow, what its setup does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Class, Function
from reviewer.code.walk import calls_in
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

ECOSYSTEM: Final = "home-assistant"
_FLOWS: Final = ("config_flow.py", "config_flow/__init__.py")
"""Where a config flow may stand, as paths from the integration's folder."""
_DOCUMENTATION: Final = "https://www.home-assistant.io/integrations/"
"""Where the pages of the integrations are that come with Home Assistant."""
_NEAR: Final = 3
"""Steps from a function to those that it calls which are followed."""


def is_integration(inquiry: Inquiry) -> bool:
    """Tell whether the subject is an integration with a manifest that can be read."""
    return inquiry.subject.ecosystem == ECOSYSTEM and inquiry.manifest is not None


def said(inquiry: Inquiry, key: str) -> Any:
    """Return what the profile says about integrations under a key."""
    profile = profile_of(inquiry)
    return profile.extra.get("integration", {}).get(key, ()) if profile is not None else ()


def domain(inquiry: Inquiry) -> str:
    """Return the domain as the manifest says it."""
    value = inquiry.manifest.get("domain") if inquiry.manifest is not None else None
    return value.text if value is not None else ""


def all_read(inquiry: Inquiry) -> bool:
    """Tell whether every file of the integration's code was looked at: none was too large, or took too long."""
    code = (path for path in inquiry.subject.files if path.endswith(".py"))
    return all(inquiry.project.module(path) is not None for path in code)


def flow_module(inquiry: Inquiry) -> Module | None:
    """Return the module of the config flow, or None where there is none."""
    return next((found for path in _FLOWS if (found := inquiry.project.module(path)) is not None), None)


def has_flow_file(inquiry: Inquiry) -> bool:
    """Tell whether there is a file for the config flow, read or not."""
    return any(path in inquiry.subject.files for path in _FLOWS)


def flow_modules(inquiry: Inquiry) -> Iterator[Module]:
    """Yield the modules of the config flow: a file, or those of a package."""
    for path in inquiry.project.sources:
        module = inquiry.project.module(path) if path.startswith("config_flow") else None
        if module is not None:
            yield module


def flow_functions(inquiry: Inquiry) -> frozenset[str]:
    """Return the names of all functions of the config flow's modules."""
    return frozenset(function.name for module in flow_modules(inquiry) for function in module.functions)


def discovery_steps(inquiry: Inquiry) -> frozenset[str]:
    """Return the names of the steps that begin with something discovered, not with a person."""
    kinds = (
        *said(inquiry, "discovery"),
        "discovery",
        "integration_discovery",
        "hassio",
        "esphome",
        "import",
        "system",
        "hardware",
    )
    return frozenset(f"async_step_{kind}" for kind in kinds)


def is_custom(inquiry: Inquiry) -> bool:
    """Tell whether an integration is none of those that come with Home Assistant.

    Those have their page in its documentation, or are another name of one that has.
    """
    path = f"/{inquiry.subject.path.strip('/')}/"
    if "/homeassistant/components/" in path or inquiry.manifest is None:
        return False
    page, kind = (inquiry.manifest.get(key) for key in ("documentation", "integration_type"))
    shipped = (page is not None and page.text.startswith(_DOCUMENTATION)) or (
        kind is not None and kind.text == "virtual"
    )
    return "/custom_components/" in path or not shipped


def top_function(module: Module | None, name: str) -> Function | None:
    """Return the function of a name at the top of a module, or None."""
    found = module.scopes.table(None).get(name, []) if module is not None else []
    return next((one for one in reversed(found) if isinstance(one, Function)), None)


def setup(inquiry: Inquiry) -> Function | None:
    """Return the function that sets up an entry of the integration itself."""
    return top_function(inquiry.project.module("__init__.py"), "async_setup_entry")


def knows(module: Module | None, name: str) -> bool:
    """Tell whether a module has a name at its top, imported or its own, or may have it by a star."""
    return module is not None and (name in module.scopes.table(None) or b"import *" in module.source)


def reached(function: Function) -> list[Function]:
    """Return a function and those of the integration that it calls, some steps far."""
    found, level = [function], [function]
    for _ in range(_NEAR):
        level = [inner for outer in level for inner in _called(outer) if inner not in found]
        found += dict.fromkeys(level)
    return found


def _called(function: Function) -> Iterator[Function]:
    for call in calls_in(function):
        held = definition(function.module, call.callee)
        if isinstance(held, Function):
            yield held
        elif isinstance(held, Class):
            yield from (method for method in held.methods if method.name == "__init__")
