"""Two runs compared: what is new, gone and graded otherwise, by rule, with the findings themselves."""

from __future__ import annotations

import json

import pytest
from market_rows import finding, subject, write_run

from reviewer.core.errors import UsageError
from reviewer.market.difference.comparing import compare
from reviewer.market.difference.json import difference_json
from reviewer.market.difference.model import KEPT
from reviewer.market.difference.text import difference_text
from reviewer.market.reading import MarketReader
from reviewer.market.records import FAILED, Entry, Outcome
from reviewer.market.writing import MarketWriter
from reviewer.report.options import RenderOptions

SHELL = finding("SEC041", "a shell gets 'name'", severity="critical")
TIMER = finding("LIF003", "a timer is never cleared", severity="medium", confidence="likely")
OPEN = finding("SEC014", "the check says yes on an error", line=9)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "market.db"


def difference(store, old=1, new=2):
    with MarketReader(store) as reader:
        return compare(reader, old, new)


def counts(found):
    return {rule.rule: tuple(rule.counts.values()) for rule in found.by_weight()}


def test_what_is_new_gone_and_graded_otherwise_is_counted_by_rule(store):
    milder = finding("LIF003", TIMER.message, severity="low", confidence="likely", fingerprint=TIMER.fingerprint)
    write_run(store, [subject("gauge", findings=(SHELL, TIMER)), subject("lamp", findings=(SHELL,))])
    write_run(store, [subject("gauge", findings=(milder, OPEN)), subject("lamp", findings=(SHELL,))], rules="rules-2")
    found = difference(store)
    assert counts(found) == {"LIF003": (0, 0, 1), "SEC014": (1, 0, 0), "SEC041": (0, 1, 0)}
    assert (found.both, found.same_bytes) == (2, 2)
    (changed,) = found.rules["LIF003"].changes["changed"]
    assert (changed.was, changed.finding.severity, changed.entry) == ("medium", "low", "gauge-1")
    back = difference(store, 2, 1)
    assert counts(back) == {"LIF003": (0, 0, 1), "SEC014": (0, 1, 0), "SEC041": (1, 0, 0)}


def test_moved_lines_make_no_difference(store):
    moved = finding("SEC041", SHELL.message, severity="critical", line=80, end_line=80, fingerprint=SHELL.fingerprint)
    write_run(store, [subject("gauge", findings=(SHELL,))])
    write_run(store, [subject("gauge", findings=(moved,))], rules="rules-2")
    assert difference(store).rules == {}
    assert "Both say the same." in difference_text(difference(store), RenderOptions())


def test_other_bytes_are_told_apart_from_other_rules(store):
    write_run(store, [subject("gauge")], digests=["sha256:aa"])
    write_run(store, [subject("gauge", version="1.1.0", findings=(SHELL,))], digests=["sha256:bb"])
    found = difference(store)
    assert found.same_bytes == 0
    assert not found.rules["SEC041"].changes["new"][0].same_bytes
    assert "(other bytes)" in difference_text(found, RenderOptions())


def test_entries_of_one_name_are_paired_by_version_and_the_rest_came_or_went(store):
    def write(rules, *versions):
        with MarketWriter(store) as writer:
            run = writer.begin([Entry("m", "tides", f"/{v}", v) for v in versions], rules, {}, ["m"])
            for number, version in enumerate(versions, 1):
                told = (SHELL,) if (rules, version) == ("b", "2.0.0") else ()
                outcome = Outcome("done", digest=version, subjects=(subject("tides", version=version, findings=told),))
                writer.keep(run, number, f"{rules}{version}", outcome)

    write("a", "1.0.0", "2.0.0")
    write("b", "3.0.0", "2.0.0", "4.0.0")
    found = difference(store)
    assert (found.both, found.only_old, found.only_new) == (1, ["tides"], ["tides", "tides"])
    assert [one.version for one in found.rules["SEC041"].changes["new"]] == ["2.0.0"]


def test_an_entry_without_a_result_in_one_run_is_named_and_not_taken_for_clean(store):
    write_run(store, [subject("gauge", findings=(SHELL,))])
    with MarketWriter(store) as writer:
        run = writer.begin([Entry("market", "gauge-1", "/market/gauge-1.zip")], "rules-2", {}, ["market"])
        writer.keep(run, 1, "k", Outcome(FAILED, error="the worker was ended after 60 s", digest="sha256:00"))
    found = difference(store)
    assert found.rules == {}
    assert [(one.entry, one.old, one.new) for one in found.not_compared] == [("gauge-1", "done", "failed")]
    assert "not compared: gauge-1 was done, is failed" in difference_text(found, RenderOptions())


def test_of_very_many_changes_the_first_are_kept_and_all_are_counted(store):
    write_run(store, [subject("gauge")])
    many = tuple(finding("SEC041", f"shell {n}", line=n) for n in range(1, KEPT + 51))
    write_run(store, [subject("gauge", findings=many)], rules="rules-2")
    found = difference(store)
    (rule,) = json.loads(difference_json(found))["rules"]
    assert (rule["counts"]["new"], len(rule["changes"]), rule["left_out"], rule["entries"]) == (KEPT + 50, KEPT, 50, 1)
    assert f"{KEPT + 40} more that are new" in difference_text(found, RenderOptions())


def test_text_keeps_its_width_and_nothing_of_a_stranger_acts(store):
    evil = finding(
        "SEC041", "\x1b[2Jgone\N{RIGHT-TO-LEFT OVERRIDE}", path="a\x1b]0;x\x07.js", excerpt="\x1b[31m" + "x" * 300
    )
    write_run(store, [subject("\x1b[1mgauge")])
    write_run(store, [subject("\x1b[1mgauge", findings=(evil,))], rules="rules-2")
    for options in (RenderOptions(width=80), RenderOptions(width=40, unicode=False)):
        text = difference_text(difference(store), options)
        assert "\x1b" not in text
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
        assert options.unicode or text.isascii()
        assert max(map(len, text.splitlines())) <= options.width
    assert difference_json(difference(store)).isascii()


def test_one_run_or_one_that_is_not_there_is_refused_with_what_would_be_right(store):
    write_run(store, [subject("gauge")])
    with pytest.raises(UsageError, match="one run; name two"):
        difference(store, 1, 1)
    with pytest.raises(UsageError, match="no run 7"):
        difference(store, 1, 7)
