"""Ids that are alike: every trick is named for what it is, honest families are left alone, and sixty thousand are quick."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.market.whole.alike import (
    CASE,
    CHARACTERS,
    LETTER,
    MOST_SLIPS,
    SCOPE,
    SEPARATORS,
    TWICE,
    alike,
)
from reviewer.market.whole.near import near
from reviewer.market.whole.records import Plugin


def market(*ids: str, ecosystem: str = "generic") -> list[Plugin]:
    return [Plugin(number, ecosystem, one, "1.0.0", "", f"d{number}", number) for number, one in enumerate(ids, 1)]


def groups(*ids: str) -> list[tuple[str, list[str]]]:
    return [(one.kind, [plugin.id for plugin in one.plugins]) for one in alike(market(*ids))]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("org.harbour.t0ols", "org.harbour.tools", CHARACTERS),
        ("PIugin-manager", "Plugin-manager", CHARACTERS),
        ("modem-tools", "modern-tools", CHARACTERS),
        ("paypal-checkout", "p\N{CYRILLIC SMALL LETTER A}ypal-checkout", CHARACTERS),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}-menu", "cafe-menu", CHARACTERS),
        ("github-issues", "GitHub-Issues", CASE),
        ("\N{FULLWIDTH LATIN SMALL LETTER G}auge", "gauge", CASE),
        ("cross-env", "crossenv", SEPARATORS),
        ("word_count", "word.count", SEPARATORS),
        ("@fastify/cors", "fastify-cors", SCOPE),
        ("express-session", "express-sesion", LETTER),
        ("express-session", "express-sessoin", LETTER),
        ("request-promise", "requests-promise", LETTER),
    ],
)
def test_a_trick_is_named_for_what_tells_the_two_apart(one, other, kind):
    assert groups("something-else", one, "quite-different", other) == [(kind, sorted([one, other]))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("layout-2", "layout-3"),
        ("layout-2", "layout-21"),
        ("gulp-less", "gulp-sass"),
        ("eslint-plugin-es", "eslint-plugin-es-x"),
        ("babel-plugin-corejs2", "babel-plugin-corejs3"),
        ("rollup-plugin-css", "rollup-plugin-scss"),
        ("gulp-if", "gulp-is"),
        ("org.harbour.tools", "org.harbour.tolls-and-fees"),
    ],
)
def test_members_of_a_family_are_not_taken_for_one_another(one, other):
    assert groups(one, other) == []


def test_ids_of_different_ecosystems_are_no_rivals():
    assert alike(market("cross-env") + market("crossenv", ecosystem="vscode")) == []


def test_one_version_with_other_bytes_is_told_and_a_copy_or_a_new_version_is_not():
    first, copy = (
        Plugin(1, "generic", "tides", "1.0.0", "", "aa", 1),
        Plugin(2, "generic", "tides", "1.0.0", "", "aa", 1),
    )
    later = Plugin(3, "generic", "tides", "1.1.0", "", "bb", 3)
    assert alike([first, copy, later]) == []
    (found,) = alike([first, copy, later, Plugin(4, "generic", "tides", "1.0.0", "", "cc", 4)])
    assert (found.kind, [one.entry for one in found.plugins]) == (TWICE, [1, 4])


def test_a_great_group_names_the_first_and_counts_the_others():
    letters = ["a", "\N{CYRILLIC SMALL LETTER A}", "\N{LATIN SMALL LETTER ALPHA}", "\N{GREEK SMALL LETTER ALPHA}"]
    letters.append("\N{LATIN LETTER SMALL CAPITAL A}")
    ids = [f"{x}{y}mber" for x in letters for y in letters]
    (found,) = alike(market(*ids))
    assert (len(found.plugins), found.more) == (20, 5)


def _apart(one: str, other: str) -> bool:
    """Tell the slow way whether one slip turns one word into the other."""
    letters = sorted({*one, *other})
    slips = {one[:at] + one[at + 1 :] for at in range(len(one))}
    slips |= {one[:at] + letter + one[at:] for at in range(len(one) + 1) for letter in letters}
    slips |= {one[:at] + letter + one[at + 1 :] for at in range(len(one)) for letter in letters}
    slips |= {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)}
    return other in slips


@given(st.lists(st.text("ab", min_size=6, max_size=8), max_size=12, unique=True))
def test_the_quick_search_finds_just_what_comparing_all_with_all_finds(words):
    quick = {frozenset(pair) for pair in near(words)}
    slow = {frozenset((one, other)) for one in words for other in words if one != other and _apart(one, other)}
    assert quick == slow


def test_names_that_a_generator_made_end_the_search_instead_of_filling_the_memory():
    ids = [f"plugin{chr(0x4E00 + number)}abc" for number in range(5000)]
    assert len(alike(market(*ids))) == MOST_SLIPS
