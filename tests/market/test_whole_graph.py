"""What plugins of a market need of one another: open needs, circles, ranges that exclude each other, what comes along."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.market.whole.closure import inherited
from reviewer.market.whole.components import circle, components
from reviewer.market.whole.conflicts import conflicts
from reviewer.market.whole.graph import graph
from reviewer.market.whole.records import Need, Plugin, Standing
from reviewer.market.whole.unmet import unmet


def made(**plugins):
    """Make the graph of plugins by name: what each needs, as ``other@range`` with an optional ``!kind``."""
    entries, needs = [], []
    for number, (name, wanted) in enumerate(plugins.items(), 1):
        entries.append(Plugin(number, "generic", name, "1.0.0", "", f"d{number}", number))
        for text in wanted.split():
            spelled, _, kind = text.partition("!")
            other, _, span = spelled.partition("@")
            needs.append(Need(number, other, span, kind or "plugin"))
    return graph(entries, needs)


def test_a_need_is_open_where_nobody_has_the_id_or_no_version_is_in_the_range():
    found = unmet(made(gauge="tides@^1.0.0 lamp@^1 crane@^2.0.0 left@*!package eslint@^9!peer", tides="", crane=""))
    assert [(one.plugin.id, one.need.id, one.there) for one in found] == [
        ("gauge", "crane", ("1.0.0",)),
        ("gauge", "lamp", ()),
    ]


def test_an_older_version_in_the_market_meets_a_need_and_has_no_needs_of_its_own():
    old, new = (Plugin(n, "generic", "tides", version, "", f"d{n}", n) for n, version in ((1, "1.4.0"), (2, "1.10.0")))
    gauge = Plugin(3, "generic", "gauge", "1.0.0", "", "d3", 3)
    found = graph([old, new, gauge], [Need(3, "tides", "~1.4.0", "plugin"), Need(1, "gone", "", "plugin")])
    assert [one.version for one in found.plugins] == ["1.0.0", "1.10.0"]
    assert unmet(found) == []


def test_circles_are_found_with_the_shortest_way_round_and_what_is_needed_comes_first():
    found = made(a="b", b="c", c="a d", d="", e="a", f="f")
    order = components(found)
    names = [[found.plugins[one].id for one in group] for group in order]
    assert names == [["d"], ["a", "b", "c"], ["e"], ["f"]]
    assert [found.plugins[one].id for one in circle(found, order[1])] == ["a", "b", "c"]


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_components_are_those_who_reach_each_other_and_come_after_what_they_need(edges):
    wanted = {f"p{n}": " ".join(f"p{b}" for a, b in edges if a == n) for n in range(8)}
    found = made(**wanted)
    reach = {n: {n} for n in range(8)}
    for _ in range(8):
        for n in range(8):
            reach[n] |= {far for near in found.met(n) for far in reach[near]}
    order = components(found)
    assert sorted(one for group in order for one in group) == list(range(8))
    position = {one: at for at, group in enumerate(order) for one in group}
    for a in range(8):
        for b in range(8):
            assert (position[a] == position[b]) == (b in reach[a] and a in reach[b])
        assert all(position[b] <= position[a] for b in found.met(a))


def test_a_long_chain_needs_no_deep_stack():
    size = 15_000
    entries = [Plugin(n, "generic", f"p{n:05d}", "1", "", f"d{n}", n) for n in range(size)]
    chain = graph(entries, [Need(n, f"p{n + 1:05d}", "", "plugin") for n in range(size - 1)])
    order = components(chain)
    assert (len(order), order[0], order[-1]) == (size, [size - 1], [0])
    worst = inherited(chain, order, {size - 1: Standing(90, 4, ("process.exec",))})
    assert len(worst) == size - 1
    assert {one.score_by for one in worst} == {f"p{size - 1:05d}"}


def test_ranges_that_exclude_each_other_are_told_where_they_come_together_and_not_above():
    found = made(
        suite="gauge", gauge="tides lamp", tides="host-kit@^1.0.0", lamp="chart", chart="host-kit@^2.0.0", alone="tides"
    )
    (one,) = conflicts(found, components(found))
    assert (one.plugin.id, one.id) == ("gauge", "host-kit")
    assert {one.one, one.other} == {("tides", "^1.0.0"), ("chart", "^2.0.0")}


@pytest.mark.parametrize(("first", "second"), [("^1.0.0", ">=1.2.0"), ("^1.0.0", ""), ("1.x", "~1.4.0")])
def test_ranges_with_a_common_version_are_no_conflict(first, second):
    found = made(gauge="tides lamp", tides=f"kit@{first}", lamp=f"kit@{second}")
    assert conflicts(found, components(found)) == []


def test_everybody_may_have_a_version_of_a_package_but_only_one_of_a_host():
    apart = made(gauge="tides lamp", tides="left@^1.0.0!package", lamp="left@^2.0.0!package", left="")
    assert conflicts(apart, components(apart)) == []
    peers = made(gauge="tides!package lamp!package", tides="eslint@^8.0.0!peer", lamp="eslint@^9.0.0!peer")
    assert [one.id for one in conflicts(peers, components(peers))] == ["eslint"]


def test_a_conflict_inside_a_circle_is_told_once():
    found = made(a="b kit@^1.0.0", b="a kit@^2.0.0", c="a")
    assert [one.plugin.id for one in conflicts(found, components(found))] == ["a"]


def test_a_plugin_stands_as_badly_as_the_worst_of_what_comes_along():
    found = made(suite="gauge", gauge="tides", tides="", lamp="")
    standing = {
        1: Standing(10, 1, ("ui.show",)),
        2: Standing(20, -1, ("storage.read",)),
        3: Standing(80, 4, ("process.exec", "ui.show")),
        4: Standing(99, 4, ("process.exec",)),
    }
    first, second = inherited(found, components(found), standing)
    assert (first.plugin.id, first.gravest, first.gravest_by, first.score, first.score_by) == (
        "gauge", 4, "tides", 80, "tides",
    )  # fmt: skip
    assert first.permissions == ("process.exec", "ui.show")
    assert (second.plugin.id, second.permissions) == ("suite", ("process.exec", "storage.read"))


def test_the_order_of_the_rows_changes_nothing():
    chance = random.Random(7)  # noqa: S311 - the same market each time
    entries = [Plugin(n, "generic", f"p{n}", "1.0.0", "", f"d{n}", n) for n in range(40)]
    needs = [
        Need(chance.randrange(40), f"p{chance.randrange(44)}", chance.choice(["^1.0.0", "^2.0.0", ""]), "plugin")
        for _ in range(120)
    ]
    straight = graph(entries, needs)
    expected = (unmet(straight), components(straight), conflicts(straight, components(straight)))
    for _ in range(5):
        chance.shuffle(needs)
        again = graph(chance.sample(entries, len(entries)), needs)
        assert (unmet(again), components(again), conflicts(again, components(again))) == expected
