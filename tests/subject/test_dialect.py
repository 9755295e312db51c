"""A host's own word for its plugins is found in its prose and its contracts, and heard as "plugin" by every check."""

from __future__ import annotations

import pytest

from reviewer.code.text.words import speaking, words
from reviewer.subject.dialect import dialect
from reviewer.subject.source_words import SourceWords


def heard(text: str) -> dict[str, str]:
    seen = SourceWords()
    seen.add(text)
    return dict(dialect(seen))


@pytest.mark.parametrize(
    "prose",
    [
        "Seeds, our word for add-ons, are kept here.",
        "The store of seeds (plugins).",
        "Extensions are called seeds.",
        "The seeds are plugins.",
    ],
)
def test_the_prose_of_a_host_says_what_its_plugins_are_called(prose):
    assert heard(f'"""{prose}"""\nclass SeedStore: ...\n') == {"seed": "plugin", "seeds": "plugins"}


def test_a_word_that_no_identifier_has_is_no_dialect():
    assert heard('"""Extensions are called seeds."""\nclass Store: ...\n') == {}


def test_a_word_that_means_something_else_in_most_hosts_is_no_dialect():
    assert heard('"""Extensions are called handlers."""\nclass HandlerStore: ...\n') == {}


def test_a_contract_whose_members_undo_each_other_names_the_plugins():
    text = """
from typing import Protocol

class Ornament(Protocol):
    def fit(self, hall: object) -> None: ...

    def unfit(self) -> None: ...

def put(ornament: Ornament) -> Ornament: ...
"""
    assert heard(text) == {"ornament": "plugin", "ornaments": "plugins"}


def test_a_contract_of_subscribers_names_no_plugins():
    text = """
from typing import Protocol

class Ornament(Protocol):
    def subscribe(self, hall: object) -> None: ...

    def unsubscribe(self) -> None: ...

def put(ornament: Ornament) -> Ornament: ...
"""
    assert heard(text) == {}


def test_whom_a_host_serves_is_heard_as_its_tenants_where_functions_are_told_for_which_one():
    text = """
\"\"\"Control for many growers.\"\"\"

def open_plot(grower, name): ...
def close_plot(grower, name): ...
def water(grower): ...
"""
    assert heard(text) == {"grower": "tenant", "growers": "tenants"}
    assert heard(text.replace("water(grower)", "water(valve)")) == {}


def test_a_word_of_the_dialect_is_heard_as_plugin_inside_the_block_alone():
    with speaking(frozenset({("seed", "plugin"), ("seeds", "plugins")})):
        assert words("allSeeds") == ("all", "plugins")
        assert words("seed_id") == ("plugin", "id")
    assert words("allSeeds") == ("all", "seeds")


def test_whoever_functions_are_told_before_the_plugin_is_a_tenant():
    text = "def launch(ward, app): ...\ndef desk_of(ward, app): ...\nasync def retire(ward_id, app_id): ...\n"
    assert heard(text) == {"ward": "tenant", "wards": "tenants"}


def test_what_else_stands_before_a_plugin_is_no_tenant():
    assert heard("def load(root, app): ...\ndef read(root, app): ...\ndef remove(root, app): ...\n") == {}


@pytest.mark.parametrize(
    "text",
    [
        '"""Keys are plugin ids."""\nclass KeyStore: ...\n',
        "class Meter(Protocol):\n    def __enter__(self): ...\n    def __exit__(self): ...\n\ndef read(meter: Meter) -> Meter: ...\n",
    ],
)
def test_what_belongs_to_plugins_or_is_entered_by_anybody_is_no_plugin(text):
    assert heard(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        '"""For many barns."""\ndef paint(barn): ...\ndef heat(barn): ...\ndef sell(barn): ...\n',
        '"""Sorted for multiple barns."""\ndef paint(barn, hue): ...\ndef heat(barn): ...\ndef sell(barn): ...\n',
        "".join(f"class Paint{n}:\n    def run(self, barn, app): ...\n" for n in range(4)),
        "".join(f"class Paint{n}:\n    def __init__(self, barn, app): ...\n" for n in range(4)),
        "def load(barns, app): ...\ndef read(barns, app): ...\ndef remove(barns, app): ...\n",
        "def load(barnRoof, app): ...\ndef read(barnRoof, app): ...\ndef remove(barnRoof, app): ...\n",
        "def ease(barn, instance): ...\ndef move(barn, instance): ...\ndef stop(barn, instance): ...\n",
    ],
)
def test_nobody_is_served_who_is_told_of_alone_or_by_one_contract_or_is_many_or_a_part(text):
    assert heard(text) == {}
