"""The rulebook: what CONTRIBUTING.md shows can be read, and every mistake in a file is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewer.blueprint.condition import ConditionError, Vocabulary, read_condition
from reviewer.blueprint.inputs import INPUTS, Inputs, texts_of
from reviewer.blueprint.reading_rules import read_rulebook, shipped_rulebook
from reviewer.library.mistakes import LibraryError

CONTRIBUTING = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text("utf-8")
RIGHT = re.search(r"^```toml\n(\[\[dimension\]\].*?)^```$", CONTRIBUTING, re.DOTALL | re.MULTILINE)[1]
WORDS = Vocabulary(
    {"trust": frozenset(), "boundary": frozenset({"B0", "B2", "B3"}), "limits": frozenset({"cpu", "wall"})},
    {"boundary": ("B0", "B2", "B3")},
)


def read(folder: Path, text: str, name: str = "decisions.toml"):
    """Read a folder of skills with one file of the expert of communication."""
    (folder / "communication").mkdir(exist_ok=True)
    (folder / "communication" / name).write_text(text, encoding="utf-8")
    return read_rulebook(folder)


def test_what_the_guide_for_contributors_shows_is_a_decision_and_a_rule(tmp_path):
    book = read(tmp_path, RIGHT)
    assert book.dimensions["event_bus"].expert == "communication"
    assert book.rules["backpressure"].ways_out[0].set == {"event_bus": "bounded"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("event_bus == 'unbounded'", "event_bus == 'unbonded'"), "did you mean 'unbounded'?"),
        (("has_event and", "has_evnt and"), "nothing is called 'has_evnt'; did you mean 'has_event'?"),
        (('level = "warn"', 'level = "warning"'), "did you mean 'warn'?"),
        (('dimension = "event_bus"', 'dimension = "bus"'), "there is no dimension 'bus'"),
        (('value = "bounded"', 'value = "finite"'), "expected what event_bus takes"),
        (('rule = "event-bus-bounded"', 'rule = "event-bus-bounded"\nwhen = "has_event"'), "it is the rest"),
        (("consequence = ", "consequences = "), "did you mean 'consequence'?"),
        (("has_event and event_bus == 'unbounded'", "__import__('os')"), "is not part of a condition"),
        (("has_event and event_bus == 'unbounded'", "has_event if trust else 1"), "is not part of a condition"),
        (("has_event and event_bus == 'unbounded'", "has_event and ("), "can't be read"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(tmp_path, change, said):
    assert change[0] in RIGHT
    with pytest.raises(LibraryError, match=r"skills/communication/decisions\.toml:\d+: ") as error:
        read(tmp_path, RIGHT.replace(*change))
    assert said in str(error.value)


def test_dimensions_that_wait_for_each_other_are_refused(tmp_path):
    other = (
        RIGHT.partition("[[rule]]")[0].replace('"event_bus"', '"other"').replace("event-bus-bounded", "other-bounded")
    )
    first = RIGHT.replace("[[dimension.choose]]", "[[dimension.choose]]\nrule = 'a'\nwhen = \"other == 'bounded'\"\nvalue = 'bounded'\nwhy = 'w'\n\n[[dimension.choose]]", 1)  # fmt: skip
    second = other.replace("[[dimension.choose]]", "[[dimension.choose]]\nrule = 'b'\nwhen = \"event_bus == 'bounded'\"\nvalue = 'bounded'\nwhy = 'w'\n\n[[dimension.choose]]", 1)  # fmt: skip
    with pytest.raises(LibraryError, match="wait for each other"):
        read(tmp_path, f"{second}\n{first}")


def test_a_question_needs_a_default_and_a_key_of_the_model(tmp_path):
    with pytest.raises(LibraryError, match='"default" is missing'):
        read(tmp_path, '[[question]]\nkey = "ui"\nquestion = "Screens?"\nwhy = "Because."\n', "questions.toml")
    with pytest.raises(LibraryError, match="did you mean 'authors'"):
        read(tmp_path, '[[question]]\nkey = "autors"\nquestion = "Who?"\nwhy = "So."\ndefault = "self"\n',
             "questions.toml")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [
        ("trust == 1 and boundary < 'B3'", {"trust": 1, "boundary": "B2"}, True),
        ("trust == 1 and boundary < 'B3'", {"trust": 1, "boundary": "B3"}, False),
        ("not 'cpu' in limits or trust > 2", {"trust": 1, "limits": frozenset({"wall"})}, True),
        ("'cpu' in limits", {"limits": frozenset({"wall", "cpu"})}, True),
        ("boundary in ['B0', 'B3']", {"boundary": "B3"}, True),
        ("trust * 2 >= 6", {"trust": 3}, True),
    ],
)
def test_a_condition_holds_or_not(text, facts, holds):
    condition = read_condition(text, WORDS)
    assert condition.holds(facts) is holds
    assert set(condition.names) == set(facts)


@pytest.mark.parametrize("text", ["trust.__class__", "trust[0]", "(lambda: 1)()", "f'{trust}'", "trust if 1 else 2", "1 < trust < 3"])  # fmt: skip
def test_nothing_but_comparisons_is_a_condition(text):
    with pytest.raises(ConditionError):
        read_condition(text, WORDS)


def test_every_input_has_a_question_whose_options_are_those_of_the_model():
    questions = shipped_rulebook().questions
    assert tuple(questions) == INPUTS
    for key, question in questions.items():
        assert tuple(question.options) == texts_of(Inputs.model_fields[key].annotation), key


def test_names_of_rules_are_unique_and_every_decision_of_a_rule_exists():
    book = shipped_rulebook()
    names = book.rule_names
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert {rule.dimension for rule in book.rules.values()} <= set(book.dimensions)
    for rule in book.rules.values():
        assert set(rule.silences) <= set(book.rules)
        assert {key for way in rule.ways_out for key in way.set} <= {*book.dimensions, *INPUTS}
