"""The Integration Quality Scale: what a file claims, and what of it code shows.

The rules that code can show were held against the labels of all integrations that come with Home
Assistant; what is said here of a rule is never against one that is labelled done there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from reviewer.code.syntax import Assign, Call, Member, Throw
from reviewer.experts.data.patterns import found
from reviewer.experts.integration.facts import (
    all_read,
    discovery_steps,
    flow_functions,
    flow_module,
    flow_modules,
    knows,
    said,
)
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

FILE: Final = "quality_scale.yaml"
STATUSES: Final = ("done", "todo", "exempt")
_ACTIONS: Final = frozenset({"action-setup", "action-exceptions", "docs-actions"})
_REGISTERS: Final = ("async_register_entity_service", "async_register_platform_entity_service")
_FAILURES: Final = frozenset({"ConfigEntryNotReady", "ConfigEntryAuthFailed", "ConfigEntryError"})
_UNIQUE: Final = frozenset(
    "_async_abort_entries_match _abort_if_unique_id_configured _async_current_entries _async_current_ids "
    "single_instance_allowed register_discovery_flow register_webhook_flow".split()
)


class Claim(Struct, frozen=True):
    """What a file says of one rule."""

    rule: str
    status: str
    comment: str
    at: Value


class Scale(Struct, frozen=True):
    """The tiers with their rules, lowest first, and the rules that came later than most files."""

    tiers: dict[str, tuple[str, ...]]
    later: frozenset[str]

    @property
    def rules(self) -> frozenset[str]:
        """Every rule of every tier."""
        return frozenset(rule for rules in self.tiers.values() for rule in rules)

    def up_to(self, tier: str) -> Iterator[str]:
        """Yield the rules that a tier asks for: its own and those of the tiers before it."""
        for name, rules in self.tiers.items():
            yield from (rule for rule in rules if rule not in self.later)
            if name == tier:
                return


@lru_cache(maxsize=2)
def _scale(folder: Path) -> Scale:
    table = tomllib.loads((folder / "quality_scale.toml").read_text(encoding="utf-8"))
    tiers = {row["name"]: tuple(row["rules"]) for row in table["tier"]}
    return Scale(tiers, frozenset(table["later"]["rules"]))


def scale_of(inquiry: Inquiry) -> Scale | None:
    """Return the scale of the subject's ecosystem, or None where it has none."""
    profile = profile_of(inquiry)
    return _scale(profile.folder) if profile is not None and (profile.folder / "quality_scale.toml").is_file() else None


def claims(inquiry: Inquiry) -> tuple[Claim, ...]:
    """Return what the integration's file says, in its order."""
    document = inquiry.subject.other_documents.get(FILE)
    rules = document.get("rules") if document is not None else None
    found = []
    for name, value in rules.members() if rules is not None else ():
        status, comment = value.get("status"), value.get("comment")
        text = value.text or (status.text if status is not None else "")
        found.append(Claim(name, text, comment.text if comment is not None else "", value))
    return tuple(found)


# What code shows


Shown: TypeAlias = "tuple[bool, str] | None"
"""Whether a rule is met, and what shows it, in words; None where code does not show it."""


def shown(inquiry: Inquiry, rule: str) -> Shown:
    """Return what the code shows of a rule of the scale; code that was not read may hold what seems to be missing."""
    look = _LOOKS.get(rule)
    told = look(inquiry) if look is not None else None
    return told if told is None or told[0] or all_read(inquiry) else None


def _unloading(inquiry: Inquiry) -> Shown:
    module = inquiry.project.module("__init__.py")
    if module is None or module.problems:
        return None
    has = knows(module, "async_unload_entry")
    return has, f"__init__.py {'has' if has else 'has no'} async_unload_entry"


def _flow(inquiry: Inquiry) -> Shown:
    value = inquiry.manifest.get("config_flow") if inquiry.manifest is not None else None
    if value is None or value.data is not True:
        return False, "manifest.json does not say config_flow"
    has = flow_module(inquiry) is not None
    return has, "config_flow.py is there" if has else "there is no config_flow.py"


def _diagnostics(inquiry: Inquiry) -> Shown:
    module = inquiry.project.module("diagnostics.py") or inquiry.project.module("diagnostics/__init__.py")
    names = ("async_get_config_entry_diagnostics", "async_get_device_diagnostics")
    has = any(knows(module, name) for name in names)
    return has, "diagnostics.py gives them" if has else f"there is no diagnostics.py with {names[0]}"


def _discovery(inquiry: Inquiry) -> Shown:
    keys = tuple(said(inquiry, "discovery"))
    declared = [key for key in keys if inquiry.manifest is not None and inquiry.manifest.get(key) is not None]
    found = sorted((discovery_steps(inquiry) - {"async_step_import"}) & flow_functions(inquiry))
    if declared or found:
        return True, f"manifest.json has {declared[0]}" if declared else f"the config flow has {found[0]}"
    return False, "manifest.json has no matcher, and the config flow no step for what is discovered"


def _parallel_updates(inquiry: Inquiry) -> Shown:
    files = [f"{name}{end}" for name in said(inquiry, "platforms") for end in (".py", "/__init__.py")]
    modules = [module for file in files if (module := inquiry.project.module(file)) is not None]
    if not modules:
        return None
    without = [module.path for module in modules if not knows(module, "PARALLEL_UPDATES")]
    return (
        (False, f"{without[0]} sets no PARALLEL_UPDATES") if without else (True, "every platform sets PARALLEL_UPDATES")
    )


def _step(name: str) -> Callable[[Inquiry], Shown]:
    def look(inquiry: Inquiry) -> Shown:
        has = name in flow_functions(inquiry)
        return has, f"the config flow {'has' if has else 'has no'} {name}"

    return look


def _runtime_data(inquiry: Inquiry) -> Shown:
    for module in inquiry.project.modules({"runtime_data"}, tests=False):
        for held in module.all(Assign):
            if isinstance(held.target, Member) and held.target.name == "runtime_data":
                return True, f"{module.path} sets runtime_data"
    return False, "nothing sets runtime_data of the entry"


def _test_before_setup(inquiry: Inquiry) -> Shown:
    for module in inquiry.project.modules(_FAILURES | {"async_config_entry_first_refresh"}, tests=False):
        if "async_config_entry_first_refresh" in module.identifiers:
            return True, f"{module.path} awaits the first refresh"
        for thrown in module.all(Throw):
            value = thrown.value.callee if isinstance(thrown.value, Call) else thrown.value
            if module.resolve(value).rsplit(".", 1)[-1] in _FAILURES:
                return True, f"{module.path} raises what stops the setup"
    return (
        False,
        "nothing raises ConfigEntryNotReady, ConfigEntryAuthFailed or ConfigEntryError, and no first refresh does",
    )


def _unique(inquiry: Inquiry) -> Shown:
    value = inquiry.manifest.get("single_config_entry") if inquiry.manifest is not None else None
    if value is not None and value.data is True:
        return True, "manifest.json says single_config_entry"
    modules = list(flow_modules(inquiry))
    if not modules:
        return None
    for module in modules:
        found = sorted(_UNIQUE & module.identifiers)
        if found:
            return True, f"{module.path} uses {found[0]}"
    return False, "the config flow never asks whether the entry is there already"


_LOOKS: Final[dict[str, Callable[[Inquiry], Shown]]] = {
    "config-entry-unloading": _unloading,
    "config-flow": _flow,
    "diagnostics": _diagnostics,
    "discovery": _discovery,
    "parallel-updates": _parallel_updates,
    "reauthentication-flow": _step("async_step_reauth"),
    "reconfiguration-flow": _step("async_step_reconfigure"),
    "runtime-data": _runtime_data,
    "test-before-setup": _test_before_setup,
    "unique-config-entry": _unique,
}


def exempt_in_vain(inquiry: Inquiry, claim: Claim) -> str:
    """Return the file that registers an action, where that is what an exemption denies; else an empty text."""
    return _registers_actions(inquiry) if claim.rule in _ACTIONS and _says_none(claim.comment) else ""


def _says_none(comment: str) -> bool:
    """Tell whether a comment gives as the reason that there are no actions, and not that they are of another kind."""
    said = " ".join(comment.lower().split())
    return found(r"\b(no|not|without|any)\b.*\b(actions?|services?)\b|n't\b.*\b(actions?|services?)\b", said)


def _registers_actions(inquiry: Inquiry) -> str:
    """Return the file that registers an action of the integration, or an empty string."""
    for module in inquiry.project.modules({"services", *_REGISTERS}, tests=False):
        for call in module.calls({"async_register", *_REGISTERS}):
            receiver = module.text_of(call.receiver) if call.receiver is not None else ""
            if call.name in _REGISTERS or receiver.endswith("hass.services"):
                return module.path
    return ""
