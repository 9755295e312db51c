"""A decided design as JSON data, for programs: schema ``reviewer/design/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.design.saving import plain_design

if TYPE_CHECKING:
    from reviewer.blueprint.condition import Fact
    from reviewer.blueprint.decided import Choice, Decided, DecidedInteraction, DecidedPermission, Verdict
    from reviewer.blueprint.rulebook import Value
    from reviewer.design.difference import Change

SCHEMA: Final = "reviewer/design/1"


def design_data(decided: Decided) -> dict[str, Any]:
    """Return everything that follows from a design as plain data."""
    return {
        "schema": SCHEMA,
        "design": plain_design(decided.design),
        "inputs": {
            key: {"value": _value(one.value), "default": not one.given} for key, one in decided.answers.items()
        },
        "trust": {
            "level": decided.trust,
            "steps": [
                {"fact": one.fact, "value": one.value, "rule": one.rule, "why": one.why, "inputs": list(one.inputs)}
                for one in decided.derivations
            ],
        },
        "decisions": {key: _choice(choice) for key, choice in decided.choices.items()},
        "services": [
            {"name": one.name, "purpose": one.purpose, "permissions": list(one.permissions),
             "tenant_scoped": one.tenant_scoped}
            for one in decided.services
        ],
        "permissions": [_permission(one) for one in decided.permissions],
        "interactions": [_interaction(one) for one in decided.interactions],
        "contradictions": [_verdict(one) for one in decided.contradictions],
        "warnings": [_verdict(one) for one in decided.warnings],
        "waived": [_verdict(one) for one in decided.waived],
    }  # fmt: skip


def difference_data(changes: tuple[Change, ...]) -> dict[str, Any]:
    """Return the changes between two designs as plain data."""
    return {
        "schema": "reviewer/design-diff/1",
        "changes": [
            {"kind": one.kind, "name": one.name, "before": one.before, "after": one.after, "why": one.why}
            for one in changes
        ],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "value": _value(choice.value),
        "recommended": _value(choice.recommended),
        "rule": choice.rule,
        "why": choice.why,
        "inputs": list(choice.inputs),
        "overridden": choice.overridden,
        "reason": choice.reason or None,
        "expert": choice.dimension.expert,
    }


def _permission(one: DecidedPermission) -> dict[str, Any]:
    return {
        "name": one.name,
        "reason": one.reason,
        "scope": {key: list(items) for key, items in one.scope.items()},
        "risk": one.risk,
        "services": list(one.services),
    }


def _interaction(one: DecidedInteraction) -> dict[str, Any]:
    return {
        "name": one.name,
        "purpose": one.purpose,
        "needs": list(one.needs),
        "pattern": one.pattern,
        "rule": one.rule,
        "owner": one.owner,
        "version": one.version,
        "payload": dict(one.payload),
        "result": dict(one.result),
        "permission": one.permission or None,
        "pure": one.pure,
        "cached": one.cached,
        "deadline_ms": one.deadline_ms,
        "on_failure": one.on_failure,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    rule, waiver = verdict.rule, verdict.waiver
    return {
        "rule": rule.id,
        "expert": rule.expert,
        "level": verdict.level,
        "about": verdict.about or None,
        "facts": {name: _fact(value) for name, value in verdict.facts.items()},
        "why": rule.why,
        "consequence": rule.consequence,
        "ways_out": [
            {"text": way.text, "set": {key: _value(value) for key, value in way.set.items()}} for way in rule.ways_out
        ],
        "references": list(rule.references),
        "waiver": waiver.model_dump(exclude_none=True) if waiver is not None else None,
    }


def _value(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _fact(value: Fact) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value
