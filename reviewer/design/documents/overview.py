"""Views for the sections about inputs, trust, decisions, services and communication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.blueprint.risk import risk_of
from reviewer.design.documents.tracing import Refs, Said, facts_behind, source, sources_of
from reviewer.design.documents.words import answer_words, choice_words, reason_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewer.blueprint.decided import Choice, Decided, DecidedInteraction

SECTIONS: Final = {
    "boundary": ("system_type", "boundary", "sandbox", "os_sandbox", "engine_home", "grouping", "engine_instances",
                 "wasm", "wasm_reach", "capabilities", "trust_source", "dependency_rights", "controls_1",
                 "controls_2", "controls_3"),
    "permissions": ("permission_default", "permission_source", "permission_schema", "permission_claim", "revocation",
                    "grant_ceiling"),
    "limits": ("limits", "memory_cap", "timeout", "ipc_auth", "protocol", "config_handling"),
    "manifest": ("host_range", "triggers", "import_gate", "id_handling"),
    "lifecycle": ("loading", "providers", "states", "activation_deadline", "disposal", "supervision",
                  "process_identity", "plugin_state"),
    "communication": ("event_bus", "command_caller", "middleware_order", "hook_failure"),
    "registry": ("registry", "registry_writers", "registry_key", "registry_location", "resolution",
                 "package_cache_key", "cache_cleaning", "policy_points"),
    "supply": ("pinning", "verification", "signing", "signature_policy", "publisher_accounts", "version_scan",
               "update_consent", "rollout", "kill_switch", "remote_code", "remote_config"),
    "performance": ("load_order", "load_levels", "cache", "cache_key", "cache_bounds"),
    "versions": ("versioning", "version_namespace", "prereleases", "removal_months"),
    "reload": ("reload_mechanism", "reload_transaction"),
    "tenancy": ("tenancy_model", "service_scope", "quotas"),
    "monitoring": ("monitoring", "audit", "metric_labels", "record_identity"),
    "roadmap": ("maturity",),
}  # fmt: skip
"""The decisions of each section; together they are all."""


def inputs(decided: Decided) -> list[dict[str, Any]]:
    """Return a row for every input."""
    book = shipped_rulebook()
    return [
        {
            "question": book.questions[key].question,
            "answer": answer_words(decided, key) + (f" {book.questions[key].unit}" if book.questions[key].unit else ""),
            "given": answer.given,
            "refs": Refs([source("IN", key)]),
        }
        for key, answer in decided.answers.items()
    ]


def trust(decided: Decided) -> list[Said]:
    """Return how the level of trust came about."""
    return [
        Said(step.why, (source("RULE", step.rule), *(source("IN", key) for key in step.inputs)))
        for step in decided.derivations
    ]


def decisions(decided: Decided, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return a row for each of these decisions."""
    return [decision(decided.choices[key], decided) for key in keys]


def decision(choice: Choice, decided: Decided) -> dict[str, Any]:
    """Return a decision with its choice, its reason and its sources."""
    return {
        "title": choice.dimension.title,
        "question": choice.dimension.question,
        "choice": choice_words(choice),
        "why": reason_words(choice),
        "refs": Refs((source("DEC", choice.dimension.key), *sources_of(choice, decided))),
        "said": Said(f"{choice.dimension.title}: {choice_words(choice)}.", sources_of(choice, decided)),
    }


def services(decided: Decided) -> list[dict[str, Any]]:
    """Return a row for every service of the context."""
    return [
        {
            "name": one.name,
            "purpose": one.purpose,
            "permissions": ", ".join(one.permissions) or "none",
            "tenant": "its tenant" if one.tenant_scoped and decided.answer("tenancy") != "single" else "the host",
            "refs": Refs((source("CAT", one.name), source("IN", "tenancy"))),
        }
        for one in decided.services
    ]


def matrix(decided: Decided) -> dict[str, Any]:
    """Return the matrix of services and permissions, with weights and the score."""
    names = [one.name for one in decided.services if one.permissions]
    rows = [
        {
            "name": one.name,
            "reason": one.reason,
            "scope": "; ".join(f"{key}: {', '.join(items)}" for key, items in one.scope.items()) or "no limit",
            "cells": ["yes" if one.name in service.permissions else "no" for service in decided.services
                      if service.permissions],
            "weight": f"{one.risk} by {one.breadth:g} is {one.risk * one.breadth:.1f}",
            "refs": Refs([source("CAT", one.name)]),
        }
        for one in decided.permissions
    ]  # fmt: skip
    return {"services": names, "rows": rows, "score": _score(decided)}


def _score(decided: Decided) -> Said:
    """Return the score of all permissions together, and why it is that."""
    risk = risk_of(decided)
    behind = (*facts_behind(("boundary", "trust"), decided), *(source("CAT", one.name) for one in decided.permissions))
    if risk.everything:
        why = "in one heap a plugin can do everything, whatever is granted"
    elif not risk.greatest:
        why = "nothing can be granted"
    else:
        bonus = f", dangerous combinations add {risk.bonus}" if risk.bonus else ""
        less = ", and the boundary enforces what is granted" if risk.enforced else ""
        why = f"{risk.greatest} weighs most{bonus}{less}"
    return Said(f"The risk of everything that can be granted is {risk.score} of 100: {why}.", behind)


def interactions(decided: Decided) -> list[dict[str, Any]]:
    """Return what the catalogue says of every interaction."""
    return [_interaction(one) for one in decided.interactions]


def _interaction(one: DecidedInteraction) -> dict[str, Any]:
    where = source("CAT", one.name)
    facts = [f"Owner: the {one.owner}; version {one.version}; at most {one.deadline_ms} ms."]
    if one.permission:
        facts.append(f"A caller needs {one.permission}.")
    if one.pattern == "middleware":
        facts.append(f"A step that fails is {'refused' if one.on_failure == 'closed' else 'left out'}.")
    if one.pattern == "command":
        facts.append("It is pure, and cached." if one.cached else "It is run each time.")
    shapes = _fields("Sent", one.payload)
    if one.pattern == "command":
        shapes += f" {_fields('Answered', one.result)}"
    return {
        "name": one.name,
        "purpose": Said(one.purpose, [where]),
        "pattern": Said(f"{one.pattern.capitalize()}: {one.why}", (source("RULE", one.rule), where)),
        "facts": Said(" ".join(facts), [where]),
        "shapes": Said(shapes, [where]),
    }


def _fields(lead: str, fields: Mapping[str, str]) -> str:
    listed = ", ".join(f"{name} ({kind})" for name, kind in fields.items())
    return f"{lead}: {listed or 'nothing that is described'}."


def budgets(decided: Decided) -> list[Said]:
    """Return the numbers that the system is held to."""
    answer = decided.answer
    return [
        Said(f"One call of a plugin takes at most {answer('latency_ms')} ms.", [source("IN", "latency_ms")]),
        Said(f"A plugin is called at most {answer('calls_per_s')} times in a second, with {answer('payload_kb')} kB "
             f"each: {decided.facts['traffic_mb_s']:.3g} MB in a second.",
             [source("IN", "calls_per_s"), source("IN", "payload_kb")]),
        Said(f"One installation has {answer('plugin_count')} plugins.", [source("IN", "plugin_count")]),
        Said(f"There are {answer('install_base')} installations, each with {answer('host_instances')} process"
             f"{'' if answer('host_instances') == 1 else 'es'}.",
             [source("IN", "install_base"), source("IN", "host_instances")]),
        *(Said(f"{one.name} takes at most {one.deadline_ms} ms.", [source("CAT", one.name)])
          for one in decided.interactions),
    ]  # fmt: skip
