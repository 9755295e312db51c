"""Turns what was decided into the words of the starter code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.design.artefacts.traits import Interaction, Limits, Permission, Traits

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided, DecidedInteraction, DecidedPermission

_TARGETED: Final = ("network", "filesystem", "process")
"""Resources of which nothing is granted without its targets."""
_RELOAD: Final = {"process_swap": "prod", "instance_swap": "prod", "module_reload": "dev", "restart": "none"}
_TENANCY: Final = {"shared": "single", "tenant_in_every_call": "friendly", "instance_per_tenant": "hostile"}
_UNDESCRIBED: Final = (("id", "string"),)
"""What is sent where the design does not describe it yet."""
_SCRIPTS: Final = frozenset({"javascript", "typescript"})


def traits_of(decided: Decided) -> Traits:
    """Return the design in the words of its code."""
    host, plugin = decided.design.host, decided.design.plugin
    slug = host.id.rsplit(".", 1)[-1]
    interactions = {pattern: _interactions(decided, pattern) for pattern in ("event", "command", "middleware")}
    return Traits(
        name=host.name,
        slug=slug,
        plugin_id=plugin.id if plugin is not None else f"{host.id}.starter",
        plugin_name=plugin.name if plugin is not None else f"Starter for {host.name}"[:100],
        purpose=decided.design.summary or "",
        trust=decided.trust,
        boundary=decided.chosen("boundary"),
        permissions=tuple(_permission(one) for one in decided.permissions),
        events=interactions["event"],
        commands=interactions["command"],
        points=interactions["middleware"],
        lazy=decided.chosen("loading") == "lazy",
        parallel=decided.chosen("load_order") == "parallel",
        cache=any(one.cached for one in interactions["command"]),
        side_by_side=decided.chosen("versioning") == "side_by_side",
        reload=_RELOAD[decided.chosen("reload_mechanism")],
        tenancy=_TENANCY[decided.chosen("tenancy_model")],
        registry=decided.chosen("registry"),
        monitored=decided.includes("monitoring", "rate_errors_duration"),
        engine_apart=decided.chosen("boundary") == "B3" and decided.chosen("engine_home") == "own_process",
        languages=_languages(decided),
        limits=_limits(decided),
    )


def _languages(decided: Decided) -> tuple[str, ...]:
    """Return both languages of the starter, first the one that the design speaks."""
    spoken = decided.answer("languages")
    named = frozenset(spoken) if isinstance(spoken, tuple) else frozenset()
    python_first = "python" in named and named.isdisjoint(_SCRIPTS)
    return ("python", "typescript") if python_first else ("typescript", "python")


def _permission(one: DecidedPermission) -> Permission:
    targets = tuple(target for _, items in sorted(one.scope.items()) for target in items)
    return Permission(
        key=one.name,
        reason=one.reason,
        scoped=bool(targets) or one.resource in _TARGETED,
        scope=targets,
        served=bool(one.services),
    )


def _interactions(decided: Decided, pattern: str) -> tuple[Interaction, ...]:
    cache = decided.chosen("cache") != "none"
    return tuple(_interaction(one, cache=cache) for one in decided.of_pattern(pattern))


def _interaction(one: DecidedInteraction, *, cache: bool) -> Interaction:
    fields = tuple(one.payload.items())
    return Interaction(
        name=one.name,
        owner=one.owner,
        fields=fields if one.described or fields else _UNDESCRIBED,
        deadline_ms=one.deadline_ms,
        version=one.version,
        permission=one.permission,
        result=tuple(one.result.items()),
        pure=one.pure,
        cached=one.cached and one.pure and cache,
        closed=one.on_failure != "open",
        veto="veto" in one.needs or one.authorizes,
    )


def _limits(decided: Decided) -> Limits:
    """Return limits that leave every interaction its deadline, and tell less trusted code to use less."""
    longest = max((one.deadline_ms for one in decided.interactions), default=0)
    ordinary = Limits()
    return Limits(
        call_ms=max(longest + 1_000, ordinary.call_ms),
        memory_mb=64 if decided.trust == 1 else ordinary.memory_mb,
        message_bytes=_message_bytes(decided),
        restarts=ordinary.restarts,
    )


def _message_bytes(decided: Decided) -> int:
    """Return room for ten times the payload that was named, and never less than the usual."""
    payload = decided.answer("payload_kb")
    kilobytes = float(payload) if isinstance(payload, int | float) else 0.0
    return max(Limits().message_bytes, int(kilobytes * 10_240))
