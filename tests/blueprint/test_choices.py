"""What is recommended: the table of decisions, row by row, and trust that nobody may choose."""

from __future__ import annotations

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.model import Design
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.design.setting import with_values

HOST = {"id": "com.example.tides", "name": "Tides"}
CALM = {"crash_tolerance": "host", "languages": ("typescript",), "host_runtime": "node"}


def decided(**values):
    return decide(with_values(Design.model_validate({"host": HOST}), values))


@pytest.mark.parametrize(
    ("inputs", "trust", "rule"),
    [
        ({"authors": "public"}, 1, "trust-from-authors"),
        ({"authors": "partner"}, 2, "trust-from-authors"),
        ({"authors": "internal"}, 3, "trust-from-authors"),
        ({"authors": "self"}, 3, "trust-from-authors"),
        ({"authors": "partner", "reviewed": "none", "data": "personal"}, 1, "trust-lowered-unreviewed"),
        ({"authors": "internal", "reviewed": "none", "data": "secrets"}, 2, "trust-lowered-unreviewed"),
        ({"authors": "partner", "reviewed": "first", "data": "personal"}, 2, "trust-from-authors"),
        ({"authors": "partner", "reviewed": "none", "data": "internal"}, 2, "trust-from-authors"),
        ({"authors": "public", "reviewed": "none", "data": "secrets"}, 1, "trust-from-authors"),
        ({"authors": "self", "plugin_dependencies": True, "dependency_authors": "public"}, 1, "trust-minimum-of-dependencies"),
        ({"authors": "self", "plugin_dependencies": False, "dependency_authors": "public"}, 3, "trust-from-authors"),
    ],
)  # fmt: skip
def test_trust_is_derived(inputs, trust, rule):
    found = decided(**inputs)
    assert found.trust == trust
    assert found.derivations[-1].rule == rule
    assert "authors" in found.derivations[-1].inputs


@pytest.mark.parametrize(
    ("inputs", "boundary", "rule"),
    [
        ({"authors": "public", "stack": ("own_service",)}, "B5", "boundary-remote-for-own-service"),
        ({"authors": "public", "latency_ms": 19}, "B3", "boundary-engine-for-public"),
        ({"authors": "public", "latency_ms": 20}, "B4", "boundary-sandbox-for-public"),
        ({"authors": "public", "latency_ms": 5, "stack": ("threads",)}, "B4", "boundary-sandbox-for-public"),
        ({"authors": "public", "latency_ms": 5, "languages": ("python",)}, "B4", "boundary-sandbox-for-public"),
        ({"authors": "public", "sync_shared_object": True}, "B3", "boundary-engine-for-shared-objects"),
        ({"authors": "partner"}, "B2", "boundary-process-for-partners"),
        ({"authors": "partner", "latency_ms": 0.5}, "B2", "boundary-process-for-partners"),
        ({"authors": "internal", "crash_tolerance": "plugin"}, "B2", "boundary-process-for-crashes"),
        ({"authors": "internal", **CALM, "languages": ("python",)}, "B2", "boundary-process-for-other-languages"),
        ({"authors": "internal", **CALM, "latency_ms": 0.5}, "B0", "boundary-same-heap-for-shared-objects"),
        ({"authors": "internal", **CALM, "sync_shared_object": True}, "B0", "boundary-same-heap-for-shared-objects"),
        ({"authors": "internal", **CALM, "reload": "prod"}, "B2", "boundary-process-for-reload"),
        ({"authors": "self", **CALM}, "B0", "boundary-same-heap-for-trusted"),
    ],
)
def test_the_boundary_follows_the_first_row_that_holds(inputs, boundary, rule):
    choice = decided(**inputs).choices["boundary"]
    assert (choice.value, choice.rule) == (boundary, rule)


@pytest.mark.parametrize(
    ("key", "inputs", "value"),
    [
        ("capabilities", {"authors": "partner"}, "attenuated"),
        ("capabilities", {"authors": "self"}, "injected"),
        ("wasm", {"authors": "public", "latency_ms": 5, "languages": ("rust", "go")}, "yes"),
        ("wasm", {"authors": "public", "latency_ms": 5, "languages": ("rust",)}, "no"),
        ("registry", {"runtime_install": False, "plugin_count": 200}, "memory"),
        ("registry", {"runtime_install": False, "plugin_count": 201}, "file"),
        ("registry", {"runtime_install": True}, "file"),
        ("registry", {"host_instances": 2}, "database"),
        ("registry", {"tenancy": "friendly"}, "database"),
        ("loading", {"plugin_count": 11}, "lazy"),
        ("loading", {"plugin_count": 10, "ui": False}, "eager"),
        ("loading", {"plugin_count": 3, "ui": True}, "lazy"),
        ("loading", {"plugin_count": 3, "ui": True, "needs": ("veto",)}, "eager"),
        ("load_order", {"plugin_count": 11}, "parallel"),
        ("load_order", {"plugin_count": 3}, "serial"),
        ("cache", {"needs": ("fanout",)}, "none"),
        ("cache", {"needs": ("reply",)}, "pure_commands"),
        ("versioning", {}, "one_active"),
        ("reload_mechanism", {"reload": "prod"}, "process_swap"),
        ("reload_mechanism", {"reload": "prod", "authors": "public", "latency_ms": 5}, "instance_swap"),
        ("reload_mechanism", {"reload": "none"}, "restart"),
        ("tenancy_model", {"tenancy": "hostile"}, "instance_per_tenant"),
        ("tenancy_model", {"tenancy": "friendly"}, "tenant_in_every_call"),
        ("monitoring", {"authors": "partner"}, ("rate_errors_duration", "activation", "limits", "audit")),
        ("removal_months", {"support_months": 18}, 18),
        ("registry_location", {"network": "offline"}, "bundled"),
        ("sandbox", {"authors": "public", "host_runtime": "browser"}, "frame"),
    ],
)
def test_each_dimension_follows_its_table(key, inputs, value):
    choice = decided(**inputs).choices[key]
    assert choice.value == value
    assert choice.why
    assert choice.rule in shipped_rulebook().rule_names


@pytest.mark.parametrize(
    ("needs", "authorizes", "pattern"),
    [
        (["fanout"], None, "event"),
        (["stream"], None, "event"),
        (["reply"], None, "command"),
        (["reply", "stream"], None, "command"),
        (["transform"], None, "middleware"),
        (["reply", "veto"], None, "middleware"),
        (["reply"], True, "middleware"),
    ],
)
def test_each_interaction_gets_the_pattern_that_gives_what_it_needs(needs, authorizes, pattern):
    one = {"name": "item.changed", "needs": needs} | ({} if authorizes is None else {"authorizes": authorizes})
    (found,) = decide(Design.model_validate({"host": HOST, "interactions": [one]})).interactions
    assert (found.pattern, found.overridden) == (pattern, False)
    assert found.rule in shipped_rulebook().rule_names


def test_an_override_holds_and_the_recommendation_stays_known():
    design = Design.model_validate(
        {"host": HOST, "decisions": {"registry": {"choose": "database", "reason": "We run one anyhow."}}}
    )
    choice = decide(design).choices["registry"]
    assert (choice.value, choice.recommended, choice.overridden) == ("database", "file", True)
    assert choice.reason == "We run one anyhow."
    assert decide(design).chosen("registry_writers") == "transactions", "what depends on it follows"


def test_a_design_that_lists_nothing_gets_what_its_inputs_ask_for():
    found = decided(needs=("reply", "veto"), data="personal", network="offline", ui=True)
    assert [one.pattern for one in found.interactions] == ["command", "middleware"]
    assert [one.name for one in found.services] == ["logger", "config", "storage", "data", "ui"]
    assert {one.origin for one in found.services} == {"catalogue-from-inputs"}
    assert not [one for one in found.permissions if one.resource == "network"]


def test_every_row_of_every_table_can_be_reached():
    """A row that no answers reach would be a recommendation that nobody gets."""
    reached: set[str] = set()
    answers = [
        {"authors": a, "data": d, "tenancy": t, "reload": r, "latency_ms": ms, "crash_tolerance": c}
        for a in ("self", "partner", "public") for d in ("internal", "secrets") for t in ("single", "friendly", "hostile")
        for r in ("none", "dev", "prod") for ms in (0.5, 5, 50) for c in ("host", "plugin")
    ]  # fmt: skip
    more = [
        {}, {"languages": ("rust", "go")}, {"languages": ("python",)}, {"host_runtime": "browser", "latency_ms": 50}, {"ui": True},
        {"plugin_count": 3}, {"plugin_count": 3, "needs": ("veto",)}, {"network": "offline"}, {"network": "intranet"},
        {"runtime_install": False}, {"sync_shared_object": True}, {"stack": ("own_service",)}, {"host_instances": 3},
        {"install_base": 5000}, {"needs": ("fanout",)}, {"languages": ("rust",)}, {"sandbox": "isolate"},
        {"versioning": "side_by_side"}, {"signing": "none"}, {"reviewed": "first"}, {"stack": ("native_code",)},
    ]  # fmt: skip
    for number, one in enumerate(answers):
        for extra in more if number % 9 == 0 else more[number % len(more) : number % len(more) + 1]:
            found = decided(**{**one, **extra})
            reached |= {choice.rule for choice in found.choices.values()} | {two.rule for two in found.interactions}
    rows = {row.rule for dimension in shipped_rulebook().dimensions.values() for row in dimension.rows}
    assert rows - reached == set()
