"""`reviewer design`: the same answers by file, by flag and at the terminal give the same design."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewer.blueprint.reading import load_design
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.cli.main import main

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "designs" / "saas-marketplace.yaml"


class Done(NamedTuple):
    """How the command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def design(tmp_path, monkeypatch, capfd):
    """Run the command without a terminal."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        code = main(["design", *words])
        shown = capfd.readouterr()
        return Done(code, shown.out, shown.err)

    return run


def test_without_a_terminal_every_input_takes_its_default_and_is_listed_as_such(design, tmp_path):
    done = design("--format", "json")
    data = json.loads(done.stdout)
    assert done.returncode == 0
    assert data["schema"] == "reviewer/design/1"
    assert {key for key, one in data["inputs"].items() if one["default"]} == set(shipped_rulebook().questions)
    assert f"default holds ({len(data['inputs'])})" in design().stdout
    assert list(tmp_path.iterdir()) == []


def test_flags_and_a_file_that_say_the_same_decide_the_same(design, tmp_path):
    (tmp_path / "plugin-design.yaml").write_text(
        "host: {id: com.example.host, name: Host}\ninputs: {authors: public, languages: [rust, go], latency_ms: 5}\n"
    )
    by_file = json.loads(design("--format", "json").stdout)
    (tmp_path / "plugin-design.yaml").unlink()
    flags = ["--set", "authors=public", "--set", "languages=rust,go", "--set", "latency_ms=5"]
    by_flag = json.loads(design(*flags, "--format", "json").stdout)
    assert by_file == by_flag
    assert by_file["decisions"]["boundary"]["value"] == "B3"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d.json", '{"host": {"id": "com.example.host", "name": "Host"}, "inputs": {"authors": "public"}}'),
        ("d.toml", '[host]\nid = "com.example.host"\nname = "Host"\n[inputs]\nauthors = "public"\n'),
        ("d.yaml", "host:\n  id: com.example.host\n  name: Host\ninputs:\n  authors: public\n"),
    ],
)
def test_yaml_json_and_toml_are_one_model(design, tmp_path, name, text):
    (tmp_path / name).write_text(text)
    done = design(name, "--format", "json")
    assert json.loads(done.stdout)["inputs"]["authors"] == {"value": "public", "default": False}


def test_a_decision_is_set_like_an_answer_and_counts_as_an_override(design):
    done = design("--set", "authors=public", "--set", "boundary=B0", "--format", "json")
    data = json.loads(done.stdout)
    assert done.returncode == 1
    boundary = data["decisions"]["boundary"]
    assert (boundary["value"], boundary["recommended"], boundary["overridden"]) == ("B0", "B4", True)
    (contradiction,) = data["contradictions"]
    assert contradiction["rule"] == "public-needs-boundary"
    assert contradiction["facts"] == {"trust": 1, "boundary": "B0"}
    assert contradiction["why"]
    assert contradiction["consequence"]
    assert contradiction["ways_out"]


def test_a_contradiction_is_told_with_its_facts_its_consequence_and_its_ways_out(design):
    text = design("--set", "authors=public", "--set", "boundary=B0").stdout
    assert "because trust=1, boundary=B0" in text
    assert "A hostile plugin reads everything" in text
    assert "(boundary=B4)" in text


def test_a_decision_is_taken_back_with_an_empty_value(design, tmp_path):
    (tmp_path / "plugin-design.yaml").write_text(
        "host: {id: com.example.host, name: Host}\ninputs: {authors: public}\n"
        "decisions: {boundary: {choose: B0, reason: speed}}\n"
    )
    assert design().returncode == 1
    done = design("--set", "boundary=", "--format", "json")
    assert done.returncode == 0
    assert not json.loads(done.stdout)["decisions"]["boundary"]["overridden"]


def test_a_what_if_shows_what_changes_and_why_and_writes_nothing(design, tmp_path):
    file = tmp_path / "plugin-design.yaml"
    file.write_text("host: {id: com.example.host, name: Host}\n")
    before = file.read_bytes()
    done = design("plugin-design.yaml", "--set", "latency_ms=0.5", "--diff", "--format", "json")
    changes = {one["name"]: one for one in json.loads(done.stdout)["changes"]}
    assert (changes["latency_ms"]["before"], changes["latency_ms"]["after"]) == ("50", "0.5")
    assert (changes["latency-vs-process"]["before"], changes["latency-vs-process"]["after"]) == ("", "fires")
    assert "costs more than the budget" in changes["latency-vs-process"]["why"]
    assert file.read_bytes() == before
    assert "nothing changes" in design("plugin-design.yaml", "--set", "latency_ms=50", "--diff").stdout


def test_a_what_if_follows_an_answer_through_every_decision(design):
    done = design("--set", "authors=public", "--set", "latency_ms=5", "--against", "none.yaml")
    assert done.returncode == 2
    done = design("--set", "authors=public", "--diff", "--format", "json")
    changes = {one["name"]: one for one in json.loads(done.stdout)["changes"]}
    assert (changes["trust"]["before"], changes["trust"]["after"]) == ("2", "1")
    assert (changes["boundary"]["before"], changes["boundary"]["after"]) == ("B2", "B4")
    assert "boundary-sandbox-for-public" in changes["boundary"]["why"]
    assert {"sandbox", "permission_claim", "publisher_accounts"} <= set(changes)


def test_a_what_if_that_ends_in_a_contradiction_fails(design):
    done = design("--set", "boundary=B0", "--diff")
    assert done.returncode == 1
    assert "contradiction partner-needs-process: nothing → fires" in done.stdout


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("latncy_ms=1", "did you mean 'latency_ms'?"),
        ("boundary=B9", "expected one of B0, B1, B2, B3, B4, B5"),
        ("authors=publik", "did you mean 'public'?"),
        ("ui=perhaps", "expected yes or no"),
        ("plugin_count=2.5", "expected a whole number"),
        ("latency_ms=0", "expected a number above 0"),
        ("trust=3", "trust is derived, never chosen"),
        ("limits=cpu,memry", "did you mean 'memory'?"),
        ("authors", "expected key=value"),
        ("host.id=Tides", "host.id is 'Tides'; expected lower-case words with dots"),
    ],
)
def test_a_wrong_setting_says_what_would_be_right(design, setting, said):
    done = design("--set", setting)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_design_that_is_not_there_is_a_usage_error(design):
    done = design("other.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no such design" in done.stderr


def test_mistakes_in_the_file_are_told_with_line_and_nearest_name(design, tmp_path):
    (tmp_path / "d.yaml").write_text("host: {id: com.example.host, name: Host}\ninputs:\n  autors: public\n")
    done = design("d.yaml")
    assert done.returncode == 2
    assert "d.yaml:3:3: unknown key 'autors'; did you mean 'authors'?" in done.stderr


def test_everything_that_can_be_set_is_listed(design):
    text = design("--keys").stdout
    book = shipped_rulebook()
    keys = [*book.questions, *(key for key, one in book.dimensions.items() if not one.each)]
    assert [key for key in keys if f"  {key}  " not in text] == []


def test_two_designs_are_compared(design, tmp_path):
    (tmp_path / "old.yaml").write_text("host: {id: com.example.host, name: Host}\ninputs: {authors: internal}\n")
    (tmp_path / "new.yaml").write_text("host: {id: com.example.host, name: Host}\ninputs: {authors: public}\n")
    done = design("new.yaml", "--against", "old.yaml", "--format", "json")
    changes = {one["name"]: (one["before"], one["after"]) for one in json.loads(done.stdout)["changes"]}
    assert changes["trust"] == ("3", "1")
    assert changes["boundary"] == ("B2", "B4")
    assert design("new.yaml", "--against", "none.yaml").returncode == 2


def test_a_decision_rule_is_explained_by_its_name(capfd):
    assert main(["explain", "public-needs-boundary"]) == 0
    text = capfd.readouterr().out
    assert "It fires where trust == 1 and boundary < 'B3'." in text
    assert "(boundary=B4)" in text
    assert main(["explain", "no-such-rule-anywhere"]) == 2


def test_the_schema_for_editors_is_printed(design):
    schema = json.loads(design("--schema").stdout)
    assert "authors" in schema["$defs"]["Inputs"]["properties"]


def test_the_same_design_gives_the_same_bytes_in_every_process(tmp_path):
    texts = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", "design", str(EXAMPLE), "--format", "html"],
            capture_output=True, check=True, cwd=tmp_path, stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        texts.add(done.stdout)
    assert len(texts) == 1


def test_help_loads_neither_the_model_nor_the_rules():
    program = (
        "import sys\nfrom reviewer.cli.main import main\nmain(['design', '--help'])\n"
        "print([name for name in sys.modules if name.startswith(('pydantic', 'jinja2', 'reviewer.blueprint'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_interview_asks_each_question_with_why_and_consequences_and_saves_after_each_answer(talk, tmp_path):
    one = talk("design")
    one.until("What is the host called?")
    one.type("Tide tables")
    shown = one.until("Enter for partner")
    assert "Trust follows from it" in shown
    assert "anybody: one of them is hostile" in shown
    saved, _ = load_design(tmp_path / "plugin-design.yaml")
    assert (saved.host.id, saved.host.name) == ("com.example.tide-tables", "Tide tables")
    one.type("publik")
    assert "did you mean 'public'?" in one.until("again:")
    one.type("4")  # the fourth option is public
    assert "[reviewed]" in one.until("Enter for none")
    one.type("back")
    assert "[authors]" in one.until("Enter for partner")
    one.type("partner")
    one.until("Enter for none")
    one.type("back")
    one.until("Enter for partner")
    one.type("public")
    one.until("Enter for none")
    saved, _ = load_design(tmp_path / "plugin-design.yaml")
    assert saved.inputs.authors == "public"
    one.leave()
    one.until("goes on where you stopped")
    code, out = one.end()
    assert code == 0
    assert "Tide tables" in out

    again = talk("design")
    shown = again.until("Enter for none")
    assert "[reviewed]" in shown
    assert "[authors]" not in shown
    again.leave()
    again.end()


def test_the_same_answers_give_the_same_file_and_later_questions_depend_on_earlier_ones(talk, tmp_path):
    asked = {}
    for name in ("one.yaml", "two.yaml"):
        one = talk("design", name)
        asked[name] = []
        while "all answers are saved" not in (shown := one.until("Enter for", "all answers are saved")):
            asked[name].append(re.findall(r"\[([a-z_.]+)\]", shown)[-1])
            one.type("yes" if asked[name][-1] == "plugin_dependencies" else "")
        assert one.end()[0] == 0
    assert (tmp_path / "one.yaml").read_bytes() == (tmp_path / "two.yaml").read_bytes()
    assert asked["one.yaml"] == asked["two.yaml"]
    assert "compliance" not in asked["one.yaml"], "asked only where the data is personal or more"
