"""Code is held against the decisions of a design: what was generated from it passes, and what left it is found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.model import Design
from reviewer.blueprint.reading import load_design
from reviewer.design.merging.design import design_files, write_design
from reviewer.design.merging.writing import write_all

HERE = Path(__file__).resolve()
EXAMPLES = sorted((HERE.parents[3] / "examples" / "designs").glob("*.yaml"))
sys.path.insert(0, str(HERE.parents[1]))
from designs import BUILT, random_design  # noqa: E402 - a module of the tests beside these

RULES = ("SEC096", "SEC097", "SEC098", "COM096", "PAT096")


def reviewed(*words: str, cwd: Path) -> tuple[int, list[dict[str, Any]]]:
    """Review in a process of its own; return its exit code and the reviews."""
    command = [sys.executable, "-m", "reviewer", "review", *words, "--format", "json"]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)["reviews"]


def found(reviews: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return sorted((one["rule"], one["path"], one["message"]) for review in reviews for one in review["findings"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write every worked example, and designs made by chance."""
    root = tmp_path_factory.mktemp("designs")
    for example in EXAMPLES:
        write_design(decide(load_design(example)[0]), root / example.stem)
    for seed in BUILT:
        # Some of these contradict themselves, and are looked at all the same.
        write_all(design_files(decide(random_design(seed))), root / f"random-{seed}")
    return root


@pytest.mark.parametrize("name", [*(example.stem for example in EXAMPLES), *(f"random-{seed}" for seed in BUILT)])
def test_what_is_generated_passes_the_review_and_conforms(built: Path, name: str) -> None:
    code, reviews = reviewed("starter", "--design", "plugin-design.yaml", "--fail-on", "medium", cwd=built / name)
    grave = [
        (one["severity"], one["rule"], one["path"], one["line"], one["message"])
        for review in reviews
        for one in review["findings"]
        if one["severity"] not in ("low", "info")
    ]
    assert grave == []
    assert [review["errors"] for review in reviews] == [[]] * len(reviews)
    kinds = sorted(review["subject"]["kind"] for review in reviews)
    plugins = len(list((built / name / "starter").glob("*/plugin")))
    assert (code, kinds) == (0, ["host", *["plugin"] * plugins])


def test_code_of_another_design_is_found(built: Path) -> None:
    design = str(built / "saas-marketplace" / "plugin-design.yaml")
    code, reviews = reviewed("starter/typescript/plugin", "--design", design, "--select", *RULES[:1], "--select",
                             "COM096", "--fail-on", "medium", cwd=built / "game-mods")  # fmt: skip
    messages = [message for _, _, message in found(reviews)]
    assert code == 1
    assert any("no event 'block.placed'" in message for message in messages)
    assert all("(decision: " in message for message in messages)


def test_a_host_that_lost_its_boundary_is_found(tmp_path: Path) -> None:
    plain = {"host": {"id": "com.example.own", "name": "Own"}, "inputs": {"authors": "self", "crash_tolerance": "host"}}
    trusted = decide(Design.model_validate(plain))
    assert trusted.chosen("boundary") == "B0"
    write_design(trusted, tmp_path / "own")
    (tmp_path / "partner.yaml").write_text("host: {id: com.example.own, name: Own}\ninputs: {authors: partner}\n")
    code, reviews = reviewed("own/starter", "--design", "partner.yaml", "--select", "SEC097", cwd=tmp_path)
    assert (code, {rule for rule, _, _ in found(reviews)}) == (1, {"SEC097"})
    assert "(decision: boundary, boundary-process-for-partners)" in found(reviews)[0][2]


def test_the_configuration_can_name_the_design(tmp_path: Path) -> None:
    (tmp_path / "reviewer.toml").write_text('design = "plugin-design.yaml"\n', encoding="utf-8")
    (tmp_path / "plugin-design.yaml").write_text(
        "host: {id: com.example.tides, name: Tides}\npermissions: [{name: storage.read, reason: Reads.}]\n"
    )
    plugin = tmp_path / "moon"
    plugin.mkdir()
    (plugin / "plugin.json").write_text(
        '{"id": "a.b.c", "name": "Moon", "version": "1.0.0", "main": "i.js", "permissions": {"mail": {"send": true}}}'
    )
    _, reviews = reviewed(".", "--select", "SEC096", "--fail-on", "none", cwd=tmp_path)
    assert [rule for rule, _, _ in found(reviews)] == ["SEC096"]
    (tmp_path / "plugin-design.yaml").write_text(
        "host: {id: com.example.tides, name: Tides}\npermissions: [{name: mail.send, reason: Sends.}]\n"
    )
    _, reviews = reviewed(".", "--select", "SEC096", "--fail-on", "none", cwd=tmp_path)
    assert found(reviews) == []


def test_a_design_that_can_not_be_used_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "plugin.json").write_text('{"id": "a.b.c", "name": "Moon", "version": "1.0.0", "main": "i.js"}')
    (tmp_path / "broken.yaml").write_text("hots: {}\n", encoding="utf-8")
    for name in ("broken.yaml", "absent.yaml"):
        command = [sys.executable, "-m", "reviewer", "review", ".", "--design", name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert name in done.stderr
