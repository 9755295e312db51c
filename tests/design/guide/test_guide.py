"""The guide shows the code of the starter as it is, and no step is empty."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.reading import load_design
from reviewer.core.errors import UsageError
from reviewer.design.guide.excerpts import declaration
from reviewer.design.guide.stacks import STACKS, stack_in, stack_of
from reviewer.design.guide.writing import guide, starter

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples" / "designs").glob("*.yaml"))
BLOCK = re.compile(r"^`([^`\n]+)`\n\n```(\w+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_block_of_code_stands_in_the_file_that_it_names(example: Path, stack: str) -> None:
    decided = decide(load_design(example)[0])
    text = guide(decided, STACKS[stack], "a test")
    files = starter(decided, STACKS[stack])
    found = BLOCK.findall(text)
    assert len(found) > 20
    for path, _, code in found:
        assert code in files[path], path
        assert code.count("\n") > 1, (path, code)
    assert text.count("```") == 2 * (len(found) + 1)


@pytest.mark.parametrize("stack", STACKS)
def test_every_step_says_something(stack: str) -> None:
    text = guide(decide(load_design(EXAMPLES[0])[0]), STACKS[stack], "a test")
    outside = re.sub(r"```.*?```", "code", text, flags=re.DOTALL)
    headings = re.findall(r"^## (\d+)\. (.+)$", outside, re.MULTILINE)
    assert [number for number, _ in headings] == [str(number) for number in range(1, len(headings) + 1)]
    bodies = re.split(r"^## .+$", outside, flags=re.MULTILINE)[1:]
    assert all(len(body.split()) > 8 for body in bodies)
    spoken = " ".join(title.lower() for _, title in headings)
    for word in ("interface", "context", "discovery", "loader", "registry", "communication", "testing", "debugging",
                 "versioning", "deprecation", "troubleshooting"):  # fmt: skip
        assert word in spoken


def test_a_declaration_is_cut_with_its_comment_and_its_end() -> None:
    code = (
        "/** One. */\nexport class One {\n  /** Runs. */\n  run(): void {\n    go();\n  }\n}\n\nexport const two = 2;\n"
    )
    assert declaration("a.ts", code, "One.run").text == "  /** Runs. */\n  run(): void {\n    go();\n  }"
    assert declaration("a.ts", code, "One").text == code[: code.index("\n\nexport const")]
    python = "@keep\ndef one(\n    a: int,\n) -> int:\n    return a\n\n\ndef two() -> int:\n    return 2\n"
    assert declaration("a.py", python, "one").text == python[: python.index("\n\n\ndef two")]
    with pytest.raises(LookupError, match="three"):
        declaration("a.py", python, "three")


def test_a_stack_is_found_in_a_repository_without_running_it(tmp_path: Path) -> None:
    assert stack_in(tmp_path) is None
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    assert stack_in(tmp_path) is STACKS["python"]
    (tmp_path / "package.json").write_text('{"devDependencies": {"electron": "30"}}', encoding="utf-8")
    assert stack_in(tmp_path) is STACKS["electron"]
    (tmp_path / "package.json").write_text("{", encoding="utf-8")
    assert stack_in(tmp_path) is STACKS["node"]


def test_a_stack_that_nobody_knows_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="did you mean 'electron'"):
        stack_of("elektron")


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reviewer", *words], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_command_writes_a_guide_and_its_code_for_a_repository_without_a_design(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    done = run("/integration-guide", ".", "--out", "plugins", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    text = (tmp_path / "plugins/docs/integration-guide-python.md").read_text(encoding="utf-8")
    for path, _, code in BLOCK.findall(text):
        assert code in (tmp_path / "plugins" / path).read_text(encoding="utf-8")
    assert "nothing has changed" in run("guide", ".", "--out", "plugins", cwd=tmp_path).stderr


def test_a_path_that_does_not_exist_is_told(tmp_path: Path) -> None:
    done = run("guide", "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "reviewer: nowhere: there is no such design or repository\n")
