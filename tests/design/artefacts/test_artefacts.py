"""What is generated from a design: complete, well formed, and different where decisions differ."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import jsonschema
import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.decided import Decided
from reviewer.blueprint.model import Design
from reviewer.blueprint.reading import load_design
from reviewer.design.artefacts.codefilters import comment, literal, python
from reviewer.design.artefacts.documents import EXAMPLE, SCHEMA, documents
from reviewer.design.artefacts.files import render
from reviewer.design.artefacts.reading import traits_of

HERE = Path(__file__).resolve()
EXAMPLES = sorted((HERE.parents[3] / "examples" / "designs").glob("*.yaml"))
sys.path.insert(0, str(HERE.parents[1]))
from designs import CHANCES, random_design  # noqa: E402 - a module of the tests beside these


def files_of(decided: Decided) -> dict[str, str]:
    traits = traits_of(decided)
    return {**dict(render(traits)), **dict(documents(traits))}


def example(name: str) -> dict[str, str]:
    return files_of(decide(load_design(next(one for one in EXAMPLES if one.stem == name))[0]))


def own(**inputs: object) -> dict[str, str]:
    """Return the files of a design of trusted plugins, with these answers."""
    answers = {"authors": "self", "crash_tolerance": "host", "latency_ms": 50} | inputs
    plain = {"host": {"id": "com.example.own", "name": "Own"}, "inputs": answers}
    return files_of(decide(Design.model_validate(plain)))


def test_every_worked_example_and_fifty_random_designs_give_code_that_parses() -> None:
    designs = [load_design(one)[0] for one in EXAMPLES] + [random_design(seed) for seed in range(CHANCES)]
    for design in designs:
        files = files_of(decide(design))
        assert {
            SCHEMA,
            EXAMPLE,
            "interfaces/typescript/plugin-api.ts",
            "interfaces/python/plugin_api.py",
        } <= files.keys()
        for path, text in files.items():
            assert text.strip(), path
            assert "{{" not in text or not path.endswith((".json", ".toml")), path
            if path.endswith(".py"):
                ast.parse(text, path)
            elif path.endswith(".json"):
                json.loads(text)


@pytest.mark.parametrize("seed", range(10))
def test_the_manifest_of_the_starter_fits_the_schema_and_nothing_else_does(seed: int) -> None:
    files = files_of(decide(random_design(seed)))
    schema = json.loads(files[SCHEMA])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in (EXAMPLE, *(f"starter/{language}/plugin/plugin.json" for language in ("typescript", "python"))):
        manifest = json.loads(files[path])
        assert list(validator.iter_errors(manifest)) == [], path
        for wrong in ({"trust": 3}, {"id": "../climb"}, {"version": "1.0"}, {"permissions": {"host": {"admin": True}}}):
            assert not validator.is_valid(manifest | wrong)


def test_two_designs_with_different_decisions_give_different_code() -> None:
    market, ide = example("saas-marketplace"), example("ide")
    host = "starter/typescript/host/src/"
    assert {f"{host}engine-core.ts", f"{host}tenants.ts", f"{host}registry-database.ts"} <= market.keys() - ide.keys()
    assert {f"{host}serve.ts", f"{host}registry-file.ts"} <= ide.keys() - market.keys()
    assert '"order.placed"' in market[f"{host}catalogue.ts"]
    assert '"document.saved"' in ide[f"{host}catalogue.ts"]


@pytest.mark.parametrize(
    ("change", "gained", "lost"),
    [
        ({"tenancy": "friendly"}, "live-calls.ts", "registry-file.ts"),
        ({"tenancy": "hostile"}, "tenants.ts", "registry-file.ts"),
        ({"plugin_count": 50}, "triggers.ts", ""),
        ({"plugin_count": 50}, "bounded.ts", ""),
        ({"reload": "dev"}, "dev-reload.ts", ""),
        ({"reload": "prod"}, "reload.ts", "in-process.ts"),
        ({"authors": "partner"}, "process.ts", "in-process.ts"),
        ({"authors": "public", "latency_ms": 5}, "engine.ts", "in-process.ts"),
        ({"authors": "public", "languages": ["python"], "latency_ms": 500}, "sandbox.ts", "in-process.ts"),
        ({"authors": "public", "stack": ["own_service"]}, "remote.ts", "in-process.ts"),
        ({"needs": ["reply"]}, "commands.ts", "middleware.ts"),
        ({"needs": ["fanout"]}, "events.ts", "commands.ts"),
        ({"needs": ["veto"]}, "middleware.ts", "events.ts"),
        ({"runtime_install": False}, "registry-memory.ts", "registry-file.ts"),
        ({"host_instances": 3}, "registry-database.ts", "registry-file.ts"),
    ],
)
def test_each_decision_shows_in_the_code(change: dict[str, object], gained: str, lost: str) -> None:
    base = {"languages": ["typescript"], "runtime_install": True, "needs": ["reply", "fanout", "transform"]}
    before, after = own(**base), own(**base | change)
    host = "starter/typescript/host/src/"
    assert f"{host}{gained}" in after
    if lost:
        assert f"{host}{lost}" in before
        assert f"{host}{lost}" not in after


def test_a_permission_shows_in_schema_catalogue_context_and_door() -> None:
    plain = {
        "host": {"id": "com.example.own", "name": "Own"},
        "services": [{"name": "mail", "permissions": ["mail.send"]}],
        "permissions": [{"name": "mail.send", "reason": "Sends.", "scope": {"recipients": ["ops@example.com"]}}],
    }
    files = files_of(decide(Design.model_validate(plain)))
    assert json.loads(files[SCHEMA])["properties"]["permissions"]["properties"].keys() == {"mail"}
    assert '["mail.send", { scoped: true }]' in files["starter/typescript/host/src/catalogue.ts"]
    assert '"mail.send": PermissionFacts(scoped=True)' in files["starter/python/host/own_host/catalogue.py"]
    assert 'call(service: "mail.send"' in files["interfaces/typescript/plugin-api.ts"]
    assert "storage.ts" not in " ".join(files)


def test_text_of_a_design_stays_text_in_code() -> None:
    assert literal('"; process.exit(); //\u2028') == '"\\"; process.exit(); //\\u2028"'
    assert ast.literal_eval(python('"""\n\\\u202e')) == '"""\n\\\u202e'
    assert comment('*/ """ \n\x1b[31m \\x') == "* / ''' [31m /x"
    plain = {"host": {"id": "com.example.own", "name": '*/ process.exit(); /* """ + "${x}" {{ c }}'}}
    files = files_of(decide(Design.model_validate(plain)))
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)
        if path.endswith(".ts"):
            assert "*/ process" not in text, path


def test_the_same_design_gives_the_same_bytes() -> None:
    assert example("ide") == example("ide")
