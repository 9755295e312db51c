"""A design file: three formats, every mistake with its place, and bounds that a stranger's file can't pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.reading import DesignError, load_design, read_design
from reviewer.core.errors import UsageError

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples" / "designs").glob("*.yaml"))
HOST = "host: {id: com.example.tides, name: Tides}\n"


def mistakes(text: str, name: str = "d.yaml") -> list[tuple[int, int, str]]:
    """Return line, column and text of everything that is wrong with a file."""
    with pytest.raises(DesignError) as error:
        read_design(name, text.encode())
    return [(one.place.line, one.place.column, one.text) for one in error.value.mistakes]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_worked_examples_hold(path):
    decided = decide(load_design(path)[0], today="2027-01-01")
    assert decided.contradictions == ()
    assert decided.warnings == ()
    assert len(decided.waived) == len(decided.design.waivers)


def test_the_worked_examples_come_to_different_systems():
    boundaries = {path.stem: decide(load_design(path)[0]).chosen("boundary") for path in EXAMPLES}
    assert boundaries == {
        "browser-extension": "B3", "cms-extensions": "B2", "game-mods": "B3", "ide": "B2", "saas-marketplace": "B3",
    }  # fmt: skip
    registries = {path.stem: decide(load_design(path)[0]).chosen("registry") for path in EXAMPLES}
    assert set(registries.values()) == {"memory", "file", "database"}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("inputs:\n  autors: public\n", (3, 3), "unknown key 'autors'; did you mean 'authors'?"),
        ("inputs:\n  authors: publik\n", (3, 12), "did you mean 'public'?"),
        ("inputs:\n  latency_ms: fast\n", (3, 15), "expected a number, for example latency_ms: 50"),
        ("inputs:\n  plugin_count: -1\n", (3, 17), "expected greater than or equal to 0"),
        ("inputs:\n  languages: []\n", (3, 14), "for example languages:"),
        ("inputs: [1]\n", (2, 9), "expected a table"),
        ("interactions:\n  - needs: [reply]\n", (3, 5), "'name' is missing; write for example name: "),
        ("interactions:\n  - {name: A B, needs: [reply]}\n", (3, 12), "expected lower-case words with dots or hyphens"),
        ("interactions:\n  - {name: a.b, needs: [reply, reply]}\n", (3, 24), "a need stands twice"),
        ("permissions:\n  - name: storage.read\n  - name: storage.read\n", (4, 11), "stands twice in permissions"),
        ("decisions:\n  boundry: {choose: B0, reason: x}\n", (3, 3), "did you mean 'boundary'?"),
        ("decisions:\n  boundary: {choose: B9, reason: x}\n", (3, 22), "expected one of B0, B1, B2, B3, B4, B5"),
        ("decisions:\n  limits: {choose: cpu, reason: x}\n", (3, 20), "limits takes a list"),
        ("decisions:\n  boundary: {choose: B0}\n", (3, 3), "'reason' is missing"),
        ("decisions:\n  trust: {choose: '3', reason: x}\n", (3, 3), "trust is derived, never chosen"),
        ("waivers:\n  - {rule: kill-swich, reason: x, owner: y, expires: 2027-01-01}\n", (3, 12), "did you mean 'kill-switch'?"),
        ("waivers:\n  - {rule: kill-switch, reason: x, owner: y, expires: soon}\n", (3, 55), "expected a day as YYYY-MM-DD"),
        ("host: {id: com.example.b, name: B}\n", (2, 1), "stands twice"),
        ("inputs: {needs: []}\n", (2, 17), "expected at least 1 item, for example needs: "),
        ("decisions: {Bad Key: {choose: B0, reason: x}}\n", (2, 22), "expected a lower-case name with underscores"),
        ("decisions: {limits: {choose: [cpu, 3], reason: x}}\n", (2, 30), "expected an option, a number, or a list"),
        ("permissions: [{name: a.b, scope: {hosts: a}}]\n", (2, 42), "for example scope: {"),
        ("waivers:\n  - {rule: kill-switch, reason: x, owner: y, expires: 2027-02-31}\n", (3, 55), "there is no such day"),
        ("desing: 1\n", (2, 1), "did you mean 'design'?"),
    ],
)  # fmt: skip
def test_every_mistake_is_told_at_its_place_with_what_would_be_right(text, place, said):
    found = mistakes(HOST + text)
    assert [(line, column) for line, column, what in found if said in what] == [place], found


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("d.json", '{"host": {"id": "com.example.t", "name": "T"},\n "inputs": {"authors": "publik"}}', 2),
        ("d.toml", '[host]\nid = "com.example.t"\nname = "T"\n[inputs]\nauthors = "publik"\n', 5),
        ("d.yaml", "host: {id: com.example.t, name: T}\ninputs:\n  authors: publik\n", 3),
    ],
)
def test_places_are_right_in_every_format(name, text, line):
    ((found, _, said),) = mistakes(text, name)
    assert found == line
    assert "did you mean 'public'?" in said


def test_all_mistakes_are_told_together_in_the_order_of_the_file():
    found = mistakes("inputs: {autors: public, data: privat}\ndecisions: {boundary: {choose: B0}}\n")
    assert [line for line, _, _ in found] == sorted(line for line, _, _ in found)
    assert len(found) == 4


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: *a\n",
        HOST + "goals: [" + "x, " * 200_000 + "]\n",
        HOST + "goals: " + "[" * 5000 + "]" * 5000 + "\n",
        HOST + "summary: " + "x" * 2_000_000 + "\n",
        "- a\n- b\n",
        "\x00",
        "",
    ],
)
def test_a_hostile_file_is_refused_with_a_place(text):
    assert mistakes(text)


def test_a_message_repeats_no_more_than_a_line_of_what_was_found():
    ((_, _, said),) = mistakes(HOST + "inputs:\n  authors: " + "x" * 100_000 + "\n")
    assert len(said) < 300


def test_a_file_that_can_not_be_opened_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="can't be read"):
        load_design(tmp_path)


def test_what_is_folded_over_several_lines_is_one_sentence():
    text = "host: {id: com.example.t, name: 'T\n\n  wo'}\nsummary: |\n  First line.\n  Second line.\ngoals:\n  - >\n    A\n    goal.\n"
    design, _ = read_design("d.yaml", text.encode())
    assert design.host.name == "T wo"
    assert (design.summary, design.goals) == ("First line. Second line.", ["A goal."])
    assert mistakes(HOST + "summary: '   '\n")


def test_numbers_without_a_fraction_are_one_answer():
    for number in ("50", "50.0"):
        design, _ = read_design("d.yaml", f"{HOST}inputs: {{latency_ms: {number}}}\n".encode())
        assert decide(design).answer("latency_ms") == 50
        assert json.dumps(decide(design).answer("latency_ms")) == "50"
