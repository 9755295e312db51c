"""FUN331, FUN332, FUN333: an integration whose version, domain or config flow is not what its manifest says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Class, Literal
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.fields import first_line
from reviewer.experts.integration.facts import (
    domain,
    flow_functions,
    flow_module,
    has_flow_file,
    is_custom,
    is_integration,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@subject_check("FUN331")
def version_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Ask for the version that a custom integration needs, and that those which ship have not."""
    document = inquiry.manifest
    if document is None or not is_integration(inquiry) or not is_custom(inquiry):
        return
    version = document.get("version")
    if version is None or not version.text.strip():
        place = version.place if version is not None else first_line(document)
        yield Match(
            place,
            "The manifest has no version, without which a custom integration is not loaded; write for example "
            '"version": "1.0.0".',
        )


@subject_check("FUN332")
def domain_differs(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the domain against the folder and against the constant that the code goes by."""
    document = inquiry.manifest
    value = document.get("domain") if document is not None else None
    if value is None or not value.text or not is_integration(inquiry):
        return
    above = inquiry.subject.path.rstrip("/").split("/")
    if len(above) > 1 and above[-2] in ("custom_components", "components") and above[-1] != value.text:
        yield Match(
            value.place,
            f"The domain is '{value.text}', and the folder is called '{above[-1]}': Home Assistant looks for the one "
            "in the other and does not find it.",
        )
    for path in ("const.py", "__init__.py"):
        module = inquiry.project.module(path)
        held = _domain(module) if module is not None else ""
        if held and held != value.text:
            yield Match(
                value.place,
                f"The domain is '{value.text}', and {path} says DOMAIN = '{held}': entries, actions and data of the "
                "one are not found under the other.",
            )
            return


def _domain(module: Module) -> str:
    """Return the text that a module calls DOMAIN, or an empty string."""
    for held in module.scopes.table(None).get("DOMAIN", []):
        value = getattr(held, "value", None)
        if isinstance(value, Literal) and isinstance(value.value, str):
            return value.value
    return ""


@subject_check("FUN333")
def flow_undeclared(inquiry: Inquiry) -> Iterator[Match]:
    """Hold ``config_flow`` of the manifest against the file of that name."""
    document = inquiry.manifest
    if document is None or not is_integration(inquiry):
        return
    value = document.get("config_flow")
    declared = value is not None and value.data is True
    module = flow_module(inquiry)
    bare = "__init__.py" in inquiry.subject.files and not has_flow_file(inquiry)
    if value is not None and declared and module is None and bare:
        yield Match(value.place, "The manifest says config_flow, and there is no config_flow.py: the set-up fails.")
    elif (
        value is None and module is not None and any(name.startswith("async_step_") for name in flow_functions(inquiry))
    ):
        flow = next((cls for cls in module.classes if _is_flow(module, cls)), None)
        if flow is not None:
            yield Match(
                first_line(document),
                f"config_flow.py has the flow '{flow.name}', and the manifest does not say \"config_flow\": true: "
                f"nobody can add '{domain(inquiry)}' in the user interface.",
            )


def _is_flow(module: Module, cls: Class) -> bool:
    return any(module.resolve(base).endswith("config_entries.ConfigFlow") for base in cls.bases)
