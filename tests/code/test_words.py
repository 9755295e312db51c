"""Identifiers are made of words, and some pairs of words are one."""

import pytest

from reviewer.code.text.words import all_words, words


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("mayExportAll", ("may", "export", "all")),
        ("addOn", ("addon",)),
        ("loadAddOns", ("load", "addons")),
        ("add_in", ("addin",)),
        ("plugIn", ("plugin",)),
        ("addOnClick", ("add", "on", "click")),
        ("pluginAdd", ("plugin", "add")),
    ],
)
def test_an_add_on_is_one_word_where_the_name_ends_with_it(identifier, expected):
    assert words(identifier) == expected


def test_the_words_of_a_file_have_the_compound_too():
    assert {"addon", "host"} <= all_words(frozenset({"addOn", "host"}))
