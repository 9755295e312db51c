"""The picture of a whole run, gathered from a real store."""

from __future__ import annotations

from pathlib import Path

from market_rows import finding, subject, write_run

from reviewer.market.reading import MarketReader
from reviewer.market.whole.picture import Whole, whole

GRAVE = {"severity": "critical", "path": "vendor/parse.js"}


def picture(folder: Path, *subjects, **more) -> Whole:
    run = write_run(folder / "market.db", subjects, **more)
    with MarketReader(folder / "market.db") as reader:
        return whole(reader, run)


def test_every_part_of_the_picture_comes_from_the_store(tmp_path):
    found = picture(
        tmp_path,
        subject(
            "gauge", needs=[("tides", "^1.0.0"), ("lamp", ""), ("nowhere", "")], score=10, may=[("ui.show", "used")]
        ),
        subject("tides", needs=[("kit", "^1.0.0"), ("gauge", "")], score=80, may=[("process.exec", "declared")]),
        subject("lamp", needs=[("kit", "^2.0.0")]),
        subject("kit", version="1.3.0"),
        subject("harbour-tools"),
        subject("harbour-t0ols"),
    )
    assert [[one.id for one in group.plugins] for group in found.alike] == [["harbour-t0ols", "harbour-tools"]]
    assert {(one.plugin.id, one.need.id) for one in found.unmet} == {("gauge", "nowhere"), ("lamp", "kit")}
    assert [[one.id for one in way] for way in found.circles] == [["gauge", "tides"]]
    assert [(one.plugin.id, one.id) for one in found.conflicts] == [("gauge", "kit")]
    assert [(one.plugin.id, one.score, one.score_by, one.permissions) for one in found.inherited] == [
        ("gauge", 80, "tides", ("process.exec",)),
        ("tides", 80, "tides", ("ui.show",)),
    ]


def test_permissions_are_counted_over_the_market_and_who_is_alone_is_named(tmp_path):
    found = picture(
        tmp_path,
        subject("gauge", may=[("process.exec", "declared"), ("process.exec", "unused")]),
        *(subject(f"tide-{n}", may=[("storage.read", "declared"), ("storage.read", "used")]) for n in range(5)),
        subject("lamp", may=[("storage.read", "used"), ("storage.read", "undeclared")]),
    )
    first, second = found.permissions
    assert (first.name, first.declared, first.used, first.unused, first.alone) == ("process.exec", 1, 0, 1, ("gauge",))
    assert first.risk > second.risk
    assert (second.name, second.declared, second.used, second.undeclared, second.alone) == ("storage.read", 5, 6, 1, ())


def test_a_library_that_several_ship_is_told_once_with_all_who_have_it(tmp_path):
    flawed = [finding("SEC041", "a shell", **GRAVE), finding("SEC041", "a shell", line=9, **GRAVE)]
    own = finding("LIF001", path="src/main.js")
    found = picture(
        tmp_path,
        subject("gauge", findings=(*flawed, own), files_with=[("vendor/parse.js", "aa"), ("src/main.js", "bb")]),
        subject("lamp", findings=tuple(flawed), files_with=[("vendor/parse.js", "aa")]),
        subject("lamp", version="2.0.0", findings=tuple(flawed), files_with=[("vendor/parse.js", "aa")]),
        subject("tides", findings=(own,), files_with=[("src/main.js", "cc")]),
    )
    (one,) = found.shared
    assert (one.path, one.digest, one.plugins) == ("vendor/parse.js", "aa", (("gauge", 1), ("lamp", 2)))
    assert [(row.rule, row.line) for row in one.findings] == [("SEC041", 3), ("SEC041", 9)]


def test_the_same_plugin_in_two_versions_shares_nothing_with_anybody(tmp_path):
    flawed = (finding("SEC041", **GRAVE),)
    found = picture(
        tmp_path,
        *(
            subject("lamp", version=v, findings=flawed, files_with=[("vendor/parse.js", "aa")])
            for v in ("1.0.0", "2.0.0")
        ),
    )
    assert found.shared == []


def test_accepted_findings_count_for_nothing(tmp_path):
    accepted = (finding("SEC041", suppressed="inline", **GRAVE),)
    found = picture(
        tmp_path,
        *(subject(name, findings=accepted, files_with=[("vendor/parse.js", "aa")]) for name in ("gauge", "lamp")),
        subject("suite", needs=[("gauge", "")]),
    )
    assert found.shared == []
    assert found.inherited == []
